/* scratch.h - a throw-away repository that borrows the objects of others: what grading writes
 * goes there */
#ifndef TALI_SCRATCH_H
#define TALI_SCRATCH_H

#include "store/store.h"
#include "workspace/repo.h"

struct scratch {
	char *folder;
	struct repo *repo;
};

#define SCRATCH_INIT { .folder = NULL }
void scratch_release(struct scratch *scratch);

/* Makes it in a temporary folder. */
int scratch_make(struct scratch *scratch, struct err *err);
/* Makes objects of a repository of the store ("task-ID", or an assessment's id) readable through
 * it. */
int scratch_borrow(struct scratch *scratch, const struct store *store, const char *name,
		   struct err *err);
/* Makes what the scratch repository `from` has published readable through `to`. */
int scratch_lend(const struct scratch *from, const struct scratch *to, struct err *err);

#endif
