/* folder_change.c - see folder_change.h */
#include "assess/folder_change.h"

#include "assess/live_files.h"
#include "assess/recorded.h"
#include "assess/write_back.h"
#include "base/auto.h"
#include "base/json.h"
#include "journal/ingest.h"
#include "journal/journal.h"

#include <stdlib.h>
#include <string.h>

#define TRIES 8			/* when others store something at the same time */

void folder_change_release(struct folder_change *change)
{
	for (size_t i = 0; i < change->count; i++)
		free(change->files[i].path);
	free(change->files);
	*change = (struct folder_change){ 0 };
}

void folder_change_add(struct folder_change *change, const char *path, const char *oid,
		       bool executable)
{
	struct folder_file *file;

	change->files = buf_realloc(change->files, change->count + 1, sizeof(*change->files));
	file = &change->files[change->count++];
	*file = (struct folder_file){ .path = buf_strdup(path), .executable = executable };
	snprintf(file->oid, sizeof(file->oid), "%s", oid);
}

/* The folder as it is, saved, and what the record says of it. */
struct stand {
	struct folder_change *change;
	struct store *store;
	struct assessment assessment;
	struct snapshot snapshot;
	struct recorded recorded;
	json_t *before, *after;		/* {path: {oid, executable}}, of the snapshot and then */
	struct event_list list;
};

#define STAND_INIT { .assessment = ASSESSMENT_INIT, .recorded = RECORDED_INIT }

static void stand_release(struct stand *stand)
{
	assessment_release(&stand->assessment);
	recorded_release(&stand->recorded);
	json_decref(stand->before);
	json_decref(stand->after);
	event_list_release(&stand->list);
}

static json_t *entry(const char *oid, bool executable)
{
	return json_pack("{s:s, s:b}", "oid", oid, "executable", executable);
}

static int note_file(void *arg, const struct repo_file *file, struct err *err)
{
	(void)err;
	json_object_set_new(arg, file->path, entry(file->oid, file->executable));
	return 0;
}

static int read_tree(struct repo *repo, const char *tree, json_t **ret, struct err *err)
{
	*ret = json_object();
	return repo_each_file(repo, tree, note_file, *ret, err);
}

/* Saves the folder. */
static int stand_at(struct stand *stand, const struct run_setting *setting, struct err *err)
{
	struct repo *repo = stand->change->repo;

	if (assessment_get(stand->store, setting->assessment.id, &stand->assessment, err) < 0 ||
	    snapshot_take(stand->store, repo, &stand->assessment, setting->folder_fd, "idle",
			  &stand->snapshot, err) < 0)
		return -1;
	return recorded_read(stand->store, repo, stand->assessment.id, &stand->recorded, err);
}

static bool is_same(const json_t *a, const json_t *b)
{
	return !strcmp(json_str(a, "oid", ""), json_str(b, "oid", "")) &&
	       json_flag(a, "executable", false) == json_flag(b, "executable", false);
}

static int add_event(struct stand *stand, const struct folder_file *file, bool is_new,
		     const struct buf *content, struct err *err)
{
	json_t *data = json_pack("{s:s, s:s, s:b, s:s, s:o}", "op", is_new ? "create" : "write",
				 "path", file->path, "executable", file->executable, "origin",
				 "ai", "content",
				 event_list_payload(&stand->list, buf_str(content), content->len));

	return event_list_add(&stand->list, "ai", "file", data, 0, err);
}

/* One file: in the folder, in the events, in the next tree; or kept as it is. `made_from` is what
 * the change began with. */
static int bring(struct stand *stand, struct write_back *back, const json_t *made_from,
		 const struct folder_file *file, struct err *err)
{
	const json_t *now = json_object_get(stand->before, file->path);
	AUTO_JSON json_t *wanted = entry(file->oid, file->executable);
	AUTO(buf_release) struct buf content = { 0 };
	int written;

	if (is_same(now, wanted))
		return 0;
	if (!now && json_object_size(stand->after) >= LIVE_FILES_MOST) {
		stand->change->full = true;
		return 0;
	}
	if (!is_same(now, json_object_get(made_from, file->path))) {
		stand->change->kept++;
		return 0;
	}
	if (repo_read_blob(back->repo, file->oid, repo_limits.file_bytes, &content, err) < 0)
		return -1;
	written = write_back_file(back, file->path, json_str(now, "oid", ""), &content,
				  file->executable, err);
	if (written <= 0) {
		stand->change->kept += written == 0;
		return written;
	}
	json_object_set_new(stand->after, file->path, entry(file->oid, file->executable));
	return add_event(stand, file, !now, &content, err);
}

