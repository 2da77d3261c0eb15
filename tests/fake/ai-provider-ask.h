/* ai-provider-ask.h - what a request asks, read from the three protocols into one shape
 *
 * Refused are requests that the true providers refuse: no model, no messages, no max_tokens, tool
 * results that do not fit their calls, sampling parameters under the newer version, ... */
#ifndef TALI_AI_PROVIDER_ASK_H
#define TALI_AI_PROVIDER_ASK_H

#include "ai-provider-http.h"

#include <jansson.h>

enum protocol { PROTOCOL_MESSAGES, PROTOCOL_CHAT, PROTOCOL_RESPONSES };

struct ask {
	enum protocol protocol;
	bool count;		/* only counts the tokens */
	json_t *body;
	const char *model;	/* "" when the request has none; of body, as the next ones */
	json_t *tools;
	bool stream, usage_wanted;
	json_int_t most;	/* output tokens; -1: not said */
	json_int_t choices;
	json_int_t input;	/* tokens: ceil(bytes of canonical system, messages, tools / 4) */
	char *said;		/* the last text of the user; never NULL once read */
	char *result;		/* of the last tool since then, or NULL */
	size_t turns;		/* turns with tool calls since then */
};

#define ASK_INIT { .most = -1, .choices = 1 }

/* An answer that is an error. */
struct fault {
	int status;
	const char *code;	/* more exact than the status, or NULL; borrowed for ever */
	char text[256];
};

int fault_set(struct fault *fault, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

void ask_release(struct ask *ask);

/* Reads the body; protocol and count are set before. 0, or -1 with the fault; then what was
 * understood until there is in `ask`. */
int ask_read(const struct request *request, struct ask *ask, struct fault *fault);

/* Bytes as tokens: a quarter, rounded up. */
json_int_t tokens_of(size_t bytes);

/* The texts of a message's content, a string or a list of blocks with `text`, in one; yours. */
char *content_text(const json_t *content);

#endif
