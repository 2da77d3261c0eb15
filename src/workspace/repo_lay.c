/* repo_lay.c - see repo_lay.h */
#include "workspace/repo_lay.h"

#include "base/auto.h"
#include "workspace/repo_internal.h"

#include <inttypes.h>
#include <string.h>

/* The result as it grows. A folder's entries are read only when something else is laid over or into
 * it, so a subtree that comes from one layer alone is shared and costs nothing. */
struct node {
	char *name;
	git_oid id; /* right as long as it is not `changed` */
	git_filemode_t mode;
	bool open; /* a folder whose entries are in `below` */
	bool changed;
	struct node *below; /* sorted by name */
	size_t count, size;
};

#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

struct lay {
	struct repo *repo;
	uint64_t nodes; /* read so far */
};

static void node_clear(struct node *node)
{
	size_t i;

	for (i = 0; i < node->count; i++) {
		node_clear(&node->below[i]);
		free(node->below[i].name);
	}
	free(node->below);
	node->below = NULL;
	node->count = node->size = 0;
	node->open = node->changed = false;
}

static void node_set(struct node *node, const git_oid *id, git_filemode_t mode)
{
	node_clear(node);
	node->mode = mode;
	git(oid_cpy)(&node->id, id);
}

static void node_set_empty_folder(struct node *node)
{
	node_clear(node);
	node->mode = GIT_FILEMODE_TREE;
	node->open = node->changed = true;
}

/* Position of the name, or where it belongs. */
static bool node_find(const struct node *folder, const char *name, size_t *ret_at)
{
	size_t low = 0, high = folder->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, folder->below[middle].name);

		if (order == 0) {
			*ret_at = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*ret_at = low;
	return false;
}

/* The entry of that name, an empty folder if it is new. */
static struct node *node_child(struct node *folder, const char *name)
{
	size_t at;

	if (node_find(folder, name, &at))
		return &folder->below[at];
	if (folder->count == folder->size) {
		folder->size = folder->size ? folder->size * 2 : 16;
		folder->below = buf_realloc(folder->below, folder->size, sizeof(*folder->below));
	}
	memmove(&folder->below[at + 1], &folder->below[at],
		(folder->count - at) * sizeof(*folder->below));
	folder->count++;
	folder->below[at] = (struct node){ .name = buf_strdup(name) };
	node_set_empty_folder(&folder->below[at]);
	return &folder->below[at];
}

static git_tree *read_tree(struct lay *lay, const git_oid *id, struct err *err)
{
	git_tree *tree = repo_tree(lay->repo, id, err);

	if (!tree)
		return NULL;
	lay->nodes += git(tree_entrycount)(tree);
	if (lay->nodes <= repo_limits.files * 4)
		return tree;
	err_set(err, ERR_INPUT, "the trees hold more than %" PRIu64 " files and folders",
		repo_limits.files);
	git(tree_free)(tree);
	return NULL;
}

static int node_open(struct lay *lay, struct node *folder, struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = NULL;
	size_t i;

	if (folder->open)
		return 0;
	tree = read_tree(lay, &folder->id, err);
	if (!tree)
		return -1;
	for (i = 0; i < git(tree_entrycount)(tree); i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);

		node_set(node_child(folder, git(tree_entry_name)(entry)), git(tree_entry_id)(entry),
			 git(tree_entry_filemode)(entry));
	}
	folder->open = true;
	return 0;
}

static int node_merge(struct lay *lay, struct node *folder, const git_oid *id, unsigned depth,
		      struct err *err);

/* Lays one file or folder over the node; `fresh` when the node is new. */
static int node_lay(struct lay *lay, struct node *node, const git_oid *id, git_filemode_t mode,
		    unsigned depth, struct err *err)
{
	bool nothing_there = node->open && node->count == 0;

	if (mode == GIT_FILEMODE_TREE && node->mode == GIT_FILEMODE_TREE && !nothing_there)
		return node_merge(lay, node, id, depth, err);
	node_set(node, id, mode);
	return 0;
}

static int node_merge(struct lay *lay, struct node *folder, const git_oid *id, unsigned depth,
		      struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = NULL;
	size_t i;

	if (!folder->changed && git(oid_equal)(&folder->id, id))
		return 0;
	if (depth > repo_limits.depth)
		return err_set(err, ERR_INPUT, "folders are nested more than %u deep",
			       repo_limits.depth);
	if (node_open(lay, folder, err) < 0)
		return -1;
	tree = read_tree(lay, id, err);
	if (!tree)
		return -1;
	folder->changed = true;
	for (i = 0; i < git(tree_entrycount)(tree); i++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(tree, i);
		struct node *child = node_child(folder, git(tree_entry_name)(entry));

		if (node_lay(lay, child, git(tree_entry_id)(entry), git(tree_entry_filemode)(entry),
			     depth + 1, err) < 0)
			return -1;
	}
	return 0;
}

