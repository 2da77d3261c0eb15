/* repo_diff.h - what differs between two trees (include workspace/repo.h) */
#ifndef TALI_REPO_DIFF_H
#define TALI_REPO_DIFF_H

#include "workspace/repo.h"

#define REPO_DIFF_FILE_BYTES (1 << 20)	/* lines of larger files are not counted */

/* Calls visit for each path that differs between two trees (either may be NULL for the empty tree),
 * in git's order: status 'A', 'M' or 'D', with lines added and removed (0 for binary and very large
 * files). */
struct repo_change {
	const char *path;
	char status;
	unsigned added, removed;
};
int repo_diff(struct repo *repo, const char *old_tree, const char *new_tree,
	      int (*visit)(void *arg, const struct repo_change *change, struct err *err),
	      void *arg, struct err *err);

/* The same without looking into files: each path that differs with what the new tree has there, oid
 * NULL when nothing. */
int repo_diff_ids(struct repo *repo, const char *old_tree, const char *new_tree,
		  int (*visit)(void *arg, const char *path, const char *oid, bool executable,
			       struct err *err),
		  void *arg, struct err *err);

#endif
