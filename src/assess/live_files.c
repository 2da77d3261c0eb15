/* live_files.c - see live_files.h */
#include "assess/live_files.h"

#include "work/file_event.h"
#include "assess/live_fold.h"
#include "assess/live_internal.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "workspace/archive_file.h"
#include "workspace/text_diff.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static void tell_file(struct live *live, const char *path, int64_t rev, const char *client)
{
	live_tell(live, "file", json_pack("{s:s, s:o, s:s}", "path", path, "rev",
					  rev ? json_integer(rev) : json_null(), "client",
					  client));
}

/* --- what a file holds now, told by the events that lead there */

static int add_whole(struct live *live, struct event_list *list, const char *path,
		     const struct buf *content, bool executable, struct err *err)
{
	const char *op = fold_file(live->fold, path) ? "write" : "create";
	json_t *data = json_pack("{s:s, s:s, s:b, s:s}", "op", op, "path", path, "executable",
				 executable, "origin", "saved");

	if (content)
		json_object_set_new(data, "content",
				    event_list_payload(list, buf_str(content), content->len));
	return event_list_add(list, "candidate", "file", data, 0, err);
}

/* A text becomes another by edits. */
static int add_change(struct live *live, struct event_list *list, const struct fold_file *file,
		      const struct buf *content, bool executable, struct err *err)
{
	struct buf before = { 0 };
	struct text *text;

	if (fold_text(live->fold, file, &text, err) < 0)
		return -1;
	if (!text || !text_diff_fits(buf_str(content), content->len) ||
	    text_len(text) > TEXT_DIFF_MAX)
		return add_whole(live, list, file->path, content, executable, err);
	before = (struct buf){ .data = (char *)text_bytes(text), .len = text_len(text) };
	if (file_event_add_edits(list, file->path, &before, content, err) < 0)
		return -1;
	return file->executable == executable
		       ? 0 : add_whole(live, list, file->path, NULL, executable, err);
}

/* 1: it holds that already. */
static int is_same(struct live *live, const struct fold_file *file, const struct buf *content,
		   bool executable, struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };

	if (file->executable != executable)
		return 0;
	if (fold_bytes(live->fold, file, REPLAY_FILE_MAX, &bytes, err) < 0)
		return -1;
	return bytes.len == content->len && !memcmp(buf_str(&bytes), buf_str(content), bytes.len);
}

int live_note_file(struct live *live, struct event_list *list, const char *path,
		   const struct buf *content, bool executable, struct err *err)
{
	const struct fold_file *file = fold_file(live->fold, path);
	size_t from = list->count;
	int same = file ? is_same(live, file, content, executable, err) : 0;

	if (same != 0)
		return same < 0 ? -1 : 0;
	if ((file ? add_change(live, list, file, content, executable, err)
		  : add_whole(live, list, path, content, executable, err)) < 0)
		return -1;
	return live_try(live, list, from, err);
}

int live_note_by_ai(struct live *live, struct event_list *list, const char *path,
		    const struct buf *content, bool executable, struct err *err)
{
	const struct fold_file *file = fold_file(live->fold, path);
	size_t from = list->count;
	int same = file ? is_same(live, file, content, executable, err) : 0;
	json_t *data;

	if (same != 0)
		return same < 0 ? -1 : 0;
	data = json_pack("{s:s, s:s, s:b, s:s, s:o}", "op", file ? "write" : "create", "path", path,
			 "executable", executable, "origin", "ai", "content",
			 event_list_payload(list, buf_str(content), content->len));
	if (event_list_add(list, "ai", "file", data, 0, err) < 0)
		return -1;
	return live_try(live, list, from, err);
}

int live_note_gone(struct live *live, struct event_list *list, const char *path, struct err *err)
{
	size_t from = list->count;

	if (!fold_file(live->fold, path))
		return 0;
	if (event_list_add(list, "candidate", "file",
			   json_pack("{s:s, s:s}", "op", "delete", "path", path), 0, err) < 0)
		return -1;
	return live_try(live, list, from, err);
}

