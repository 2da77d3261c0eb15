/* start.c - see start.h */
#include "assess/start.h"

#include "assess/lifecycle.h"
#include "assess/provision.h"
#include "assess/secret.h"
#include "work/session.h"
#include "assess/snapshot.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "store/task.h"
#include "store/throttle.h"
#include "task/manifest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define UNFINISHED_CLONE ".git.unfinished"	/* what repo_clone_out works in */

enum folder_use { FOLDER_REFUSED = -1, FOLDER_FREE, FOLDER_UNMARKED, FOLDER_OURS };

void start_result_release(struct start_result *result)
{
	assessment_release(&result->assessment);
	free(result->folder);
	*result = (struct start_result)START_RESULT_INIT;
}

static json_t *read_manifest(struct store *store, const struct assessment *assessment,
			     struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version, err) <
	    0)
		return NULL;
	return json_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE, err);
}

static int check_opens(const char *what, int64_t opens, int64_t now, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];

	if (opens <= now)
		return 0;
	return err_set(err, ERR_STATE, "%s from %s on", what, clock_text(opens, time));
}

static int check_window(struct store *store, const struct assessment *assessment, struct err *err)
{
	AUTO_JSON json_t *manifest = read_manifest(store, assessment, err);
	const char *opens = json_str(manifest, "opens", NULL);
	const char *closes = json_str(manifest, "closes", NULL);
	int64_t now = store_now(store), moment = 0;
	char time[CLOCK_TEXT_SIZE];

	if (!manifest)
		return -1;
	if (check_opens("it can be started", assessment->not_before, now, err) < 0)
		return -1;
	if (assessment->expires && assessment->expires <= now)
		return err_set(err, ERR_STATE, "the invitation expired at %s",
			       clock_text(assessment->expires, time));
	if (opens && (clock_parse_time(opens, &moment, err) < 0 ||
		      check_opens("the task is open", moment, now, err) < 0))
		return -1;
	if (closes && clock_parse_time(closes, &moment, err) < 0)
		return -1;
	if (closes && moment <= now)
		return err_set(err, ERR_STATE, "the task closed at %s", closes);
	return 0;
}

static int refuse(const struct assessment *assessment, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];

	switch (assessment->status) {
	case STATUS_EXPIRED:
		return err_set(err, ERR_STATE, "the invitation expired at %s",
			       clock_text(assessment->expires, time));
	case STATUS_REVOKED:
		return err_set(err, ERR_STATE, "the invitation was revoked%s%s",
			       *assessment->reason ? ": " : "", assessment->reason);
	default:
		return err_set(err, ERR_STATE, "it was handed in at %s",
			       clock_text(assessment->submitted, time));
	}
}

/* The next attempt is an assessment of its own; link and passcode open it from now on. In a
 * transaction. */
static int next_attempt(struct store *store, struct assessment *assessment, struct err *err)
{
	struct assessment closed = *assessment, next = *assessment;

	closed.link_hash[0] = closed.passcode_hash[0] = '\0';
	if (assessment_save(store, &closed, err) < 0)
		return -1;
	rand_id(next.id);
	next.attempt++;
	next.status = STATUS_SCHEDULED;
	next.created = store_now(store);
	next.started = next.deadline = next.submitted = 0;
	next.commit[0] = '\0';
	if (lifecycle_create(store, &next, err) < 0)
		return -1;
	*assessment = next;
	return 0;
}

static int check_attempts(struct store *store, const struct assessment *assessment, bool again,
			  struct err *err)
{
	AUTO_JSON json_t *manifest = read_manifest(store, assessment, err);
	json_int_t attempts = json_int(manifest, "attempts", 1);

	if (!manifest)
		return -1;
	if (!assessment->submitted || assessment->attempt >= attempts)
		return refuse(assessment, err);
	if (!again)
		return err_set(err, ERR_STATE,
			       "attempt %lld of %lld was handed in; --again begins the next one",
			       (long long)assessment->attempt, (long long)attempts);
	return 0;
}

/* Status is read inside the transaction: start is once. */
int start_activate(struct store *store, struct assessment *assessment, bool again,
		   struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	char id[RAND_ID_LEN + 1];

	memcpy(id, assessment->id, sizeof(id));
	assessment_release(assessment);
	if (store_begin(store, err) < 0 || assessment_get(store, id, assessment, err) < 0)
		return -1;
	switch (assessment->status) {
	case STATUS_ACTIVATED:
	case STATUS_INITIALIZING:
	case STATUS_CONFIGURING:
	case STATUS_ACTIVE:
		return 0;
	case STATUS_SCHEDULED:
	case STATUS_ERROR:
		break;
	default:
		if (check_attempts(store, assessment, again, err) < 0 ||
		    next_attempt(store, assessment, err) < 0)
			return -1;
	}
	if (check_window(store, assessment, err) < 0 ||
	    provision_request(store, assessment, err) < 0)
		return -1;
	return store_commit(store, err);
}

