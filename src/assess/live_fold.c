/* live_fold.c - see live_fold.h */
#include "assess/live_fold.h"

#include "base/auto.h"
#include "base/fs.h"
#include "store/checkpoint.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define PAGE_EVENTS 4096	/* between two transactions that write keyframes */
#define FRAMES_BYTES_MOST (16u << 20)	/* that wait because they cannot be written */

/* --- contents */

static int payload(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err)
{
	struct live *live = arg;
	const struct ready_payload *fresh =
		live->trial ? event_list_find_payload(live->trial, hash) : NULL;
	struct fold_source stored = fold_source_stored(&live->stored);

	if (!fresh)
		return stored.payload(stored.arg, hash, limit, out, err);
	*out = (struct buf)BUF_INIT(limit);
	return buf_add(out, fresh->data, fresh->size)
		       ? 0 : err_set(err, ERR_INPUT, "larger than %zu bytes", limit);
}

static int blob(void *arg, const char *oid, size_t limit, struct buf *out, struct err *err)
{
	struct live *live = arg;
	struct fold_source stored = fold_source_stored(&live->stored);

	return stored.blob(stored.arg, oid, limit, out, err);
}

static int tree(void *arg, const char *before, const char *after,
		int (*visit)(void *visit_arg, const char *path, const char *oid, bool executable,
			     struct err *err),
		void *visit_arg, struct err *err)
{
	struct live *live = arg;
	struct fold_source stored = fold_source_stored(&live->stored);

	return stored.tree(stored.arg, before, after, visit, visit_arg, err);
}

static int text(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err)
{
	struct live *live = arg;

	if (keyframe_text(live->store, live->id, hash, limit, out, err) == 0)
		return 0;
	live->damaged = true;
	return -1;
}

/* --- keyframes */

/* One that cannot be written now is written with the next. */
static void write_frames(struct live *live)
{
	struct err ignored = ERR_INIT;

	keyframe_write(&live->frames, live->store, live->id, &ignored);
}

static int add_frame(struct live *live, const struct event *event, struct err *err)
{
	if (live->work < KEYFRAME_WORK || !store_writable(live->store))
		return 0;
	live->work = 0;
	return keyframe_add(&live->frames, live->fold, event->hash, err);
}

static int add_frame_here(void *arg, const struct event *event, struct err *err)
{
	return add_frame(arg, event, err);
}

void live_fold_stored(struct live *live, size_t work)
{
	struct err ignored = ERR_INIT;

	live->work += work;
	if (live->work < KEYFRAME_WORK)
		return;
	/* its hash is known to who stored it */
	event_page(live->store, live->id, fold_seq(live->fold), 1, add_frame_here, live, &ignored);
	write_frames(live);
}

/* --- what is stored */

void live_drop_fold(struct live *live)
{
	fold_free(&live->fold);
	/* it said of texts that they are kept, and some may not be written */
	keyframe_release(&live->frames);
	live->snapshot = -1;
	live->work = 0;
}

static int fold_one(void *arg, const struct event *event, struct err *err)
{
	struct live *live = arg;

	live->folded++;
	if (fold_event(live->fold, event, err) < 0)
		return -1;
	if (!strcmp(event->kind, "snapshot"))
		live->snapshot = event->seq;
	live->work += keyframe_work(event->kind, event->data);
	return add_frame(live, event, err);
}

static int clear_frames(struct live *live, struct err *err)
{
	AUTO(store_rollback) struct store *tx = live->store;

	live_drop_fold(live);
	if (store_begin(live->store, err) < 0 ||
	    checkpoint_clear(live->store, live->id, err) < 0 || store_commit(live->store, err) < 0)
		return -1;
	live->damaged = false;
	return 0;
}

/* None of those that are there can be read: new ones would not take the place of their pieces. */
static int clear_unreadable(struct live *live, struct err *err)
{
	struct hash state;
	int64_t seq;
	int found = checkpoint_find(live->store, live->id, INT64_MAX, &seq, &state, err);

	return found == 1 ? clear_frames(live, err) : found;
}

static int begin(struct live *live, struct err *err)
{
	const struct fold_source source = { .arg = live, .payload = payload, .blob = blob,
					    .tree = tree, .text = text };
	const struct fold_latest *saved;

	if (live->fold)
		return 0;
	if (keyframe_find(live->store, live->id, -1, INT64_MAX, &source, &live->fold, err) < 0)
		return -1;
	live->from_frame = live->fold != NULL;
	if (!live->fold && clear_unreadable(live, err) < 0)
		return -1;
	if (!live->fold)
		live->fold = fold_new(&source);
	saved = fold_latest(live->fold, "snapshot");
	live->snapshot = saved ? saved->seq : -1;
	return 0;
}

