/* repo_lay.h - trees laid over each other (include workspace/repo.h) */
#ifndef TALI_REPO_LAY_H
#define TALI_REPO_LAY_H

#include "workspace/repo.h"

/* Stages the tree that results from laying entries of trees over each other. Each layer takes the
 * subtree (or blob) at `from` of `tree` ("" is the whole tree; a missing one is passed over when
 * optional, else ERR_NOT_FOUND) and puts it at `to` ("" is the root). Later layers win, file by
 * file; a file wins over a folder of the same name and the other way round. */
struct repo_layer {
	const char *tree;
	const char *from;
	const char *to;
	bool optional;
};
int repo_lay_trees(struct repo *repo, const struct repo_layer *layers, int count,
		   char ret_tree[REPO_OID_SIZE], struct err *err);

#endif
