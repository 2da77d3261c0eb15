/* scratch.c - see scratch.h */
#include "assess/scratch.h"

#include "base/auto.h"
#include "base/fs.h"
#include "workspace/repo_borrow.h"

#define REPO_NAME "objects.git"

void scratch_release(struct scratch *scratch)
{
	repo_close(&scratch->repo);
	fs_temp_release(&scratch->folder);
}

int scratch_make(struct scratch *scratch, struct err *err)
{
	AUTO_FREE char *path = NULL;

	scratch->folder = fs_temp_dir("tali-scratch", err);
	if (!scratch->folder)
		return -1;
	path = fs_join(scratch->folder, REPO_NAME);
	scratch->repo = repo_create_passing(path, err);
	return scratch->repo ? 0 : -1;
}

int scratch_borrow(struct scratch *scratch, const struct store *store, const char *name,
		   struct err *err)
{
	AUTO_FREE char *path = store_repo_path(store, name);

	return repo_borrow(scratch->repo, path, err);
}

int scratch_lend(const struct scratch *from, const struct scratch *to, struct err *err)
{
	AUTO_FREE char *path = fs_join(from->folder, REPO_NAME);

	return repo_borrow(to->repo, path, err);
}
