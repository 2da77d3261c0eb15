/* score_card.h - signals under a rubric: the member "score" of tali.score/1
 *
 * A subitem is the mean of its measured signals by their shares; a category that of its measured
 * subitems by their weights, and the score that of the measured categories. What is not measured
 * gives its weight to the others beside it. Where a judge was asked, the value of the subitem is
 * what judge_merge.h makes of it. Each value is rounded to hundredths before it is used for the
 * next, so that a reader with a pencil finds the same. */
#ifndef TALI_SCORE_CARD_H
#define TALI_SCORE_CARD_H

#include "score/judge_card.h"
#include "score/signal.h"

#include <jansson.h>
#include <stdbool.h>

/* All borrowed. */
struct score_card_parts {
	const json_t *rubric;			/* a whole one (task/rubric.h) */
	const struct signals *signals;
	const struct judge_card *judge;		/* NULL: nobody was asked */
	bool needs_review;			/* whatever the judge says */
};

/* Yours. */
json_t *score_card(const struct score_card_parts *parts);

#endif
