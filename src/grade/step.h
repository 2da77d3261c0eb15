/* step.h - one command of the task, run in the sandbox on a tree: what build, tests and
 * validators share */
#ifndef TALI_STEP_H
#define TALI_STEP_H

#include "base/buf.h"
#include "grade/grade.h"
#include "grade/grade_tree.h"

#define STEP_TAIL (64 << 10)	/* bytes kept of the end of an output */

/* What all steps of one grade stand on. */
struct step_ground {
	const struct grade_request *request;
	struct plan_limits limits;
	struct grade_tree tree;
	char *base;		/* temporary folder: the base tree, or what the build made of it */
	bool too_large;		/* that and hidden/ do not fit into the disk limit */
};

#define STEP_GROUND_INIT { .tree = GRADE_TREE_INIT }
void step_ground_release(struct step_ground *ground);

struct step {
	const struct step_ground *ground;
	const char *const *argv;
	int stdin_fd;		/* -1: empty */
	const char *folder;	/* copied into /work first; or NULL */
	const char *tree;	/* then this tree over it; or NULL */
	/* Then this; may be NULL. */
	int (*fill)(void *arg, int work_fd, struct err *err);
	/* After the run; may be NULL. */
	int (*collect)(void *arg, int work_fd, struct err *err);
	void *arg;
	bool show;		/* hand the output to the request's callback as it comes */
	struct buf out;		/* standard output; the caller sets its limit (0: none) */
	struct buf tail;	/* the end of both streams */
	struct buf errors;	/* the end of standard error */
	struct run_report run;
};

#define STEP_INIT(where) { .ground = (where), .stdin_fd = -1 }
void step_release(struct step *step);

/* Lays ground->base, and hidden/ over it when asked for and not left out. */
void step_lay(struct step *step, bool hidden);

/* Runs it. -1 with ERR_ENV when our side failed. */
int step_run(struct step *step, struct err *err);

/* A sealed file in memory that reads from the beginning; descriptor or -1. */
int step_stdin(const void *data, size_t len, struct err *err);

/* The last `most` bytes of a tail, cleaned; yours, or NULL. */
char *step_tail_text(const struct buf *tail, size_t most);

#endif
