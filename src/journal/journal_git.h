/* journal_git.h - whether a repository holds what a journal says it does */
#ifndef TALI_JOURNAL_GIT_H
#define TALI_JOURNAL_GIT_H

#include "journal/journal_check.h"
#include "workspace/repo.h"

/* After journal_check_end: each snapshot's commit is there and holds the tree that the event says,
 * what was sealed is the newest of them, and everything reachable from it is whole. Gives the
 * number of objects, 0 without a snapshot; `repo` may be NULL then. ERR_INTEGRITY. */
int journal_git_check(struct repo *repo, const struct journal_check *check, uint64_t *ret_objects,
		      struct err *err);

#endif
