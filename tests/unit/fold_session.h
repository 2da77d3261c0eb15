/* fold_session.h - sessions made by chance that fold without a fault: edits, files, snapshots,
 * terminals, assistants */
#ifndef TALI_FOLD_SESSION_H
#define TALI_FOLD_SESSION_H

#include "fold_fixture.h"

static inline uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static inline const char *random_words(uint32_t *seed)
{
	static const char *const words[] = { "", "x", "\n", "word ", "\xc3\xa4", "\xf0\x9f\x98\x80",
					     "one\ntwo\n", "    return 0;\n" };

	return words[next_random(seed) % (sizeof(words) / sizeof(*words))];
}

/* A text that is there, or NULL. */
static inline struct text *random_text(struct world *w, uint32_t *seed, const char **path)
{
	size_t count = fold_file_count(w->fold);
	const struct fold_file *file;
	struct err err = ERR_INIT;
	struct text *text = NULL;

	if (!count)
		return NULL;
	file = fold_file_at(w->fold, next_random(seed) % count);
	*path = file->path;
	assert_int_equal(fold_text(w->fold, file, &text, &err), 0);
	return text;
}

static inline size_t on_boundary(struct text *text, size_t at)
{
	const char *bytes = text_bytes(text);

	while (at < text_len(text) && ((unsigned char)bytes[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* One edit, or two after each other: the second stands at the beginning, where it always fits. */
static inline json_t *random_edit(struct world *w, uint32_t *seed)
{
	const char *path = NULL;
	struct text *text = random_text(w, seed, &path);
	json_t *edits = json_array();
	size_t at, end;

	if (!text) {
		json_decref(edits);
		return NULL;
	}
	at = on_boundary(text, next_random(seed) % (text_len(text) + 1));
	end = on_boundary(text, at + next_random(seed) % (text_len(text) - at + 1) % 6);
	json_array_append_new(edits,
			      json_pack("{s:s, s:I, s:I, s:s, s:s, s:i}", "file", path, "at",
					(json_int_t)at, "del", (json_int_t)(end - at), "ins",
					random_words(seed), "origin",
					text_origin_name(1 + next_random(seed) % 4), "ms",
					(int)(next_random(seed) % 50)));
	if (next_random(seed) % 3 == 0)
		json_array_append_new(edits, json_pack("{s:s, s:i, s:i, s:s, s:i}", "file", path,
						       "at", 0, "del", 0, "ins", "y", "ms",
						       (int)(next_random(seed) % 1500)));
	return json_pack("{s:o}", "edits", edits);
}

static inline json_t *random_file(struct world *w, uint32_t *seed)
{
	static const char *const names[] = { "a", "b.c", "src/c", "src/d.h", "e/f/g", "src" };
	const char *name = names[next_random(seed) % 6], *to = names[next_random(seed) % 6];
	const char *path = NULL;
	struct text *text = random_text(w, seed, &path);
	AUTO(buf_release) struct buf bytes = BUF_INIT(4096);

	(void)text;
	switch (next_random(seed) % 4) {
	case 0:
		if (fold_file(w->fold, name) || !strcmp(name, "src"))
			return NULL;
		return json_pack("{s:s, s:s}", "op", "create", "path", name);
	case 1:
		if (!path || next_random(seed) % 3)
			return NULL;
		return json_pack("{s:s, s:s}", "op", "delete", "path", path);
	case 2:
		if (!path || !strcmp(to, "src"))
			return NULL;
		return json_pack("{s:s, s:s, s:s}", "op", "rename", "path", path, "to", to);
	default:
		if (!path)
			return NULL;
		buf_add_str(&bytes, random_words(seed));
		buf_add_str(&bytes, random_words(seed));
		if (next_random(seed) % 8 == 0)
			buf_add(&bytes, "\0", 1);
		return json_pack("{s:s, s:s, s:o, s:b}", "op", "write", "path", path, "content",
				 world_payload(w, buf_str(&bytes), bytes.len), "executable",
				 (int)(next_random(seed) % 2));
	}
}

/* The tree of the files as they are, but for some that something else changed meanwhile. */
static inline json_t *random_snapshot(struct world *w, uint32_t *seed)
{
	struct world_tree *tree = world_tree_new(w);
	json_t *open = json_object(), *data;
	size_t i, count = fold_file_count(w->fold);

	for (i = 0; i < count; i++) {
		const struct fold_file *file = fold_file_at(w->fold, i);
		AUTO(buf_release) struct buf bytes = { 0 };
		struct err err = ERR_INIT;
		struct text *text = NULL;
		char hex[HASH_HEX_SIZE];
		uint32_t r = next_random(seed) % 10;

		assert_int_equal(fold_bytes(w->fold, file, 65536, &bytes, &err), 0);
		assert_int_equal(fold_text(w->fold, file, &text, &err), 0);
		if (r == 0 && count > 3)
			continue;
		if (r == 1)
			buf_add_str(&bytes, random_words(seed));
		else if (text && r < 5)
			json_object_set_new(open, file->path, json_string(text_hash(text, hex)));
		world_tree_add(w, tree, file->path, buf_str(&bytes), bytes.len);
		tree->files[tree->count - 1].executable = file->executable ^ (r == 2);
	}
	data = snapshot(tree->id);
	json_object_set_new(data, "open", open);
	return data;
}

static inline json_t *random_output(uint32_t *seed)
{
	static const char *const pieces[] = { "$ ls\r\n", "\x1b[1;31mred\x1b[0m", "\x1b[?1049h",
					      "\x1b[?1049l", "\x1b[2J\x1b[H", "\xc3", "\xa4",
					      "\x1b[", "5;3H", "0123456789", "\n", "\x1b[2;5r" };
	json_t *chunks = json_array();
	int i;

	for (i = 0; i < 3; i++) {
		const char *piece = pieces[next_random(seed) % 12];
		AUTO_FREE char *base64 = hash_base64(piece, strlen(piece));

		json_array_append_new(chunks, json_pack("{s:i, s:s}", "ms", i * 20, "base64",
							base64));
	}
	return json_pack("{s:s, s:o}", "terminal", "t1", "chunks", chunks);
}

static inline json_t *random_terminal(struct world *w, uint32_t *seed, const char **kind)
{
	const struct fold_terminal *terminal = fold_terminal(w->fold, "t1");
	uint32_t r = next_random(seed) % 12;

	if (!terminal || r == 0) {
		*kind = "terminal";
		return json_pack("{s:s, s:s, s:i, s:i, s:[s, s]}", "terminal", "t1", "action",
				 "start", "columns", 12, "rows", 6, "argv", "bash", "-l");
	}
	if (r == 1) {
		*kind = "terminal";
		return json_pack("{s:s, s:s, s:i}", "terminal", "t1", "action", "end",
				 "exit_status", 3);
	}
	if (r == 2) {
		*kind = "terminal_resize";
		return json_pack("{s:s, s:i, s:i}", "terminal", "t1", "columns",
				 2 + (int)(next_random(seed) % 20), "rows",
				 1 + (int)(next_random(seed) % 9));
	}
	*kind = r == 3 ? "terminal_in" : "terminal_out";
	return random_output(seed);
}

static inline json_t *random_talk(uint32_t *seed, const char **kind)
{
	switch (next_random(seed) % 5) {
	case 0:
		*kind = "ai_prompt";
		return json_pack("{s:s, s:s, s:s}", "conversation", "c1", "text", "how?", "model",
				 "m1");
	case 1:
		*kind = "ai_response";
		return json_pack("{s:s, s:s}", "conversation", "c1", "text", "so.");
	case 2:
		*kind = "model";
		return json_pack("{s:s, s:s}", "conversation", "c2", "to", "m2");
	case 3:
		*kind = "note";
		return json_pack("{s:s}", "text", "remark");
	default:
		*kind = "test";
		return json_pack("{s:i, s:i}", "passed", 1, "total", 2);
	}
}

/* What may come next; its data, and its kind. */
static inline json_t *session_next(struct world *w, uint32_t *seed, const char **kind)
{
	const char *path = NULL;
	json_t *data = NULL;

	while (!data) {
		uint32_t r = next_random(seed) % 40;

		if (r < 18) {
			*kind = "edit";
			data = random_edit(w, seed);
		} else if (r < 24) {
			*kind = "file";
			data = random_file(w, seed);
		} else if (r < 34) {
			data = random_terminal(w, seed, kind);
		} else if (r < 36) {
			data = random_talk(seed, kind);
		} else if (r == 36) {
			*kind = "snapshot";
			data = random_snapshot(w, seed);
		} else if (random_text(w, seed, &path)) {
			*kind = r == 37 ? "cursor" : "open";
			data = r == 37 ? json_pack("{s:s, s:i}", "file", path, "at", 1)
				       : json_pack("{s:s, s:s}", "file", path, "action",
						   r == 38 ? "open" : "close");
		}
	}
	return data;
}

static inline void pack_state(struct world *w, struct fold *fold, struct buf *out)
{
	struct err err = ERR_INIT;

	*out = (struct buf)BUF_INIT(FOLD_PACK_MAX);
	if (fold_pack(fold, world_keep, w, out, &err) < 0)
		fail_msg("%s", err.text);
}

#endif
