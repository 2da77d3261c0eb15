/* repo_filter.h - a tree without some of its files (include workspace/repo.h) */
#ifndef TALI_REPO_FILTER_H
#define TALI_REPO_FILTER_H

#include "workspace/repo.h"

/* Removes from `tree` every file for which drop(arg, path) is true, and the folders that become
 * empty by it. Links and submodules are asked about like files. */
int repo_filter_tree(struct repo *repo, const char *tree,
		     bool (*drop)(void *arg, const char *path), void *arg,
		     char ret_tree[REPO_OID_SIZE], struct err *err);

#endif
