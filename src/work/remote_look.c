/* remote_look.c - see remote_look.h
 *
 * What is gone goes first, so that a folder can take the place of a file; a file that is gone and
 * one that is new with the same content are one that was renamed. */
#include "work/remote_look.h"

#include "base/auto.h"
#include "task/language.h"
#include "work/file_event.h"
#include "work/work_tree.h"
#include "workspace/text_diff.h"

#include <stdlib.h>
#include <string.h>

#define LIST_BYTES (4u << 20)	/* of events that are added at once */

struct look {
	int folder_fd;
	struct remote_base *told;	/* what the server will have */
	struct remote_queue *queue;
	struct event_list list;
	json_t *gone, *fresh;		/* {path: hash} */
	json_t *emptied;		/* {folder: true} in which something is gone */
	json_t *moved;			/* {from: to} */
	json_t *changed;		/* {path: true}: is there, and other than told */
	unsigned left_out;
	int events;
};

static void release_look(struct look *look)
{
	remote_base_close(&look->told);
	event_list_release(&look->list);
	json_decref(look->gone);
	json_decref(look->fresh);
	json_decref(look->emptied);
	json_decref(look->moved);
	json_decref(look->changed);
}

/* --- events */

static int flush(struct look *look, struct err *err)
{
	if (remote_queue_add(look->queue, &look->list, err) < 0)
		return -1;
	look->events += (int)look->list.count;
	event_list_release(&look->list);
	return 0;
}

static int add_event(struct look *look, json_t *data, struct err *err)
{
	return event_list_add(&look->list, "candidate", "file", data, 0, err);
}

static int add_mode(struct look *look, const char *path, bool executable, struct err *err)
{
	return add_event(look, json_pack("{s:s, s:s, s:b, s:s}", "op", "write", "path", path,
					 "executable", executable, "origin", "saved"), err);
}

/* One that is put as a whole cannot say more than its content. */
static int add_whole(struct look *look, const char *path, const struct remote_file *before,
		     const struct work_tree_file *here, struct err *err)
{
	bool put = here->content.len > REMOTE_PUT_FROM;
	json_t *data = json_pack("{s:s, s:s, s:o}", "op", before ? "write" : "create", "path",
				 path, "content",
				 event_list_payload(&look->list, buf_str(&here->content),
						    here->content.len));

	if (!put) {
		json_object_set_new(data, "executable", json_boolean(here->executable));
		json_object_set_new(data, "origin", json_string("saved"));
	}
	if (add_event(look, data, err) < 0)
		return -1;
	if (!put || (before && before->executable) == here->executable)
		return 0;
	return add_mode(look, path, here->executable, err);
}

/* 1: it cannot be told by edits, or not by few. */
static int add_edits(struct look *look, const char *path, const struct remote_file *before,
		     const struct work_tree_file *here, struct err *err)
{
	AUTO(event_list_release) struct event_list edits = EVENT_LIST_INIT;
	AUTO(buf_release) struct buf was = { 0 };

	if (!text_diff_fits(buf_str(&here->content), here->content.len))
		return 1;
	if (remote_base_read(look->told, before, &was, err) < 0)
		return -1;
	if (!text_diff_fits(buf_str(&was), was.len))
		return 1;
	if (file_event_add_edits(&edits, path, &was, &here->content, err) < 0)
		return -1;
	if (edits.bytes > REMOTE_PUT_FROM)
		return 1;
	if (flush(look, err) < 0)
		return -1;
	look->list = edits;
	edits = (struct event_list)EVENT_LIST_INIT;
	return before->executable == here->executable
		       ? 0 : add_mode(look, path, here->executable, err);
}

static int add_written(struct look *look, const char *path, const struct work_tree_file *here,
		       struct err *err)
{
	const struct remote_file *before = remote_base_find(look->told, path);
	int done = 1;

	if (before && !strcmp(before->hash, here->hash))
		return before->executable == here->executable
			       ? 0 : add_mode(look, path, here->executable, err);
	if (before)
		done = add_edits(look, path, before, here, err);
	if (done == 1)
		done = add_whole(look, path, before, here, err);
	if (done < 0 || look->list.bytes < LIST_BYTES)
		return done;
	return flush(look, err);
}

/* --- what is new, changed, gone */

static void note(struct look *look, const char *path)
{
	AUTO(work_tree_file_release) struct work_tree_file here;
	const struct remote_file *told = remote_base_find(look->told, path);

	work_tree_read(look->folder_fd, path, REMOTE_FILE_MOST, &here);
	if (here.is == WORK_TREE_OTHER)
		look->left_out++;
	else if (here.is == WORK_TREE_NOTHING && told)
		json_object_set_new(look->gone, path, json_string(told->hash));
	else if (here.is == WORK_TREE_FILE && !told)
		json_object_set_new(look->fresh, path, json_string(here.hash));
	else if (here.is == WORK_TREE_FILE &&
		 (strcmp(told->hash, here.hash) != 0 || told->executable != here.executable))
		json_object_set_new(look->changed, path, json_true());
}

