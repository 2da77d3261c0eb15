/* judge_answer.h - what a judge answered: valid to the letter, or no answer
 *
 * One JSON object of the schema in share/rubric/judge.json and nothing around it; each quote stands
 * verbatim in a piece of evidence of the number that it names. Whatever else came is no level: no
 * number is looked for in a text. */
#ifndef TALI_JUDGE_ANSWER_H
#define TALI_JUDGE_ANSWER_H

#include "score/judge_ask.h"

#define JUDGE_ANSWER_MAX ((size_t)32 << 10)	/* bytes of an answer */
#define JUDGE_QUOTES_MAX 8
#define JUDGE_QUOTE_MIN 4			/* bytes */
#define JUDGE_QUOTE_MAX 400
#define JUDGE_REASON_MAX 1000			/* bytes of the reasoning that are kept */

enum judge_fault {
	JUDGE_VALID,
	JUDGE_UNANSWERED,	/* no answer came */
	JUDGE_STOPPED,		/* it was refused, or cut at its maximum */
	JUDGE_UNPARSABLE,	/* it is not of the schema */
	JUDGE_INVENTED,		/* a quote stands nowhere */
};

struct judge_sample {
	enum judge_fault fault;
	int level;		/* 0 to 4; -1 with a fault */
	json_t *evidence;	/* [{seq, quote}], NULL with a fault */
	char *reason;		/* fit to be shown (judge_text.h); NULL with a fault */
	char why[200];		/* a fault as a sentence */
};

#define JUDGE_SAMPLE_INIT { .level = -1 }
void judge_sample_release(struct judge_sample *sample);

/* "unanswered", ...; NULL for JUDGE_VALID. Borrowed for good. */
const char *judge_fault_name(enum judge_fault fault);

/* Whether it is one JSON object of the schema, quotes not looked at. ERR_INPUT says what is wrong;
 * yours, or NULL. */
json_t *judge_answer_parse(const char *text, size_t len, struct err *err);

/* Reads the text of an answer. `stop`: why it ended, in the word of the provider, or NULL when it
 * did not say. `ret` is set up; yours. */
void judge_answer_read(const struct judge_question *question, const char *text, size_t len,
		       const char *stop, struct judge_sample *ret);

/* The sample for which no answer came. */
void judge_answer_missing(const char *why, struct judge_sample *ret);

#endif
