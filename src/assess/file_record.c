/* file_record.c - see file_record.h */
#include "assess/file_record.h"

#include "work/file_event.h"
#include "base/auto.h"
#include "base/hash.h"
#include "workspace/repo_borrow.h"
#include "workspace/text_diff.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MOST 300		/* in one snapshot's event */
#define NOT_TOLD "?"		/* stands for the id of a content that the record was not given */

struct record_file {
	char *path;
	char oid[REPO_OID_SIZE];	/* of what the record says; "": there is none */
	bool executable;
	char now[REPO_OID_SIZE];	/* of what the sandbox holds */
	char host[REPO_OID_SIZE];	/* of what we know to be in the candidate's folder */
	char text_oid[REPO_OID_SIZE];	/* of `text`; "": none is kept */
	struct buf text;
	char text_hash[HASH_HEX_SIZE];	/* SHA-256 of the text of this id: */
	char hash_oid[REPO_OID_SIZE];
	json_t *payload;		/* of what the sandbox holds, where no text is kept */
	bool touched;			/* by events that are not stored yet */
};

struct file_record {
	struct repo *repo;
	struct write_back back;
	struct record_file **files;	/* by path */
	size_t count, size;
	size_t texts;			/* bytes that are kept */
	uint64_t contents;		/* bytes that went into the record */
};

/* --- files by path */

