/* live_run.h - running the program and the visible tests of a live session */
#ifndef TALI_LIVE_RUN_H
#define TALI_LIVE_RUN_H

#include "assess/live.h"

/* Takes the one place there is, for what is about to run or to test: from now on it is what runs.
 * `run` is a new id (rand_id) by which it is told of. False: something runs already. Afterwards
 * live_run, live_test or live_stop must be called. */
bool live_run_claim(struct live *live, const char *run, const char *kind);

/* Each returns when it is over; what happens meanwhile is told, also why it could not be run.
 * `run` has the place, or was stopped before it began: then nothing is done. `argv` ends with NULL;
 * NULL is what the task says. */
int live_run(struct live *live, struct store *store, const char *run, const char *const *argv,
	     struct err *err);
int live_test(struct live *live, struct store *store, const char *run, struct err *err);
/* Ends what runs, or is about to; does nothing when nothing is. What had begun is on record: tests
 * as stopped, a run as it ended. */
void live_stop(struct live *live);

#endif
