/* repo_filter.c - see repo_filter.h */
#include "workspace/repo_filter.h"

#include "base/auto.h"
#include "workspace/repo_walk.h"

#include <string.h>

struct filter {
	struct repo *repo;
	bool (*drop)(void *arg, const char *path);
	void *arg;
	char path[REPO_PATH_SIZE];
	uint64_t entries;
};

static void free_builder(git_treebuilder **builder)
{
	git(treebuilder_free)(*builder);
}

static int filter_folder(struct filter *filter, size_t len, unsigned depth, const git_oid *id,
			 git_oid *ret_id, size_t *ret_left, struct err *err);

/* What becomes of one entry: ret_id, and whether anything of it is left. */
static int filter_entry(struct filter *filter, size_t len, unsigned depth,
			const git_tree_entry *entry, git_oid *ret_id, size_t *ret_left,
			struct err *err)
{
	int path_len = repo_path_add(filter->path, len, git(tree_entry_name)(entry), err);

	if (path_len < 0)
		return -1;
	if (git(tree_entry_type)(entry) == GIT_OBJECT_TREE)
		return filter_folder(filter, (size_t)path_len, depth + 1, git(tree_entry_id)(entry),
				     ret_id, ret_left, err);
	git(oid_cpy)(ret_id, git(tree_entry_id)(entry));
	*ret_left = !filter->drop(filter->arg, filter->path);
	return 0;
}

/* Puts the result for one entry into the builder, which is made for the first difference. */
static int replace_entry(struct filter *filter, const git_tree *tree, const git_tree_entry *entry,
			 const git_oid *id, bool left, git_treebuilder **builder, struct err *err)
{
	int rc;

	if (left && git(oid_equal)(id, git(tree_entry_id)(entry)))
		return 0;
	if (!*builder && git(treebuilder_new)(builder, filter->repo->git, tree) < 0)
		return repo_git_err(err, "'%s'", filter->path);
	rc = left ? git(treebuilder_insert)(NULL, *builder, git(tree_entry_name)(entry), id,
					    GIT_FILEMODE_TREE)
		  : git(treebuilder_remove)(*builder, git(tree_entry_name)(entry));
	return rc < 0 ? repo_git_err(err, "'%s'", filter->path) : 0;
}

static int filter_folder(struct filter *filter, size_t len, unsigned depth, const git_oid *id,
			 git_oid *ret_id, size_t *ret_left, struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = NULL;
	AUTO(free_builder) git_treebuilder *builder = NULL;
	size_t i, count, left, below;

	if (depth > repo_limits.depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep",
			       filter->path, repo_limits.depth);
	tree = repo_tree(filter->repo, id, err);
	if (!tree)
		return -1;
	left = count = git(tree_entrycount)(tree);
	if (repo_walk_count(&filter->entries, count, filter->path, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);
		git_oid new_id;

		if (filter_entry(filter, len, depth, entry, &new_id, &below, err) < 0 ||
		    replace_entry(filter, tree, entry, &new_id, below > 0, &builder, err) < 0)
			return -1;
		left -= below == 0;
	}
	*ret_left = left;
	if (!builder)
		git(oid_cpy)(ret_id, id);
	else if (git(treebuilder_write)(ret_id, builder) < 0)
		return repo_git_err(err, "'%s'", filter->path);
	return 0;
}

int repo_filter_tree(struct repo *repo, const char *tree, bool (*drop)(void *arg, const char *path),
		     void *arg, char ret_tree[REPO_OID_SIZE], struct err *err)
{
	struct filter filter = { .repo = repo, .drop = drop, .arg = arg };
	git_oid id, result;
	size_t left;

	if (repo_parse_oid(&id, tree, err) < 0 ||
	    filter_folder(&filter, 0, 0, &id, &result, &left, err) < 0)
		return -1;
	git(oid_tostr)(ret_tree, REPO_OID_SIZE, &result);
	return 0;
}
