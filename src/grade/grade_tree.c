/* grade_tree.c - the trees that tests run on */
#include "grade/grade_tree.h"

#include "base/auto.h"
#include "base/fs.h"
#include "task/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) ((int)(sizeof(list) / sizeof(*(list))))
#define PAGE 4096

void grade_tree_release(struct grade_tree *tree)
{
	json_decref(tree->hidden_folders);
	for (char **path = tree->restored; path && *path; path++)
		free(*path);
	free(tree->restored);
	*tree = (struct grade_tree)GRADE_TREE_INIT;
}

static bool is_cache_name(const char *name, size_t len)
{
	for (const char *const *cache = language_caches(); *cache; cache++)
		if (strlen(*cache) == len && !memcmp(*cache, name, len))
			return true;

	/* believed before its source: Python takes a .pyc marked "unchecked" for the module it
	 * names */
	return len > 4 &&
	       (!memcmp(name + len - 4, ".pyc", 4) || !memcmp(name + len - 4, ".pyo", 4));
}

static bool is_cache(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (is_cache_name(path, len))
			return true;
		if (!path[len])
			return false;
		path += len + 1;
	}
}

static bool is_protected(const struct grade_tree *tree, const char *path)
{
	for (const char **glob = tree->manifest->protected_globs; glob && *glob; glob++)
		if (fs_path_match(*glob, path))
			return true;
	return false;
}

static bool in_hidden_folder(const struct grade_tree *tree, const char *path)
{
	AUTO_FREE char *folder = buf_strdup(path);

	if (!tree->hidden_folders)
		return false;
	for (char *slash = strchr(folder, '/'); slash; slash = strchr(slash + 1, '/')) {
		bool hidden;

		*slash = '\0';
		hidden = json_object_get(tree->hidden_folders, folder) != NULL;
		*slash = '/';
		if (hidden)
			return true;
	}
	return false;
}

static bool is_owned(const struct grade_tree *tree, const char *path)
{
	return !strncmp(path, "files/", 6) || is_protected(tree, path) ||
	       in_hidden_folder(tree, path);
}

bool grade_tree_refuses(const struct grade_tree *tree, const char *path)
{
	return is_cache(path) || is_owned(tree, path);
}

static bool drop_refused(void *arg, const char *path)
{
	return grade_tree_refuses(arg, path);
}

/* Dependencies that a task brings along (node_modules) bear a cache's name too. */
static bool drop_unprotected(void *arg, const char *path)
{
	return !is_cache(path) && !is_protected(arg, path);
}

static bool drop_not_owned(void *arg, const char *path)
{
	return is_cache(path) || !is_owned(arg, path);
}

static int note_folders(void *arg, const struct repo_file *file, struct err *err)
{
	json_t *folders = arg;
	AUTO_FREE char *path = buf_strdup(file->path);

	(void)err;
	for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (json_object_get(folders, path))
			break;
		json_object_set_new(folders, path, json_true());
	}
	return 0;
}

static int find_hidden_folders(struct repo *repo, const char *start, const char *hidden,
			       struct grade_tree *tree, struct err *err)
{
	AUTO_JSON json_t *known = json_object();
	const char *path;
	json_t *value;

	tree->hidden_folders = json_object();
	if (repo_each_file(repo, start, note_folders, known, err) < 0 ||
	    repo_each_file(repo, hidden, note_folders, tree->hidden_folders, err) < 0)
		return -1;
	json_object_foreach (known, path, value)
		json_object_del(tree->hidden_folders, path);

	return 0;
}

struct restored {
	char **paths;
	size_t count;
};

static int note_restored(void *arg, const struct repo_change *change, struct err *err)
{
	struct restored *restored = arg;

	(void)err;
	restored->paths = buf_realloc(restored->paths, restored->count + 2, sizeof(char *));
	restored->paths[restored->count++] = buf_strdup(change->path);
	restored->paths[restored->count] = NULL;

	return 0;
}

/* README.md is put back as well, but a candidate may well write to it; caches come and go by
 * themselves. */
static int find_restored(struct repo *repo, const char *submitted, const char *ours,
			 struct grade_tree *tree, struct err *err)
{
	struct restored restored = { NULL, 0 };
	char before[REPO_OID_SIZE], after[REPO_OID_SIZE];
	int status;

	if (repo_filter_tree(repo, submitted, drop_not_owned, tree, before, err) < 0 ||
	    repo_filter_tree(repo, ours, drop_not_owned, tree, after, err) < 0)
		return -1;
	status = repo_diff(repo, before, after, note_restored, &restored, err);
	tree->restored = restored.paths;

	return status;
}

