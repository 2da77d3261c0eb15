/* score_card.h - signals under a rubric: the member "score" of tali.score/1
 *
 * A subitem is the mean of its measured signals by their shares; a category that of its measured
 * subitems by their weights, and the score that of the measured categories. What is not measured
 * gives its weight to the others beside it. Each value is rounded to hundredths before it is used
 * for the next, so that a reader with a pencil finds the same. */
#ifndef TALI_SCORE_CARD_H
#define TALI_SCORE_CARD_H

#include "score/signal.h"

#include <jansson.h>
#include <stdbool.h>

/* `rubric` is a whole one (task/rubric.h). Yours. */
json_t *score_card(const json_t *rubric, const struct signals *signals, bool needs_review);

/* A number in hundredths as JSON: an integer where it is whole. Yours. */
json_t *score_card_number(int64_t hundredths);

#endif
