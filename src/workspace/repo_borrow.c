/* repo_borrow.c - see repo_borrow.h */
#include "workspace/repo_borrow.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"

int repo_borrow(struct repo *repo, const char *path, struct err *err)
{
	AUTO_FREE char *objects = fs_join(path, "objects");

	if (!fs_is_dir(objects))
		return err_set(err, ERR_INTEGRITY, "repository '%s' is missing", path);
	if (git(odb_add_disk_alternate)(repo->odb, objects) < 0)
		return repo_git_err(err, "cannot read the objects of '%s'", path);
	return 0;
}

void repo_borrow_blob_id(struct repo *repo, const void *data, size_t len,
			 char ret_oid[REPO_OID_SIZE])
{
	git_oid id;

	(void)repo; /* an open one: the library is loaded */
	git(odb_hash)(&id, data, len, GIT_OBJECT_BLOB);
	git(oid_tostr)(ret_oid, REPO_OID_SIZE, &id);
}