/* --- sizes */

/* A text may be measured where it is; anything else is read once. */
static int measure(struct live *live, const struct fold_file *file, struct live_size *ret,
		   struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct text *text = NULL;

	if (fold_text(live->fold, file, &text, err) < 0)
		return -1;
	ret->text = text != NULL;
	if (text) {
		ret->size = text_len(text);
		return 0;
	}
	if (fold_bytes(live->fold, file, REPLAY_FILE_MAX, &bytes, err) < 0)
		return -1;
	ret->size = bytes.len;
	return 0;
}

/* Both lists are in order of paths. */
static int measure_all(struct live *live, struct err *err)
{
	size_t count = fold_file_count(live->fold), old = 0, i;
	struct live_size *sizes = buf_alloc((count + 1) * sizeof(*sizes));
	int result = 0;

	for (i = 0; i < count && result == 0; i++) {
		const struct fold_file *file = fold_file_at(live->fold, i);
		int order = 1;

		while (old < live->size_count &&
		       (order = strcmp(live->sizes[old].path, file->path)) < 0)
			old++;
		sizes[i].path = buf_strdup(file->path);
		sizes[i].rev = file->seq;
		if (old < live->size_count && order == 0 && live->sizes[old].rev == file->seq) {
			sizes[i].size = live->sizes[old].size;
			sizes[i].text = live->sizes[old].text;
		} else {
			result = measure(live, file, &sizes[i], err);
		}
	}
	for (size_t k = 0; k < live->size_count; k++)
		free(live->sizes[k].path);
	free(live->sizes);
	live->sizes = sizes;
	live->size_count = i;
	return result;
}

/* --- looking */

static json_t *list_files(struct live *live)
{
	json_t *files = json_array();

	for (size_t i = 0; i < live->size_count; i++) {
		const struct live_size *size = &live->sizes[i];
		const struct fold_file *file = fold_file(live->fold, size->path);

		json_array_append_new(files, json_pack("{s:s, s:I, s:I, s:b, s:b}", "path",
						       size->path, "rev", (json_int_t)size->rev,
						       "size", (json_int_t)size->size, "text",
						       size->text, "executable",
						       file && file->executable));
	}
	return files;
}

static json_t *latest(const struct live *live, const char *kind)
{
	const struct fold_latest *event = fold_latest(live->fold, kind);

	return event ? json_incref((json_t *)event->data) : json_null();
}

static json_t *running(const struct live *live)
{
	return *live->run ? json_pack("{s:s, s:s}", "run", live->run, "kind", live->run_kind)
			  : json_null();
}

/* Of the run that ended last, when nothing ran since. */
static json_t *wrote(const struct live *live)
{
	if (!live->wrote.len)
		return json_null();
	return json_pack("{s:s, s:o, s:b}", "run", live->ended, "text",
			 json_text(live->wrote.data, live->wrote.len), "cut", live->wrote_more);
}

json_t *live_workspace(struct live *live, struct store *store, struct err *err)
{
	AUTO(live_release_look) struct live *held = NULL;

	if (live_hold(live, store, err) < 0)
		return NULL;
	held = live;
	if (live->snapshot < 0) {
		err_set(err, ERR_STATE, "the work has not begun");
		return NULL;
	}
	if (measure_all(live, err) < 0)
		return NULL;
	return json_pack("{s:I, s:o, s:{s:I, s:I}, s:o, s:s?, s:o, s:o, s:o}", "rev",
			 (json_int_t)fold_seq(live->fold), "files", list_files(live), "limits",
			 "files", (json_int_t)LIVE_FILES_MOST, "file_bytes",
			 (json_int_t)LIVE_UPLOAD_MOST, "running", running(live),
			 "ended", *live->ended ? live->ended : NULL,
			 "output", wrote(live), "run", latest(live, "run"),
			 "test", latest(live, "test"));
}

