/* import_repo.c - see import_repo.h */
#include "assess/import_repo.h"

#include "base/auto.h"
#include "base/fs.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int import_repo_open(struct store *store, struct import_repo *ret, struct err *err)
{
	AUTO_FREE char *repos = fs_join(store_path(store), "repos");

	ret->lock = fs_lock(repos, err);
	if (ret->lock < 0)
		return -1;
	ret->folder = fs_join(repos, "import.git");
	if (fs_remove_tree(AT_FDCWD, ret->folder, err) < 0)
		return -1;
	ret->repo = repo_create(ret->folder, NULL, err);
	return ret->repo ? 0 : -1;
}

int import_repo_place(struct store *store, struct import_repo *import, const char *assessment_id,
		      struct err *err)
{
	AUTO_FREE char *path = store_repo_path(store, assessment_id);

	if (fs_remove_tree(AT_FDCWD, path, err) < 0)
		return -1;
	if (rename(import->folder, path) < 0)
		return err_sys(err, "%s", path);
	free(TAKE(import->folder));
	return fsync(import->lock) < 0 ? err_sys(err, "%s", path) : 0;
}

void import_repo_release(struct import_repo *import)
{
	repo_close(&import->repo);
	fs_temp_release(&import->folder);
	auto_close(&import->lock);
	*import = (struct import_repo)IMPORT_REPO_INIT;
}
