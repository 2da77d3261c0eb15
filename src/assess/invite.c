/* invite.c - see invite.h */
#include "assess/invite.h"

#include "assess/ai_unanswered.h"
#include "assess/lifecycle.h"
#include "assess/secret.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "store/candidate.h"
#include "store/config.h"
#include "store/task.h"
#include "task/manifest.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000LL
#define DURATION_LEAST (5 * MINUTE_MS)
#define DURATION_MOST (480 * MINUTE_MS)
#define CODE_LEAST 4

void invite_result_release(struct invite_result *result)
{
	assessment_release(&result->assessment);
	free(result->link);
	*result = (struct invite_result)INVITE_RESULT_INIT;
}

int invite_describe(struct store *store, const struct assessment *assessment,
		    struct invite_result *ret, struct err *err)
{
	if (secret_passcode(store, assessment, ret->passcode, err) < 0)
		return -1;
	ret->link = secret_link(store, assessment, err);
	return ret->link ? 0 : -1;
}

static int check_request(const struct invite_request *request, struct err *err)
{
	if (request->duration_ms &&
	    (request->duration_ms < DURATION_LEAST || request->duration_ms > DURATION_MOST))
		return err_set(err, ERR_INPUT, "the duration must be 5 to 480 minutes");
	if (request->extra_ms > DURATION_MOST)
		return err_set(err, ERR_INPUT, "the extra time must be at most 480 minutes");
	if (request->code && strlen(request->code) < CODE_LEAST)
		return err_set(err, ERR_INPUT, "the access code must have at least %d characters",
			       CODE_LEAST);
	if (candidate_text_check("the name", request->name, err) < 0 ||
	    candidate_text_check("the message", request->message, err) < 0)
		return -1;
	return candidate_text_check("the instructions text", request->instructions, err);
}

/* The candidate of the address, made when new; a deleted one comes back. */
static int ensure_candidate(struct store *store, const char *email, const char *name,
			    struct candidate *ret, struct err *err)
{
	int row = candidate_find_email(store, email, ret, err);

	if (row < 0)
		return -1;
	if (row == 0) {
		ret->email = buf_strdup(email);
		ret->name = buf_strdup(name && *name ? name : email);
		ret->notes = buf_strdup("");
		return candidate_add(store, ret, err);
	}
	if (!ret->deleted && (!name || !*name || !strcmp(name, ret->name)))
		return 0;
	ret->deleted = 0;
	if (name && *name) {
		free(ret->name);
		ret->name = buf_strdup(name);
	}
	return candidate_save(store, ret, err);
}

static int fill(struct store *store, const struct invite_request *request, const struct task *task,
		struct assessment *ret, struct err *err)
{
	AUTO_JSON json_t *manifest = json_parse(task->manifest, strlen(task->manifest),
						MANIFEST_FILE, err);
	int64_t valid_ms = request->valid_ms;

	if (!manifest || (!valid_ms && config_int(store, "invite.valid", &valid_ms, err) < 0))
		return -1;
	rand_id(ret->id);
	memcpy(ret->secret_id, ret->id, sizeof(ret->id));
	memcpy(ret->task_id, task->id, sizeof(task->id));
	memcpy(ret->task_version, task->version, sizeof(task->version));
	ret->live = request->live;
	ret->attempt = 1;
	ret->status = STATUS_SCHEDULED;
	ret->created = store_now(store);
	ret->not_before = request->not_before;
	ret->expires = (ret->not_before > ret->created ? ret->not_before : ret->created) + valid_ms;
	ret->duration_ms = request->duration_ms;
	if (!ret->duration_ms)
		ret->duration_ms = json_int(manifest, "time_limit_minutes", 60) * MINUTE_MS;
	ret->extra_ms = request->extra_ms;
	ret->instructions = buf_strdup(request->instructions ? request->instructions : "");
	ret->message = buf_strdup(request->message ? request->message : "");
	if (request->code && secret_stored(store, "code", request->code, ret->code_hash, err) < 0)
		return -1;
	return secret_set(store, ret, err);
}

static int check_window(const struct task *task, int64_t now, struct err *err)
{
	AUTO_JSON json_t *manifest = json_parse(task->manifest, strlen(task->manifest),
						MANIFEST_FILE, err);
	const char *closes = json_str(manifest, "closes", NULL);
	int64_t closes_ms;

	if (task->stub)
		return task_refuse_stub(task->name, err);
	if (task->archived)
		return err_set(err, ERR_STATE, "task '%s' is archived", task->name);
	if (!manifest)
		return -1;
	if (!closes)
		return 0;
	if (clock_parse_time(closes, &closes_ms, err) < 0)
		return -1;
	if (closes_ms <= now)
		return err_set(err, ERR_STATE, "task '%s' closed at %s", task->name, closes);
	return 0;
}

