/* live_run.h - running the program and the visible tests of a live session */
#ifndef TALI_LIVE_RUN_H
#define TALI_LIVE_RUN_H

#include "assess/live.h"

/* Each returns when it is over; what happens meanwhile is told */

/* `run` is a new id (rand_id) by which it is told of. `argv` ends with NULL; NULL is what the task
 * says. ERR_STATE when something runs already. Whoever listens is told of errors, too. */
int live_run(struct live *live, struct store *store, const char *run, const char *const *argv,
	     struct err *err);
int live_test(struct live *live, struct store *store, const char *run, struct err *err);
/* Whether something runs. */
bool live_is_running(struct live *live);
/* Ends what runs; does nothing when nothing does. Tests are on record as stopped then. */
void live_stop(struct live *live);

#endif
