/* remote_fetch.c - see remote_fetch.h
 *
 * A content and its number are asked one after the other, and others write meanwhile: the list is
 * read before the contents and after them, and what has the same number in both is true. Numbers
 * never come back. */
#include "work/remote_fetch.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "work/remote_merge.h"
#include "work/work_tree.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MOST (64u << 20)		/* of contents in one go */
#define IDENTITY_SIZE (HASH_HEX_SIZE + 1)

/* A file as it is at the server; all is told by `list`. */
struct theirs {
	char *path;
	bool there, executable;
	int64_t rev;			/* REMOTE_REV_UNSURE: the content is another */
	size_t size;
	struct buf content;
	char hash[HASH_HEX_SIZE];
};

struct round {
	struct remote_fetch *fetch;
	json_t *list, *after;		/* {path: {rev, size, executable}}; null: not followed */
	struct theirs *files;		/* that changed there */
	size_t count, bytes;
	bool again;
};

static void release_round(struct round *round)
{
	for (size_t i = 0; i < round->count; i++) {
		free(round->files[i].path);
		buf_release(&round->files[i].content);
	}
	free(round->files);
	json_decref(round->list);
	json_decref(round->after);
}

static void say(const struct remote_fetch *fetch, const char *path, const char *what)
{
	AUTO_FREE char *sentence = buf_format("%s: %s", path, what);

	if (fetch->say)
		fetch->say(fetch->arg, sentence);
}

/* --- asking */

static int check_active(const json_t *session, struct err *err)
{
	const char *status = json_str(session, "status", "");

	if (strcmp(status, "active") != 0)
		return err_set(err, ERR_STATE, "the session is %.40s", status);
	return 0;
}

/* Whether the session may have such a file. */
static bool is_acceptable(const json_t *file)
{
	json_int_t size = json_int(file, "size", -1);

	return fs_path_confined(json_str(file, "path", "")) && size >= 0 &&
	       size <= REMOTE_FILE_MOST && json_int(file, "rev", -1) >= 0;
}

/* Yours; NULL on error. */
static json_t *ask_list(struct remote_fetch *fetch, unsigned *ret_left_out, struct err *err)
{
	int status;
	AUTO_JSON json_t *session = remote_json(fetch->remote, "GET", "/api/v1/session", NULL,
						&status, err);
	json_t *list, *file, *files;
	size_t i;

	fetch->offline = !session && err->code == ERR_ENV;
	if (!session || check_active(session, err) < 0)
		return NULL;
	files = json_object_get(json_object_get(session, "workspace"), "files");
	if (!json_is_array(files)) {
		err_set(err, ERR_ENV, "%s does not say which files there are",
			fetch->remote->state.server);
		return NULL;
	}
	list = json_object();
	*ret_left_out = 0;
	json_array_foreach(files, i, file) {
		bool followed = is_acceptable(file) && i < REMOTE_FILES_MOST;

		/* what is not followed is there all the same: nobody removed it */
		json_object_set_new(list, json_str(file, "path", ""),
				    followed ? json_incref(file) : json_null());
		*ret_left_out += !followed;
	}
	return list;
}

static int ask_content(struct round *round, struct theirs *file, struct err *err)
{
	AUTO_FREE char *address = remote_file_path(file->path);
	const struct remote_ask ask = { .method = "GET", .path = address };
	struct hash hash;
	int status;

	file->content = (struct buf)BUF_INIT(REMOTE_FILE_MOST);
	if (remote_bytes(round->fetch->remote, &ask, &file->content, &status, err) < 0) {
		round->fetch->offline = err->code == ERR_ENV;
		if (status != 404)
			return -1;
		*err = (struct err)ERR_INIT;	/* gone in this moment, as the next list says */
		buf_clear(&file->content);
		file->rev = REMOTE_REV_UNSURE;
	}
	/* not what was listed; or of another, who answers in the place of the server */
	if (file->content.len != file->size)
		file->rev = REMOTE_REV_UNSURE;
	round->bytes += file->content.len;
	hash = hash_of(buf_str(&file->content), file->content.len);
	hash_hex(&hash, file->hash);
	return 0;
}

