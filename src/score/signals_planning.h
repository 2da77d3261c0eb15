/* signals_planning.h - the signals of planning: problem_understanding, task_breakdown,
 * milestone_definition, time_estimation (tali-scoring(7) says what each is) */
#ifndef TALI_SIGNALS_PLANNING_H
#define TALI_SIGNALS_PLANNING_H

#include "score/signal.h"

/* Adds them, also those that have too little to go by. */
void signals_planning(const struct signal_evidence *evidence, struct signals *signals);

/* What was changed between two checks. */
struct signal_step {
	size_t from, to;	/* changes [from, to); `from` is one of those that count */
	uint64_t bytes;		/* put in and taken out, of those that a check can look at */
	int64_t check;		/* index of the check that ends it, -1: it ends with the session */
};
/* The steps that changed something, in order; yours. */
struct signal_step *signals_planning_steps(const struct facts *facts, size_t *ret_count);

#endif
