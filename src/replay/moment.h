/* moment.h - "31m", "#123", "2026-01-31T09:00:00Z": a moment of a session as people write it
 *
 *	31m  1h02m03s  90s  +90s  1.5s  250ms	after the work began
 *	31:07  1:02:03				the same, as the player shows it
 *	2026-01-31T09:00:00Z			a time (clock_parse_time)
 *	#123					right after event 123
 *	start  end				where the work began and ended */
#ifndef TALI_MOMENT_H
#define TALI_MOMENT_H

#include "base/err.h"

#include <stdint.h>

#define MOMENT_TEXT_SIZE 32

/* Where a session begins and ends for people: instants. */
struct span {
	int64_t from, to;
};

struct moment {
	int64_t seq;		/* of the event; -1: see instant */
	int64_t instant;
};

/* ERR_USAGE says what may be written. An instant may lie outside of the span. */
int moment_parse(const char *text, const struct span *span, struct moment *ret, struct err *err);

/* "31:07" or "1:02:03", with a '-' for what lies before; returns text. */
const char *moment_text(int64_t ms, char text[MOMENT_TEXT_SIZE]);

#endif
