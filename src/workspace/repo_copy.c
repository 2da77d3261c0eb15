/* repo_copy.c - see repo_copy.h */
#include "workspace/repo_copy.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"
#include "workspace/repo_stage.h"

static int copy_object(struct repo *to, struct repo *from, const git_oid *id, struct err *err)
{
	AUTO(repo_free_object) git_odb_object *object = NULL;
	char hex[REPO_OID_SIZE];
	git_oid written;

	git(oid_tostr)(hex, sizeof(hex), id);
	if (git(odb_read)(&object, from->odb, id) < 0)
		return repo_git_err(err, "object %s", hex);
	if (git(odb_write)(&written, to->odb, git(odb_object_data)(object),
			   git(odb_object_size)(object), git(odb_object_type)(object)) < 0)
		return repo_git_err(err, "cannot store object %s", hex);
	return repo_stage_relieve(to->stage, err);
}

/* A tree is written after all it refers to, always: one that is there has all of them, and need not
 * be looked into. That also makes a tree of many equal trees cheap. */
static int copy_tree(struct repo *to, struct repo *from, const git_oid *id, unsigned depth,
		     struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = NULL;
	size_t i;

	if (git(odb_exists)(to->odb, id))
		return 0;
	if (depth > repo_limits.depth)
		return err_set(err, ERR_INPUT, "folders are nested more than %u deep",
			       repo_limits.depth);
	tree = repo_tree(from, id, err);
	if (!tree)
		return -1;
	for (i = 0; i < git(tree_entrycount)(tree); i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);
		const git_oid *below = git(tree_entry_id)(entry);
		git_object_t type = git(tree_entry_type)(entry);

		if (type == GIT_OBJECT_TREE && copy_tree(to, from, below, depth + 1, err) < 0)
			return -1;
		if (type == GIT_OBJECT_BLOB && !git(odb_exists)(to->odb, below) &&
		    copy_object(to, from, below, err) < 0)
			return -1;
	}
	return copy_object(to, from, id, err);
}

int repo_copy_tree(struct repo *to, struct repo *from, const char *tree, struct err *err)
{
	git_oid id;

	return repo_parse_oid(&id, tree, err) < 0 ? -1 : copy_tree(to, from, &id, 0, err);
}