/* The node at path, with the folders above it made (from files, if need be) and marked as
 * changed. */
static struct node *node_at(struct lay *lay, struct node *root, const char *path, struct err *err)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *rest = NULL, *part;
	struct node *node = root;

	for (part = strtok_r(copy, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
		if (node->mode != GIT_FILEMODE_TREE)
			node_set_empty_folder(node);
		if (node_open(lay, node, err) < 0)
			return NULL;
		node->changed = true;
		node = node_child(node, part);
	}
	return node;
}

static bool node_is_empty(const struct node *node)
{
	size_t i;

	if (!node->changed)
		return git(oid_streq)(&node->id, EMPTY_TREE) == 0;
	for (i = 0; i < node->count; i++)
		if (!node_is_empty(&node->below[i]))
			return false;
	return true;
}

static void free_builder(git_treebuilder **builder)
{
	git(treebuilder_free)(*builder);
}

static int node_write(struct lay *lay, struct node *node, struct err *err)
{
	AUTO(free_builder) git_treebuilder *builder = NULL;
	size_t i;

	if (!node->changed)
		return 0;
	if (git(treebuilder_new)(&builder, lay->repo->git, NULL) < 0)
		return repo_git_err(err, "new tree");
	for (i = 0; i < node->count; i++) {
		struct node *child = &node->below[i];

		if (node_is_empty(child))
			continue;
		if (node_write(lay, child, err) < 0)
			return -1;
		if (git(treebuilder_insert)(NULL, builder, child->name, &child->id, child->mode) <
		    0)
			return err_set(err, ERR_INPUT, "'%s': git refuses the name", child->name);
	}
	if (git(treebuilder_write)(&node->id, builder) < 0)
		return repo_git_err(err, "cannot write a tree");
	node->changed = false;
	return 0;
}

/* What a layer takes: 0 found, 1 not there but optional. */
static int find_source(struct lay *lay, const struct repo_layer *layer, git_oid *ret_id,
		       git_filemode_t *ret_mode, struct err *err)
{
	AUTO(repo_free_tree) git_tree *tree = NULL;
	git_tree_entry *entry;
	int rc;

	if (repo_parse_oid(ret_id, layer->tree, err) < 0)
		return -1;
	*ret_mode = GIT_FILEMODE_TREE;
	tree = repo_tree(lay->repo, ret_id, err);
	if (!tree)
		return -1;
	if (!*layer->from)
		return 0;
	rc = git(tree_entry_bypath)(&entry, tree, layer->from);
	if (rc == GIT_ENOTFOUND)
		return layer->optional ? 1
				       : err_set(err, ERR_NOT_FOUND, "'%s' is not in tree %s",
						 layer->from, layer->tree);
	if (rc < 0)
		return repo_git_err(err, "'%s'", layer->from);
	git(oid_cpy)(ret_id, git(tree_entry_id)(entry));
	*ret_mode = git(tree_entry_filemode)(entry);
	git(tree_entry_free)(entry);
	return 0;
}

static int lay_layer(struct lay *lay, struct node *root, const struct repo_layer *layer,
		     struct err *err)
{
	git_filemode_t mode;
	struct node *node;
	git_oid id;
	int rc = find_source(lay, layer, &id, &mode, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (*layer->to ? repo_check_path(layer->to, err) < 0 : mode != GIT_FILEMODE_TREE)
		return *layer->to ? -1
				  : err_set(err, ERR_INPUT, "'%s' is not a folder", layer->from);
	node = node_at(lay, root, layer->to, err);
	return node ? node_lay(lay, node, &id, mode, 0, err) : -1;
}

int repo_lay_trees(struct repo *repo, const struct repo_layer *layers, int count,
		   char ret_tree[REPO_OID_SIZE], struct err *err)
{
	AUTO(node_clear) struct node root = { .mode = GIT_FILEMODE_TREE };
	struct lay lay = { .repo = repo };
	int i;

	node_set_empty_folder(&root);
	for (i = 0; i < count; i++)
		if (lay_layer(&lay, &root, &layers[i], err) < 0)
			return -1;
	if (node_write(&lay, &root, err) < 0)
		return -1;
	git(oid_tostr)(ret_tree, REPO_OID_SIZE, &root.id);
	return 0;
}
