/* grade_tree.h - the trees that tests run on: what was submitted, put right by the task version
 *
 * Refused, from the submission and from what its build leaves: caches that a runner would
 * believe (__pycache__ and the like), protected paths, files/, and folders that only hidden/
 * has (a conftest.py beside the hidden tests would run inside their runner). In their place
 * comes what the task version says. */
#ifndef TALI_GRADE_TREE_H
#define TALI_GRADE_TREE_H

#include "sandbox/plan.h"
#include "task/manifest.h"
#include "workspace/repo.h"

struct grade_tree {
	const struct manifest *manifest;	/* borrowed */
	json_t *hidden_folders;		/* set of paths: folders that only hidden/ has; or NULL */
	/* The submission put right, without hidden/. */
	char base[REPO_OID_SIZE];
	/* Of it what the task version says: README.md, files/, protected paths. */
	char owned[REPO_OID_SIZE];
	/* hidden/, laid over base for hidden command tests; "" when left out. */
	char hidden[REPO_OID_SIZE];
	/* start/, and hidden/ over it, nothing submitted: for validators. */
	char judge[REPO_OID_SIZE];
	char **restored;		/* protected paths that had been changed, ends with NULL */
};

#define GRADE_TREE_INIT { 0 }
void grade_tree_release(struct grade_tree *tree);

/* Makes them. `submitted` and `task_tree` are trees of the repository; the manifest outlives
 * `ret`. */
int grade_tree_make(struct repo *repo, const struct manifest *manifest, const char *submitted,
		    const char *task_tree, bool hidden, struct grade_tree *ret, struct err *err);

/* True for a path that the submission has no say in. */
bool grade_tree_refuses(const struct grade_tree *tree, const char *path);

/* What a tree of the repository takes in a tmpfs: added to bytes and inodes. */
struct grade_tree_size {
	uint64_t bytes, inodes;
};
int grade_tree_measure(struct repo *repo, const char *tree, struct grade_tree_size *size,
		       struct err *err);
bool grade_tree_fits(const struct grade_tree_size *size, const struct plan_limits *limits);

#endif
