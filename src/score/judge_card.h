/* judge_card.h - the judge's part of a score: questions for the subitems of a rubric, and the
 * member "judge" of a subitem, made of the answers
 *
 * An asking is what was answered to a question, as the event `judge` of the journal has it
 * (share/schema/events/judge.json), with all payloads as texts. */
#ifndef TALI_JUDGE_CARD_H
#define TALI_JUDGE_CARD_H

#include "score/judge_merge.h"

#define JUDGE_QUESTIONS 32

struct judge_questions {
	struct judge_question list[JUDGE_QUESTIONS];
	size_t count;
};

#define JUDGE_QUESTIONS_INIT { .count = 0 }
void judge_questions_release(struct judge_questions *questions);

/* One for each subitem of a card (score_card.h) that was made without a judge, if it is measured,
 * is judged at all, and has evidence. */
int judge_card_questions(const struct judge_source *source, const json_t *card,
			 struct judge_questions *ret, struct err *err);

/* All borrowed. */
struct judge_card {
	const struct judge_questions *questions;
	const json_t *askings;		/* {hash of the question: asking} */
	const json_t *thresholds;	/* of the rubric */
	bool failed;			/* a hard criterion did (judge_merge.h) */
};

/* The member of a subitem; null when nobody was asked about it, or its value, in hundredths, is
 * negative: not measured. Sets *value to what it becomes; *needs_review is only ever set. Yours. */
json_t *judge_card_member(const struct judge_card *card, const char *subitem, int64_t *value,
			  bool *needs_review);

#endif
