/* ai_record.h - one exchange with a model as two events: what was asked, and what came of it
 *
 * The first is on disk before the first byte of the answer reaches who asked; the second is stored
 * when the exchange has ended, however it ended. A prompt without a response was cut by the end of
 * the server. Both carry the id of the exchange. Only what is new in the conversation is stored. */
#ifndef TALI_AI_RECORD_H
#define TALI_AI_RECORD_H

#include "ai/ai_budget.h"
#include "ai/ai_kind.h"
#include "ai/ai_wire.h"
#include "ai/conversation.h"
#include "journal/event_list.h"

#define AI_RECORD_CLIENT_MAX 256

/* Who ended an answer before its end. */
enum ai_cut { AI_CUT_NONE, AI_CUT_CLIENT, AI_CUT_IDLE, AI_CUT_PROVIDER, AI_CUT_SERVER };

/* What tali's own assistant knows of its request, and need not be found in it; all borrowed. */
struct ai_own {
	const char *conversation;	/* that it belongs to */
	const char *text;	/* what the person wrote; NULL: it brings only results of tools */
	const json_t *added;	/* [{role, block}]: what is not on the record yet */
	const json_t *files;	/* [path] of the work that are shown with it, or NULL */
};

/* All borrowed. */
struct ai_asked {
	const char *exchange, *conversation;
	const struct ai_wire *wire;
	const struct ai_request *request;
	const struct conversation_place *place;
	enum ai_kind kind;
	const char *client;	/* User-Agent, or NULL */
	int64_t retry;		/* 0: the first try */
	int64_t bytes;		/* of the body */
	int64_t instant;	/* when it came, ms since the epoch */
	const struct ai_own *own;	/* tali's own assistant, which forges nothing; or NULL */
};

struct ai_answered {
	const char *exchange, *conversation;
	const struct ai_answer *answer;
	int64_t cost;		/* micro-dollars */
	bool estimated;		/* the tokens are a floor: the provider did not say */
	int status;		/* of HTTP; 0: no answer came */
	enum ai_cut cut;
	int64_t first_ms, wall_ms;	/* from the request to the first and the last byte */
	bool guarded, planted;		/* ai_desk.h */
};

/* Adds the event. ERR_INPUT when it cannot be one: too large. */
int ai_record_asked(struct event_list *list, const struct ai_asked *asked, struct err *err);
int ai_record_answered(struct event_list *list, const struct ai_answered *answered,
		       struct err *err);

/* --- reading it back */

/* What the events of an assessment say was spent, and its conversations. Events go in in the order
 * of the journal; `data` of kind ai_prompt and ai_response alone matters. */
struct ai_recall;

/* `book` is borrowed and gets the conversations. */
struct ai_recall *ai_recall_new(struct conversation_book *book);
void ai_recall_free(struct ai_recall **recall);
/* `blocks` is the text of the event's blocks, read by the caller where it is a payload; or NULL. */
void ai_recall_event(struct ai_recall *recall, const char *kind, const json_t *data,
		     const char *blocks);
/* Whether a prompt has no response so far. */
bool ai_recall_is_open(const struct ai_recall *recall);
/* All that was spent: a message is one that was answered with a status of success, or whose tokens
 * are estimated; what has no response counts as one, with the floor of its body as tokens and
 * without a cost. */
struct ai_amount ai_recall_spent(const struct ai_recall *recall);

#endif
