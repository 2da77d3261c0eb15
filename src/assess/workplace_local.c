/* workplace_local.c - see workplace_local.h */
#include "assess/workplace_local.h"

#include "assess/ai_record.h"
#include "assess/remark.h"
#include "assess/run_program.h"
#include "assess/shell.h"
#include "assess/submit.h"
#include "ai/ai_policy.h"
#include "base/auto.h"
#include "base/json.h"
#include "grade/grade_json.h"
#include "report/view.h"
#include "store/task.h"
#include "task/manifest.h"
#include "work/status_view.h"

#include <string.h>

static struct workplace_local *local_of(struct workplace *place)
{
	return (struct workplace_local *)place;
}

/* --- remarks */

struct wanted {
	const char *assessment_id;
	int64_t seq;
	json_t *view;
};

static int view_wanted(void *arg, const struct event *event, struct err *err)
{
	struct wanted *wanted = arg;

	(void)err;
	/* others may have added theirs meanwhile */
	if (event->seq == wanted->seq)
		wanted->view = view_event(wanted->assessment_id, event);
	return 1;
}

static json_t *event_json(const struct workplace_local *place, int64_t seq, struct err *err)
{
	struct wanted wanted = { place->session->assessment_id, seq, NULL };

	if (event_page(place->store, wanted.assessment_id, seq, 1, view_wanted, &wanted, err) ==
		    0 &&
	    !wanted.view)
		err_set(err, ERR_INTEGRITY, "event %lld is not there", (long long)seq);
	return wanted.view;
}

static json_t *note(struct workplace *place, const char *text, size_t len, struct err *err)
{
	const struct workplace_local *local = local_of(place);
	int64_t seq = 0;

	if (remark_note(local->store, local->session, text, len, &seq, err) < 0)
		return NULL;
	return event_json(local, seq, err);
}

static json_t *estimate(struct workplace *place, int64_t duration_ms, struct err *err)
{
	const struct workplace_local *local = local_of(place);
	int64_t seq = 0;

	if (remark_estimate(local->store, local->session, duration_ms, &seq, err) < 0)
		return NULL;
	return event_json(local, seq, err);
}

/* --- what runs */

static struct run_request request_of(const struct workplace_local *local)
{
	return (struct run_request){ .store = local->store, .sandbox = local->sandbox,
				     .session = local->session, .stdin_fd = -1,
				     .allow_weak = local->allow_weak };
}

static json_t *run(struct workplace *place, const struct workplace_run *run, struct err *err)
{
	struct run_request request = request_of(local_of(place));
	struct run_result result = { .kept = 0 };
	json_t *view;

	request.argv = run->argv;
	request.stdin_fd = run->in;
	request.output = run->output;
	request.arg = run->arg;
	if (run_program(&request, &result, err) < 0)
		return NULL;
	view = run_report_json(&result.report);
	json_object_set_new(view, "schema", json_string("tali.run/1"));
	json_object_set_new(view, "recorded", json_boolean(result.recorded));
	json_object_set_new(view, "kept", json_integer(result.kept));
	return view;
}

static json_t *test(struct workplace *place, struct err *err)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct run_request request = request_of(local_of(place));
	bool recorded = false;

	if (run_tests(&request, &grade, &manifest, &recorded, err) < 0)
		return NULL;
	return grade_test_json(&grade, recorded);
}

static json_t *shell(struct workplace *place, const struct workplace_shell *shell, struct err *err)
{
	static const char *const ends[] = {
		[SHELL_ENDED] = "ended", [SHELL_HUNG_UP] = "hung_up", [SHELL_TIME_UP] = "time_up",
		[SHELL_HANDED_IN] = "handed_in", [SHELL_NOT_RECORDED] = "not_recorded",
	};
	const struct workplace_local *local = local_of(place);
	const struct shell_request request = {
		.store = local->store, .sandbox = local->sandbox, .session = local->session,
		.argv = shell->argv, .in = shell->in, .out = shell->out,
		.allow_weak = local->allow_weak,
	};
	struct shell_result result;
	json_t *view;

	if (shell_run(&request, &result, err) < 0)
		return NULL;
	view = run_report_json(&result.report);
	json_object_set_new(view, "schema", json_string("tali.shell/1"));
	json_object_set_new(view, "end", json_string(ends[result.end]));
	json_object_set_new(view, "kept", json_integer(result.kept));
	json_object_set_new(view, "left_out", json_integer(result.left_out));
	return view;
}

/* --- where it stands, and its end */

