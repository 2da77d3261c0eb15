/* step.h - one command of the task, run in the sandbox on a tree: what build, tests and
 * validators share */
#ifndef TALI_STEP_H
#define TALI_STEP_H

#include "base/buf.h"
#include "grade/grade.h"
#include "grade/grade_tree.h"
#include "grade/output_keep.h"
#include "grade/program.h"

#include <pthread.h>

#define STEP_DEPTH_MAX 64	/* nested folders of what a step leaves */

/* What all steps of one grade stand on. */
struct step_ground {
	const struct grade_request *request;
	struct plan_limits limits;		/* of tests, and of a build of the manifest's */
	struct plan_limits compiler_limits;	/* of "build": "language" and judge_build */
	/* Of validators and interactors: no language that is chosen has a say in them. */
	struct plan_limits judge_limits;
	struct program program;			/* where the manifest finds one */
	struct grade_tree tree;
	char *base;		/* temporary folder: the base tree, or what the build made of it */
	bool too_large;		/* that and hidden/ do not fit into the disk limit */
	char *judge_base;	/* temporary folder: what judge_build left; or NULL */
};

#define STEP_GROUND_INIT { .tree = GRADE_TREE_INIT }
void step_ground_release(struct step_ground *ground);

/* Sets the limits by the manifest and the language of the program. */
int step_ground_limit(struct step_ground *ground, struct err *err);

struct step {
	const struct step_ground *ground;
	const char *const *argv;
	int stdin_fd;		/* -1: empty */
	bool give_stdin;	/* stdin_fd is closed, and -1, once the sandbox has it */
	const struct plan_limits *limits;	/* NULL: those of the ground */
	pthread_mutex_t *lock;	/* held while the repository is read; NULL: one thread has it */
	const char *folder;	/* copied into /work first; or NULL */
	const char *tree;	/* then this tree over it; or NULL */
	/* Then this; may be NULL. */
	int (*fill)(void *arg, int work_fd, struct err *err);
	/* After the run; may be NULL. */
	int (*collect)(void *arg, int work_fd, struct err *err);
	void *arg;
	bool show;		/* hand the output to the request's callback as it comes */
	/* Gets standard output as it comes and, with len 0, its end; may be NULL. */
	void (*forward)(void *arg, const void *data, size_t len);
	void *forward_arg;
	struct buf out;		/* standard output; the caller sets its limit (0: none) */
	struct output_keep both;	/* both streams */
	struct output_keep errors;	/* standard error */
	struct run_report run;
};

#define STEP_INIT(where) { .ground = (where), .stdin_fd = -1 }
void step_release(struct step *step);

/* Lays ground->base, and hidden/ over it when asked for and not left out. */
void step_lay(struct step *step, bool hidden);

/* Runs it. -1 with ERR_ENV when our side failed, ERR_STATE when the request was stopped. */
int step_run(struct step *step, struct err *err);

/* Copies what a step left in its work folder to the folder at that path, within these limits:
 * ERR_INPUT past them. */
int step_keep_folder(int work_fd, const char *folder, const struct plan_limits *limits,
		     struct err *err);

/* Fails the case with the verdict of the run, and what the program wrote to standard error. */
void step_fail_case(const struct step *step, struct grade_case *one);

#endif