/* What start/ protects, and files/. */
static int lay_ours(struct repo *repo, const char *start, const char *task_tree,
		    struct grade_tree *tree, char ret[REPO_OID_SIZE], struct err *err)
{
	char protected[REPO_OID_SIZE];
	const struct repo_layer layers[] = {
		{ .tree = protected, .from = "", .to = "" },
		{ .tree = task_tree, .from = "files", .to = "files", .optional = true },
	};

	if (repo_filter_tree(repo, start, drop_unprotected, tree, protected, err) < 0)
		return -1;
	return repo_lay_trees(repo, layers, COUNT(layers), ret, err);
}

static int lay_over(struct repo *repo, const char *below, const char *above,
		    char ret[REPO_OID_SIZE], struct err *err)
{
	const struct repo_layer layers[] = {
		{ .tree = below, .from = "", .to = "" },
		{ .tree = above, .from = "", .to = "" },
	};

	return repo_lay_trees(repo, layers, COUNT(layers), ret, err);
}

static int lay_submission(struct repo *repo, const char *submitted, const char *ours,
			  const char *task_tree, struct grade_tree *tree, struct err *err)
{
	const struct repo_layer layers[] = {
		{ .tree = ours, .from = "", .to = "" },
		{ .tree = task_tree, .from = "README.md", .to = "README.md", .optional = true },
	};
	char kept[REPO_OID_SIZE];

	if (repo_lay_trees(repo, layers, COUNT(layers), tree->owned, err) < 0 ||
	    repo_filter_tree(repo, submitted, drop_refused, tree, kept, err) < 0)
		return -1;
	return lay_over(repo, kept, tree->owned, tree->base, err);
}

static int subtree(struct repo *repo, const char *task_tree, const char *name,
		   char ret[REPO_OID_SIZE], struct err *err)
{
	const struct repo_layer layer = {
		.tree = task_tree, .from = name, .to = "", .optional = true
	};

	return repo_lay_trees(repo, &layer, 1, ret, err);
}

static int make(struct repo *repo, const char *submitted, const char *task_tree, bool with_hidden,
		struct grade_tree *tree, struct err *err)
{
	char start[REPO_OID_SIZE], hidden[REPO_OID_SIZE], ours[REPO_OID_SIZE];

	if (subtree(repo, task_tree, "start", start, err) < 0 ||
	    subtree(repo, task_tree, "hidden", hidden, err) < 0 ||
	    lay_over(repo, start, hidden, tree->judge, err) < 0)
		return -1;
	if (with_hidden && find_hidden_folders(repo, start, hidden, tree, err) < 0)
		return -1;
	if (lay_ours(repo, start, task_tree, tree, ours, err) < 0 ||
	    find_restored(repo, submitted, ours, tree, err) < 0 ||
	    lay_submission(repo, submitted, ours, task_tree, tree, err) < 0)
		return -1;
	if (with_hidden)
		memcpy(tree->hidden, hidden, sizeof(hidden));

	return 0;
}

int grade_tree_make(struct repo *repo, const struct manifest *manifest, const char *submitted,
		    const char *task_tree, bool hidden, struct grade_tree *ret, struct err *err)
{
	AUTO(grade_tree_release) struct grade_tree tree = { .manifest = manifest };

	if (make(repo, submitted, task_tree, hidden, &tree, err) < 0)
		return err_wrap(err, "cannot make the tree to grade");
	*ret = tree;
	tree = (struct grade_tree)GRADE_TREE_INIT;

	return 0;
}

struct measuring {
	struct grade_tree_size *size;
	char before[1200]; /* the file before */
};

static int add_size(void *arg, const struct repo_file *file, struct err *err)
{
	struct measuring *measuring = arg;
	size_t same = 0;

	(void)err;
	measuring->size->bytes += (file->size + PAGE - 1) / PAGE * PAGE;
	measuring->size->inodes++;

	/* files come folder by folder: each part that the one before does not share is a folder
	 * more */
	while (file->path[same] && file->path[same] == measuring->before[same])
		same++;
	while (same > 0 && file->path[same - 1] != '/')
		same--;
	for (const char *at = file->path + same; (at = strchr(at, '/')); at++)
		measuring->size->inodes++;
	snprintf(measuring->before, sizeof(measuring->before), "%s", file->path);

	return 0;
}

int grade_tree_measure(struct repo *repo, const char *tree, struct grade_tree_size *size,
		       struct err *err)
{
	struct measuring measuring = { .size = size };

	return repo_each_file(repo, tree, add_size, &measuring, err);
}

bool grade_tree_fits(const struct grade_tree_size *size, const struct plan_limits *limits)
{
	/* the root of the tmpfs is an inode too */
	return size->bytes <= limits->disk && size->inodes < limits->inodes;
}