static struct theirs *add_file(struct round *round, const char *path)
{
	if ((round->count & (round->count - 1)) == 0)
		round->files = buf_realloc(round->files, round->count ? 2 * round->count : 1,
					   sizeof(*round->files));
	round->files[round->count] = (struct theirs){ .path = buf_strdup(path) };
	return &round->files[round->count++];
}

/* What changed there, with its contents. */
static int find_changed(struct round *round, struct err *err)
{
	const struct remote_base *base = round->fetch->base;
	const char *path;
	json_t *value;

	for (size_t i = 0; i < remote_base_count(base); i++)
		if (!json_object_get(round->list, remote_base_at(base, i)->path))
			add_file(round, remote_base_at(base, i)->path);
	json_object_foreach(round->list, path, value) {
		const struct remote_file *known = remote_base_find(base, path);
		struct theirs *file;

		if (json_is_null(value))
			continue;
		if (known && known->rev == json_int(value, "rev", 0) &&
		    known->executable == json_flag(value, "executable", false))
			continue;
		if (round->bytes > BYTES_MOST) {
			round->again = true;
			continue;
		}
		file = add_file(round, path);
		file->there = true;
		file->rev = json_int(value, "rev", 0);
		file->size = (size_t)json_int(value, "size", 0);
		file->executable = json_flag(value, "executable", false);
		if (ask_content(round, file, err) < 0)
			return -1;
	}
	return 0;
}

/* Whether nothing happened to it while its content was read. */
static bool is_certain(const struct round *round, const struct theirs *file)
{
	const json_t *after = json_object_get(round->after, file->path);

	if (!file->there)
		return !after;
	return file->rev != REMOTE_REV_UNSURE && json_int(after, "rev", -1) == file->rev &&
	       json_flag(after, "executable", false) == file->executable;
}

/* --- one file */

static const char *identity(char text[IDENTITY_SIZE], bool there, const char *hash,
			    bool executable)
{
	snprintf(text, IDENTITY_SIZE, "%s%s", there && executable ? "x" : "", there ? hash : "");
	return text;
}

static void move_base(struct round *round, const struct theirs *file)
{
	if (file->there)
		remote_base_put(round->fetch->base, file->path, buf_str(&file->content),
				file->content.len, file->executable, file->rev);
	else
		remote_base_remove(round->fetch->base, file->path);
}

/* 1: it was changed here in this moment. */
static int bring(struct round *round, const struct theirs *file,
		 const struct work_tree_file *here, struct err *err)
{
	int fd = round->fetch->folder_fd;

	if (!file->there)
		return work_tree_remove(fd, file->path, here, err);
	return work_tree_put(fd, file->path, here, &file->content, file->executable, err);
}

static int put_theirs(struct round *round, const struct theirs *file, struct err *err)
{
	AUTO_FREE char *path = buf_format("%s.theirs", file->path);
	AUTO(work_tree_file_release) struct work_tree_file old;

	work_tree_read(round->fetch->folder_fd, path, REMOTE_FILE_MOST, &old);
	return work_tree_put(round->fetch->folder_fd, path, &old, &file->content, false, err);
}

static int conflict(struct round *round, const struct theirs *file,
		    const struct work_tree_file *here, struct err *err)
{
	int done = 0;

	if (file->there)
		done = put_theirs(round, file, err);
	if (done != 0)
		return done;
	round->fetch->result->conflicts++;
	if (!file->there)
		say(round->fetch, file->path, "was removed elsewhere and changed here: it stays");
	else if (here->is == WORK_TREE_FILE)
		say(round->fetch, file->path, "was changed elsewhere and here in the same place: "
		    "yours stays, the other version is beside it, with .theirs at the end");
	else
		say(round->fetch, file->path, "was changed elsewhere and removed here: the other "
		    "version is kept with .theirs at the end");
	return 0;
}

