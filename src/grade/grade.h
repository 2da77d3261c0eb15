/* grade.h - runs the tests of a task version on a submitted tree and says which cases passed
 *
 * The tree that is tested = submitted tree, minus caches, protected paths put back from the
 * task version, hidden/ laid over. Each test (and the build before it) runs in a fresh sandbox;
 * io cases run one process per case and are compared outside. Nothing the candidate's code can
 * write decides a verdict alone: the report must be a fresh regular file, agree with the exit
 * status, and list exactly the expected case ids. */
#ifndef TALI_GRADE_H
#define TALI_GRADE_H

#include "sandbox/sandbox.h"
#include "task/manifest.h"
#include "workspace/repo.h"

#define GRADE_MESSAGE_MAX 2000	/* bytes kept of one case's message */

struct grade_case {
	char *id;		/* "TEST/NAME" */
	enum verdict verdict;	/* VERDICT_OK is passed */
	bool skipped;		/* the report says so, or it was not run: no points */
	double weight, points, possible;
	double share;		/* of its points, 0 to 1; a failed case may earn some */
	double score_max;	/* points that a validator may give; 0 before it is known */
	char *message;		/* or NULL; untrusted text */
	uint64_t wall_ms;
	bool ran;		/* in a run of its own (io and interactive tests) */
	struct run_report run;	/* of it */
};

struct grade_test {
	const struct manifest_test *test;	/* borrowed from the manifest */
	enum verdict verdict;		/* worst of the cases and of the run itself */
	bool tampered;			/* report does not hold together; then points are 0 */
	char *message;			/* why, or NULL */
	double points, possible;
	struct grade_case *cases;
	int case_count;
	struct run_report run;		/* of the command; else sums and peaks over the cases */
	char *output;			/* command tests: beginning and end, or NULL; untrusted */
};

struct grade {
	enum verdict build;		/* VERDICT_OK when there is nothing to build */
	char *build_output;		/* beginning and end, or NULL */
	bool built;			/* a build step was run */
	struct run_report build_run;
	struct grade_test *tests;
	int test_count;
	double points, possible;
	bool tampered;			/* some test is */
	uint32_t weak;			/* run_guard bits, of all runs together */
	char **restored;		/* protected paths that had been changed, ends with NULL */
};

#define GRADE_INIT { 0 }
void grade_release(struct grade *grade);

struct grade_request {
	struct sandbox *sandbox;
	struct repo *repo;		/* holds both trees below */
	const char *tree;		/* submitted tree */
	const char *task_tree;		/* whole task folder as a tree */
	const struct manifest *manifest;
	bool visible_only;		/* `tali run --test`: no hidden/, no hidden tests */
	const char *const *only;	/* globs of test ids, ends with NULL; NULL is all */
	/* The proof: {"cases": {"TEST": ["TEST/NAME", ...]}}; NULL when unknown. */
	const json_t *expected;
	bool allow_weak;
	/* What judge_build left, a temporary folder, handed from one grade to the next of the same
	 * task tree; NULL at first, and after a grade that failed. The caller's, see
	 * fs_temp_release. NULL when nobody keeps it. */
	char **judge_base;
	/* A descriptor that can be read when all shall end (an eventfd, borrowed); may be NULL. */
	const int *stop;
	/* Called before each step ("build", "unit", ...); may be NULL. */
	void (*progress)(void *arg, const char *step, int done, int total);
	/* Raw output of command tests as it comes; may be NULL. */
	void (*output)(void *arg, int stream, const void *data, size_t len);
	void *arg;
};

/* Grades. -1 with ERR_ENV when our side failed (no grade then), and with ERR_STATE when it was
 * stopped; what the submission does wrong is a grade. */
int grade_run(const struct grade_request *request, struct grade *ret, struct err *err);

/* "passed", "tampered", or the name of the worst verdict of the whole grade. Order of worst:
 * tampered, compile_error, security_violation, the limits, runtime_error, wrong_answer. */
const char *grade_verdict(const struct grade *grade);

/* Points over possible in percent, 0-100, two decimals, and 100 only when all are earned; 0 when
 * nothing is possible. */
double grade_percent(const struct grade *grade);

#include "grade/grade_json.h"

#endif
