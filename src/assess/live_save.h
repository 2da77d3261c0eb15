/* live_save.h - saving and handing in a live session */
#ifndef TALI_LIVE_SAVE_H
#define TALI_LIVE_SAVE_H

#include "assess/live.h"

/* Saves (a commit, reason "idle") when something changed after the last snapshot. */
int live_save(struct live *live, struct store *store, struct err *err);

/* Hands in; again: the same receipt. {commit, tree, time, files: [{path, size}]}. Yours. */
json_t *live_submit(struct live *live, struct store *store, struct err *err);
json_t *live_receipt(struct live *live, struct store *store, struct err *err);

#endif
