/* fold.h - the state of a session after each of its events: files, terminals, conversations
 *
 * The one header that callers include; it brings fold_view.h with it, which shows the state.
 *
 * tali-journal(5), FOLD, has the rules. The state depends on the events alone: it is the same
 * whether they were folded from the first on or from a checkpoint. Cost is that of the change, not
 * of the state. Contents of files are read when something first needs them.
 *
 * An event with several parts (edits, chunks of output) can be folded part by part:
 *
 *	fold_begin(fold, event, err);
 *	while ((instant = fold_part_instant(fold)) >= 0)
 *		fold_part(fold, err);
 *
 * After an error the fold may only be freed. What does not fit the state is ERR_INTEGRITY
 * "event N (KIND): why". */
#ifndef TALI_FOLD_H
#define TALI_FOLD_H

#include "journal/fold_source.h"
#include "store/event.h"

struct fold;

/* The state before event 0. The source is copied; what it borrows must stay. */
struct fold *fold_new(const struct fold_source *source);
void fold_free(struct fold **fold);

/* The next event, whose seq must be one more than that of the last; all its parts are folded. */
int fold_event(struct fold *fold, const struct event *event, struct err *err);

/* Begins the next event. Its texts are not needed after the call. An event before it must be
 * complete. Nothing of it shows before its first part. */
int fold_begin(struct fold *fold, const struct event *event, struct err *err);
/* Milliseconds since the epoch of the part that comes next, never before the part ahead and never
 * after the event's `time`; -1 when the event is complete. An event has at least one part. */
int64_t fold_part_instant(const struct fold *fold);
int fold_part(struct fold *fold, struct err *err);

#include "journal/fold_view.h"

#endif
