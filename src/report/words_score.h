/* words_score.h - the card, the categories and the tests of a report in words (report_words.h) */
#ifndef TALI_WORDS_SCORE_H
#define TALI_WORDS_SCORE_H

#include "report/words.h"

json_t *words_score_card(const struct words *words);
json_t *words_score_categories(const struct words *words);
json_t *words_score_tests(const struct words *words);
json_t *words_score_restored(const struct words *words);

#endif
