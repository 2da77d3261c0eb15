/* workbench_run.h - how a program or the visible tests ended, for an assistant */
#ifndef TALI_WORKBENCH_RUN_H
#define TALI_WORKBENCH_RUN_H

#include "grade/grade.h"
#include "grade/output_keep.h"

struct workbench_run {
	char verdict[32];		/* as in the events: "ok", "time_limit", "passed", ... */
	int exit_status;		/* -1: it has none */
	int signal;			/* 0: none ended it */
	int64_t wall_ms;		/* of a program */
	struct output_keep output;	/* both streams as they came; of tests one line for each
					 * case, and what the failed ones wrote */
	size_t left;			/* files that a program made and that are not kept */
	int64_t passed, total;		/* cases of tests */
};

#define WORKBENCH_RUN_INIT { .exit_status = -1 }
void workbench_run_release(struct workbench_run *run);

/* For output callbacks, with a struct workbench_run as arg. */
void workbench_run_output(void *run, int stream, const void *data, size_t len);
/* Sets all but the output and `left`. */
void workbench_run_take_report(struct workbench_run *run, const struct run_report *report);
/* Sets all of tests; the grade must be of the visible ones alone. */
void workbench_run_take_grade(struct workbench_run *run, const struct grade *grade);

#endif
