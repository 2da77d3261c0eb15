/* ai_refusal.h - how tali itself says no, in the words of each protocol
 *
 * Which answer makes which client stop after one request was measured (see ai_refusal.c). A refusal
 * that will not change by asking again carries the header `x-should-retry: false`. */
#ifndef TALI_AI_REFUSAL_H
#define TALI_AI_REFUSAL_H

#include "base/buf.h"

#include <stdbool.h>

enum ai_refusal {
	AI_REFUSAL_REQUEST,	/* the body cannot be read */
	AI_REFUSAL_TOKEN,	/* no token, or not one of ours */
	AI_REFUSAL_OVER,	/* the session has ended, or has not begun */
	AI_REFUSAL_POLICY,	/* no assistant in this task, or only tali's own */
	AI_REFUSAL_MODEL,	/* the model is not allowed here */
	AI_REFUSAL_NOT_FOUND,	/* no such path or model */
	AI_REFUSAL_BUDGET,	/* spent */
	AI_REFUSAL_RATE,	/* too many requests in this minute; asking later helps */
	AI_REFUSAL_TOO_LARGE,	/* the body is */
	AI_REFUSAL_UPSTREAM,	/* the provider cannot be reached; asking later may help */
	AI_REFUSAL_TIMEOUT,	/* the provider did not answer in time */
	AI_REFUSAL_IDLE,	/* a stream stood still */
	AI_REFUSALS
};

enum ai_dialect { AI_DIALECT_MESSAGES, AI_DIALECT_CHAT, AI_DIALECT_RESPONSES, AI_DIALECTS };

/* The HTTP status. */
int ai_refusal_status(enum ai_dialect dialect, enum ai_refusal why);

/* Whether the answer needs `x-should-retry: false`. */
bool ai_refusal_is_final(enum ai_refusal why);

/* Appends the JSON body. `sentence` is for people; `request_id` may be NULL. */
void ai_refusal_body(enum ai_dialect dialect, enum ai_refusal why, const char *sentence,
		     const char *request_id, struct buf *out);

/* Appends the event that ends a stream which has begun; only between whole events. */
void ai_refusal_event(enum ai_dialect dialect, enum ai_refusal why, const char *sentence,
		      struct buf *out);

/* What may stand between whole events to keep a connection open. */
const char *ai_refusal_ping(enum ai_dialect dialect);

#endif
