/* repo_borrow.h - objects of another repository, and ids without storing (include
 * workspace/repo.h) */
#ifndef TALI_REPO_BORROW_H
#define TALI_REPO_BORROW_H

#include "workspace/repo.h"

#include <stddef.h>

/* Makes the objects of the bare repository at `path` readable through this handle; nothing is
 * written. */
int repo_borrow(struct repo *repo, const char *path, struct err *err);

/* The id that these bytes would have as a blob of the repository. */
void repo_borrow_blob_id(struct repo *repo, const void *data, size_t len,
			 char ret_oid[REPO_OID_SIZE]);

#endif
