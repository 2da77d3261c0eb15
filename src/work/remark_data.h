/* remark_data.h - what a candidate says beside the work, as data of events */
#ifndef TALI_REMARK_DATA_H
#define TALI_REMARK_DATA_H

#include "base/err.h"

#include <jansson.h>
#include <stdint.h>

#define REMARK_DATA_TEXT_MAX (16 * 1024)	/* bytes of a note */
#define REMARK_DATA_MINUTES_MAX 100000

/* Of an event `note`: the text without white space at its end. ERR_INPUT when it is empty, longer
 * than REMARK_DATA_TEXT_MAX, not UTF-8 or holds a NUL. Yours. */
json_t *remark_data_note(const char *text, size_t len, struct err *err);

/* Of an event `estimate`: the duration in minutes, rounded up. ERR_INPUT past
 * REMARK_DATA_MINUTES_MAX. Yours. */
json_t *remark_data_estimate(int64_t duration_ms, struct err *err);

#endif
