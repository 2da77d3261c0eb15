/* scoring_queue.h - scores all submissions of a task, several at a time
 *
 * Each of N threads has a store handle of its own, takes the next submission, grades it and records
 * the result by itself; the caller's thread hands out what they did. Order: live work before
 * re-grading, that is, what has the fewest score runs first; then by turns between candidates, each
 * candidate's oldest submission first; then the oldest submission.
 *
 * Unless nothing is recorded, it is a row of store/score_sweep. Whatever ends it early, killed
 * processes included, leaves that row open; the next one of the same task, version and tali goes on
 * with it: what it had recorded is handed out again, and only the rest is graded. A submission that
 * was being graded, or that could not be, belongs to the rest. */
#ifndef TALI_SCORING_QUEUE_H
#define TALI_SCORING_QUEUE_H

#include "assess/scoring.h"

#define SCORING_QUEUE_MOST_JOBS 64

/* What became of one submission; borrowed until the callback returns. */
struct scoring_outcome {
	const char *assessment_id;
	const json_t *before;	/* newest recorded document before; NULL: none, or not asked for */
	const json_t *document;	/* tali.score/1; NULL when it could not be scored */
	const struct err *err;	/* why not: ERR_ENV or ERR_INTEGRITY */
	int done, total;	/* submissions so far, this one included, and all */
};

struct scoring_queue {
	/* For each submission. Its `progress` is not called. The sandbox serves all threads. */
	const struct scoring *scoring;
	const struct clock *clock;	/* of the threads' store handles */
	int jobs;			/* threads, 1 to SCORING_QUEUE_MOST_JOBS */
	bool compare;			/* read `before` */
	bool again;			/* goes on with none that was left, but begins anew */
	/* A descriptor that is readable from the moment on when the sweep is to end; or -1. */
	int stop_fd;
	/* Called once when it is, and no submission is begun any more: makes the runs in the
	 * sandbox end, so that those that are being graded are given up. May be NULL: they are then
	 * finished. */
	void (*give_up)(void *arg);
	/* Called first, with what an earlier process did and when it began, or 0 and 0. */
	void (*begin)(void *arg, int64_t begun, int done, int total);
	/* Called about once a second while nothing else happens. May be NULL. */
	void (*tick)(void *arg);
	/* Called in the caller's thread; what an earlier process did comes first, then the
	 * others in the order in which they end. -1 ends the sweep. */
	int (*outcome)(void *arg, const struct scoring_outcome *outcome, struct err *err);
	void *arg;
};

struct scoring_sweep {
	int done, total;	/* submissions: with an outcome, earlier ones included, and all */
	bool stopped;		/* by stop_fd, before all were done */
};

/* Scores every submission of the task; 0 also when single ones could not be scored. -1 ends the
 * sweep: the request itself is wrong (a version or test that is not there), a thread cannot open
 * the store, or the callback said so. All threads are over when it returns. */
int scoring_queue_run(struct store *store, const char *task_id, const struct scoring_queue *queue,
		      struct scoring_sweep *ret, struct err *err);

#endif
