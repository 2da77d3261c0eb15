/* repo_pack.h - the history of a commit as a pack of git, out and in (include workspace/repo.h) */
#ifndef TALI_REPO_PACK_H
#define TALI_REPO_PACK_H

#include "workspace/repo.h"

#include <stddef.h>
#include <stdio.h>

/* Gives the bytes of a pack of all that can be reached from the commit, borrowed objects too, to
 * `write` one piece after the other. The same history makes the same bytes. ERR_INTEGRITY when an
 * object is missing or damaged; -1 of `write` ends it. */
int repo_pack_write(struct repo *repo, const char *commit,
		    int (*write)(void *arg, const void *data, size_t len, struct err *err),
		    void *arg, struct err *err);

/* A file without a name, in the repository's folder, to gather the bytes of a pack in. */
FILE *repo_pack_spool(struct repo *repo, struct err *err);
/* Puts the objects of the pack in the file, which nobody trusts, into the repository, on disk
 * (fsync), and gives their number. ERR_INTEGRITY when it is no whole pack, ERR_INPUT past
 * pack_limits. */
int repo_pack_read(struct repo *repo, FILE *spool, uint64_t *ret_objects, struct err *err);

#endif