/* Both sides changed it. 1: look again. */
static int merge(struct round *round, const struct theirs *file,
		 const struct work_tree_file *here, struct err *err)
{
	const struct remote_file *known = remote_base_find(round->fetch->base, file->path);
	AUTO(buf_release) struct buf base = { 0 };
	AUTO(buf_release) struct buf merged = { 0 };
	int done = 0;

	if (known && remote_base_read(round->fetch->base, known, &base, err) < 0)
		return -1;
	if (known && file->there && here->is == WORK_TREE_FILE)
		done = remote_merge_lines(round->fetch->remote->state.path, &base, &here->content,
					  &file->content, &merged, err);
	if (done <= 0)
		return done < 0 ? -1 : conflict(round, file, here, err);
	if (work_tree_put(round->fetch->folder_fd, file->path, here, &merged, here->executable,
			  err) != 0)
		return err->code == ERR_NONE ? 1 : -1;
	round->fetch->result->merged++;
	say(round->fetch, file->path, "was changed elsewhere and here: both changes are in it now");
	return 0;
}

/* One file that cannot be here is no reason to take no other. */
static int leave_out(struct round *round, struct err *err)
{
	if (err->code != ERR_STATE)
		return -1;
	if (round->fetch->say)
		round->fetch->say(round->fetch->arg, err->text);
	round->fetch->result->left_out++;
	*err = (struct err)ERR_INIT;
	return 0;
}

static int take_changed(struct round *round, const struct theirs *file, struct err *err)
{
	struct remote_fetch *fetch = round->fetch;
	const struct remote_file *known = remote_base_find(fetch->base, file->path);
	AUTO(work_tree_file_release) struct work_tree_file here;
	char base_is[IDENTITY_SIZE], here_is[IDENTITY_SIZE], there_is[IDENTITY_SIZE];
	int done = 0;

	work_tree_read(fetch->folder_fd, file->path, REMOTE_FILE_MOST, &here);
	/* what cannot be read now may be what it was, when it can: the base stays */
	if (here.is == WORK_TREE_OTHER)
		return 0;
	identity(base_is, known, known ? known->hash : "", known && known->executable);
	identity(here_is, here.is == WORK_TREE_FILE, here.hash, here.executable);
	identity(there_is, file->there, file->hash, file->executable);
	switch (remote_merge_step(base_is, here_is, there_is)) {
	case REMOTE_FETCH:
		done = bring(round, file, &here, err);
		fetch->result->fetched += done == 0;
		break;
	case REMOTE_BOTH:
		done = merge(round, file, &here, err);
		round->again = true;
		break;
	case REMOTE_SAME:
	case REMOTE_MOVE_BASE:
	case REMOTE_SEND:
		break;
	}
	round->again |= done == 1;
	if (done == 0)
		move_base(round, file);
	return done < 0 ? leave_out(round, err) : 0;
}

static int take_file(struct round *round, const struct theirs *file, struct err *err)
{
	struct remote_fetch *fetch = round->fetch;
	struct remote_file *known = remote_base_find(fetch->base, file->path);
	int dropped;

	if (!is_certain(round, file)) {
		round->again = true;
		return 0;
	}
	/* only its number is news: what waits leads on from there */
	if (known && file->there && !strcmp(known->hash, file->hash) &&
	    known->executable == file->executable) {
		round->again |= known->rev == REMOTE_REV_UNSURE && remote_queue_count(fetch->queue);
		known->rev = file->rev;
		return 0;
	}
	dropped = remote_queue_drop(fetch->queue, file->path, err);
	round->again |= dropped > 0;
	return dropped < 0 ? -1 : take_changed(round, file, err);
}

static int take_files(struct round *round, struct err *err)
{
	for (size_t i = 0; i < round->count; i++)
		if (take_file(round, &round->files[i], err) < 0)
			return -1;
	return 0;
}

int remote_fetch(struct remote_fetch *fetch, struct err *err)
{
	AUTO(release_round) struct round round = { .fetch = fetch };
	unsigned left_out;
	struct err why = ERR_INIT;
	int taken;

	round.list = ask_list(fetch, &left_out, err);
	if (!round.list || find_changed(&round, err) < 0)
		return -1;
	fetch->result->left_out += left_out;
	if (!round.count)
		return 0;
	round.after = ask_list(fetch, &left_out, err);
	if (!round.after)
		return -1;
	taken = take_files(&round, err);
	/* what was written here before an error is the base of it, too */
	if (remote_base_save(fetch->base, remote_base_done(fetch->base), &why) < 0 && taken == 0)
		*err = why;
	return taken < 0 || why.code != ERR_NONE ? -1 : round.again;
}