static int fold_rest(struct live *live, struct err *err)
{
	int64_t first;

	if (begin(live, err) < 0)
		return -1;
	do {
		first = fold_seq(live->fold) + 1;
		if (event_page(live->store, live->id, first, PAGE_EVENTS, fold_one, live, err) < 0)
			return -1;
		write_frames(live);
	} while (fold_seq(live->fold) + 1 == first + PAGE_EVENTS);
	return 0;
}

int live_fold_on(struct live *live, struct err *err)
{
	if (live->damaged && clear_frames(live, err) < 0)
		return -1;
	if (live->frames.bytes > FRAMES_BYTES_MOST)
		live_drop_fold(live);
	if (fold_rest(live, err) == 0)
		return 0;
	if (live->fold && live->from_frame) {
		*err = (struct err)ERR_INIT;
		if (clear_frames(live, err) == 0 && fold_rest(live, err) == 0)
			return 0;
	}
	live_drop_fold(live);
	return -1;
}

/* --- ahead of it */

/* The event as it would be stored now; its time is that of the event ahead, so that the next is
 * never before it. */
static int try_one(struct live *live, const struct ready_event *ready, struct err *err)
{
	struct event event = {
		.seq = fold_seq(live->fold) + 1, .time = fold_instant(live->fold),
		.actor = ready->actor, .kind = ready->kind, .data = ready->data,
	};

	live->folded++;
	return fold_event(live->fold, &event, err);
}

/* How many folders a path has that the one before it, in order, has not. */
static uint64_t new_folders(const char *before, const char *path)
{
	uint64_t count = 0;

	while (*path && *path == *before) {
		path++;
		before++;
	}
	for (; *path; path++)
		count += *path == '/';
	return count;
}

/* Files and folders together are as many as a tree of ours may have: else nothing could be saved,
 * run or handed in any more. */
static int check_entries(const struct live *live, struct err *err)
{
	size_t count = fold_file_count(live->fold);
	uint64_t entries = count;
	const char *before = "";

	if (count * (FS_PATH_FOLDERS + 1) <= repo_limits.files)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *path = fold_file_at(live->fold, i)->path;

		entries += new_folders(before, path);
		before = path;
	}
	return entries <= repo_limits.files ? 0 :
	       err_set(err, ERR_INPUT, "more than %" PRIu64 " files and folders",
		       repo_limits.files);
}

static bool makes_files(const struct event_list *list, size_t from)
{
	for (size_t i = from; i < list->count; i++)
		if (!strcmp(list->events[i].kind, "file"))
			return true;
	return false;
}

int live_try(struct live *live, struct event_list *list, size_t from, struct err *err)
{
	int result = 0;
	size_t i;

	if (!list->at_seq)
		list->at_seq = fold_seq(live->fold) + 1;
	live->trial = list;
	for (i = from; i < list->count; i++)
		if (try_one(live, &list->events[i], err) < 0)
			break;
	live->trial = NULL;
	if (i == list->count && makes_files(list, from))
		result = check_entries(live, err);
	if (i == list->count && result == 0)
		return 0;
	i -= i == list->count;	/* it was too much in all: the last one says so */
	live_drop_fold(live);
	if (live->damaged)	/* not the fault of the event: it will be good the next time */
		err->code = ERR_ENV;
	else if (err->code == ERR_INTEGRITY || err->code == ERR_NOT_FOUND)
		err->code = ERR_INPUT;
	return err_wrap(err, "/events/%zu", i);
}

size_t live_fold_work(const struct event_list *list, size_t from, size_t count)
{
	size_t work = 0;

	for (size_t i = from; i < from + count; i++)
		work += keyframe_work(list->events[i].kind, list->events[i].data);
	return work;
}

static bool changes_files(const char *kind)
{
	return !strcmp(kind, "edit") || !strcmp(kind, "file") || !strcmp(kind, "snapshot");
}

static bool list_changes_files(const struct event_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (changes_files(list->events[i].kind))
			return true;
	return false;
}

static int is_change(void *arg, const struct event *event, struct err *err)
{
	(void)err;
	*(bool *)arg |= changes_files(event->kind);
	return 0;
}

int live_store(struct live *live, struct event_list *list, struct err *err)
{
	for (int tries = 0; tries < LIVE_TRIES && list->count; tries++) {
		int64_t from = list->at_seq;
		bool changed = false;

		size_t work = live_fold_work(list, 0, list->count);

		if (journal_writer_append(live->table->writer, live->id, list, NULL, err) == 0) {
			live_fold_stored(live, work);
			return 0;
		}
		if (live_look_again(live, err) < 0 ||
		    event_each(live->store, live->id, from, is_change, &changed, err) < 0)
			return -1;
		if (changed && list_changes_files(list)) {
			event_list_release(list);
			return 1;
		}
		list->at_seq = 0;
		if (live_try(live, list, 0, err) < 0)
			return -1;
	}
	return list->count ? live_too_busy(err) : 0;
}