struct last {
	json_t *run, *test;
	int64_t time;
	struct ai_recall *recall;
};

static void last_release(struct last *last)
{
	json_decref(last->run);
	json_decref(last->test);
	ai_recall_free(&last->recall);
}

/* Takes `data`. */
static void keep(json_t **place, json_t *data)
{
	json_decref(*place);
	*place = data;
}

static int look_at(void *arg, const struct event *event, struct err *err)
{
	struct last *last = arg;
	bool run = !strcmp(event->kind, "run"), test = !strcmp(event->kind, "test");
	json_t *data;

	last->time = event->time;
	if (!run && !test && strncmp(event->kind, "ai_", 3) != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "event", err);
	if (!data)
		return -1;
	if (run || test) {
		keep(run ? &last->run : &last->test, data);
		return 0;
	}
	ai_recall_event(last->recall, event->kind, data, NULL);
	json_decref(data);
	return 0;
}

static json_t *limit_json(int64_t limit)
{
	return limit ? json_integer(limit) : json_null();
}

static json_t *ai_json(const struct workplace_local *place, const struct assessment *assessment,
		       const struct ai_recall *recall, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO_JSON json_t *manifest = NULL;
	struct ai_amount spent = ai_recall_spent(recall);
	struct ai_policy policy;

	if (task_version_get(place->store, assessment->task_id, assessment->task_version, &version,
			     err) < 0)
		return NULL;
	manifest = json_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE, err);
	if (!manifest)
		return NULL;
	policy = ai_policy_of(json_object_get(manifest, "ai"));
	return json_pack("{s:s, s:b, s:{s:o, s:o, s:o, s:o}, s:{s:I, s:I, s:I}}", "policy",
			 ai_policy_told(&policy), "tools", policy.tools, "limits", "tokens",
			 limit_json(policy.limits.tokens), "cost_microusd",
			 limit_json(policy.limits.cost), "messages",
			 limit_json(policy.limits.messages), "requests_per_minute",
			 limit_json(policy.limits.requests_per_minute), "used", "tokens",
			 (json_int_t)spent.tokens, "cost_microusd", (json_int_t)spent.cost,
			 "messages", (json_int_t)spent.messages);
}

/* What a candidate of a server is told, too. */
static json_t *assessment_json(const struct assessment *assessment)
{
	static const char *const others[] = { "task_version", "candidate", "kind", "round",
					      "created", "commit" };
	json_t *view = view_assessment(assessment);

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		json_object_del(view, others[i]);
	return view;
}

static json_t *status(struct workplace *place, struct err *err)
{
	const struct workplace_local *local = local_of(place);
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(conversation_book_free) struct conversation_book *book = conversation_book_new();
	AUTO(last_release) struct last last = { .recall = ai_recall_new(book) };
	char time[CLOCK_TEXT_SIZE];
	json_t *ai, *status;

	if (assessment_get(local->store, local->session->assessment_id, &assessment, err) < 0 ||
	    event_each(local->store, assessment.id, 0, look_at, &last, err) < 0)
		return NULL;
	ai = ai_json(local, &assessment, last.recall, err);
	if (!ai)
		return NULL;
	status = status_view(assessment_json(&assessment), store_now(local->store));
	json_object_set_new(status, "folder", json_string(local->session->folder));
	clock_text(last.time, time);
	json_object_set_new(status, "saved", status_view_saved(0, -1, time));
	json_object_set_new(status, "ai", ai);
	json_object_set_new(status, "run", status_view_run(last.run));
	json_object_set_new(status, "test", status_view_test(last.test));
	return status;
}

static json_t *submit(struct workplace *place, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	const struct workplace_local *local = local_of(place);
	struct snapshot snapshot;
	json_t *view;

	if (submit_session(local->store, local->session, &assessment, &snapshot, err) < 0)
		return NULL;
	view = view_assessment(&assessment);
	json_object_set_new(view, "schema", json_string("tali.submission/1"));
	json_object_set_new(view, "tree", json_string(snapshot.tree));
	json_object_set_new(view, "left_out", json_integer(snapshot.left_out));
	return view;
}

static void close_place(struct workplace *place)
{
	(void)place;
}

static const struct workplace_verbs verbs = {
	.note = note,
	.estimate = estimate,
	.run = run,
	.test = test,
	.shell = shell,
	.status = status,
	.submit = submit,
	.close = close_place,
};

void workplace_local_open(struct workplace_local *place)
{
	place->place.verbs = &verbs;
}
