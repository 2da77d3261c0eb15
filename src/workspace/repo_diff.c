/* repo_diff.c - see repo_diff.h
 *
 * Not git_diff_tree_to_tree, because that follows trees without a bound and lets attributes say
 * what is text. */
#include "workspace/repo_diff.h"

#include "base/auto.h"
#include "workspace/repo_walk.h"

#include <string.h>

struct diff {
	struct repo *repo;
	int (*visit)(void *arg, const struct repo_change *change, struct err *err);
	int (*visit_ids)(void *arg, const char *path, const char *oid, bool executable,
			 struct err *err); /* instead of visit */
	void *arg;
	char path[REPO_PATH_SIZE];
	uint64_t entries;
};

/* One side of a comparison: a folder and how far it has been read. */
struct side {
	git_tree *tree;
	size_t at, count;
};

static void side_release(struct side *side)
{
	git(tree_free)(side->tree);
}

static int side_open(struct side *side, struct diff *diff, const git_oid *id, struct err *err)
{
	if (!id)
		return 0;
	side->tree = repo_tree(diff->repo, id, err);
	if (!side->tree)
		return -1;
	side->count = git(tree_entrycount)(side->tree);
	return repo_walk_count(&diff->entries, side->count / 2, diff->path, err);
}

static bool is_tree(const git_tree_entry *entry)
{
	return git(tree_entry_filemode)(entry) == GIT_FILEMODE_TREE;
}

/* The next file or folder, or NULL. */
static const git_tree_entry *side_next(struct side *side)
{
	for (; side->at < side->count; side->at++) {
		const git_tree_entry *entry = git(tree_entry_byindex)(side->tree, side->at);

		if (is_tree(entry) || repo_is_file(git(tree_entry_filemode)(entry)))
			return entry;
	}
	return NULL;
}

static void free_patch(git_patch **patch)
{
	git(patch_free)(*patch);
}

/* NULL (and not an error) for one too large to look into. */
static int read_side(struct diff *diff, const git_tree_entry *entry, git_odb_object **ret,
		     struct err *err)
{
	git_object_t type;
	size_t size;

	*ret = NULL;
	if (!entry)
		return 0;
	if (git(odb_read_header)(&size, &type, diff->repo->odb, git(tree_entry_id)(entry)) < 0)
		return repo_git_err(err, "'%s'", diff->path);
	if (size > REPO_DIFF_FILE_BYTES)
		return 1;
	*ret = repo_walk_blob(diff->repo, git(tree_entry_id)(entry), REPO_DIFF_FILE_BYTES,
			      diff->path, err);
	return *ret ? 0 : -1;
}

