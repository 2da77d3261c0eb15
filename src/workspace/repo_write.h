/* repo_write.h - trees from folders, blobs from bytes (include workspace/repo.h) */
#ifndef TALI_REPO_WRITE_H
#define TALI_REPO_WRITE_H

#include "workspace/repo.h"

#include <stddef.h>

/* Names (not paths) that never enter a tree, e.g. "__pycache__"; ".git" never does. */
struct repo_skip {
	const char *const *names;	/* ends with NULL; may be NULL */
};

/* Stages the folder (descriptor) as a tree and gives its id. Unchanged files are recognised by the
 * stat cache kept in the repository file `index_name` (a plain name; NULL: none). Symlinks and
 * special files are left out and counted (ret_left_out may be NULL), empty folders are forgotten.
 * ERR_INPUT past repo_limits or for a path that is not allowed, ERR_ENV for one that cannot be
 * read; both name it.
 *
 * The cache trusts ctime, as git does: a store through a shared memory mapping changes no ctime
 * until it is written back. Where that matters (the last snapshot of all), pass NULL. */
int repo_write_folder(struct repo *repo, int folder_fd, const char *index_name,
		      const struct repo_skip *skip, char ret_tree[REPO_OID_SIZE],
		      unsigned *ret_left_out, struct err *err);

/* Stages bytes as a blob; id of it. */
int repo_write_blob(struct repo *repo, const void *data, size_t len, char ret_oid[REPO_OID_SIZE],
		    struct err *err);

#endif
