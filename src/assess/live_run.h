/* live_run.h - running the program and the visible tests of a live session */
#ifndef TALI_LIVE_RUN_H
#define TALI_LIVE_RUN_H

#include "assess/live.h"
#include "grade/grade.h"

/* Takes the one place there is, for what is about to run or to test: from now on it is what runs.
 * `run` is a new id (rand_id) by which it is told of. False: something runs already. Afterwards
 * live_run, live_test or live_stop must be called. */
bool live_run_claim(struct live *live, const char *run, const char *kind);

/* What the candidate runs. */
struct live_program {
	const char *const *argv;	/* ends with NULL; NULL is what the task says */
	const char *cwd;		/* below the work folder, "" at the top */
	const struct buf *input;	/* what it reads; NULL: nothing */
};

/* Each returns when it is over; what happens meanwhile is told, also why it could not be run.
 * `run` has the place, or was stopped before it began: then nothing is done. */
int live_run(struct live *live, struct store *store, const char *run,
	     const struct live_program *program, struct err *err);
int live_test(struct live *live, struct store *store, const char *run, struct err *err);

/* What an assistant runs for the candidate. */
struct live_errand {
	const char *run;		/* as above */
	const char *const *argv;	/* of a run: ends with NULL */
	uint32_t wall_ms;		/* of a run, on the clock and of the processors */
	const int *stop;		/* an eventfd, borrowed: it ends when that can be read */
	/* The output as it comes. */
	void (*output)(void *arg, int stream, const void *data, size_t len);
	void *arg;
};

/* The same for an assistant: what the run changed is on record as the assistant's ("ai").
 * *ret_left: files that it made and that are not kept. *ret_recorded: the session still ran at the
 * end. A grade points into the manifest; ERR_STATE "it was stopped" when the tests were. */
int live_run_for(struct live *live, struct store *store, const struct live_errand *errand,
		 struct run_report *ret, size_t *ret_left, bool *ret_recorded, struct err *err);
int live_test_for(struct live *live, struct store *store, const struct live_errand *errand,
		  struct grade *ret, struct manifest *ret_manifest, struct err *err);

/* Whether something runs that has begun. */
bool live_is_running(struct live *live);
/* Ends what runs, or is about to; does nothing when nothing is. What had begun is on record: tests
 * as stopped, a run as it ended. */
void live_stop(struct live *live);

#endif