static int count_lines(struct diff *diff, const git_tree_entry *old_entry,
		       const git_tree_entry *new_entry, struct repo_change *change, struct err *err)
{
	AUTO(repo_free_object) git_odb_object *before = NULL;
	AUTO(repo_free_object) git_odb_object *after = NULL;
	AUTO(free_patch) git_patch *patch = NULL;
	git_diff_options options;
	size_t added, removed;
	int rc = read_side(diff, old_entry, &before, err);

	if (rc == 0)
		rc = read_side(diff, new_entry, &after, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	git(diff_options_init)(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	if (git(patch_from_buffers)(&patch, before ? git(odb_object_data)(before) : NULL,
				    before ? git(odb_object_size)(before) : 0, NULL,
				    after ? git(odb_object_data)(after) : NULL,
				    after ? git(odb_object_size)(after) : 0, NULL, &options) < 0 ||
	    git(patch_line_stats)(NULL, &added, &removed, patch) < 0)
		return repo_git_err(err, "cannot compare '%s'", diff->path);
	change->added = (unsigned)added;
	change->removed = (unsigned)removed;
	return 0;
}

static int tell_ids(struct diff *diff, const git_tree_entry *entry, struct err *err)
{
	char hex[REPO_OID_SIZE];

	if (!entry)
		return diff->visit_ids(diff->arg, diff->path, NULL, false, err);
	git(oid_tostr)(hex, sizeof(hex), git(tree_entry_id)(entry));
	return diff->visit_ids(diff->arg, diff->path, hex,
			       git(tree_entry_filemode)(entry) == GIT_FILEMODE_BLOB_EXECUTABLE,
			       err);
}

static int diff_files(struct diff *diff, const git_tree_entry *old_entry,
		      const git_tree_entry *new_entry, struct err *err)
{
	struct repo_change change = {
		.path = diff->path,
		.status = !old_entry   ? 'A'
			  : !new_entry ? 'D'
				       : 'M',
	};
	bool same = old_entry && new_entry &&
		    git(oid_equal)(git(tree_entry_id)(old_entry), git(tree_entry_id)(new_entry));

	if (same && git(tree_entry_filemode)(old_entry) == git(tree_entry_filemode)(new_entry))
		return 0;
	if (diff->visit_ids)
		return tell_ids(diff, new_entry, err);
	if (!same && count_lines(diff, old_entry, new_entry, &change, err) < 0)
		return -1;
	return diff->visit(diff->arg, &change, err);
}

static int diff_folders(struct diff *diff, const git_oid *old_id, const git_oid *new_id, size_t len,
			unsigned depth, struct err *err);

/* Two entries of one name and kind, or one and NULL. */
static int diff_entries(struct diff *diff, const git_tree_entry *old_entry,
			const git_tree_entry *new_entry, size_t len, unsigned depth,
			struct err *err)
{
	const git_tree_entry *any = old_entry ? old_entry : new_entry;
	const git_oid *old_id = old_entry ? git(tree_entry_id)(old_entry) : NULL;
	const git_oid *new_id = new_entry ? git(tree_entry_id)(new_entry) : NULL;
	int path_len = repo_path_add(diff->path, len, git(tree_entry_name)(any), err);

	if (path_len < 0)
		return -1;
	if (is_tree(any))
		return diff_folders(diff, old_id, new_id, (size_t)path_len, depth + 1, err);
	return diff_files(diff, old_entry, new_entry, err);
}

/* git's order, in which a folder's name ends in '/': so a file and a folder of one name differ */
static int char_at(const char *at, const git_tree_entry *entry)
{
	if (!*at && is_tree(entry))
		return '/';
	return (unsigned char)*at;
}

static int compare(const git_tree_entry *a, const git_tree_entry *b)
{
	const char *a_at, *b_at;

	if (!a || !b)
		return a ? -1 : 1;
	a_at = git(tree_entry_name)(a);
	b_at = git(tree_entry_name)(b);
	while (*a_at && *a_at == *b_at) {
		a_at++;
		b_at++;
	}
	return char_at(a_at, a) - char_at(b_at, b);
}

static int diff_folders(struct diff *diff, const git_oid *old_id, const git_oid *new_id, size_t len,
			unsigned depth, struct err *err)
{
	AUTO(side_release) struct side before = { .at = 0 };
	AUTO(side_release) struct side after = { .at = 0 };

	if (old_id && new_id && git(oid_equal)(old_id, new_id))
		return 0;
	if (depth > repo_limits.depth)
		return err_set(err, ERR_INPUT, "'%s': folders are nested more than %u deep",
			       diff->path, repo_limits.depth);
	if (side_open(&before, diff, old_id, err) < 0 || side_open(&after, diff, new_id, err) < 0)
		return -1;
	for (;;) {
		const git_tree_entry *old_entry = side_next(&before);
		const git_tree_entry *new_entry = side_next(&after);
		int order = compare(old_entry, new_entry);

		if (!old_entry && !new_entry)
			return 0;
		if (diff_entries(diff, order <= 0 ? old_entry : NULL, order >= 0 ? new_entry : NULL,
				 len, depth, err) < 0)
			return -1;
		before.at += order <= 0;
		after.at += order >= 0;
	}
}

static int diff_trees(struct diff *diff, const char *old_tree, const char *new_tree,
		      struct err *err)
{
	git_oid old_id, new_id;

	if ((old_tree && repo_parse_oid(&old_id, old_tree, err) < 0) ||
	    (new_tree && repo_parse_oid(&new_id, new_tree, err) < 0))
		return -1;
	return diff_folders(diff, old_tree ? &old_id : NULL, new_tree ? &new_id : NULL, 0, 0, err);
}

int repo_diff(struct repo *repo, const char *old_tree, const char *new_tree,
	      int (*visit)(void *arg, const struct repo_change *change, struct err *err), void *arg,
	      struct err *err)
{
	struct diff diff = { .repo = repo, .visit = visit, .arg = arg };

	return diff_trees(&diff, old_tree, new_tree, err);
}

int repo_diff_ids(struct repo *repo, const char *old_tree, const char *new_tree,
		  int (*visit)(void *arg, const char *path, const char *oid, bool executable,
			       struct err *err),
		  void *arg, struct err *err)
{
	struct diff diff = { .repo = repo, .visit_ids = visit, .arg = arg };

	return diff_trees(&diff, old_tree, new_tree, err);
}
