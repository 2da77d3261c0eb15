/* ai_answer.h - what a model answered, read from the bytes of any protocol */
#ifndef TALI_AI_ANSWER_H
#define TALI_AI_ANSWER_H

#include "ai/ai_usage.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct ai_answer {
	char *id, *model;	/* as the provider said; NULL when it did not */
	char *stop;		/* why it ended, in the provider's word; NULL when not said */
	json_t *blocks;		/* [block] (ai_blocks.h), never NULL once it was read */
	json_t *usage_raw;	/* as received, of a stream what stood last; NULL: none */
	struct ai_usage usage;	/* what is known of it */
	bool usage_known;	/* input and output are both final */
	char *error;		/* "type: message" when it is an error, or ended in one; or NULL */
	char *error_code;	/* the word that programs branch on; NULL when there is none */
	bool complete;		/* the protocol's own end was seen */
};

#define AI_ANSWER_INIT { 0 }
void ai_answer_release(struct ai_answer *answer);

/* The usage of an answer whose own is not known: what is known of it, and the floor of
 * ai_usage_floor for the rest: `body_len` bytes that were asked, and the blocks that came. */
struct ai_usage ai_answer_estimate(const struct ai_answer *answer, size_t body_len);

/* --- for the protocols */

/* Notes an error; the first one stays. `code` may be NULL. */
void ai_answer_fail(struct ai_answer *answer, const char *code, const char *message);

/* Whether the object has a member "error" that says something. */
bool ai_answer_has_error(const json_t *object);

/* Notes the error that a member "error" (of any provider: an object with message, type and code, or
 * a text) describes; its codes are told apart by `details.error_code`, then `code`, then `type`. */
void ai_answer_read_error(struct ai_answer *answer, const json_t *error);

/* Keeps id and model when they are said; the first id, the last model. */
void ai_answer_name(struct ai_answer *answer, const json_t *object);

/* Keeps the stop word when the value is a string; the last one counts. */
void ai_answer_stop(struct ai_answer *answer, const json_t *value);

#endif
