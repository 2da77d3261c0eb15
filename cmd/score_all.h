/* score_all.h - the form `tali score --all TASK`: many submissions, what moved, and Ctrl-C */
#ifndef TALI_SCORE_ALL_H
#define TALI_SCORE_ALL_H

#include "cmd.h"
#include "score_output.h"

#include "assess/scoring_queue.h"

struct score_all {
	const char *task;	/* name or id */
	struct score_output *output;
	long jobs;		/* at most SCORING_QUEUE_MOST_JOBS; below 1: number of processors */
	bool diff;		/* print what moved only; */
	bool json;		/* then: as JSON */
	bool again;		/* begins anew, also when one was interrupted */
	double min;		/* percent; one below makes the exit status 1 */
};

#define SCORE_ALL_INTERRUPTED 130

/* Scores, prints, and gives the exit status of the sweep; -1 when it could not go on. Takes SIGINT
 * and SIGTERM while it runs: the first gives up what is being graded, the second ends tali. */
int score_all(const struct cmd_ctx *ctx, const struct scoring *scoring,
	      const struct score_all *request, struct err *err);

#endif
