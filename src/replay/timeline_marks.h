/* timeline_marks.h - where in a session something is worth a look, and where nothing happened
 * (include replay/timeline.h) */
#ifndef TALI_TIMELINE_MARKS_H
#define TALI_TIMELINE_MARKS_H

#include "replay/timeline.h"

/* Events that a person may jump to: all but edits, cursor movements, input and output of terminals.
 * Borrowed as long as the timeline; found through the index event_mark at the first call (and
 * again after timeline_refresh). */
struct timeline_mark {
	int64_t seq, instant;
	const char *kind, *actor;
	const char *label;	/* one line for people; may hold foreign text */
};
int timeline_marks(struct timeline *timeline, const struct timeline_mark **ret, size_t *ret_count,
		   struct err *err);

/* Stretches of at least `least_ms` from the last part of an event to the next event, for players
 * that skip them. Looks only where there can be one. Yours to free. */
struct timeline_gap {
	int64_t from, to;	/* instants */
};
int timeline_gaps(struct timeline *timeline, int64_t least_ms, struct timeline_gap **ret,
		  size_t *ret_count, struct err *err);

#endif
