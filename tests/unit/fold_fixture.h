/* fold_fixture.h - a session made up in memory: contents by their ids, trees, and a fold to which
 * events are told */
#ifndef TALI_FOLD_FIXTURE_H
#define TALI_FOLD_FIXTURE_H

#include "base/auto.h"
#include "base/json.h"
#include "journal/fold.h"
#include "journal/fold_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORLD_MOST 16384

struct world_content {
	char id[HASH_HEX_SIZE];		/* SHA-256, or its first 40 digits as a git id */
	char *bytes;
	size_t len;
};

struct world_file {
	char path[64], oid[REPO_OID_SIZE];
	bool executable;
};

struct world_tree {
	char id[REPO_OID_SIZE];
	struct world_file *files;	/* by path */
	size_t count;
};

struct world {
	struct world_content contents[WORLD_MOST];
	struct world_tree trees[WORLD_MOST];
	size_t content_count, tree_count;
	struct fold_source source;
	struct fold *fold;
	struct event event;		/* the last one that was told */
	char *data;
	int64_t seq, time;		/* of the next */
};

static inline int world_read(void *arg, const char *id, size_t limit, struct buf *out,
			     struct err *err)
{
	struct world *w = arg;
	size_t i;

	*out = (struct buf)BUF_INIT(limit);
	for (i = 0; i < w->content_count; i++) {
		if (strcmp(w->contents[i].id, id) != 0)
			continue;
		if (!buf_add(out, w->contents[i].bytes, w->contents[i].len))
			return err_set(err, ERR_INPUT, "too large");
		return 0;
	}
	return err_set(err, ERR_INTEGRITY, "%s is missing", id);
}

static inline const struct world_tree *world_tree_find(struct world *w, const char *id)
{
	static const struct world_tree none;
	size_t i;

	for (i = 0; id && i < w->tree_count; i++)
		if (!strcmp(w->trees[i].id, id))
			return &w->trees[i];
	return &none;
}

static inline const struct world_file *world_tree_at(const struct world_tree *tree,
						     const char *path)
{
	size_t i;

	for (i = 0; i < tree->count; i++)
		if (!strcmp(tree->files[i].path, path))
			return &tree->files[i];
	return NULL;
}

static inline int world_diff(void *arg, const char *before, const char *after,
			     int (*visit)(void *visit_arg, const char *path, const char *oid,
					  bool executable, struct err *err),
			     void *visit_arg, struct err *err)
{
	const struct world_tree *old = world_tree_find(arg, before);
	const struct world_tree *new = world_tree_find(arg, after);
	size_t i;

	for (i = 0; i < old->count; i++)
		if (!world_tree_at(new, old->files[i].path) &&
		    visit(visit_arg, old->files[i].path, NULL, false, err) < 0)
			return -1;
	for (i = 0; i < new->count; i++) {
		const struct world_file *is = &new->files[i];
		const struct world_file *was = world_tree_at(old, is->path);

		if ((!was || strcmp(was->oid, is->oid) != 0 || was->executable != is->executable) &&
		    visit(visit_arg, is->path, is->oid, is->executable, err) < 0)
			return -1;
	}
	return 0;
}

/* The id of a content, of so many digits. */
static inline const char *world_content(struct world *w, const char *bytes, size_t len,
					size_t digits)
{
	struct world_content *content = &w->contents[w->content_count++];
	struct hash hash = hash_of(bytes, len);

	assert_true(w->content_count < WORLD_MOST);
	hash_hex(&hash, content->id);
	content->id[digits] = '\0';
	content->bytes = buf_alloc(len + 1);
	memcpy(content->bytes, bytes, len);
	content->len = len;
	return content->id;
}

static inline json_t *world_payload(struct world *w, const char *bytes, size_t len)
{
	return json_pack("{s:s, s:I}", "blob", world_content(w, bytes, len, 64), "size",
			 (json_int_t)len);
}

static inline struct world_tree *world_tree_new(struct world *w)
{
	struct world_tree *tree = &w->trees[w->tree_count++];

	assert_true(w->tree_count < WORLD_MOST);
	snprintf(tree->id, sizeof(tree->id), "%040zx", w->tree_count);
	return tree;
}

static inline void world_tree_add(struct world *w, struct world_tree *tree, const char *path,
				  const char *bytes, size_t len)
{
	struct world_file *file;

	tree->files = buf_realloc(tree->files, tree->count + 1, sizeof(*tree->files));
	file = &tree->files[tree->count++];
	*file = (struct world_file){ .executable = false };
	snprintf(file->path, sizeof(file->path), "%s", path);
	snprintf(file->oid, sizeof(file->oid), "%s", world_content(w, bytes, len, 40));
}

