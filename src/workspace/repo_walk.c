/* repo_walk.c - see repo_walk.h */
#include "workspace/repo_walk.h"

#include "base/auto.h"

#include <inttypes.h>
#include <string.h>

int repo_walk_count(uint64_t *entries, size_t more, const char *path, struct err *err)
{
	*entries += more;
	if (*entries > repo_limits.files)
		return err_set(err, ERR_INPUT, "'%s': more than %" PRIu64 " files and folders",
			       path, repo_limits.files);
	return 0;
}

static int walk_folder(struct repo_walk *walk, const git_oid *id, size_t len, struct err *err);

static int walk_below(struct repo_walk *walk, const git_oid *id, size_t len, struct err *err)
{
	int rc;

	if (walk->depth == repo_limits.depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep",
			       walk->path, repo_limits.depth);
	if (walk->enter && walk->enter(walk, err) < 0)
		return -1;
	walk->depth++;
	rc = walk_folder(walk, id, len, err);
	walk->depth--;
	if (walk->leave)
		walk->leave(walk);
	return rc;
}

static int walk_entry(struct repo_walk *walk, const git_tree_entry *entry, size_t len,
		      struct err *err)
{
	git_filemode_t mode = git(tree_entry_filemode)(entry);
	int path_len;

	if (mode != GIT_FILEMODE_TREE && !repo_is_file(mode) && !walk->other)
		return 0;
	path_len = repo_path_add(walk->path, len, git(tree_entry_name)(entry), err);
	if (path_len < 0)
		return -1;
	walk->name = walk->path + len + (len > 0);
	if (mode == GIT_FILEMODE_TREE)
		return walk_below(walk, git(tree_entry_id)(entry), (size_t)path_len, err);
	if (!repo_is_file(mode))
		return walk->other(walk, entry, err);
	return walk->file ? walk->file(walk, entry, err) : 0;
}

static int walk_folder(struct repo_walk *walk, const git_oid *id, size_t len, struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = repo_tree(walk->repo, id, err);
	size_t count, i;

	if (!tree)
		return -1;
	count = git(tree_entrycount)(tree);
	if (repo_walk_count(&walk->entries, count, walk->path, err) < 0)
		return -1;
	for (i = 0; i < count; i++)
		if (walk_entry(walk, git(tree_entry_byindex)(tree, i), len, err) < 0)
			return -1;
	return 0;
}

int repo_walk_tree(struct repo_walk *walk, const git_oid *tree, struct err *err)
{
	walk->path[0] = '\0';
	return walk_folder(walk, tree, 0, err);
}

git_odb_object *repo_walk_blob(struct repo *repo, const git_oid *id, uint64_t limit,
			       const char *path, struct err *err)
{
	git_odb_object *object;
	git_object_t type;
	size_t size;

	/* the size first, since reading brings all of it into memory */
	if (git(odb_read_header)(&size, &type, repo->odb, id) < 0) {
		repo_git_err(err, "'%s'", path);
		return NULL;
	}
	if (type != GIT_OBJECT_BLOB) {
		err_set(err, ERR_INTEGRITY, "'%s' is no file in the repository", path);
		return NULL;
	}
	if (size > limit) {
		err_set(err, ERR_INPUT, "'%s': larger than %" PRIu64 " bytes", path, limit);
		return NULL;
	}
	if (git(odb_read)(&object, repo->odb, id) < 0) {
		repo_git_err(err, "'%s'", path);
		return NULL;
	}
	return object;
}
