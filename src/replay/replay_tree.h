/* replay_tree.h - the files of an instant as a git tree */
#ifndef TALI_REPLAY_TREE_H
#define TALI_REPLAY_TREE_H

#include "journal/fold.h"
#include "workspace/repo.h"

#define REPLAY_FILE_MAX (64u << 20)	/* bytes of one file */

struct replay_tree;

/* Writes trees into this repository, which must stay. Remembers what it wrote, so that the next
 * tree costs what differs from it. */
struct replay_tree *replay_tree_new(struct repo *repo);
void replay_tree_free(struct replay_tree **tree);

/* Stages all files of the fold as a tree. ERR_INPUT for a file larger than REPLAY_FILE_MAX. */
int replay_tree_write(struct replay_tree *tree, struct fold *fold, char ret_tree[REPO_OID_SIZE],
		      struct err *err);

#endif
