/* repo_read.h - files out of trees (include workspace/repo.h) */
#ifndef TALI_REPO_READ_H
#define TALI_REPO_READ_H

#include "workspace/repo.h"

/* Writes all files of a tree into the folder (descriptor, should be empty or hold only other
 * names); existing files are replaced, a file replaces a folder and the other way round, nothing is
 * followed. What programs make (what is no text, scripts that may be executed, empty files) is
 * dated 2000-01-01, before the rest, so that make makes it again. ERR_INPUT past repo_limits (then
 * part of it is written). Not fsynced: it can be made again. */
int repo_materialise(struct repo *repo, const char *tree, int folder_fd, struct err *err);

/* One file of a tree; ERR_NOT_FOUND, or ERR_INPUT past limit. */
int repo_read_file(struct repo *repo, const char *tree, const char *path, size_t limit,
		   struct buf *out, struct err *err);

/* A blob by its id, which a repo_file told. ERR_INPUT past limit. */
int repo_read_blob(struct repo *repo, const char *oid, size_t limit, struct buf *out,
		   struct err *err);

/* True when a file or folder is there. */
bool repo_has(struct repo *repo, const char *tree, const char *path);

/* Calls visit for each file of the tree in git's order; -1 from it stops with its error. `oid` and
 * path are borrowed during the call. */
struct repo_file {
	const char *path;
	const char *oid;
	uint64_t size;
	bool executable;
};
int repo_each_file(struct repo *repo, const char *tree,
		   int (*visit)(void *arg, const struct repo_file *file, struct err *err),
		   void *arg, struct err *err);

#endif
