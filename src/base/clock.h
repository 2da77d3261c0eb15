/* clock.h - time as milliseconds since the epoch (UTC), always from a clock that was handed in */
#ifndef TALI_CLOCK_H
#define TALI_CLOCK_H

#include "base/err.h"

#include <stdint.h>

struct clock {
	int64_t offset_ms;	/* added to the time; 0 but in tests */
	int64_t fixed_ms;	/* the time stands still here; 0 but in tests: the system clock */
};

#define CLOCK_TEXT_SIZE 32

int64_t clock_now(const struct clock *clock);

/* Milliseconds of a clock that is never set back, for waiting: from no moment in particular. */
int64_t clock_steady(void);

/* RFC 3339 in UTC to the second, "2026-11-20T10:00:00Z"; returns text. */
const char *clock_text(int64_t ms, char text[CLOCK_TEXT_SIZE]);

/* Like clock_text with milliseconds. */
const char *clock_text_ms(int64_t ms, char text[CLOCK_TEXT_SIZE]);

/* Reads RFC 3339 ("2026-11-20T10:00:00Z", offset or Z, T or space; a date alone is midnight
 * UTC). */
int clock_parse_time(const char *text, int64_t *ret_ms, struct err *err);

/* Reads "90s", "60m", "1h30m", "7d", "2w" (a bare number is minutes) as milliseconds, at most
 * ten years. */
int clock_parse_duration(const char *text, int64_t *ret_ms, struct err *err);

/* "1 h 5 min", "45 s": at most two units; returns text. */
const char *clock_duration_text(int64_t ms, char text[CLOCK_TEXT_SIZE]);

/* Reads either a time or a duration counted from now. */
int clock_parse_moment(const char *text, int64_t now, int64_t *ret_ms, struct err *err);

#endif
