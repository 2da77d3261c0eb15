/* judge_ask.h - what a judge is asked: a question, and the prompt that puts it
 *
 * A question is an aspect, its levels and the material. Its hash covers all that a model could be
 * told, but for what differs from sample to sample: so an answer belongs to the hash, and is used
 * again as long as the hash stays the same. A prompt is a question and a seed: the seed gives the
 * order of the evidence and the mark around the material, which nobody can know beforehand. The
 * same question and seed give the same prompt. */
#ifndef TALI_JUDGE_ASK_H
#define TALI_JUDGE_ASK_H

#include "base/hash.h"
#include "score/judge_material.h"
#include "score/judge_rubric.h"

#define JUDGE_SEED_LEN 32	/* characters: 16 random bytes in hex */

struct judge_question {
	const struct judge_aspect *aspect;
	json_t *material;	/* judge_material.h */
	size_t gone;		/* lines of it that speak to the judge */
	char hash[HASH_HEX_SIZE];
};

#define JUDGE_QUESTION_INIT { .aspect = NULL }
void judge_question_release(struct judge_question *question);

/* 1, 0 when there is no evidence to ask about, -1. */
int judge_ask_question(const struct judge_source *source, const struct judge_aspect *aspect,
		       struct judge_question *ret, struct err *err);

struct judge_prompt {
	char *system, *text;
	char hash[HASH_HEX_SIZE];	/* of both */
};

void judge_prompt_release(struct judge_prompt *prompt);

/* A fresh seed. */
void judge_ask_seed(char seed[JUDGE_SEED_LEN + 1]);
/* `ret` is set up; yours. */
void judge_ask_prompt(const struct judge_question *question, const char *seed,
		      struct judge_prompt *ret);

#endif