/* A tree of pairs path, text; ends with NULL. */
static inline const char *world_tree(struct world *w, ...)
{
	struct world_tree *tree = world_tree_new(w);
	const char *path, *text;
	va_list args;

	va_start(args, w);
	while ((path = va_arg(args, const char *)) != NULL) {
		text = va_arg(args, const char *);
		world_tree_add(w, tree, path, text, strlen(text));
	}
	va_end(args);
	return tree->id;
}

static inline void world_start(struct world *w)
{
	w->source = (struct fold_source){ .arg = w, .payload = world_read, .blob = world_read,
					  .tree = world_diff, .text = world_read };
	w->fold = fold_new(&w->source);
	w->time = INT64_C(1700000000000);
}

static inline int world_make(void **state)
{
	struct world *w = buf_alloc(sizeof(*w));

	hash_init();
	world_start(w);
	*state = w;
	return 0;
}

static inline int world_remove(void **state)
{
	struct world *w = *state;
	size_t i;

	for (i = 0; i < w->content_count; i++)
		free(w->contents[i].bytes);
	for (i = 0; i < w->tree_count; i++)
		free(w->trees[i].files);
	fold_free(&w->fold);
	free(w->data);
	free(w);
	return 0;
}

/* For fold_pack. */
static inline int world_keep(void *arg, const struct hash *hash, const void *bytes, size_t len,
			     struct err *err)
{
	struct world *w = arg;
	char hex[HASH_HEX_SIZE];
	size_t i;

	(void)err;
	hash_hex(hash, hex);
	for (i = 0; i < w->content_count; i++)
		if (!strcmp(w->contents[i].id, hex))
			return 0;
	assert_string_equal(world_content(w, bytes, len, 64), hex);
	return 0;
}

/* The next event, not folded; takes data. */
static inline const struct event *world_event(struct world *w, const char *kind, json_t *data)
{
	assert_non_null(data);
	free(w->data);
	w->data = json_canonical(data);
	json_decref(data);
	w->event = (struct event){ .seq = w->seq++, .time = w->time, .actor = "candidate",
				   .kind = kind, .data = w->data };
	w->time += 1000;
	return &w->event;
}

static inline void told(struct world *w, const char *kind, json_t *data)
{
	struct err err = ERR_INIT;

	if (fold_event(w->fold, world_event(w, kind, data), &err) < 0)
		fail_msg("%s", err.text);
}

/* The event does not fit, and the error says this. The fold begins anew. */
static inline void refused(struct world *w, const char *kind, json_t *data, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(fold_event(w->fold, world_event(w, kind, data), &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	if (!strstr(err.text, text))
		fail_msg("'%s' has no '%s'", err.text, text);
}

static inline json_t *edit(const char *file, int at, int del, const char *ins, const char *origin)
{
	return json_pack("{s:[{s:s, s:i, s:i, s:s, s:s}]}", "edits", "file", file, "at", at, "del",
			 del, "ins", ins, "origin", origin);
}

static inline json_t *snapshot(const char *tree)
{
	return json_pack("{s:s, s:s, s:s, s:{}}", "reason", "run", "tree", tree, "commit", tree,
			 "row");
}

/* A snapshot that says what an open file is. */
static inline json_t *snapshot_open(const char *tree, const char *path, const char *text)
{
	struct hash hash = hash_of(text, strlen(text));
	char hex[HASH_HEX_SIZE];
	json_t *data = snapshot(tree);

	json_object_set_new(data, "open", json_pack("{s:s}", path, hash_hex(&hash, hex)));
	return data;
}

static inline void content_is(struct world *w, const char *path, const char *text)
{
	const struct fold_file *file = fold_file(w->fold, path);
	struct err err = ERR_INIT;
	struct text *is = NULL;

	if (!text) {
		assert_null(file);
		return;
	}
	assert_non_null(file);
	if (fold_text(w->fold, file, &is, &err) < 0)
		fail_msg("%s", err.text);
	assert_non_null(is);
	assert_string_equal(text_bytes(is), text);
}

static inline int add_run(void *arg, const struct text_run *run)
{
	buf_add_format(arg, "%zu+%zu %s %lld;", run->at, run->len, text_origin_name(run->origin),
		       (long long)run->seq);
	return 0;
}

static inline void runs_are(struct world *w, const char *path, const char *runs)
{
	AUTO(buf_release) struct buf told_runs = BUF_INIT(65536);
	struct err err = ERR_INIT;
	struct text *text = NULL;

	assert_non_null(fold_file(w->fold, path));
	assert_int_equal(fold_text(w->fold, fold_file(w->fold, path), &text, &err), 0);
	text_each_run(text, add_run, &told_runs);
	assert_string_equal(buf_str(&told_runs), runs);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_remove)

#endif
