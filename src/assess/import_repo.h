/* import_repo.h - the repository of an assessment that is being imported, not in its place yet
 *
 * It is made as repos/import.git, under a lock, before the transaction begins, and gets its name
 * just before the commit. A crash leaves import.git, which the next import removes, or a repository
 * that no row knows, which an import of the same assessment replaces. */
#ifndef TALI_IMPORT_REPO_H
#define TALI_IMPORT_REPO_H

#include "store/store.h"
#include "workspace/repo.h"

struct import_repo {
	struct repo *repo;
	char *folder;		/* repos/import.git; NULL when it is in its place */
	int lock;		/* of the folder repos: one import at a time */
};

#define IMPORT_REPO_INIT { .lock = -1 }

/* Makes an empty one; waits for other imports. */
int import_repo_open(struct store *store, struct import_repo *ret, struct err *err);
/* Moves it to its place, on disk; in the open transaction, before the commit. */
int import_repo_place(struct store *store, struct import_repo *import, const char *assessment_id,
		      struct err *err);
/* Removes it unless it is in its place. */
void import_repo_release(struct import_repo *import);

#endif
