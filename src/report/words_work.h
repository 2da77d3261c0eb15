/* words_work.h - how the work was done, in words (report_words.h): time, origins, assistant, tests
 * over time, code, integrity */
#ifndef TALI_WORDS_WORK_H
#define TALI_WORDS_WORK_H

#include "report/words.h"

json_t *words_work_clock(const struct words *words);	/* one sentence */
json_t *words_work_time(const struct words *words);
json_t *words_work_origins(const struct words *words);
json_t *words_work_ai(const struct words *words);
json_t *words_work_progress(const struct words *words);
json_t *words_work_code(const struct words *words);
json_t *words_work_integrity(const struct words *words);

#endif