int live_read(struct live *live, struct store *store, const char *path, struct buf *out,
	      int64_t *ret_rev, struct err *err)
{
	AUTO(live_release_look) struct live *held = NULL;
	const struct fold_file *file;

	*out = (struct buf)BUF_INIT(0);
	if (live_hold(live, store, err) < 0)
		return -1;
	held = live;
	file = fold_file(live->fold, path);
	if (!file)
		return err_set(err, ERR_NOT_FOUND, "there is no file '%s'", path);
	*ret_rev = file->seq;
	return fold_bytes(live->fold, file, REPLAY_FILE_MAX, out, err);
}

static int lay_out(struct live *live, int folder_fd, struct err *err)
{
	AUTO(recorded_release) struct recorded recorded = RECORDED_INIT;

	if (recorded_of_fold(live->writer, live->fold, live->snapshot, &recorded, err) < 0)
		return -1;
	return repo_materialise(live->repo, recorded.tree, folder_fd, err);
}

int live_pack(struct live *live, struct store *store, const char *path, const char *top,
	      struct err *err)
{
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-pack", err);
	AUTO_FD int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int result;

	if (fd < 0)
		return folder ? err_sys(err, "%s", folder) : -1;
	if (live_hold(live, store, err) < 0)
		return -1;
	result = live->snapshot < 0 ? err_set(err, ERR_STATE, "the work has not begun")
				    : lay_out(live, fd, err);
	live_release_look(&live);
	return result < 0 ? -1 : archive_file_pack(path, fd, top, err);
}

/* --- changing */

static int check_path(const char *path, struct err *err)
{
	return fs_path_confined(path) ? 0 : err_set(err, ERR_INPUT, "'%s' is no path here", path);
}

static int check_room(const struct live *live, const char *path, struct err *err)
{
	if (fold_file(live->fold, path) || fold_file_count(live->fold) < LIVE_FILES_MOST)
		return 0;
	return err_set(err, ERR_INPUT, "there are %d files, and that is the most",
		       LIVE_FILES_MOST);
}

/* *ret_rev is that of what is there when it is not the wanted. */
static int check_rev(const struct live *live, const char *path, int64_t wanted, int64_t *ret_rev,
		     struct err *err)
{
	const struct fold_file *file = fold_file(live->fold, path);

	*ret_rev = file ? file->seq : 0;
	if (wanted == LIVE_ANY_REV || (wanted == LIVE_NO_FILE && !file) ||
	    (file && wanted == file->seq))
		return 0;
	return file ? err_set(err, ERR_STATE, "'%s' was changed meanwhile", path)
		    : err_set(err, ERR_STATE, "'%s' is not there any more", path);
}

/* A file, or a folder with files. */
static bool is_there(const struct live *live, const char *path)
{
	size_t len = strlen(path);

	if (fold_file(live->fold, path))
		return true;
	for (size_t i = 0; i < fold_file_count(live->fold); i++) {
		const char *other = fold_file_at(live->fold, i)->path;

		if (!strncmp(other, path, len) && other[len] == '/')
			return true;
	}
	return false;
}

/* What an operation needs to find. */
static int check_op(const struct live *live, const char *op, const char *path, const char *to,
		    struct err *err)
{
	bool makes = !strcmp(op, "create");

	if (makes ? is_there(live, path) : to && is_there(live, to))
		return err_set(err, ERR_STATE, "'%s' is there already", makes ? path : to);
	if (!makes && !is_there(live, path))
		return err_set(err, ERR_NOT_FOUND, "there is no file '%s'", path);
	return 0;
}

/* "/events/0: event 14 (file): why" of the one event that it is, as who asked for it reads it. */
static int why_alone(struct err *err)
{
	const char *why = strstr(err->text, " (file): ");

	if (why && !strncmp(err->text, "/events/", 8))
		memmove(err->text, why + 9, strlen(why + 9) + 1);
	return -1;
}

