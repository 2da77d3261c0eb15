/* run_words.c - what a run of the candidate's executes */
#include "assess/run_words.h"

#include "assess/scratch.h"
#include "base/auto.h"
#include "base/buf.h"
#include "grade/program.h"

/* The work's repository does not hold the hidden files of the task. */
static int borrow(struct scratch *scratch, struct store *store, const struct assessment *assessment,
		  struct err *err)
{
	AUTO_FREE char *task_repo = buf_format("task-%s", assessment->task_id);

	if (scratch_make(scratch, err) < 0 || scratch_borrow(scratch, store, task_repo, err) < 0)
		return -1;
	return scratch_borrow(scratch, store, assessment->id, err);
}

int run_words_make(struct store *store, const struct assessment *assessment, const char *tree,
		   const struct manifest *manifest, const char *const *argv, char ***ret_words,
		   struct plan_limits *ret_limits, struct err *err)
{
	AUTO(scratch_release) struct scratch scratch = SCRATCH_INIT;

	if (program_is_named(manifest, argv) && borrow(&scratch, store, assessment, err) < 0)
		return -1;
	return program_run(scratch.repo, manifest, tree, assessment->task_version, argv, ret_words,
			   ret_limits, err);
}
