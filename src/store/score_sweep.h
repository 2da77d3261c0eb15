/* score_sweep.h - a grading of all submissions of a task, which a crash may interrupt
 *
 * A row is open until every submission had its turn. What it has done are the score runs that name
 * it. It is the same grading when task, version that was asked for, and version of tali are the
 * same: only the newest of these is ever gone on with, and only when its process is gone. */
#ifndef TALI_SCORE_SWEEP_H
#define TALI_SCORE_SWEEP_H

#include "base/rand.h"
#include "store/store.h"

struct score_sweep {
	char id[RAND_ID_LEN + 1];
	int64_t begun;
};

/* `version` is "" when each assessment is graded by its own. 1: goes on with one that was left;
 * 0: begins another, as always with `again`; -1 error. It is this process's until
 * score_sweep_leave. Needs an open transaction. */
int score_sweep_take(struct store *store, const char *task_id, const char *version, bool again,
		     struct score_sweep *ret, struct err *err);

/* Gives it up for others to go on with, or ends it. Needs an open transaction. */
int score_sweep_leave(struct store *store, const char *id, bool finished, struct err *err);

#endif
