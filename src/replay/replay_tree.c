/* replay_tree.c - see replay_tree.h */
#include "replay/replay_tree.h"

#include "base/auto.h"

#include <stdlib.h>
#include <string.h>

/* A file as it was written, in order of paths like those of the fold. */
struct written {
	char *path;
	int64_t seq;		/* event that brought the content; -1: more of it may come */
	bool executable;
	char oid[REPO_OID_SIZE];
};

struct replay_tree {
	struct repo *repo;
	struct written *files;
	size_t count;
};

struct replay_tree *replay_tree_new(struct repo *repo)
{
	struct replay_tree *tree = buf_alloc(sizeof(*tree));

	tree->repo = repo;
	return tree;
}

static void free_files(struct written *files, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(files[i].path);
	free(files);
}

void replay_tree_free(struct replay_tree **tree)
{
	if (!*tree)
		return;
	free_files((*tree)->files, (*tree)->count);
	free(*tree);
	*tree = NULL;
}

/* Inside an event a file may change again under the same number. */
static int64_t settled_seq(const struct fold *fold, const struct fold_file *file)
{
	bool settled = file->seq < fold_seq(fold) || fold_part_instant(fold) < 0;

	return settled ? file->seq : -1;
}

static int write_blob(struct repo *repo, struct fold *fold, const struct fold_file *file,
		      char ret_oid[REPO_OID_SIZE], struct err *err)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(0);

	if (fold_bytes(fold, file, REPLAY_FILE_MAX, &bytes, err) < 0)
		return err_wrap(err, "%.200s", file->path);
	return repo_write_blob(repo, buf_str(&bytes), bytes.len, ret_oid, err);
}

/* Both lists are in order of paths: *at goes along with the files of the fold. */
static const struct written *find_old(const struct replay_tree *tree, size_t *at, const char *path)
{
	int order = -1;

	while (*at < tree->count && (order = strcmp(tree->files[*at].path, path)) < 0)
		++*at;
	return *at < tree->count && order == 0 ? &tree->files[*at] : NULL;
}

static int write_files(struct replay_tree *tree, struct fold *fold, struct written *files,
		       struct repo_entry *entries, size_t *count, struct err *err)
{
	size_t total = fold_file_count(fold), old_at = 0;

	for (; *count < total; ++*count) {
		const struct fold_file *file = fold_file_at(fold, *count);
		struct written *now = &files[*count];
		const struct written *old = find_old(tree, &old_at, file->path);

		now->path = buf_strdup(file->path);
		now->seq = settled_seq(fold, file);
		now->executable = file->executable;
		if (old && old->seq >= 0 && old->seq == now->seq)
			memcpy(now->oid, old->oid, sizeof(now->oid));
		else if (write_blob(tree->repo, fold, file, now->oid, err) < 0)
			return -1;
		entries[*count] = (struct repo_entry){ now->path, now->oid, now->executable };
	}
	return 0;
}

int replay_tree_write(struct replay_tree *tree, struct fold *fold, char ret_tree[REPO_OID_SIZE],
		      struct err *err)
{
	size_t total = fold_file_count(fold), count = 0;
	struct written *files = buf_alloc((total + 1) * sizeof(*files));
	AUTO_FREE struct repo_entry *entries = buf_alloc((total + 1) * sizeof(*entries));

	if (write_files(tree, fold, files, entries, &count, err) < 0 ||
	    repo_build_tree(tree->repo, entries, count, ret_tree, err) < 0) {
		free_files(files, total);
		return -1;
	}
	free_files(tree->files, tree->count);
	tree->files = files;
	tree->count = count;
	return 0;
}
