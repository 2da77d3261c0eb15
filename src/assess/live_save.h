/* live_save.h - saving and handing in a live session */
#ifndef TALI_LIVE_SAVE_H
#define TALI_LIVE_SAVE_H

#include "assess/live.h"

/* Hands in; again: the same receipt. {commit, tree, time, files: [{path, size}]}. Yours. */
json_t *live_submit(struct live *live, struct store *store, struct err *err);
json_t *live_receipt(struct live *live, struct store *store, struct err *err);

/* Keeps work that came after the deadline (late_work.h): {commit, tree, files, after_ms}; null when
 * it is what was handed in. Yours. */
json_t *live_late(struct live *live, struct store *store, const json_t *request, struct err *err);

#endif
