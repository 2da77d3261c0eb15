/* repo_build.c - see repo_build.h */
#include "workspace/repo_build.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"

#include <inttypes.h>

static void free_index(git_index **index)
{
	git(index_free)(*index);
}

static int add_entry(git_index *index, const struct repo_entry *file, struct err *err)
{
	git_index_entry entry = {
		.path = file->path,
		.mode = file->executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB,
	};

	if (repo_check_path(file->path, err) < 0 || repo_parse_oid(&entry.id, file->oid, err) < 0)
		return -1;
	if (git(index_add)(index, &entry) < 0)
		return err_set(err, ERR_INPUT, "'%s': git refuses the name", file->path);
	return 0;
}

int repo_build_tree(struct repo *repo, const struct repo_entry *entries, size_t count,
		    char ret_tree[REPO_OID_SIZE], struct err *err)
{
	AUTO(free_index) git_index *index = NULL;
	git_oid id;
	size_t i;

	if (count > repo_limits.files)
		return err_set(err, ERR_INPUT, "more than %" PRIu64 " files", repo_limits.files);
	if (git(index_new)(&index) < 0)
		return repo_git_err(err, "new index");
	for (i = 0; i < count; i++)
		if (add_entry(index, &entries[i], err) < 0)
			return -1;
	if (git(index_write_tree_to)(&id, index, repo->git) < 0)
		return repo_git_err(err, "cannot write the tree");
	git(oid_tostr)(ret_tree, REPO_OID_SIZE, &id);
	return 0;
}
