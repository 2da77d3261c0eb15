/* ai_wire.h - the protocols that clients and providers speak, as one table
 *
 *	messages	Anthropic Messages, both API versions
 *	chat		OpenAI Chat Completions, and what is compatible with it
 *	responses	OpenAI Responses
 * The rest of tali knows requests and answers only in the shapes of ai_request.h, ai_answer.h and
 * ai_blocks.h. */
#ifndef TALI_AI_WIRE_H
#define TALI_AI_WIRE_H

#include "ai/ai_answer.h"
#include "ai/ai_refusal.h"
#include "ai/ai_request.h"
#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A call of tali's own; all borrowed. */
struct ai_call {
	const char *model;
	const char *system;		/* NULL: nothing */
	const json_t *messages;		/* [{role, block}] */
	const json_t *tools;		/* [{name, description, schema}], or NULL */
	int64_t max_output;
	bool stream;
	const json_t *format;		/* the JSON schema the answer must fit, or NULL */
	bool old_maximum;		/* chat: "max_tokens", for servers that know no other */
};

struct ai_wire {
	const char *name;
	enum ai_dialect dialect;

	/* Reads the body of a request. ERR_INPUT; *ret must be released in any case. */
	int (*read_request)(const char *body, size_t len, struct ai_request *ret, struct err *err);

	/* Reads an answer, whole or as a stream of events. It never fails: what is not understood
	 * leaves `error` set and `complete` false. A body of an HTTP error is read as a whole. */
	void (*read_answer)(const char *raw, size_t len, bool stream, struct ai_answer *ret);

	/* The body of a call of our own; yours. NULL: tali makes no calls in this protocol. */
	json_t *(*build)(const struct ai_call *call);

	/* Writes the body with its maximum of output tokens (of one choice) lowered to `most`, all
	 * other bytes as they were (ai_edit.h). ERR_INPUT. */
	int (*lower)(const char *body, size_t len, int64_t most, struct buf *out, struct err *err);
};

/* By name; NULL when there is none. */
const struct ai_wire *ai_wire_find(const char *name);
const struct ai_wire *ai_wire_of(enum ai_dialect dialect);

#endif