static int bring_all(struct stand *stand, const struct run_setting *setting, struct err *err)
{
	struct folder_change *change = stand->change;
	struct write_back back = { .repo = change->repo, .folder_fd = setting->folder_fd };
	AUTO_JSON json_t *made_from = NULL;

	change->kept = 0;
	change->full = false;
	if (read_tree(change->repo, change->from, &made_from, err) < 0 ||
	    read_tree(change->repo, stand->snapshot.tree, &stand->before, err) < 0)
		return -1;
	stand->after = json_copy(stand->before);
	for (size_t i = 0; i < change->count; i++)
		if (bring(stand, &back, made_from, &change->files[i], err) < 0)
			return -1;
	return 0;
}

static int build_tree(struct stand *stand, char ret_tree[REPO_OID_SIZE], struct err *err)
{
	size_t count = json_object_size(stand->after), at = 0;
	AUTO_FREE struct repo_entry *entries = buf_alloc((count + 1) * sizeof(*entries));
	const char *path;
	json_t *value;

	json_object_foreach(stand->after, path, value)
		entries[at++] = (struct repo_entry){ path, json_str(value, "oid", ""),
						     json_flag(value, "executable", false) };
	return repo_build_tree(stand->change->repo, entries, count, ret_tree, err);
}

static int store_list(struct stand *stand, const struct event_list *list, struct err *err)
{
	return list && list->count
		       ? ingest_list(stand->store, stand->assessment.id, list, NULL, err)
		       : 0;
}

/* In the transaction: whether the record is where it was looked at. 1: it has moved on. */
static int look_again(struct stand *stand, struct err *err)
{
	AUTO(assessment_release) struct assessment old = stand->assessment;
	int64_t next;

	stand->assessment = (struct assessment)ASSESSMENT_INIT;
	if (assessment_get(stand->store, old.id, &stand->assessment, err) < 0)
		return -1;
	if (stand->assessment.status != STATUS_ACTIVE ||
	    store_now(stand->store) >= stand->assessment.deadline)
		return err_set(err, ERR_STATE, "the session is over");
	next = journal_next_seq(stand->store, stand->assessment.id, err);
	return next < 0 ? -1 : next != stand->recorded.next_seq;
}

static int save(struct stand *stand, const char *tree, struct err *err)
{
	struct snapshot snapshot;

	return snapshot_commit(stand->store, stand->change->repo, &stand->assessment, tree, "idle",
			       store_now(stand->store), 0, NULL, &snapshot, err);
}

/* What a page changed after the last snapshot is in no folder; who works in one goes on from
 * that. */
static int come_back(struct stand *stand, struct err *err)
{
	return strcmp(stand->recorded.tree, stand->snapshot.tree) != 0
		       ? save(stand, stand->snapshot.tree, err) : 0;
}

/* The folder is written while the store is ours: nothing can be handed in between. 1: others came
 * first. */
static int make_it(struct stand *stand, const struct run_setting *setting,
		   const struct event_list *told, struct err *err)
{
	AUTO(store_rollback) struct store *tx = stand->store;
	char tree[REPO_OID_SIZE];
	int moved;

	if (store_begin(stand->store, err) < 0)
		return -1;
	moved = look_again(stand, err);
	if (moved != 0)
		return moved;
	if (bring_all(stand, setting, err) < 0 || build_tree(stand, tree, err) < 0 ||
	    store_list(stand, told, err) < 0)
		return -1;
	if (stand->list.count && (come_back(stand, err) < 0 ||
				  store_list(stand, &stand->list, err) < 0 ||
				  save(stand, tree, err) < 0))
		return -1;
	if (store_commit(stand->store, err) < 0)
		return -1;
	return snapshot_publish(stand->store, stand->change->repo, stand->assessment.id, err);
}

int folder_change_make(struct folder_change *change, struct store *store,
		       const struct run_setting *setting, const struct event_list *told,
		       struct err *err)
{
	for (int tries = 0; tries < TRIES; tries++) {
		AUTO(stand_release) struct stand stand = STAND_INIT;
		int moved;

		stand.change = change;
		stand.store = store;
		moved = stand_at(&stand, setting, err) < 0
				? -1 : make_it(&stand, setting, told, err);
		if (moved <= 0)
			return moved;
	}
	return err_set(err, ERR_ENV, "too much happened at the same time; try again");
}
