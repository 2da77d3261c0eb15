/* remote_sync.c - see remote_sync.h */
#include "work/remote_sync.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/language.h"
#include "work/remote_fetch.h"
#include "work/remote_look.h"
#include "work/remote_send.h"
#include "work/work_tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define LOCK_MS 30000
#define LATE_MOST (10u << 20)	/* bytes of late work that the server takes at once */
#define LATE_FILES_MOST 5000	/* and files */
#define LATE_AGAIN 2		/* a file that changes without end must not use up all times */
#define ROUNDS_MOST 6		/* of looking, when others write all the time */

/* One call, under the lock. */
struct syncing {
	struct remote *remote;
	struct remote_base *base;
	struct remote_queue *queue;
	struct remote_sync_result *result;
	void (*say)(void *arg, const char *sentence);
	void *arg;
	int lock, folder_fd;
	json_t *late;		/* {path: how often it was sent as late work} */
};

#define SYNCING_INIT { .lock = -1, .folder_fd = -1 }

static void release_syncing(struct syncing *syncing)
{
	remote_queue_close(&syncing->queue);
	remote_base_close(&syncing->base);
	auto_close(&syncing->folder_fd);
	auto_close(&syncing->lock);
}

/* The folder must be the session's still: an empty one would mean that all is to be removed. */
static int check_folder(const struct remote_state *state, struct err *err)
{
	AUTO(session_release) struct session session = SESSION_INIT;

	if (session_find(state->folder, &session, err) < 0)
		return err->code == ERR_NOT_FOUND ?
		       err_set(err, ERR_STATE, "%s is not the work folder any more",
			       state->folder) : -1;
	if (!*session.below && session.server && !strcmp(session.server, state->server) &&
	    !strcmp(session.assessment_id, state->assessment_id))
		return 0;
	return err_set(err, ERR_STATE, "%s belongs to another session now", state->folder);
}

static int open_state(struct syncing *syncing, struct err *err)
{
	const struct remote_state *state = &syncing->remote->state;

	syncing->base = remote_base_open(state, err);
	if (!syncing->base)
		return -1;
	syncing->queue = remote_queue_open(state, remote_base_done(syncing->base), err);
	return syncing->queue ? 0 : -1;
}