/* Takes `data`; under the lock. 1: others changed files meanwhile, look again. */
static int change(struct live *live, const char *actor, json_t *data, struct event_list *list,
		  int64_t *ret_rev, struct err *err)
{
	int result;

	if (event_list_add(list, actor, "file", data, 0, err) < 0)
		return -1;
	if (live_try(live, list, 0, err) < 0)
		return why_alone(err);
	result = live_store(live, list, err);
	if (result == 0)
		*ret_rev = fold_seq(live->fold);
	return result;
}

/* 1 held and active, -1. */
static int hold_active(struct live *live, struct store *store, struct live **held, struct err *err)
{
	if (live_hold(live, store, err) < 0)
		return -1;
	*held = live;
	return live_require_active(live, err);
}

/* As put, under the lock; 1: look again. */
static int put_once(struct live *live, bool by_ai, const char *path, const void *data, size_t len,
		    int64_t rev, int64_t *ret_rev, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	json_t *event;

	if (check_room(live, path, err) < 0 || check_rev(live, path, rev, ret_rev, err) < 0)
		return -1;
	event = json_pack("{s:s, s:s, s:o}", "op", *ret_rev ? "write" : "create", "path", path,
			  "content", event_list_payload(&list, data, len));
	if (by_ai)
		json_object_set_new(event, "origin", json_string("ai"));
	*ret_rev = -1;
	return change(live, by_ai ? "ai" : "candidate", event, &list, ret_rev, err);
}

static int put(struct live *live, struct store *store, bool by_ai, const char *path,
	       const void *data, size_t len, int64_t rev, int64_t *ret_rev, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	int result = 1;

	*ret_rev = -1;
	if (len > LIVE_UPLOAD_MOST)
		return err_set(err, ERR_INPUT, "larger than %u bytes", LIVE_UPLOAD_MOST);
	if (check_path(path, err) < 0 ||
	    journal_writer_check(live->table->writer, live->id, err) < 0 ||
	    hold_active(live, store, &held, err) < 0)
		return -1;
	for (int tries = 0; tries < LIVE_TRIES && result == 1; tries++)
		result = put_once(live, by_ai, path, data, len, rev, ret_rev, err);
	if (result == 0)
		tell_file(live, path, *ret_rev, "");
	return result == 1 ? live_too_busy(err) : result;
}

int live_put(struct live *live, struct store *store, const char *path, const void *data,
	     size_t len, int64_t rev, int64_t *ret_rev, struct err *err)
{
	return put(live, store, false, path, data, len, rev, ret_rev, err);
}

int live_put_by_ai(struct live *live, struct store *store, const char *path, const void *data,
		   size_t len, int64_t rev, int64_t *ret_rev, struct err *err)
{
	return put(live, store, true, path, data, len, rev, ret_rev, err);
}

/* As live_file, under the lock; 1: look again. */
static int file_once(struct live *live, const char *op, const char *path, const char *to,
		     int64_t *ret_rev, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	json_t *event;

	if (check_room(live, path, err) < 0 || check_op(live, op, path, to, err) < 0)
		return -1;
	event = to ? json_pack("{s:s, s:s, s:s}", "op", op, "path", path, "to", to)
		   : json_pack("{s:s, s:s}", "op", op, "path", path);
	return change(live, "candidate", event, &list, ret_rev, err);
}

int live_file(struct live *live, struct store *store, const char *op, const char *path,
	      const char *to, int64_t *ret_rev, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	int result = 1;

	*ret_rev = 0;
	if (check_path(path, err) < 0 || (to && check_path(to, err) < 0) ||
	    hold_active(live, store, &held, err) < 0)
		return -1;
	for (int tries = 0; tries < LIVE_TRIES && result == 1; tries++)
		result = file_once(live, op, path, to, ret_rev, err);
	if (result != 0)
		return result == 1 ? live_too_busy(err) : -1;
	if (to)
		live_tell(live, "reset", json_object());
	else
		tell_file(live, path, fold_file(live->fold, path) ? *ret_rev : 0, "");
	return 0;
}
