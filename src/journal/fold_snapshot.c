/* fold_snapshot.c - see fold_snapshot.h */
#include "journal/fold_snapshot.h"

#include "base/auto.h"
#include "base/json.h"
#include "workspace/text_diff.h"

#include <string.h>

/* What differs from the tree of the snapshot before. */
static int note_tree(void *arg, const char *path, const char *oid, bool executable,
		     struct err *err)
{
	struct fold_files *files = arg;
	struct fold_entry *entry = fold_files_find(files, path);

	(void)err;
	if (!entry)
		entry = fold_files_add(files, path);
	snprintf(entry->tree, sizeof(entry->tree), "%s", oid ? oid : "");
	entry->tree_executable = executable;
	entry->touched = true;
	return 0;
}

/* Whether the tree's file is this text. */
static int same_as_tree(struct fold_files *files, struct fold_entry *entry, struct err *err)
{
	AUTO(buf_release) struct buf content = { 0 };

	if (!strcmp(entry->base, entry->tree))
		return 1;
	if (fold_files_read(files, entry->tree, TEXT_MAX, &content, err) < 0)
		return -1;
	return text_equal(entry->text, buf_str(&content), content.len);
}

static int check_open(struct fold_files *files, const char *path, const char *hash,
		      struct err *err)
{
	struct fold_entry *entry = fold_files_there(files, path);
	char hex[HASH_HEX_SIZE];
	int same;

	if (!entry || !entry->tree[0])
		return err_set(err, ERR_INPUT, "%.200s is not there %s", path,
			       entry ? "in the tree" : "by its edits");
	if (fold_files_load(files, entry, err) < 0)
		return -1;
	if (!entry->text || strcmp(text_hash(entry->text, hex), hash) != 0)
		return err_set(err, ERR_INPUT, "%s is not what its edits make of it", path);
	same = same_as_tree(files, entry, err);
	if (same < 0)
		return -1;
	if (!same)
		return err_set(err, ERR_INPUT, "%s is not what the tree holds", path);
	return 0;
}

static int check_all_open(struct fold_files *files, const json_t *open, struct err *err)
{
	const char *path;
	json_t *hash;

	json_object_foreach((json_t *)open, path, hash) {
		const char *hex = json_string_value(hash);

		if (check_open(files, path, hex ? hex : "", err) < 0)
			return -1;
	}
	return 0;
}

/* A file that differs from the tree becomes what the tree holds. */
static int meet(struct fold_files *files, struct fold_entry *entry, enum text_origin origin,
		int64_t seq, struct err *err)
{
	AUTO(buf_release) struct buf content = { 0 };

	entry->file.executable = entry->tree_executable;
	if (entry->present && !strcmp(entry->base, entry->tree))
		return 0;
	if (!entry->present) {
		fold_files_set_base(files, entry, entry->tree, origin, seq);
		return 0;
	}
	if (fold_files_load(files, entry, err) < 0)
		return -1;
	if (entry->text &&
	    fold_files_read(files, entry->tree, TEXT_MAX, &content, err) == 0) {
		if (text_equal(entry->text, buf_str(&content), content.len))
			return 0;
		if (text_diff_fits(buf_str(&content), content.len))
			return fold_files_become(files, entry, buf_str(&content), content.len,
						 origin, seq, err);
	}
	if (err->code != ERR_NONE && err->code != ERR_INPUT)
		return -1;
	*err = (struct err)ERR_INIT;
	fold_files_set_base(files, entry, entry->tree, origin, seq);
	return 0;
}

int fold_snapshot_take(struct fold_files *files, const json_t *data, int64_t seq, struct err *err)
{
	const struct fold_source *source = files->source;
	const char *tree = json_str(data, "tree", "");
	const char *before = files->tree[0] ? files->tree : NULL;
	enum text_origin origin = before ? TEXT_SAVED : TEXT_STARTER;
	size_t i;

	if (strlen(tree) != REPO_OID_SIZE - 1)
		return err_set(err, ERR_INPUT, "'%.60s' is no tree", tree);
	if (source->tree(source->arg, before, tree, note_tree, files, err) < 0 ||
	    check_all_open(files, json_object_get(data, "open"), err) < 0)
		return -1;
	for (i = 0; i < files->count; i++) {
		struct fold_entry *entry = files->entries[i];

		if (!entry->touched)
			continue;
		if (entry->tree[0] && meet(files, entry, origin, seq, err) < 0)
			return err_wrap(err, "'%s'", entry->file.path);
		if (!entry->tree[0] && entry->present)
			fold_files_remove(files, entry);
		entry->touched = false;
	}
	fold_files_sweep(files);
	memcpy(files->tree, tree, REPO_OID_SIZE);
	return 0;
}