/* In the open transaction: the one that is there, or a new one. */
static int find_or_add(struct store *store, const struct invite_request *request,
		       const struct task *task, const char *email, struct invite_result *ret,
		       struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	struct assessment *assessment = &ret->assessment;
	int64_t round = request->round ? request->round : 1;
	int row;

	if (ensure_candidate(store, email, request->name, &candidate, err) < 0)
		return -1;
	row = assessment_find_round(store, task->id, candidate.id, round, assessment, err);
	if (row < 0)
		return -1;
	ret->made = row == 0;
	if (row == 1)
		return 0;
	if (check_window(task, store_now(store), err) < 0 ||
	    fill(store, request, task, assessment, err) < 0)
		return -1;
	memcpy(assessment->candidate_id, candidate.id, sizeof(candidate.id));
	assessment->round = round;
	assessment->email = buf_strdup(candidate.email);
	assessment->name = buf_strdup(candidate.name);
	assessment->task_name = buf_strdup(task->name);
	return lifecycle_create(store, assessment, err);
}

int invite_make(struct store *store, const struct invite_request *request,
		struct invite_result *ret, struct err *err)
{
	AUTO(invite_result_release) struct invite_result result = INVITE_RESULT_INIT;
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(store_rollback) struct store *tx = store;
	AUTO_FREE char *email = candidate_email_read(request->email, err);

	if (!email || check_request(request, err) < 0 ||
	    task_find(store, request->task, &task, err) < 0 || store_begin(store, err) < 0)
		return -1;
	if (find_or_add(store, request, &task, email, &result, err) < 0)
		return -1;
	if (request->dry_run && result.made) {
		result.assessment.id[0] = '\0';
	} else {
		if (!request->dry_run && store_commit(store, err) < 0)
			return -1;
		if (invite_describe(store, &result.assessment, &result, err) < 0)
			return -1;
	}
	*ret = result;
	result = (struct invite_result)INVITE_RESULT_INIT;
	return 0;
}

/* Opens a transaction, finds the assessment and gives a copy to change (texts are shared with
 * `before`). */
static int begin_change(struct store *store, const char *id, struct assessment *before,
			struct assessment *after, struct err *err)
{
	if (store_begin(store, err) < 0 || assessment_find(store, id, before, err) < 0)
		return -1;
	*after = *before;
	return 0;
}

int invite_revoke(struct store *store, const char *id, const char *reason, struct assessment *ret,
		  struct err *err)
{
	struct assessment after;
	AUTO(store_rollback) struct store *tx = store;
	AUTO_FREE char *text = buf_strdup(reason ? reason : "");
	json_t *data;

	if (candidate_text_check("the reason", reason, err) < 0 ||
	    begin_change(store, id, ret, &after, err) < 0)
		return -1;
	if (ret->status == STATUS_REVOKED)
		return err_set(err, ERR_STATE, "the assessment is revoked already");
	after.status = STATUS_REVOKED;
	after.reason = text;
	if (ret->status == STATUS_ACTIVE && ai_unanswered_close(store, ret->id, err) < 0)
		return -1;
	data = json_pack("{s:s, s:s}", "from", status_name(ret->status), "to", "revoked");
	if (lifecycle_change(store, ret, &after, "recruiter", "status", data, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	text = ret->reason;
	*ret = after;
	return 0;
}

static int apply_extension(struct assessment *after, int64_t now, int64_t more_ms, int64_t expires,
			   struct err *err)
{
	if (after->status == STATUS_EXPIRED)
		return err_set(err, ERR_STATE,
			       "the invitation is expired: invite again with --round %lld",
			       (long long)after->round + 1);
	if (more_ms) {
		if (after->status != STATUS_SCHEDULED && after->status != STATUS_ACTIVE)
			return err_set(err, ERR_STATE, "the assessment is %s: its time is over",
				       status_name(after->status));
		after->extra_ms += more_ms;
		if (after->deadline)
			after->deadline += more_ms;
		if (after->extra_ms > 10 * DURATION_MOST)
			return err_set(err, ERR_INPUT, "that is too much extra time");
	}
	if (expires) {
		if (after->status != STATUS_SCHEDULED)
			return err_set(err, ERR_STATE,
				       "the assessment is %s: it was started already",
				       status_name(after->status));
		if (expires <= now)
			return err_set(err, ERR_INPUT, "the new end of the window is in the past");
		after->expires = expires;
	}
	return 0;
}

int invite_extend(struct store *store, const char *id, int64_t more_ms, int64_t expires,
		  struct assessment *ret, struct err *err)
{
	struct assessment after;
	AUTO(store_rollback) struct store *tx = store;

	if (begin_change(store, id, ret, &after, err) < 0)
		return -1;
	if (apply_extension(&after, store_now(store), more_ms, expires, err) < 0 ||
	    lifecycle_change(store, ret, &after, "recruiter", "extend", NULL, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	*ret = after;
	return 0;
}

int invite_resend(struct store *store, const char *id, struct invite_result *ret, struct err *err)
{
	struct assessment after;
	AUTO(store_rollback) struct store *tx = store;

	if (begin_change(store, id, &ret->assessment, &after, err) < 0)
		return -1;
	if (after.status == STATUS_EXPIRED || after.status == STATUS_REVOKED)
		return err_set(err, ERR_STATE, "the assessment is %s: there is nothing to open",
			       status_name(after.status));
	after.rotation++;
	if (secret_set(store, &after, err) < 0 ||
	    lifecycle_change(store, &ret->assessment, &after, "recruiter", "resend", NULL, err) <
		    0 ||
	    store_commit(store, err) < 0)
		return -1;
	ret->assessment = after;
	return invite_describe(store, &after, ret, err);
}
