/* provision.c - see provision.h */
#include "assess/provision.h"

#include "assess/lifecycle.h"
#include "assess/snapshot.h"
#include "base/auto.h"
#include "base/buf.h"
#include "store/job.h"
#include "store/task.h"

#include <string.h>
#include <time.h>

#define KIND "provision"
#define WAIT_MS 20
#define WAIT_TRIES 1000

int provision_request(struct store *store, struct assessment *assessment, struct err *err)
{
	char id[RAND_ID_LEN + 1];

	if (job_add(store, assessment->id, KIND, id, err) < 0)
		return -1;
	return lifecycle_move(store, assessment, STATUS_ACTIVATED, "candidate", NULL, err);
}

/* One step of the way in a transaction of its own; a step that was done before the crash is
 * passed over. */
static int step_to(struct store *store, struct assessment *assessment, const char *job,
		   enum status from, enum status to, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;

	if (assessment->status != from)
		return 0;
	if (store_begin(store, err) < 0 ||
	    lifecycle_move(store, assessment, to, "system", NULL, err) < 0 ||
	    job_log(store, job, status_name(to), err) < 0)
		return -1;
	return store_commit(store, err);
}

static struct repo *make_repo(struct store *store, const struct assessment *assessment,
			      struct err *err)
{
	AUTO_FREE char *start_name = buf_format("start-%s", assessment->task_id);
	AUTO_FREE char *start_path = store_repo_path(store, start_name);
	AUTO_FREE char *path = store_repo_path(store, assessment->id);

	return repo_create(path, start_path, err);
}

static int start_clock(struct store *store, struct repo *repo, struct assessment *assessment,
		       const char *job, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO(store_rollback) struct store *tx = store;
	struct assessment before;
	struct snapshot snapshot;
	json_t *data;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version, err) <
		    0 ||
	    store_begin(store, err) < 0 ||
	    snapshot_commit(store, repo, assessment, version.start_tree, "start",
			    store_now(store), 0, NULL, &snapshot, err) < 0)
		return -1;
	before = *assessment;
	assessment->status = STATUS_ACTIVE;
	assessment->started = store_now(store);
	assessment->deadline = assessment->started + assessment->duration_ms + assessment->extra_ms;
	data = json_pack("{s:s, s:s}", "from", "configuring", "to", "active");
	if (lifecycle_change(store, &before, assessment, "system", "status", data, err) < 0 ||
	    job_log(store, job, "active", err) < 0 || job_finish(store, job, "done", err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return snapshot_publish(store, repo, assessment->id, err);
}

static int work_off(struct store *store, struct assessment *assessment, const char *job,
		    struct err *err)
{
	AUTO(repo_close) struct repo *repo = NULL;

	if (step_to(store, assessment, job, STATUS_ACTIVATED, STATUS_INITIALIZING, err) < 0)
		return -1;
	repo = make_repo(store, assessment, err);
	if (!repo ||
	    step_to(store, assessment, job, STATUS_INITIALIZING, STATUS_CONFIGURING, err) < 0)
		return -1;
	return start_clock(store, repo, assessment, job, err);
}

/* Writes the failure down; what went wrong stays in `err`. */
static void record_failure(struct store *store, const char *id, const char *job,
			   const struct err *why)
{
	AUTO(store_rollback) struct store *tx = store;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct err ignored = ERR_INIT;

	store_rollback(&tx);
	if (store_begin(store, &ignored) < 0 || assessment_get(store, id, &now, &ignored) < 0 ||
	    job_log(store, job, why->text, &ignored) < 0 ||
	    job_finish(store, job, "failed", &ignored) < 0 ||
	    lifecycle_move(store, &now, STATUS_ERROR, "system", why->text, &ignored) < 0)
		return;
	store_commit(store, &ignored);
}

/* 1 ours, 0 somebody else works on it or it is over, -1 error. */
static int take_job(struct store *store, const char *assessment_id, struct job *ret,
		    struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	int taken;

	job_release(ret);
	if (store_begin(store, err) < 0 || job_find(store, assessment_id, KIND, ret, err) < 0)
		return -1;
	taken = job_take(store, ret->id, err);
	return taken < 0 || store_commit(store, err) < 0 ? -1 : taken;
}

static int read_again(struct store *store, const char *id, struct assessment *assessment,
		      struct err *err)
{
	assessment_release(assessment);
	return assessment_get(store, id, assessment, err);
}

/* Another process may be at it: then we wait for its end, or for its death. */
static int wait_for_job(struct store *store, const char *id, struct assessment *assessment,
			struct job *job, struct err *err)
{
	const struct timespec pause = { .tv_nsec = WAIT_MS * 1000000L };
	int taken, tries;

	for (tries = 0; tries < WAIT_TRIES; tries++) {
		taken = take_job(store, id, job, err);
		if (taken < 0 || read_again(store, id, assessment, err) < 0)
			return -1;
		if (taken == 1 || assessment->status == STATUS_ACTIVE)
			return taken;
		if (!strcmp(job->state, "failed"))
			break;
		nanosleep(&pause, NULL);
	}
	return err_set(err, ERR_ENV, "another process is setting the workspace up; try again");
}

int provision_run(struct store *store, struct assessment *assessment, struct err *err)
{
	AUTO(job_release) struct job job = JOB_INIT;
	char id[RAND_ID_LEN + 1];
	int taken;

	memcpy(id, assessment->id, sizeof(id));
	taken = wait_for_job(store, id, assessment, &job, err);
	if (taken <= 0)
		return taken;
	if (work_off(store, assessment, job.id, err) == 0)
		return 0;
	record_failure(store, id, job.id, err);
	return err_wrap(err, "cannot set the workspace up");
}
