/* page_files.c - see page_files.h */
#include "replay/page_files.h"

#include "base/auto.h"
#include "base/json.h"
#include "replay/page_json.h"
#include "replay/page_text.h"
#include "workspace/text_diff.h"

#include <stdlib.h>
#include <string.h>

struct page_file {
	char *path;
	size_t number; /* of the path in the page */
	int64_t seq;   /* event of its content as it is told here */
	bool executable;
	struct page_text *text; /* NULL: shown without its text */
};

enum { NO_TEXT, NO_ROOM }; /* why */

/* --- the table */

static void file_free(struct page_file *file)
{
	page_text_free(&file->text);
	free(file->path);
	free(file);
}

void page_files_release(struct page_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		file_free(files->files[i]);
	free(files->files);
	page_table_release(&files->paths);
}

static size_t place(const struct page_files *files, const char *path)
{
	size_t low = 0, high = files->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(files->files[middle]->path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct page_file *find(const struct page_files *files, const char *path)
{
	size_t at = path ? place(files, path) : files->count;

	if (at < files->count && !strcmp(files->files[at]->path, path))
		return files->files[at];
	return NULL;
}

static size_t path_number(struct page_files *files, const char *path)
{
	AUTO(buf_release) struct buf name = BUF_INIT(SIZE_MAX);

	page_json_text(&name, path);
	return page_table_add(&files->paths, buf_str(&name), name.len);
}

static void put(struct page_files *files, struct page_file *file)
{
	size_t at = place(files, file->path);

	if ((files->count & (files->count - 1)) == 0)
		files->files = buf_realloc(files->files, files->count ? files->count * 2 : 1,
					   sizeof(struct page_file *));
	memmove(files->files + at + 1, files->files + at,
		(files->count - at) * sizeof(struct page_file *));
	files->files[at] = file;
	files->count++;
}

static struct page_file *add(struct page_files *files, const char *path)
{
	struct page_file *file = buf_alloc(sizeof(*file));

	file->path = buf_strdup(path);
	file->number = path_number(files, path);
	file->seq = -1;
	put(files, file);
	return file;
}

/* Takes number `i` out of the table; yours. */
static struct page_file *take(struct page_files *files, size_t i)
{
	struct page_file *file = files->files[i];

	memmove(files->files + i, files->files + i + 1,
		(files->count - i - 1) * sizeof(struct page_file *));
	files->count--;
	return file;
}

static bool spend(struct page_files *files, size_t bytes)
{
	if (bytes > files->room)
		return false;
	files->room -= bytes;
	return true;
}

/* --- steps */

static void tell_without_text(struct page_files *files, struct page_file *file, int why,
			      int64_t instant)
{
	page_text_free(&file->text);
	buf_add_format(page_steps_open(files->steps, instant, PAGE_FILE), ",%zu,%d,%d",
		       file->number, why, file->executable);
	page_steps_close(files->steps);
}

static void tell_text(struct page_files *files, struct page_file *file, const char *bytes,
		      size_t len, int64_t instant)
{
	struct buf *out;

	if (!spend(files, len)) {
		tell_without_text(files, file, NO_ROOM, instant);
		return;
	}
	page_text_free(&file->text);
	file->text = page_text_new(bytes, len);
	out = page_steps_open(files->steps, instant, PAGE_FILE);
	buf_add_format(out, ",%zu,", file->number);
	page_json_string(out, bytes, len);
	buf_add_format(out, ",%d", file->executable);
	page_steps_close(files->steps);
}

static void tell_edit(struct page_files *files, struct page_file *file, size_t at, size_t del,
		      const char *ins, size_t len, enum text_origin origin, int64_t instant)
{
	struct page_place from = page_text_place(file->text, at);
	struct page_place to = page_text_place(file->text, at + del);
	struct buf *out;

	if (!spend(files, len)) {
		tell_without_text(files, file, NO_ROOM, instant);
		return;
	}
	out = page_steps_open(files->steps, instant, PAGE_EDIT);
	buf_add_format(out, ",%zu,%zu,%zu,", file->number, from.line, from.column);
	page_json_string(out, ins, len);
	if (origin != TEXT_TYPED || del)
		buf_add_format(out, ",%d", (int)origin);
	if (del)
		buf_add_format(out, ",%zu,%zu", to.line, to.column);
	page_steps_close(files->steps);
	page_text_edit(file->text, at, del, ins, len);
}

static void tell_gone(struct page_files *files, size_t i, int64_t instant)
{
	struct page_file *file = take(files, i);

	buf_add_format(page_steps_open(files->steps, instant, PAGE_GONE), ",%zu", file->number);
	page_steps_close(files->steps);
	file_free(file);
}

/* --- as the fold has it */

struct becoming {
	struct page_files *files;
	struct page_file *file;
	int64_t instant;
};

static int tell_delta(void *arg, const struct text_delta *delta, struct err *err)
{
	struct becoming *to = arg;

	(void)err;
	if (to->file->text)
		tell_edit(to->files, to->file, delta->at, delta->del, delta->ins, delta->len,
			  TEXT_SAVED, to->instant);
	return 0;
}

/* From the text told here to another. */
static int become(struct page_files *files, struct page_file *file, const char *bytes, size_t len,
		  int64_t instant, struct err *err)
{
	struct becoming to = { files, file, instant };
	AUTO_FREE char *before = NULL;
	size_t before_len;

	if (page_text_equal(file->text, bytes, len))
		return 0;
	before_len = page_text_len(file->text);
	before = buf_alloc(before_len + 1);
	page_text_copy(file->text, before);
	return text_diff(before, before_len, bytes, len, tell_delta, &to, err);
}

/* One file as it is in the fold now. */
static int meet(struct page_files *files, struct fold *fold, const struct fold_file *is,
		int64_t instant, struct err *err)
{
	struct page_file *file = find(files, is->path);
	struct text *text = NULL;

	if (file && file->seq == is->seq && file->executable == is->executable)
		return 0;
	if (fold_text(fold, is, &text, err) < 0)
		return -1;
	if (file && file->text && text && file->executable == is->executable) {
		file->seq = is->seq;
		return become(files, file, text_bytes(text), text_len(text), instant, err);
	}
	if (!file)
		file = add(files, is->path);
	file->seq = is->seq;
	file->executable = is->executable;
	if (text)
		tell_text(files, file, text_bytes(text), text_len(text), instant);
	else
		tell_without_text(files, file, NO_TEXT, instant);
	return 0;
}

int page_files_snapshot(struct page_files *files, struct fold *fold, int64_t instant,
			struct err *err)
{
	size_t i;

	for (i = files->count; i > 0; i--)
		if (!fold_file(fold, files->files[i - 1]->path))
			tell_gone(files, i - 1, instant);
	for (i = 0; i < fold_file_count(fold); i++)
		if (meet(files, fold, fold_file_at(fold, i), instant, err) < 0)
			return -1;
	page_steps_open(files->steps, instant, PAGE_SNAPSHOT);
	page_steps_close(files->steps);
	return 0;
}

/* --- events */

int page_files_edit(struct page_files *files, struct fold *fold, const json_t *edit,
		    int64_t instant, struct err *err)
{
	struct page_file *file = find(files, json_str(edit, "file", NULL));
	AUTO(buf_release) struct buf ins = BUF_INIT(0);
	int origin = text_origin_find(json_str(edit, "origin", "typed"));

	if (!file)
		return 0;
	file->seq = fold_seq(fold);
	if (!file->text)
		return 0;
	if (fold_payload(fold, json_object_get(edit, "ins"), TEXT_MAX, &ins, err) < 0)
		return -1;
	tell_edit(files, file, (size_t)json_int(edit, "at", 0), (size_t)json_int(edit, "del", 0),
		  buf_str(&ins), ins.len, origin < 0 ? TEXT_TYPED : (enum text_origin)origin,
		  instant);
	return 0;
}

static bool is_at_or_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !strncmp(path, folder, len) && (!path[len] || path[len] == '/');
}

static void delete (struct page_files *files, const char *path, int64_t instant)
{
	size_t i;

	for (i = files->count; i > 0; i--)
		if (is_at_or_below(files->files[i - 1]->path, path))
			tell_gone(files, i - 1, instant);
}

static void move_file(struct page_files *files, size_t i, const char *to, int64_t seq,
		      int64_t instant)
{
	struct page_file *file = take(files, i);
	size_t from = file->number, there = place(files, to);

	if (find(files, to))
		file_free(take(files, there));
	free(file->path);
	file->path = buf_strdup(to);
	file->number = path_number(files, to);
	file->seq = seq;
	put(files, file);
	buf_add_format(page_steps_open(files->steps, instant, PAGE_MOVE), ",%zu,%zu", from,
		       file->number);
	page_steps_close(files->steps);
}

static void move(struct page_files *files, const char *path, const char *to, int64_t seq,
		 int64_t instant)
{
	AUTO_FREE char **names = NULL;
	size_t i, count = 0;

	/* names first: the table changes on the way */
	names = buf_alloc((files->count + 1) * sizeof(char *));
	for (i = 0; i < files->count; i++)
		if (is_at_or_below(files->files[i]->path, path))
			names[count++] = buf_strdup(files->files[i]->path);
	for (i = 0; i < count; i++) {
		AUTO_FREE char *name = buf_format("%s%s", to, names[i] + strlen(path));

		if (find(files, names[i]) && strcmp(names[i], name) != 0)
			move_file(files, place(files, names[i]), name, seq, instant);
		free(names[i]);
	}
}

int page_files_file(struct page_files *files, struct fold *fold, const json_t *data,
		    int64_t instant, struct err *err)
{
	const char *op = json_str(data, "op", ""), *path = json_str(data, "path", "");
	const struct fold_file *file = fold_file(fold, path);

	if (!strcmp(op, "delete"))
		delete (files, path, instant);
	else if (!strcmp(op, "rename"))
		move(files, path, json_str(data, "to", ""), fold_seq(fold), instant);
	else if (file)
		return meet(files, fold, file, instant, err);
	return 0;
}

void page_files_open(struct page_files *files, const json_t *data, int64_t instant)
{
	const struct page_file *file = find(files, json_str(data, "file", NULL));
	const char *action = json_str(data, "action", "");

	if (!file)
		return;
	buf_add_format(page_steps_open(files->steps, instant, PAGE_OPEN), ",%zu,%d", file->number,
		       !strcmp(action, "close") ? 2 : !strcmp(action, "show"));
	page_steps_close(files->steps);
}

void page_files_cursor(struct page_files *files, const json_t *data, int64_t instant)
{
	const struct page_file *file = find(files, json_str(data, "file", NULL));
	json_int_t at = json_int(data, "at", 0), to = json_int(data, "to", at);
	struct page_place from, until;

	if (!file || !file->text || at < 0 || to < 0)
		return;
	from = page_text_place(file->text, (size_t)at);
	until = page_text_place(file->text, (size_t)to);
	buf_add_format(page_steps_open(files->steps, instant, PAGE_CURSOR), ",%zu,%zu,%zu,%zu,%zu",
		       file->number, from.line, from.column, until.line, until.column);
	page_steps_close(files->steps);
}
