/* repo_verify.h - whether everything reachable is there and unchanged (include workspace/repo.h) */
#ifndef TALI_REPO_VERIFY_H
#define TALI_REPO_VERIFY_H

#include "workspace/repo.h"

/* Reads every object reachable from the oid (commit, tag or tree, with history) from disk and
 * checks its hash. ERR_INTEGRITY names the object that is missing or changed. */
int repo_verify(struct repo *repo, const char *oid, struct err *err);
/* The same, and tells how many objects that were. */
int repo_verify_count(struct repo *repo, const char *oid, uint64_t *ret_objects, struct err *err);

#endif
