/* repo_build.h - a tree from files whose blobs are there (include workspace/repo.h) */
#ifndef TALI_REPO_BUILD_H
#define TALI_REPO_BUILD_H

#include "workspace/repo.h"

#include <stddef.h>

struct repo_entry {
	const char *path, *oid;
	bool executable;
};

/* Stages the tree that holds these files, in any order. ERR_INPUT for a path that is not allowed,
 * or past the files of repo_limits. */
int repo_build_tree(struct repo *repo, const struct repo_entry *entries, size_t count,
		    char ret_tree[REPO_OID_SIZE], struct err *err);

#endif
