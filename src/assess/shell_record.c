/* shell_record.c - see shell_record.h */
#include "assess/shell_record.h"

#include "assess/file_record.h"
#include "assess/terminal_event.h"
#include "base/auto.h"
#include "base/rand.h"
#include "journal/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#define LOCK_FILE "tali-shell.lock"

struct shell_record {
	struct store *store;
	struct run_setting *setting;
	struct file_record *files;
	char id[RAND_ID_LEN + 1];	/* of the assessment */
	char terminal[RAND_ID_LEN + 1];
	char commit[REPO_OID_SIZE];	/* where the record of the files stands */
	int64_t deadline;
	struct terminal_log typed, written;
	int lock;
	bool changed, over;
};

/* Two would tell each other's changes as their own. */
static int take_lock(struct shell_record *record, struct err *err)
{
	AUTO_FREE char *repo = store_repo_path(record->store, record->id);
	AUTO_FREE char *path = fs_join(repo, LOCK_FILE);

	record->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (record->lock < 0)
		return err_sys(err, "%s", path);
	if (flock(record->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK
		       ? err_set(err, ERR_STATE, "a shell of this assessment is open already")
		       : err_sys(err, "%s", path);
}

struct shell_record *shell_record_open(struct store *store, struct run_setting *setting,
				       struct err *err)
{
	AUTO(shell_record_close) struct shell_record *record = buf_alloc(sizeof(*record));

	*record = (struct shell_record){
		.store = store, .setting = setting, .deadline = setting->assessment.deadline,
		.typed = TERMINAL_LOG_INIT, .written = TERMINAL_LOG_INIT, .lock = -1,
	};
	memcpy(record->id, setting->assessment.id, sizeof(record->id));
	memcpy(record->commit, setting->snapshot.commit, sizeof(record->commit));
	rand_id(record->terminal);
	if (take_lock(record, err) < 0)
		return NULL;
	record->files = file_record_open(setting->repo, setting->snapshot.tree,
					 setting->folder_fd, err);
	return record->files ? TAKE(record) : NULL;
}

void shell_record_close(struct shell_record **record)
{
	if (!*record)
		return;
	file_record_close(&(*record)->files);
	terminal_log_release(&(*record)->typed);
	terminal_log_release(&(*record)->written);
	auto_close(&(*record)->lock);
	free(*record);
	*record = NULL;
}

/* --- storing */

static void take_state(struct shell_record *record, const struct assessment *now)
{
	record->deadline = now->deadline;
	if (now->status != STATUS_ACTIVE || store_now(record->store) >= now->deadline)
		record->over = true;
}

/* What was typed and written stands ahead of everything that comes after it. */
static int add_logs(struct shell_record *record, bool all, struct event_list *list,
		    struct err *err)
{
	return terminal_event_add_logs(list, record->terminal, &record->typed, &record->written,
				       all, store_now(record->store), err);
}

/* A snapshot of somebody else's (a run, in another window) has moved the record of the files. */
static int follow_commit(struct shell_record *record, const char *commit,
			 struct event_list *files, struct err *err)
{
	char tree[REPO_OID_SIZE];

	if (!strcmp(commit, record->commit))
		return 0;
	if (repo_commit_tree(record->setting->repo, commit, tree, err) < 0 ||
	    (files ? file_record_again(record->files, tree, files, err)
		   : file_record_rebase(record->files, tree, err)) < 0)
		return -1;
	memcpy(record->commit, commit, REPO_OID_SIZE);
	return 0;
}

/* All or none. `files` may be NULL; both lists are left as they are. */
static int store_lists(struct shell_record *record, const struct event_list *list,
		       struct event_list *files, struct err *err)
{
	struct store *store = record->store;
	AUTO(store_rollback) struct store *tx = store;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;

	if (record->over || (list->count == 0 && (!files || files->count == 0)))
		return 0;
	if (store_begin(store, err) < 0 || assessment_get(store, record->id, &now, err) < 0)
		return -1;
	take_state(record, &now);
	if (record->over)
		return 0;
	if (follow_commit(record, now.commit, files, err) < 0 ||
	    (list->count && ingest_list(store, record->id, list, NULL, err) < 0) ||
	    (files && files->count && ingest_list(store, record->id, files, NULL, err) < 0))
		return -1;
	return store_commit(store, err);
}

static int flush(struct shell_record *record, bool all, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;

	if (add_logs(record, all, &list, err) < 0)
		return -1;
	return store_lists(record, &list, NULL, err);
}

int shell_record_flush(struct shell_record *record, struct err *err)
{
	return flush(record, false, err);
}

bool shell_record_waits(const struct shell_record *record)
{
	return terminal_log_first(&record->typed) >= 0 ||
	       terminal_log_first(&record->written) >= 0;
}

/* --- the terminal */

/* Takes `data`. */
static int add_now(struct shell_record *record, const char *kind, json_t *data, struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_JSON json_t *owned = data;

	if (add_logs(record, !strcmp(kind, "terminal"), &list, err) < 0 ||
	    event_list_add(&list, "candidate", kind, TAKE(owned), store_now(record->store), err) <
		    0)
		return -1;
	return store_lists(record, &list, NULL, err);
}

int shell_record_start(struct shell_record *record, const char *const *argv, int columns, int rows,
		       struct err *err)
{
	return add_now(record, "terminal",
		       terminal_event_start(record->terminal, argv, columns, rows), err);
}

int shell_record_end(struct shell_record *record, const struct run_report *report,
		     struct err *err)
{
	return add_now(record, "terminal", terminal_event_end(record->terminal, report), err);
}

int shell_record_resize(struct shell_record *record, int columns, int rows, struct err *err)
{
	return add_now(record, "terminal_resize",
		       terminal_event_resize(record->terminal, columns, rows), err);
}

int shell_record_bytes(struct shell_record *record, bool typed, const char *data, size_t len,
		       struct err *err)
{
	struct terminal_log *log = typed ? &record->typed : &record->written;

	while (len > 0) {
		size_t piece = len < TERMINAL_LOG_PIECE ? len : TERMINAL_LOG_PIECE;

		terminal_log_add(log, data, piece, store_now(record->store));
		data += piece;
		len -= piece;
		if (terminal_log_is_full(log) && shell_record_flush(record, err) < 0)
			return -1;
	}
	return 0;
}

/* --- the files */

struct look {
	struct shell_record *record;
	struct event_list files;
};

static int take_change(void *arg, const struct watch_change *change, struct err *err)
{
	struct look *look = arg;

	look->record->changed = true;
	return file_record_change(look->record->files, change, &look->files, err);
}

int shell_record_look(struct shell_record *record, struct watch *watch, bool all, int64_t now,
		      struct err *err)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct look look = { .record = record, .files = EVENT_LIST_INIT };
	int result = -1;

	if (watch_look(watch, all, now, take_change, &look, err) == 0 &&
	    add_logs(record, false, &list, err) == 0)
		result = store_lists(record, &list, &look.files, err);
	if (result == 0)
		file_record_settle(record->files);
	event_list_release(&look.files);
	return result;
}

/* --- snapshots */

static json_t *open_texts(void *arg, const char *before, const char *tree, struct err *err)
{
	struct shell_record *record = arg;

	if (follow_commit(record, before, NULL, err) < 0)
		return NULL;
	return file_record_texts(record->files, tree, err);
}

int shell_record_snapshot(struct shell_record *record, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	const struct snapshot_texts texts = { .arg = record, .open = open_texts };
	struct snapshot snapshot;

	if (shell_record_flush(record, err) < 0 || record->over)
		return record->over ? 0 : -1;
	if (assessment_get(record->store, record->id, &now, err) < 0 ||
	    snapshot_take_texts(record->store, record->setting->repo, &now,
				record->setting->folder_fd, "idle", &texts, &snapshot, err) < 0)
		return -1;
	record->changed = false;
	/* of one that was made by somebody else meanwhile, the next to store something hears */
	return snapshot.made ? follow_commit(record, snapshot.commit, NULL, err) : 0;
}

bool shell_record_changed(const struct shell_record *record)
{
	return record->changed;
}

/* --- the assessment */

int shell_record_check(struct shell_record *record, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;

	if (assessment_get(record->store, record->id, &now, err) < 0)
		return -1;
	take_state(record, &now);
	return record->over;
}

bool shell_record_is_over(const struct shell_record *record)
{
	return record->over;
}

void shell_record_give_up(struct shell_record *record)
{
	record->over = true;
}

int64_t shell_record_deadline(const struct shell_record *record)
{
	return record->deadline;
}

unsigned shell_record_kept(const struct shell_record *record)
{
	return file_record_kept(record->files);
}
