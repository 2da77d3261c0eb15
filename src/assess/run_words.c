/* run_words.c - what a run of the candidate's executes */
#include "assess/run_words.h"

#include "assess/scratch.h"
#include "base/auto.h"
#include "base/buf.h"
#include "grade/grade_tree.h"
#include "grade/program.h"
#include "workspace/repo.h"

#include <inttypes.h>

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

int run_words_fit(struct repo *repo, const char *tree, const struct plan_limits *limits,
		  struct err *err)
{
	struct grade_tree_size size = { 0 };

	if (grade_tree_measure(repo, tree, &size, err) < 0)
		return -1;
	return grade_tree_fits(&size, limits) ? 0 :
	       err_set(err, ERR_INPUT, "the work does not fit into the disk limit of a run "
		       "(%" PRIu64 " MiB, %" PRIu32 " files and folders): remove what it does not "
		       "need", limits->disk >> 20, limits->inodes);
}

static int last_tree(struct store *store, const struct assessment *assessment,
		     char tree[REPO_OID_SIZE], struct err *err)
{
	AUTO_FREE char *path = store_repo_path(store, assessment->id);
	AUTO(repo_close) struct repo *repo = repo_open(path, err);

	return repo ? repo_commit_tree(repo, assessment->commit, tree, err) : -1;
}

char *run_words_line(struct store *store, const struct assessment *assessment,
		     const struct manifest *manifest, struct err *err)
{
	const char *const *argv = (const char *const *)manifest->run;
	char tree[REPO_OID_SIZE] = "", **words = NULL, *line;
	struct plan_limits limits;

	if (!argv)
		return NULL;
	if (!program_is_named(manifest, argv))
		return program_line(argv);
	if (!*assessment->commit || last_tree(store, assessment, tree, err) < 0)
		return NULL;
	if (run_words_make(store, assessment, tree, manifest, argv, &words, &limits, err) < 0) {
		if (err->code == ERR_INPUT)
			*err = (struct err)ERR_INIT;
		return NULL;
	}
	line = program_line((const char *const *)words);
	program_free_words(&words);
	return line;
}
