/* live_run.h - saving, running, testing and handing in a live session */
#ifndef TALI_LIVE_RUN_H
#define TALI_LIVE_RUN_H

#include "assess/live.h"

/* --- running: each returns when it is over; what happens meanwhile is told */

/* `run` is a new id (rand_id) by which it is told of. `argv` ends with NULL; NULL is what the task
 * says. ERR_STATE when something runs already. Whoever listens is told of errors, too. */
int live_run(struct live *live, struct store *store, const char *run, const char *const *argv,
	     struct err *err);
int live_test(struct live *live, struct store *store, const char *run, struct err *err);
/* Whether something runs. */
bool live_is_running(struct live *live);
/* Ends what runs; does nothing when nothing does. */
void live_stop(struct live *live);

/* Saves (a commit, reason "idle") when something changed after the last snapshot. */
int live_save(struct live *live, struct store *store, struct err *err);

/* Hands in; again: the same receipt. {commit, tree, time, files: [{path, size}]}. Yours. */
json_t *live_submit(struct live *live, struct store *store, struct err *err);
json_t *live_receipt(struct live *live, struct store *store, struct err *err);

#endif