/* A clone of this assessment that a crash left just before session_write. */
static bool is_unmarked(const char *folder, const struct assessment *assessment)
{
	AUTO_FREE char *path = fs_join(folder, ".git/" SNAPSHOT_BRANCH);
	AUTO(buf_release) struct buf commit = { 0 };
	struct err ignored = ERR_INIT;

	return *assessment->commit && fs_read(AT_FDCWD, path, 64, &commit, &ignored) == 0 &&
	       !strncmp(commit.data, assessment->commit, strlen(assessment->commit));
}

/* Empty, or holding a clone that was cut off: repo_clone_out goes on with that. */
static int look_inside(const char *folder, struct err *err)
{
	struct dirent *entry;
	bool empty = true, unfinished = false;
	DIR *dir = opendir(folder);

	if (!dir)
		return err_sys(err, "%s", folder);
	while ((entry = readdir(dir))) {
		empty &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
		unfinished |= !strcmp(entry->d_name, UNFINISHED_CLONE);
	}
	closedir(dir);
	return empty || unfinished ? FOLDER_FREE
				   : err_set(err, ERR_STATE, "%s is not empty", folder);
}

static enum folder_use look_at_folder(const char *folder, const struct assessment *assessment,
				      struct err *err)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	struct err ignored = ERR_INIT;

	if (!fs_exists(folder))
		return FOLDER_FREE;
	if (session_find(folder, &session, &ignored) == 0 && !*session.below) {
		if (!strcmp(session.assessment_id, assessment->id))
			return FOLDER_OURS;
		return err_set(err, ERR_STATE, "%s is the work folder of another assessment",
			       folder);
	}
	return is_unmarked(folder, assessment) ? FOLDER_UNMARKED : look_inside(folder, err);
}

/* One at a time: another start may be at it in the same folder, so we look again when it is ours to
 * write. 1 laid out, 0 it was there already, -1 error. */
static int lay_out(struct store *store, const struct assessment *assessment, const char *folder,
		   struct err *err)
{
	AUTO(repo_close) struct repo *repo = snapshot_repo(store, assessment, err);
	AUTO_FD int lock = -1;
	enum folder_use use;

	if (!repo || fs_mkdirs(folder, 0755, err) < 0)
		return -1;
	lock = fs_lock(folder, err);
	if (lock < 0)
		return -1;
	use = look_at_folder(folder, assessment, err);
	if (use == FOLDER_OURS)
		return 0;
	if (use == FOLDER_REFUSED ||
	    (use == FOLDER_FREE &&
	     repo_clone_out(repo, folder, assessment->name, assessment->email, err) < 0) ||
	    session_write(folder, store_path(store), NULL, assessment->id, err) < 0)
		return -1;
	return 1;
}

static int open_invitation(struct store *store, const struct start_request *request,
			   struct assessment *ret, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;

	if (secret_open(store, request->words, request->code, request->source, ret, err) < 0 ||
	    store_begin(store, err) < 0 || throttle_clear(store, request->source, err) < 0)
		return -1;
	return store_commit(store, err);
}

int start_session(struct store *store, const struct start_request *request,
		  struct start_result *ret, struct err *err)
{
	AUTO(start_result_release) struct start_result result = START_RESULT_INIT;
	struct assessment *assessment = &result.assessment;
	AUTO_FREE char *folder = NULL;
	enum folder_use use;
	int laid_out = 0;

	if (open_invitation(store, request, assessment, err) < 0)
		return -1;
	folder = buf_strdup(request->folder ? request->folder : assessment->task_name);
	use = look_at_folder(folder, assessment, err);
	if (use == FOLDER_OURS && assessment->submitted && request->again)
		return err_set(err, ERR_STATE, "%s is the work folder of the attempt before",
			       folder);
	if (use == FOLDER_REFUSED ||
	    (use != FOLDER_OURS && fs_may_mkdirs(folder, err) < 0) ||
	    start_activate(store, assessment, request->again, err) < 0)
		return -1;
	result.resumed = assessment->status == STATUS_ACTIVE;
	if (!result.resumed && provision_run(store, assessment, err) < 0)
		return -1;
	if (use != FOLDER_OURS)
		laid_out = lay_out(store, assessment, folder, err);
	if (laid_out < 0)
		return err_wrap(err, "the clock is running, but the work folder could not be made");
	result.laid_out = laid_out == 1;
	result.folder = realpath(folder, NULL);
	*ret = result;
	result = (struct start_result)START_RESULT_INIT;
	return 0;
}
