/* live_desk_files.c - see live_desk_files.h
 *
 * What the page does is written into the folder that is watched, so we see our own doing there, and
 * perhaps only when the page has gone on already. Noted as work of the shell it would undo what was
 * typed meanwhile. So `put` has what we did last to each path, and that is left out as long as the
 * shell has not done something else. */
#include "assess/live_desk_files.h"

#include "assess/live_fold.h"
#include "assess/work_file.h"
#include "base/auto.h"
#include "base/hash.h"

/* --- what we do ourselves */

#define GONE "gone"

/* A content by its hash, and whether it can be executed. */
static json_t *written(const struct buf *content, bool executable)
{
	struct hash hash = hash_of(buf_str(content), content->len);
	char hex[HASH_HEX_SIZE];

	return json_pack("s++", hash_hex(&hash, hex), executable ? "x" : "", "");
}

/* Whether the change (`seen`, taken) is ours. If it is not, the next one may be anything. null in
 * `put`: writing failed, so whatever is there is not what anybody saved. */
static bool is_ours(struct live_desk *desk, const char *path, json_t *seen)
{
	AUTO_JSON json_t *owned = seen;
	const json_t *put = json_object_get(desk->put, path);

	if (json_is_null(put) || json_equal(put, owned))
		return true;
	json_object_del(desk->put, path);
	return false;
}

/* --- files: what is saved there */

struct look {
	struct live_desk *desk;
	struct event_list list;
	json_t *paths;		/* that were changed */
};

static int note_moved(struct look *look, const struct watch_change *change, struct err *err)
{
	struct live *live = look->desk->live;
	size_t from = look->list.count;

	if (is_ours(look->desk, change->from, json_string(GONE)))
		return 0;
	if (!fold_file(live->fold, change->from) || fold_file(live->fold, change->path))
		return live_note_gone(live, &look->list, change->from, err);
	json_object_set_new(look->paths, change->from, json_null());
	if (event_list_add(&look->list, "candidate", "file",
			   json_pack("{s:s, s:s, s:s}", "op", "rename", "path", change->from, "to",
				     change->path), 0, err) < 0)
		return -1;
	return live_try(live, &look->list, from, err);
}

static int note_change(void *arg, const struct watch_change *change, struct err *err)
{
	struct look *look = arg;
	struct live *live = look->desk->live;
	size_t before = look->list.count;
	int result = 0;

	switch (change->kind) {
	case WATCH_MOVED:
		result = note_moved(look, change, err);
		/* fall through */
	case WATCH_MADE:
	case WATCH_WRITTEN:
	case WATCH_MODE:
		if (result == 0 && change->content &&
		    !is_ours(look->desk, change->path,
			     written(change->content, change->executable)))
			result = live_note_file(live, &look->list, change->path, change->content,
						change->executable, err);
		break;
	case WATCH_GONE:
		if (!is_ours(look->desk, change->path, json_string(GONE)))
			result = live_note_gone(live, &look->list, change->path, err);
		break;
	case WATCH_MADE_FOLDER:
	case WATCH_GONE_FOLDER:
		break;
	}
	if (look->list.count != before)
		json_object_set_new(look->paths, change->path, json_null());
	return result;
}

static void tell_paths(struct live *live, const json_t *paths)
{
	const char *path;
	json_t *ignored;

	json_object_foreach((json_t *)paths, path, ignored) {
		const struct fold_file *file = fold_file(live->fold, path);

		live_tell(live, "file", json_pack("{s:s, s:o, s:s}", "path", path, "rev",
						  file ? json_integer(file->seq) : json_null(),
						  "client", "terminal"));
	}
}

/* Under the lock of the session. */
static int look_around(struct live_desk *desk, bool all, struct err *err)
{
	struct look look = { .desk = desk, .list = EVENT_LIST_INIT, .paths = json_object() };
	struct live *live = desk->live;
	int64_t before = fold_seq(live->fold);
	int result = all ? 0 : journal_writer_check(live->table->writer, live->id, err);

	if (result == 0)
		result = watch_look(desk->watch, all, live_desk_now(), note_change, &look, err);
	if (result == 0)
		result = live_store(live, &look.list, err);
	if (result == 1)
		result = err_set(err, ERR_ENV, "somebody else changed files at the same moment");
	if (result == 0)
		tell_paths(live, look.paths);
	/* what was noted is there already */
	if (result == 0 && desk->synced == before)
		desk->synced = fold_seq(live->fold);
	event_list_release(&look.list);
	json_decref(look.paths);
	return result;
}

/* --- files: what the page changed */

static int put_file(struct live_desk *desk, const struct fold_file *file, struct err *err)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err ignored = ERR_INIT;
	json_t *put;

	if (fold_bytes(desk->live->fold, file, REPLAY_FILE_MAX, &bytes, err) < 0)
		return -1;
	/* something of the shell's may be in the way */
	put = work_file_put(desk->work, file->path, &bytes, file->executable, &ignored) < 0
		      ? json_null() : written(&bytes, file->executable);
	json_object_set_new(desk->put, file->path, put);
	return 0;
}

static void remove_missing(struct live_desk *desk, json_t *before)
{
	const char *path;
	json_t *ignored;

	json_object_foreach(before, path, ignored)
		if (!fold_file(desk->live->fold, path)) {
			work_file_remove(desk->work, path);
			json_object_set_new(desk->put, path, json_string(GONE));
		}
}

json_t *live_desk_files_paths(const struct fold *fold)
{
	json_t *paths = json_object();

	for (size_t i = 0; i < fold_file_count(fold); i++)
		json_object_set_new(paths, fold_file_at(fold, i)->path, json_null());
	return paths;
}

/* Under the lock of the session: what the shell saved is noted first, and stays. */
static int follow(struct live_desk *desk, struct err *err)
{
	int64_t synced = desk->synced, now = fold_seq(desk->live->fold);
	struct fold *fold;

	if (now == synced)
		return 0;
	if (look_around(desk, false, err) < 0)
		return -1;
	fold = desk->live->fold;
	for (size_t i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);

		if (file->seq > synced && file->seq <= now && put_file(desk, file, err) < 0)
			return -1;
	}
	remove_missing(desk, desk->known);
	json_decref(desk->known);
	desk->known = live_desk_files_paths(fold);
	desk->synced = fold_seq(fold);
	return 0;
}

int live_desk_files_exchange(struct live_desk *desk, bool all, struct err *err)
{
	int64_t due = watch_due(desk->watch);
	int result;

	if (!live_desk_hold(desk, err))
		return err->code == ERR_NONE ? 0 : -1;
	result = follow(desk, err);
	if (result == 0 && (all || (due >= 0 && live_desk_now() >= due)))
		result = look_around(desk, all, err);
	live_release_hold(&desk->live);
	return result;
}

