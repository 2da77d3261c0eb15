/* repo_walk.h - goes through a tree with a bound on everything: trees may come from a candidate's
 * push */
#ifndef TALI_REPO_WALK_H
#define TALI_REPO_WALK_H

#include "workspace/repo_internal.h"

/* A walk in git's order. The callbacks get the walk; `path` and `name` (its last part) are those
 * of the entry at hand; links and submodules are passed over unless there is `other`. Each may be
 * NULL and returns -1 to stop. */
struct repo_walk {
	struct repo *repo;
	void *arg;
	int (*file)(struct repo_walk *walk, const git_tree_entry *entry, struct err *err);
	int (*other)(struct repo_walk *walk, const git_tree_entry *entry, struct err *err);
	int (*enter)(struct repo_walk *walk, struct err *err);	/* a folder; not the root */
	void (*leave)(struct repo_walk *walk);			/* after enter succeeded */

	char path[REPO_PATH_SIZE];
	const char *name;
	unsigned depth;		/* folders entered */
	uint64_t entries;	/* met so far */
};

/* ERR_INPUT past repo_limits.files or .depth, or for a name that is not allowed. */
int repo_walk_tree(struct repo_walk *walk, const git_oid *tree, struct err *err);

/* Counts entries (of a folder about to be read) against repo_limits.files. */
int repo_walk_count(uint64_t *entries, size_t more, const char *path, struct err *err);

/* A blob's bytes. ERR_INPUT "PATH: larger than ..." past limit. NULL or to be freed. */
git_odb_object *repo_walk_blob(struct repo *repo, const git_oid *id, uint64_t limit,
			       const char *path, struct err *err);

#endif
