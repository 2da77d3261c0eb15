/* signal_map.h - what the number of a signal is worth: share/rubric/signals.json, read once
 *
 * Each signal belongs to one subitem, and has a table of points that is linear between them and
 * level outside. Values are hundredths of 0 to 100. The file is compiled in and checked by a test;
 * a fault in it aborts. Any thread may ask. */
#ifndef TALI_SIGNAL_MAP_H
#define TALI_SIGNAL_MAP_H

#include "score/signal.h"

#define SIGNAL_MAP_POINTS 12

struct signal_rule {
	const char *name, *subitem, *unit;
	int64_t share;			/* weight beside the other signals of the subitem */
	int64_t least;			/* basis that it takes */
	const char *little;		/* sentence when the basis is less */
	const char *none, *one, *many;	/* sentences for 0, 1 and other numbers; {n} {a} {b} */
	int64_t at[SIGNAL_MAP_POINTS], value[SIGNAL_MAP_POINTS];	/* hundredths, rising at */
	size_t points;
};

/* "1"; borrowed for good. */
const char *signal_map_version(void);

/* Why something is not measured: "no_record", "no_signal", ... as a sentence; borrowed for good. */
const char *signal_map_reason(const char *name);

/* In the order of the file; NULL past the end. Borrowed for good. */
const struct signal_rule *signal_map_at(size_t i);
const struct signal_rule *signal_map_find(const char *name);

/* Whether there is enough to go by. */
bool signal_map_measured(const struct signal_rule *rule, const struct signal *signal);
/* What a number is worth. */
int64_t signal_map_value(const struct signal_rule *rule, int64_t number);
/* The sentence for it, or why there is none; yours. */
char *signal_map_text(const struct signal_rule *rule, const struct signal *signal);

#endif
