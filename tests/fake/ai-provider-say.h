/* ai-provider-say.h - what is answered, before any protocol: thoughts, text, a refusal, calls
 *
 * The same question to the same model is answered by the same words, so that two ways to the
 * provider can be compared. */
#ifndef TALI_AI_PROVIDER_SAY_H
#define TALI_AI_PROVIDER_SAY_H

#include "ai-provider-ask.h"
#include "ai-provider-plan.h"

enum part_kind { PART_THINKING, PART_TEXT, PART_REFUSAL, PART_TOOL };
enum stop { STOP_END, STOP_MAX, STOP_TOOL, STOP_REFUSAL };

struct part {
	enum part_kind kind;
	char *text;	/* arguments of a tool: JSON */
	char *name;	/* of a tool */
	char id[40];	/* of a tool: "00000007_1", to be prefixed */
};

#define ANSWER_PARTS_MAX 12

struct answer {
	unsigned long number;		/* of the request, from 1 */
	const char *model;		/* borrowed from the request, as `ask` */
	const struct ask *ask;
	const struct plan *plan;
	struct part parts[ANSWER_PARTS_MAX];
	size_t count;
	enum stop stop;
	json_int_t input, cached;	/* tokens; cached is a part of input */
	json_int_t output, reasoning;	/* tokens of one choice; reasoning is a part of output */
};

void answer_release(struct answer *answer);

/* The whole answer; `ask` and `plan` must outlive it. */
void answer_make(struct answer *answer, const struct ask *ask, const struct plan *plan,
		 unsigned long number);

/* Bytes of the next delta of a part, whose rest is `text` and not empty: a word with the space
 * after it, or 8 bytes of arguments; never half a character. */
size_t answer_piece(const struct answer *answer, const struct part *part, const char *text);

#endif