static int note_all(struct look *look, const char *folder, struct err *err)
{
	AUTO_JSON json_t *files = work_tree_list(folder, language_caches(), &look->left_out, err);
	const char *path;
	json_t *ignored;

	if (!files)
		return -1;
	if (json_object_size(files) > REMOTE_FILES_MOST)
		return err_set(err, ERR_ENV, "%s has more than %d files: what is not part of the "
			       "work belongs into .gitignore", folder, REMOTE_FILES_MOST);
	for (size_t i = 0; i < remote_base_count(look->told); i++)
		json_object_set_new(files, remote_base_at(look->told, i)->path, json_true());
	json_object_foreach(files, path, ignored)
		note(look, path);
	return 0;
}

/* --- renames */

static void note_folders(json_t *folders, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *slash;

	while ((slash = strrchr(copy, '/'))) {
		*slash = '\0';
		json_object_set_new(folders, copy, json_true());
	}
}

/* Whether something must be gone before the path can be: a file where it has a folder, or a folder
 * where it is. One rename might wait for another then; all of those are told as gone and new. */
static bool is_in_the_way(const struct look *look, const char *path)
{
	AUTO_FREE char *copy = buf_strdup(path);
	char *slash;

	while ((slash = strrchr(copy, '/'))) {
		*slash = '\0';
		if (json_object_get(look->gone, copy))
			return true;
	}
	return json_object_get(look->emptied, path);
}

/* Where the content of a file that is gone is now; NULL: nowhere. Borrowed. */
static const char *find_moved(const struct look *look, const char *hash)
{
	const struct hash nothing = hash_of("", 0);
	char hex[HASH_HEX_SIZE];
	const char *to;
	json_t *value;

	if (!strcmp(hash, hash_hex(&nothing, hex)))
		return NULL;
	json_object_foreach(look->fresh, to, value)
		if (!strcmp(json_string_value(value), hash) && !is_in_the_way(look, to))
			return to;
	return NULL;
}

/* Takes pairs out of what is gone and what is new. */
static void find_renames(struct look *look)
{
	json_t *gone = json_object(), *hash;
	const char *from;

	json_object_foreach(look->gone, from, hash)
		note_folders(look->emptied, from);
	json_object_foreach(look->gone, from, hash) {
		const char *to = find_moved(look, json_string_value(hash));

		if (!to) {
			json_object_set(gone, from, hash);
			continue;
		}
		json_object_set_new(look->moved, from, json_string(to));
		/* its executable bit went along, and is compared with the other changes */
		json_object_set_new(look->changed, to, json_true());
		json_object_del(look->fresh, to);
	}
	json_decref(look->gone);
	look->gone = gone;
}

static int add_gone(struct look *look, struct err *err)
{
	const char *path;
	json_t *ignored;

	json_object_foreach(look->gone, path, ignored)
		if (add_event(look, json_pack("{s:s, s:s}", "op", "delete", "path", path),
			      err) < 0)
			return -1;
	return 0;
}

static int add_renames(struct look *look, struct err *err)
{
	const char *from;
	json_t *to;

	json_object_foreach(look->moved, from, to) {
		AUTO_JSON json_t *data = json_pack("{s:s, s:s, s:O}", "op", "rename", "path", from,
						   "to", to);

		if (add_event(look, json_incref(data), err) < 0 ||
		    remote_base_apply(look->told, "file", data, NULL, err) < 0)
			return -1;
	}
	return 0;
}

static int add_paths(struct look *look, json_t *paths, struct err *err)
{
	const char *path;
	json_t *ignored;

	json_object_foreach(paths, path, ignored) {
		AUTO(work_tree_file_release) struct work_tree_file here;

		work_tree_read(look->folder_fd, path, REMOTE_FILE_MOST, &here);
		/* what is gone in this moment is gone at the next look */
		if (here.is == WORK_TREE_FILE && add_written(look, path, &here, err) < 0)
			return -1;
	}
	return 0;
}

int remote_look(const char *folder, int folder_fd, const struct remote_base *base,
		struct remote_queue *queue, unsigned *ret_left_out, struct err *err)
{
	AUTO(release_look) struct look look = {
		.folder_fd = folder_fd, .told = remote_base_copy(base), .queue = queue,
		.gone = json_object(), .fresh = json_object(), .emptied = json_object(),
		.moved = json_object(), .changed = json_object(),
	};

	if (remote_queue_apply(queue, look.told, err) < 0 || note_all(&look, folder, err) < 0)
		return -1;
	find_renames(&look);
	if (add_gone(&look, err) < 0 || add_renames(&look, err) < 0 ||
	    add_paths(&look, look.changed, err) < 0 || add_paths(&look, look.fresh, err) < 0 ||
	    flush(&look, err) < 0)
		return -1;
	*ret_left_out = look.left_out;
	return look.events;
}
