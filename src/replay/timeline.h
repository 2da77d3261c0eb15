/* timeline.h - a session to move about in: to an instant, to an event, one part forward
 *
 * The **instant of a part** is fold_part_instant, but never after the instant of the event that
 * follows, so instants never go backwards from one part to the next. Seeking to an instant gives
 * the state that stepping gives: all parts up to it, and no later one.
 *
 * With checkpoints (timeline_prepare) a seek costs the same anywhere; without them it works, and
 * folds from the beginning. A checkpoint is a cache: one that does not fit its event is passed
 * over. Texts are read from it when they are needed; should one be damaged, fold_text fails with
 * ERR_INTEGRITY, and after another seek to the same place, which folds from the beginning, it does
 * not.
 *
 * The one header that callers include; it brings timeline_marks.h with it. */
#ifndef TALI_TIMELINE_H
#define TALI_TIMELINE_H

#include "journal/fold.h"

struct timeline;

/* A session as it is in the store now. Store and what the source borrows must stay. ERR_NOT_FOUND
 * when there is no event. The state is that before event 0. */
struct timeline *timeline_open(struct store *store, const char *assessment_id,
			       const struct fold_source *source, struct err *err);
void timeline_close(struct timeline **timeline);

/* Looks for events written since (a session that still runs). */
int timeline_refresh(struct timeline *timeline, struct err *err);

int64_t timeline_start(const struct timeline *timeline);	/* instant of event 0 */
int64_t timeline_end(const struct timeline *timeline);		/* `time` of the last event */
int64_t timeline_last_seq(const struct timeline *timeline);

/* To the state after all parts up to `instant`; before event 0 when that is earlier. */
int timeline_seek(struct timeline *timeline, int64_t instant, struct err *err);
/* To the state after event `seq`, complete; -1 is before event 0. ERR_NOT_FOUND past the last. */
int timeline_seek_seq(struct timeline *timeline, int64_t seq, struct err *err);

/* Folds the next part: 1 done, 0 at the end, -1 error. */
int timeline_next(struct timeline *timeline, struct err *err);
/* The instant of the part that timeline_next would fold, in *ret: 1, 0 at the end, -1 error. */
int timeline_peek(struct timeline *timeline, int64_t *ret, struct err *err);
/* The event that the last part belongs to; texts are borrowed until the next call. NULL before the
 * first, and after a seek that ended on a checkpoint. */
const struct event *timeline_event(const struct timeline *timeline);
/* Where it stands: the instant of the last part folded, or of the seek when that is later. */
int64_t timeline_instant(const struct timeline *timeline);

/* The state here; borrowed until the next call that moves. */
struct fold *timeline_fold(struct timeline *timeline);

/* Folds what has no checkpoint yet and writes checkpoints, in transactions of its own (none may be
 * open). Does nothing when the store cannot be written. The position is as before. */
int timeline_prepare(struct timeline *timeline, struct err *err);

#include "replay/timeline_marks.h"

#endif
