/* live_fold.h - the fold of a live session: up to what is stored, and ahead of it; under the lock
 *
 * What a page sends is folded first and stored when it fits. When it does not, the fold stands at
 * no stored event any more: it is dropped, and made again from a keyframe, so that this costs the
 * same in a long session as in a short one. Keyframes are those of replay (replay/keyframe.h), in
 * the same steps; whoever folds so far writes them. They are a cache: when one is damaged all are
 * dropped, and it is folded from the first event once more. */
#ifndef TALI_LIVE_FOLD_H
#define TALI_LIVE_FOLD_H

#include "assess/live_internal.h"

/* Brings the fold up to the newest event, from the newest keyframe when there is none. */
int live_fold_on(struct live *live, struct err *err);
/* The events that were tried are stored, with that much work: there may be a keyframe due. */
void live_fold_stored(struct live *live, size_t work);
size_t live_fold_work(const struct event_list *list, size_t from, size_t count);

/* The fold does not stand at a stored event any more: it is made anew when it is needed. */
void live_drop_fold(struct live *live);

/* Folds the events of a list from `from` on, as if they were stored, and leaves the list saying
 * where it must stand. -1: the fold is dropped. ERR_INPUT "/events/N: why". */
int live_try(struct live *live, struct event_list *list, size_t from, struct err *err);

/* Stores events of the server that were tried, if there are any. Others (another process) may store
 * events after the fold was brought up: then it looks again and tries again. 1: they changed files,
 * and so does the list; it is empty now, to be made anew. -1: the fold is dropped. */
int live_store(struct live *live, struct event_list *list, struct err *err);

#endif