static size_t place_of(const struct file_record *record, const char *path, bool *ret_found)
{
	size_t low = 0, high = record->count;

	*ret_found = false;
	while (low < high && !*ret_found) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(record->files[middle]->path, path);

		*ret_found = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

static struct record_file *get_file(struct file_record *record, const char *path)
{
	bool found;
	size_t at = place_of(record, path, &found);
	struct record_file *file;

	if (found)
		return record->files[at];
	if (record->count == record->size) {
		record->size = record->size ? 2 * record->size : 64;
		record->files = buf_realloc(record->files, record->size, sizeof(*record->files));
	}
	memmove(record->files + at + 1, record->files + at,
		(record->count - at) * sizeof(*record->files));
	file = buf_alloc(sizeof(*file));
	file->path = buf_strdup(path);
	record->files[at] = file;
	record->count++;
	return file;
}

static void drop_text(struct file_record *record, struct record_file *file)
{
	record->texts -= file->text.len;
	buf_release(&file->text);
	file->text_oid[0] = '\0';
}

static void keep_text(struct file_record *record, struct record_file *file,
		      const struct buf *content, const char *oid)
{
	struct hash hash = hash_of(buf_str(content), content->len);

	drop_text(record, file);
	hash_hex(&hash, file->text_hash);
	memcpy(file->hash_oid, oid, REPO_OID_SIZE);
	if (record->texts + content->len > FILE_RECORD_TEXTS_MAX)
		return;
	file->text = (struct buf)BUF_INIT(content->len);
	buf_add(&file->text, buf_str(content), content->len);
	record->texts += content->len;
	memcpy(file->text_oid, oid, REPO_OID_SIZE);
}

/* --- the record as a snapshot has it */

struct tree_walk {
	struct file_record *record;
	bool laid;		/* sandbox and candidate's folder hold it too */
};

static int note_file(void *arg, const struct repo_file *entry, struct err *err)
{
	const struct tree_walk *walk = arg;
	struct record_file *file = get_file(walk->record, entry->path);

	(void)err;
	memcpy(file->oid, entry->oid, REPO_OID_SIZE);
	file->executable = entry->executable;
	if (walk->laid) {
		memcpy(file->now, entry->oid, REPO_OID_SIZE);
		memcpy(file->host, entry->oid, REPO_OID_SIZE);
	}
	return 0;
}

static int stand_at(struct file_record *record, const char *tree, bool laid, struct err *err)
{
	struct tree_walk walk = { record, laid };

	for (size_t i = 0; i < record->count; i++)
		record->files[i]->oid[0] = '\0';
	return repo_each_file(record->repo, tree, note_file, &walk, err);
}

struct file_record *file_record_open(struct repo *repo, const char *tree, int folder_fd,
				     struct err *err)
{
	AUTO(file_record_close) struct file_record *record = buf_alloc(sizeof(*record));

	record->repo = repo;
	record->back.repo = repo;
	record->back.folder_fd = fcntl(folder_fd, F_DUPFD_CLOEXEC, 3);
	if (record->back.folder_fd < 0) {
		err_sys(err, "cannot keep the work folder open");
		return NULL;
	}
	return stand_at(record, tree, true, err) < 0 ? NULL : TAKE(record);
}

void file_record_close(struct file_record **record)
{
	if (!*record)
		return;
	for (size_t i = 0; i < (*record)->count; i++) {
		struct record_file *file = (*record)->files[i];

		free(file->path);
		buf_release(&file->text);
		json_decref(file->payload);
		free(file);
	}
	free((*record)->files);
	auto_close(&(*record)->back.folder_fd);
	free(*record);
	*record = NULL;
}

/* --- events */

static bool is_there(const struct record_file *file)
{
	return file->oid[0] != '\0';
}

static int add_event(struct event_list *list, const char *kind, json_t *data, struct err *err)
{
	return event_list_add(list, "candidate", kind, data, 0, err);
}

static int add_file_event(struct event_list *list, const char *op, const char *path,
			  struct err *err)
{
	return add_event(list, "file", json_pack("{s:s, s:s}", "op", op, "path", path), err);
}

/* What the sandbox holds, as a whole. */
static int add_whole(const struct record_file *file, struct event_list *list, struct err *err)
{
	json_t *data = json_pack("{s:s, s:s, s:b, s:s}", "op",
				 is_there(file) ? "write" : "create", "path", file->path,
				 "executable", file->executable, "origin", "saved");

	if (*file->text_oid && !strcmp(file->text_oid, file->now))
		json_object_set_new(data, "content",
				    event_list_payload(list, buf_str(&file->text),
						       file->text.len));
	else if (file->payload)
		json_object_set(data, "content", file->payload);
	return add_event(list, "file", data, err);
}

/* The text that the record has; false when it has none, or it is not to be had. */
static bool base_text(const struct file_record *record, const struct record_file *file,
		      struct buf *ret)
{
	struct err ignored = ERR_INIT;

	if (*file->text_oid && !strcmp(file->text_oid, file->oid)) {
		*ret = (struct buf)BUF_INIT(file->text.len);
		return buf_add(ret, buf_str(&file->text), file->text.len);
	}
	return repo_read_blob(record->repo, file->oid, TEXT_DIFF_MAX, ret, &ignored) == 0 &&
	       text_diff_fits(buf_str(ret), ret->len);
}

/* What the sandbox holds now is kept so that it can be told as a whole: as the text that later
 * edits start from, else as a payload, as far as there is room for it. */
static void keep_content(struct file_record *record, struct record_file *file,
			 const struct buf *content, const char *oid, struct event_list *list,
			 bool as_payload)
{
	json_decref(TAKE(file->payload));
	if (text_diff_fits(buf_str(content), content->len))
		keep_text(record, file, content, oid);
	else
		drop_text(record, file);
	memcpy(file->now, oid, REPO_OID_SIZE);
	if (*file->text_oid || !as_payload || content->len > FILE_RECORD_CONTENT_MAX ||
	    record->contents + content->len > FILE_RECORD_CONTENTS_MAX)
		return;
	file->payload = event_list_payload(list, buf_str(content), content->len);
	record->contents += content->len;
}

/* The record says from now on what the sandbox holds, if it was told. */
static void set_told(struct record_file *file)
{
	bool told = *file->text_oid || file->payload;

	snprintf(file->oid, sizeof(file->oid), "%s", told ? file->now : NOT_TOLD);
}

static int add_mode(struct record_file *file, bool executable, struct event_list *list,
		    struct err *err)
{
	if (!is_there(file) || file->executable == executable)
		return 0;
	file->executable = executable;
	return add_event(list, "file",
			 json_pack("{s:s, s:s, s:b}", "op", "write", "path", file->path,
				   "executable", executable), err);
}

static int add_content(struct file_record *record, struct record_file *file,
		       const struct buf *content, const char *oid, bool executable,
		       struct event_list *list, struct err *err)
{
	AUTO(buf_release) struct buf before = { 0 };
	bool edited = is_there(file) && text_diff_fits(buf_str(content), content->len) &&
		      base_text(record, file, &before);

	keep_content(record, file, content, oid, list, !edited);
	if (!edited) {
		file->executable = executable;
		if (add_whole(file, list, err) < 0)
			return -1;
		set_told(file);
		return 0;
	}
	if (file_event_add_edits(list, file->path, &before, content, err) < 0)
		return -1;
	memcpy(file->oid, oid, REPO_OID_SIZE);
	return add_mode(file, executable, list, err);
}

/* --- changes */

/* A file that cannot be written here (a full disk) counts as one that was kept: the record has it
 * all the same. */
static void bring_back(struct file_record *record, struct record_file *file,
		       const struct watch_change *change, const char *oid)
{
	struct err ignored = ERR_INIT;

	if (!strcmp(file->host, oid))
		write_back_mode(&record->back, file->path, file->host, change->executable);
	else if (write_back_file(&record->back, file->path, file->host, change->content,
				 change->executable, &ignored) > 0)
		memcpy(file->host, oid, REPO_OID_SIZE);
}

/* One that is too large, or cannot be read: that it was written is all that can be told. */
static int take_unread(struct record_file *file, bool executable, struct event_list *list,
		       struct err *err)
{
	json_decref(TAKE(file->payload));
	memcpy(file->now, NOT_TOLD, sizeof(NOT_TOLD));
	file->executable = executable;
	if (add_whole(file, list, err) < 0)
		return -1;
	set_told(file);
	return 0;
}

static int take_written(struct file_record *record, const struct watch_change *change,
			struct event_list *list, struct err *err)
{
	struct record_file *file = get_file(record, change->path);
	char oid[REPO_OID_SIZE];

	file->touched = true;
	if (!change->content) {
		drop_text(record, file);
		return take_unread(file, change->executable, list, err);
	}
	repo_borrow_blob_id(record->repo, buf_str(change->content), change->content->len, oid);
	bring_back(record, file, change, oid);
	if (!strcmp(file->oid, oid)) {	/* the record has it so: from a run in between, perhaps */
		memcpy(file->now, oid, REPO_OID_SIZE);
		return add_mode(file, change->executable, list, err);
	}
	return add_content(record, file, change->content, oid, change->executable, list, err);
}

static int take_gone(struct file_record *record, const char *path, struct event_list *list,
		     struct err *err)
{
	struct record_file *file = get_file(record, path);
	bool was_there = is_there(file);

	file->touched = true;
	if (write_back_remove(&record->back, path, file->host))
		file->host[0] = '\0';
	drop_text(record, file);
	json_decref(TAKE(file->payload));
	file->now[0] = file->oid[0] = '\0';
	return was_there ? add_file_event(list, "delete", path, err) : 0;
}

/* What the record has of the one goes over to the other. */
static int rename_record(struct file_record *record, struct record_file *from,
			 struct record_file *to, struct event_list *list, struct err *err)
{
	drop_text(record, to);
	json_decref(to->payload);
	memcpy(to->oid, from->oid, REPO_OID_SIZE);
	memcpy(to->now, from->now, REPO_OID_SIZE);
	memcpy(to->text_oid, from->text_oid, REPO_OID_SIZE);
	memcpy(to->hash_oid, from->hash_oid, REPO_OID_SIZE);
	memcpy(to->text_hash, from->text_hash, HASH_HEX_SIZE);
	to->text = from->text;
	to->payload = TAKE(from->payload);
	to->executable = from->executable;
	from->text = (struct buf){ 0 };
	from->oid[0] = from->now[0] = from->text_oid[0] = '\0';
	return add_event(list, "file",
			 json_pack("{s:s, s:s, s:s}", "op", "rename", "path", from->path, "to",
				   to->path), err);
}

static int take_moved(struct file_record *record, const struct watch_change *change,
		      struct event_list *list, struct err *err)
{
	/* both are made before one is kept: making one may move the list, not the files */
	struct record_file *from = get_file(record, change->from);
	struct record_file *to = get_file(record, change->path);

	if (is_there(from) && !is_there(to) && !strcmp(from->oid, from->now)) {
		from->touched = to->touched = true;
		if (rename_record(record, from, to, list, err) < 0)
			return -1;
	}
	if (take_written(record, change, list, err) < 0)
		return -1;
	return take_gone(record, change->from, list, err);
}

int file_record_change(struct file_record *record, const struct watch_change *change,
		       struct event_list *list, struct err *err)
{
	struct record_file *file;

	switch (change->kind) {
	case WATCH_MADE_FOLDER:
	case WATCH_GONE_FOLDER:
		write_back_folder(&record->back, change->path, change->kind == WATCH_MADE_FOLDER);
		return add_file_event(list,
				      change->kind == WATCH_MADE_FOLDER ? "mkdir" : "rmdir",
				      change->path, err);
	case WATCH_MADE:
	case WATCH_WRITTEN:
		return take_written(record, change, list, err);
	case WATCH_MODE:
		file = get_file(record, change->path);
		file->touched = true;
		write_back_mode(&record->back, change->path, file->host, change->executable);
		return add_mode(file, change->executable, list, err);
	case WATCH_MOVED:
		return take_moved(record, change, list, err);
	case WATCH_GONE:
		return take_gone(record, change->path, list, err);
	}
	return 0;
}

/* --- standing somewhere else */

static void drop_events(struct event_list *list)
{
	while (list->count > 0) {
		list->count--;
		list->bytes -= strlen(list->events[list->count].data);
		free(list->events[list->count].data);
	}
}

static int tell_again(struct record_file *file, struct event_list *list, struct err *err)
{
	bool was_there = is_there(file);

	if (!strcmp(file->oid, file->now))
		return 0;
	if (!*file->now) {
		file->oid[0] = '\0';
		return was_there ? add_file_event(list, "delete", file->path, err) : 0;
	}
	if (add_whole(file, list, err) < 0)
		return -1;
	set_told(file);
	return 0;
}

int file_record_again(struct file_record *record, const char *tree, struct event_list *list,
		      struct err *err)
{
	drop_events(list);
	if (stand_at(record, tree, false, err) < 0)
		return -1;
	for (size_t i = 0; i < record->count; i++)
		if (record->files[i]->touched && tell_again(record->files[i], list, err) < 0)
			return -1;
	return 0;
}

void file_record_settle(struct file_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		record->files[i]->touched = false;
}

int file_record_rebase(struct file_record *record, const char *tree, struct err *err)
{
	return stand_at(record, tree, false, err);
}

struct open_walk {
	struct file_record *record;
	json_t *texts;
};

static int note_text(void *arg, const struct repo_file *entry, struct err *err)
{
	const struct open_walk *walk = arg;
	bool found;
	size_t at = place_of(walk->record, entry->path, &found);
	const struct record_file *file = found ? walk->record->files[at] : NULL;

	(void)err;
	if (file && !strcmp(file->oid, entry->oid) && !strcmp(file->hash_oid, entry->oid) &&
	    json_object_size(walk->texts) < TEXTS_MOST)
		json_object_set_new(walk->texts, entry->path, json_string(file->text_hash));
	return 0;
}

json_t *file_record_texts(struct file_record *record, const char *tree, struct err *err)
{
	struct open_walk walk = { record, json_object() };

	if (repo_each_file(record->repo, tree, note_text, &walk, err) < 0) {
		json_decref(walk.texts);
		return NULL;
	}
	return walk.texts;
}

unsigned file_record_kept(const struct file_record *record)
{
	unsigned kept = 0;

	for (size_t i = 0; i < record->count; i++)
		kept += strcmp(record->files[i]->now, record->files[i]->host) != 0;
	return kept;
}