static int open_all(struct syncing *syncing, struct remote *remote, struct err *err)
{
	const struct remote_state *state = &remote->state;

	syncing->remote = remote;
	syncing->lock = remote_state_lock(state, LOCK_MS, err);
	if (syncing->lock < 0 || check_folder(state, err) < 0)
		return -1;
	syncing->folder_fd = open(state->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (syncing->folder_fd < 0)
		return err_sys(err, "%s", state->folder);
	return open_state(syncing, err);
}

static void say(const struct syncing *syncing, const char *sentence)
{
	if (syncing->say)
		syncing->say(syncing->arg, sentence);
}

/* --- the three parts of a round */

static int look(struct syncing *syncing, struct err *err)
{
	return remote_look(syncing->remote->state.folder, syncing->folder_fd, syncing->base,
			   syncing->queue, &syncing->result->left_out, err);
}

static int send_queue(struct syncing *syncing, struct err *err)
{
	AUTO(remote_sent_release) struct remote_sent sent = REMOTE_SENT_INIT;
	int failed = remote_send(syncing->queue, syncing->base, syncing->remote, &sent, err);
	const json_t *sentence;
	size_t i;

	syncing->result->sent += (unsigned)sent.acknowledged;
	syncing->result->offline |= sent.offline;
	json_array_foreach(sent.refused, i, sentence)
		say(syncing, json_string_value(sentence));
	return failed;
}

static int fetch(struct syncing *syncing, struct err *err)
{
	struct remote_fetch fetch = {
		.remote = syncing->remote, .base = syncing->base, .queue = syncing->queue,
		.folder_fd = syncing->folder_fd, .result = syncing->result, .say = syncing->say,
		.arg = syncing->arg,
	};
	int again = remote_fetch(&fetch, err);

	syncing->result->offline |= fetch.offline;
	return again;
}

static int queue_all(struct syncing *syncing, const struct event_list *list, struct err *err)
{
	if (look(syncing, err) < 0)
		return -1;
	return list ? remote_queue_add(syncing->queue, list, err) : 0;
}

/* A queue that is full takes more when some of it was sent. */
static int queue_or_send(struct syncing *syncing, const struct event_list *list, struct err *err)
{
	bool offline = syncing->result->offline;
	struct err why = ERR_INIT;

	if (queue_all(syncing, list, err) == 0)
		return 0;
	if (!remote_queue_count(syncing->queue))
		return -1;
	/* where an answer was lost, nothing goes before it is known what the server has */
	if (send_queue(syncing, &why) < 0 ||
	    (remote_queue_count(syncing->queue) && fetch(syncing, &why) < 0)) {
		syncing->result->offline = offline;	/* it is not kept: that is worse */
		if (why.code != ERR_ENV)
			*err = why;
		return -1;
	}
	*err = (struct err)ERR_INIT;
	return queue_all(syncing, list, err);
}

static int rounds(struct syncing *syncing, const struct event_list *list, struct err *err)
{
	int again = 1;

	/* without a base all that is here would seem to be new */
	if (remote_base_is_new(syncing->base) && fetch(syncing, err) < 0)
		return -1;
	for (int i = 0; i < ROUNDS_MOST && again == 1; i++) {
		if (queue_or_send(syncing, i == 0 ? list : NULL, err) < 0 ||
		    send_queue(syncing, err) < 0)
			return -1;
		again = fetch(syncing, err);
	}
	return again < 0 ? -1 : 0;
}

static int sync_all(struct remote *remote, const struct event_list *list,
		struct remote_sync_result *ret,
		void (*tell)(void *arg, const char *sentence), void *arg, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;
	int failed;

	*ret = (struct remote_sync_result){ 0 };
	syncing.result = ret;
	syncing.say = tell;
	syncing.arg = arg;
	if (open_all(&syncing, remote, err) < 0)
		return -1;
	failed = rounds(&syncing, list, err);
	ret->waiting = remote_queue_count(syncing.queue);
	if (failed < 0 && ret->offline) {
		*err = (struct err)ERR_INIT;
		return 0;
	}
	return failed;
}

int remote_sync_once(struct remote *remote, struct remote_sync_result *ret,
		     void (*tell)(void *arg, const char *sentence), void *arg, struct err *err)
{
	return sync_all(remote, NULL, ret, tell, arg, err);
}

int remote_sync_events(struct remote *remote, const struct event_list *list,
		       struct remote_sync_result *ret, struct err *err)
{
	return sync_all(remote, list, ret, NULL, NULL, err);
}

int remote_sync_look(struct remote *remote, struct remote_sync_result *ret, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;

	*ret = (struct remote_sync_result){ 0 };
	syncing.result = ret;
	if (open_all(&syncing, remote, err) < 0 || look(&syncing, err) < 0)
		return -1;
	ret->waiting = remote_queue_count(syncing.queue);
	return 0;
}

int remote_sync_waiting(struct remote *remote, size_t *ret, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;

	if (open_all(&syncing, remote, err) < 0)
		return -1;
	*ret = remote_queue_count(syncing.queue);
	return 0;
}

/* --- its beginning */

int remote_sync_leave(struct remote *remote, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;
	struct remote_sync_result result = { 0 };

	syncing.remote = remote;
	syncing.result = &result;
	syncing.lock = remote_state_lock(&remote->state, LOCK_MS, err);
	if (syncing.lock < 0 || open_state(&syncing, err) < 0 || send_queue(&syncing, err) < 0)
		return -1;
	return remote_queue_clear(syncing.queue, err);
}

int remote_sync_begin(struct remote *remote, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;
	struct remote_sync_result result = { 0 };
	int again = 1;

	syncing.result = &result;
	if (open_all(&syncing, remote, err) < 0 || send_queue(&syncing, err) < 0 ||
	    remote_queue_clear(syncing.queue, err) < 0)
		return -1;
	while (remote_base_count(syncing.base))
		remote_base_remove(syncing.base, remote_base_at(syncing.base, 0)->path);
	for (int i = 0; i < ROUNDS_MOST && again == 1; i++)
		again = fetch(&syncing, err);
	return again < 0 ? -1 : 0;
}

/* --- what a disk lost */

/* 1: it was; -1: ERR_ENV. */
static int was_damaged(struct err *err)
{
	if (err->code != ERR_INTEGRITY)
		return -1;
	*err = (struct err)ERR_INIT;
	return 1;
}

static int mend_base(const struct remote_state *state, int64_t *ret_done, struct err *err)
{
	AUTO(remote_base_close) struct remote_base *base = remote_base_open(state, err);
	AUTO_FREE char *path = fs_join(state->path, "base");

	*ret_done = base ? remote_base_done(base) : 0;
	if (base && remote_base_check(base, err) == 0)
		return 0;
	if (was_damaged(err) < 0 || fs_remove_tree(AT_FDCWD, path, err) < 0)
		return -1;
	return 1;
}

/* What waits for files leads on from a base that is gone: it is found again by looking. */
static int mend_queue(const struct remote_state *state, int64_t done, bool no_base,
		      struct err *err)
{
	AUTO(remote_queue_close) struct remote_queue *queue = remote_queue_open(state, done, err);
	AUTO_FREE char *path = fs_join(state->path, "queue");
	AUTO_FREE char *aside = fs_join(state->path, "queue.damaged");

	if (queue)
		return no_base ? remote_queue_drop_files(queue, err) : 0;
	if (was_damaged(err) < 0)
		return -1;
	return rename(path, aside) < 0 ? err_sys(err, "%s", path) : 1;
}

int remote_sync_mend(struct remote *remote, struct err *err)
{
	AUTO_FD int lock = remote_state_lock(&remote->state, LOCK_MS, err);
	int64_t done;
	int base = lock < 0 ? -1 : mend_base(&remote->state, &done, err);
	int queue = base < 0 ? -1 : mend_queue(&remote->state, done, base, err);

	return queue < 0 ? -1 : base || queue;
}

/* --- its end, when that came without us */

/* Adds what is other here than at the server, as far as there is room. */
static void add_late(const struct syncing *syncing, const char *path, json_t *files, size_t *room)
{
	bool again = json_int(syncing->late, path, 0) < LATE_AGAIN;
	const struct remote_file *known = remote_base_find(syncing->base, path);
	AUTO(work_tree_file_release) struct work_tree_file here;
	AUTO_FREE char *base64 = NULL;

	work_tree_read(syncing->folder_fd, path, REMOTE_FILE_MOST, &here);
	if (!again || here.is == WORK_TREE_OTHER || (here.is == WORK_TREE_NOTHING && !known) ||
	    (known && !strcmp(known->hash, here.hash)) || here.content.len > *room)
		return;
	*room -= here.content.len;
	if (here.is == WORK_TREE_FILE)
		base64 = hash_base64(buf_str(&here.content), here.content.len);
	json_array_append_new(files, json_pack("{s:s, s:s?, s:b}", "path", path, "content", base64,
					       "executable", here.executable));
}

/* Yours. */
static json_t *late_files(const struct syncing *syncing, struct err *err)
{
	unsigned odd;
	AUTO_JSON json_t *paths = work_tree_list(syncing->remote->state.folder,
						 language_caches(), &odd, err);
	json_t *files = json_array(), *ignored;
	size_t room = LATE_MOST;
	const char *path;

	for (size_t i = 0; paths && i < remote_base_count(syncing->base); i++)
		json_object_set_new(paths, remote_base_at(syncing->base, i)->path, json_true());
	json_object_foreach(paths, path, ignored)
		if (json_array_size(files) < LATE_FILES_MOST)
			add_late(syncing, path, files, &room);
	if (paths)
		return files;
	json_decref(files);
	return NULL;
}

/* The server has it now: it is not sent again, unless it was changed meanwhile. */
static int settle_late(struct syncing *syncing, const json_t *files, struct err *err)
{
	const json_t *file;
	size_t i;

	json_array_foreach(files, i, file) {
		const char *path = json_str(file, "path", "");
		const char *base64 = json_str(file, "content", NULL);
		AUTO_FREE char *bytes = NULL;
		size_t len = 0;

		json_object_set_new(syncing->late, path,
				    json_integer(json_int(syncing->late, path, 0) + 1));
		if (!base64) {
			remote_base_remove(syncing->base, path);
			continue;
		}
		bytes = hash_from_base64(base64, &len, err);
		if (!bytes)
			return -1;
		remote_base_put(syncing->base, path, bytes, len,
				json_flag(file, "executable", false), REMOTE_REV_UNSURE);
	}
	if (remote_base_save(syncing->base, remote_base_done(syncing->base), err) < 0)
		return -1;
	return remote_queue_clear(syncing->queue, err);
}

/* *ret_files: how many; 0: there is no more. */
static int send_late(struct remote *remote, json_t *sent, unsigned *ret_files, struct err *err)
{
	AUTO(release_syncing) struct syncing syncing = SYNCING_INIT;
	AUTO_JSON json_t *files = NULL;
	AUTO_JSON json_t *body = NULL;
	AUTO_JSON json_t *answer = NULL;
	int status;

	*ret_files = 0;
	syncing.late = sent;
	if (open_all(&syncing, remote, err) < 0)
		return -1;
	files = late_files(&syncing, err);
	if (!files)
		return -1;
	if (!json_array_size(files))
		return 0;
	body = json_pack("{s:s, s:O}", "schema", "tali.late/1", "files", files);
	answer = remote_json(remote, "POST", "/api/v1/late", body, &status, err);
	if (!answer || settle_late(&syncing, files, err) < 0)
		return -1;
	*ret_files = (unsigned)json_array_size(files);
	return 0;
}

void remote_late(struct remote *remote, void (*tell)(void *arg, const char *sentence), void *arg)
{
	AUTO_JSON json_t *sent = json_object();
	AUTO_FREE char *sentence = NULL;
	struct err err = ERR_INIT;
	unsigned files, some;
	int failed;

	do
		failed = send_late(remote, sent, &some, &err);
	while (failed == 0 && some);
	files = (unsigned)json_object_size(sent);
	if (failed < 0)
		sentence = buf_format("what was not sent in time stays here: %s", err.text);
	else if (files)
		sentence = buf_format("%u file%s sent as late work: kept, and not graded", files,
				      files == 1 ? " was" : "s were");
	if (sentence && tell)
		tell(arg, sentence);
}
