/* api_session.c - see api_session.h */
#include "web/api_session.h"

#include "ai/ai_policy.h"
#include "assess/assistant_task.h"
#include "assess/late_work.h"
#include "assess/live_files.h"
#include "assess/live_save.h"
#include "assess/provision.h"
#include "assess/secret.h"
#include "assess/start.h"
#include "assess/reporting.h"
#include "assess/run_words.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "http/http_mailbox.h"
#include "http/http_reply.h"
#include "journal/journal_export.h"
#include "report/view.h"
#include "store/job.h"
#include "store/task.h"
#include "task/language.h"
#include "task/manifest.h"
#include "web/visitor.h"
#include "workspace/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAILBOX_BYTES (256 << 10)
#define STATEMENT_FILE "README.md"
#define STATEMENT_MOST (1 << 20)

/* The kinds of events that a candidate is told of before the start (web_page.c has the words), the
 * last where the task has an assistant. */
static const char *const records[] = { "edit",	"paste",    "open",	"focus",
				       "run",	"terminal", "ai_prompt" };

/* --- the parts of a session */

static bool has_assistant(const json_t *manifest)
{
	return ai_policy_of(json_object_get(manifest, "ai")).kind != AI_POLICY_OFF;
}

static void add_extensions(json_t *extensions, const char *name)
{
	const struct language *language = name ? language_find(name) : NULL;

	for (int i = 0; language && language->extensions[i]; i++) {
		AUTO_FREE char *file = buf_format("a%s", language->extensions[i]);

		if (language_has_source(language, file))
			json_array_append_new(extensions, json_string(file + 1));
	}
}

/* Of the source files of a manifest's languages: no headers. */
static json_t *extensions_json(const json_t *languages)
{
	json_t *extensions = json_array(), *name;
	size_t i;

	add_extensions(extensions, json_string_value(languages));
	json_array_foreach (languages, i, name)
		add_extensions(extensions, json_string_value(name));
	return extensions;
}

/* null where the work has no program yet */
static json_t *command_json(struct route_call *call, const struct assessment *assessment,
			    const json_t *manifest, struct err *err)
{
	AUTO_FREE char *text = json_dumps(manifest, JSON_COMPACT);
	AUTO(manifest_release) struct manifest parsed = { 0 };
	AUTO_FREE char *line = NULL;

	if (manifest_parse(text, strlen(text), MANIFEST_FILE, &parsed, NULL, err) < 0)
		return NULL;
	line = run_words_line(visitor_store(call), assessment, &parsed, err);
	if (line)
		return json_stringn(line, strlen(line));
	return err->code ? NULL : json_null();
}

static json_t *task_json(struct route_call *call, const struct assessment *assessment,
			 const json_t *manifest, struct err *err)
{
	bool begun = *assessment->commit != '\0';
	AUTO(buf_release) struct buf statement = { 0 };
	AUTO_FREE char *name = buf_format("task-%s", assessment->task_id);
	AUTO_FREE char *path = store_repo_path(visitor_store(call), name);
	AUTO(repo_close) struct repo *repo = begun ? repo_open(path, err) : NULL;
	AUTO_FREE char *language = manifest_language_text(manifest);
	struct err none = ERR_INIT;
	json_t *command;

	if (begun && !repo)
		return NULL;
	if (begun && repo_read_file(repo, assessment->task_version, STATEMENT_FILE, STATEMENT_MOST,
				    &statement, &none) < 0)
		buf_clear(&statement);
	command = command_json(call, assessment, manifest, err);
	if (!command)
		return NULL;
	return json_pack("{s:s, s:s?, s:s?, s:s?, s:o, s:O?, s:O?, s:O?, s:o, s:b, s:b, s:s}",
			 "name", assessment->task_name, "title", json_str(manifest, "title", NULL),
			 "type", json_str(manifest, "type", NULL), "language",
			 *language ? language : NULL, "extensions",
			 extensions_json(json_object_get(manifest, "language")), "run",
			 json_object_get(manifest, "run"), "languages",
			 json_object_get(manifest, "language"), "limits",
			 json_object_get(manifest, "limits"), "command", command, "tests",
			 json_array_size(json_object_get(manifest, "tests")) > 0, "assistant",
			 has_assistant(manifest), "statement", buf_str(&statement));
}

static json_t *invitation_json(const struct assessment *assessment, const json_t *manifest)
{
	size_t count = sizeof(records) / sizeof(*records) - !has_assistant(manifest);
	json_t *told = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(told, json_string(records[i]));
	return json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:b, s:I, s:I, s:o}", "instructions",
			 assessment->instructions, "message", assessment->message, "duration_ms",
			 (json_int_t)assessment->duration_ms, "extra_ms",
			 (json_int_t)assessment->extra_ms, "not_before",
			 view_time(assessment->not_before), "expires",
			 view_time(assessment->expires), "code_needed",
			 *assessment->code_hash != '\0', "attempt",
			 (json_int_t)assessment->attempt, "attempts",
			 (json_int_t)json_int(manifest, "attempts", 1), "records", told);
}

/* --- what models may cost it, and did */

static json_t *limit_json(int64_t limit)
{
	return limit ? json_integer(limit) : json_null();
}

/* null when it cannot be told just now: the session can be shown without */
static json_t *used_json(struct route_call *call, const struct assessment *assessment,
			 const struct ai_policy *policy)
{
	bool may_have = *assessment->commit && policy->kind != AI_POLICY_OFF;
	struct ai_amount spent = { 0 };
	struct err ignored = ERR_INIT;
	struct ai_desk *desk = NULL;
	int known = 0;

	if (may_have) {
		desk = ai_desk_take(visitor_serve(call)->models, visitor_store(call), assessment,
				    &ignored);
		known = desk ? ai_desk_spent(desk, visitor_store(call), &spent, &ignored) : -1;
		ai_desk_give(&desk);
	}
	if (known < 0)
		return json_null();
	return json_pack("{s:I, s:I, s:I}", "tokens", (json_int_t)spent.tokens, "cost_microusd",
			 (json_int_t)spent.cost, "messages", (json_int_t)spent.messages);
}

static json_t *ai_json(struct route_call *call, const struct assessment *assessment,
		       const json_t *manifest)
{
	struct ai_policy policy = ai_policy_of(json_object_get(manifest, "ai"));

	return json_pack("{s:s, s:b, s:{s:o, s:o, s:o, s:o}, s:o}", "policy",
			 ai_policy_told(&policy), "tools", policy.tools, "limits", "tokens",
			 limit_json(policy.limits.tokens), "cost_microusd",
			 limit_json(policy.limits.cost), "messages",
			 limit_json(policy.limits.messages), "requests_per_minute",
			 limit_json(policy.limits.requests_per_minute), "used",
			 used_json(call, assessment, &policy));
}

/* What a line of the log ("TIME WORDS") tells the candidate; NULL for what only the team is to
 * read: why it failed names folders of the server. */
static const char *step_words(const char *line)
{
	const char *words = strchr(line, ' ');
	struct err none = ERR_INIT;
	enum status status;

	if (!words || status_parse(words + 1, &status, &none) < 0)
		return NULL;
	switch (status) {
	case STATUS_INITIALIZING: return "Laying down the task";
	case STATUS_CONFIGURING: return "Making the first commit";
	default: return "Starting the clock";
	}
}

/* null when there was none */
static json_t *job_json(struct route_call *call, const char *id, struct err *err)
{
	AUTO(job_release) struct job job = JOB_INIT;
	json_t *lines = json_array();
	char *line, *rest;
	int found = job_find(visitor_store(call), id, "provision", &job, err);

	if (found <= 0) {
		json_decref(lines);
		return found < 0 ? NULL : json_null();
	}
	for (line = strtok_r(job.log, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *words = step_words(line);

		if (words)
			json_array_append_new(lines, json_string(words));
	}
	return json_pack("{s:s, s:o}", "state", job.state, "lines", lines);
}

static json_t *read_manifest(struct route_call *call, const struct assessment *assessment,
			     struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

	if (task_version_get(visitor_store(call), assessment->task_id, assessment->task_version,
			     &version, err) < 0)
		return NULL;
	return json_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE, err);
}

/* Adds `value`, taken; false when there is none. */
static bool put(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

json_t *api_session_json(struct route_call *call, struct err *err)
{
	const struct visitor *visitor = visitor_of(call);
	const struct assessment *assessment = &visitor->assessment;
	struct store *store = visitor_store(call);
	AUTO_JSON json_t *manifest = read_manifest(call, assessment, err);
	AUTO_JSON json_t *session = NULL;
	bool begun = *assessment->commit != '\0';
	/* that of an error names folders of the server */
	const char *reason = assessment->status == STATUS_ERROR ? "" : assessment->reason;

	if (!manifest)
		return NULL;
	session = json_pack("{s:s, s:s, s:s, s:s?, s:{s:s, s:s}, s:o, s:o, s:o, s:o}", "schema",
			    "tali.session/1", "id", assessment->id, "status",
			    status_name(assessment->status), "reason",
			    *reason ? reason : NULL, "candidate", "name",
			    assessment->name, "email", assessment->email, "invitation",
			    invitation_json(assessment, manifest), "started",
			    view_time(assessment->started), "deadline",
			    view_time(assessment->deadline), "submitted",
			    view_time(assessment->submitted));
	if (!put(session, "task", task_json(call, assessment, manifest, err)) ||
	    !put(session, "ai", ai_json(call, assessment, manifest)) ||
	    !put(session, "job", job_json(call, assessment->id, err)) ||
	    !put(session, "workspace",
		 begun ? live_workspace(visitor->live, store, err) : json_null()) ||
	    !put(session, "receipt", assessment->submitted
					     ? live_receipt(visitor->live, store, err)
					     : json_null()))
		return NULL;
	return TAKE(session);
}

/* The row as it is now, which must still be what the cookie (NULL: none) opens. */
static int read_again(struct route_call *call, const char *cookie, struct err *err)
{
	struct assessment *assessment = &visitor_of(call)->assessment;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct assessment before;

	if (cookie ? secret_cookie_open(visitor_store(call), cookie, &now, err) < 0
		   : assessment_get(visitor_store(call), assessment->id, &now, err) < 0)
		return -1;
	before = *assessment;
	*assessment = now;
	now = before;
	return 0;
}

/* What was made of it stays true as long as the session does; not so while it is set up. */
static bool is_settled(const json_t *session)
{
	const json_t *job = json_object_get(session, "job");

	return json_is_object(json_object_get(session, "workspace")) &&
	       (json_is_null(job) || !strcmp(json_str(job, "state", ""), "done"));
}

/* Its text, with an id in the place of the time that is to be told. */
static char *text_of(json_t *session, struct session_text *ret, char tag[HASH_HEX_SIZE + 2])
{
	AUTO_FREE char *told = json_canonical(session);
	struct hash hash = hash_of(told, strlen(told));
	char hex[HASH_HEX_SIZE], gap[RAND_ID_LEN + 1], *text, *at;

	snprintf(tag, HASH_HEX_SIZE + 2, "\"%.32s\"", hash_hex(&hash, hex));
	rand_id(gap);
	json_object_set_new(session, "now", json_string(gap));
	text = json_canonical(session);
	at = strstr(text, gap);
	memmove(at, at + RAND_ID_LEN, strlen(at + RAND_ID_LEN) + 1);
	*ret = (struct session_text){ text, strlen(text), (size_t)(at - text), tag };
	return text;
}

/* The version comes first, then the row, then what is made of it: what changes meanwhile makes the
 * version an old one. */
void api_session_get(struct route_call *call)
{
	struct err err = ERR_INIT;
	const char *cookie = visitor_cookie(call->request);
	struct live *live = visitor_of(call)->live;
	struct serve *serve = visitor_serve(call);
	AUTO_JSON json_t *session = NULL;
	AUTO_FREE char *text = NULL;
	char tag[HASH_HEX_SIZE + 2];
	struct session_text kept;
	uint64_t version = 0;

	if (live_look(live, visitor_store(call), true, &err) == 0) {
		version = live_version(live);
		if (read_again(call, cookie, &err) == 0)
			session = api_session_json(call, &err);
	}
	if (!session && err.code == ERR_NOT_FOUND)
		http_reply_error(call->request, 401, "unknown", err.text, NULL);
	else if (!session)
		http_reply_err(call->request, &err);
	if (!session)
		return;
	text = text_of(session, &kept, tag);
	if (cookie && is_settled(session))
		session_cache_put(serve->kept, cookie, live, version, &kept);
	session_text_reply(call->request, &kept, serve->config.clock);
}

/* --- its beginning */

struct beginning {
	struct live *live;
	struct assessment assessment;
};

/* On a thread of the starts; what goes wrong is in the log of the job. */
static void set_up(void *arg, void *context)
{
	struct beginning *beginning = arg;
	const struct serve_worker *worker = context;
	struct err err = ERR_INIT;

	provision_run(worker->store, &beginning->assessment, &err);
	live_refresh(beginning->live, worker->store);
	live_give(&beginning->live);
	assessment_release(&beginning->assessment);
	free(beginning);
}

/* The link was right, so it can be said what was wrong. */
static int check_code(struct route_call *call, const struct assessment *assessment,
		      const char *code, struct err *err)
{
	if (secret_check_code(visitor_store(call), assessment, code,
			      http_request_peer(call->request), err) == 0)
		return 0;
	return err->code != ERR_NOT_FOUND ? -1 : err_set(err, ERR_NOT_FOUND,
							 "The access code is not right.");
}

static int start(struct route_call *call, const char *code, bool again,
		 struct beginning *beginning, struct err *err)
{
	struct assessment *assessment = &beginning->assessment;
	struct store *store = visitor_store(call);

	if (assessment_get(store, visitor_of(call)->assessment.id, assessment, err) < 0)
		return -1;
	/* who tries again after the setting up failed has given the code before */
	if (assessment->status != STATUS_ERROR && check_code(call, assessment, code, err) < 0)
		return -1;
	if (start_activate(store, assessment, again, err) < 0)
		return -1;
	beginning->live = live_take(visitor_serve(call)->sessions, store, assessment->id, err);
	if (!beginning->live || visitor_let_in(call, assessment, err) < 0)
		return -1;
	if (assessment->status == STATUS_ACTIVE)
		return 0;
	if (worker_post(visitor_serve(call)->starts, set_up, beginning) == 0)
		return 1;
	return err_set(err, ERR_ENV, "too much waits to be set up; try again");
}

void api_session_start(struct route_call *call)
{
	AUTO_JSON json_t *body = visitor_body(call);
	struct beginning *beginning;
	struct err err = ERR_INIT;
	int posted;

	if (!body)
		return;
	beginning = buf_alloc(sizeof(*beginning));
	*beginning = (struct beginning){ .assessment = ASSESSMENT_INIT };
	posted = start(call, json_str(body, "code", NULL),
		       json_is_true(json_object_get(body, "again")), beginning, &err);
	if (posted < 0)
		http_reply_err(call->request, &err);
	else
		http_reply_json(call->request, posted ? 202 : 200, json_object());
	if (posted == 1)
		return;
	live_give(&beginning->live);
	assessment_release(&beginning->assessment);
	free(beginning);
}

/* --- its stream */

struct stream {
	struct live *live;
	struct live_listener listener;
	struct http_mailbox *box;
};

static void tell(void *arg, const char *event, const char *json)
{
	http_mailbox_post(arg, event, json);
}

static void close_box(void *arg)
{
	http_mailbox_close(arg);
}

static void end_stream(struct route_call *call)
{
	struct stream *stream = call->ended_arg;

	live_unlisten(stream->live, &stream->listener);
	live_give(&stream->live);
	http_mailbox_free(&stream->box);
	free(stream);
}

/* The first event is the session, so that nothing is missed between the two. */
void api_session_stream(struct route_call *call)
{
	struct err err = ERR_INIT;
	struct stream *stream;
	AUTO_JSON json_t *session = NULL;
	AUTO_FREE char *text = NULL;

	if (visitor_of(call)->assessment.status == STATUS_REVOKED) {
		http_reply_error(call->request, 409, "state", "the invitation was taken back",
				 NULL);
		return;
	}
	stream = buf_alloc(sizeof(*stream));
	stream->live = live_keep(visitor_of(call)->live);
	stream->box = http_mailbox_new(MAILBOX_BYTES);
	stream->listener = (struct live_listener){
		.tell = tell, .end = close_box, .arg = stream->box,
		.rotation = visitor_of(call)->assessment.rotation,
	};
	call->ended_arg = stream;
	live_listen(stream->live, &stream->listener);
	session = api_session_json(call, &err);
	if (!session) {
		http_reply_err(call->request, &err);
		end_stream(call);
		return;
	}
	json_object_set_new(session, "now", view_time(store_now(visitor_store(call))));
	text = json_canonical(session);
	http_mailbox_post(stream->box, "session", text);
	call->stream.box = stream->box;
	call->ended = end_stream;
}

/* --- its end */

/* What models answer just now is stopped and on record before the seal. NULL: nothing to wait for,
 * or nothing known of it; what is open then is closed by the seal. */
static struct ai_desk *pause_models(struct route_call *call)
{
	struct err ignored = ERR_INIT;
	struct ai_desk *desk = ai_desk_take(visitor_serve(call)->models, visitor_store(call),
					    &visitor_of(call)->assessment, &ignored);

	if (desk)
		ai_desk_pause(desk, visitor_store(call));
	return desk;
}

void api_session_submit(struct route_call *call)
{
	struct err err = ERR_INIT;
	struct ai_desk *desk = pause_models(call);
	json_t *receipt = live_submit(visitor_of(call)->live, visitor_store(call), &err);

	if (desk)
		ai_desk_resume(desk);
	ai_desk_give(&desk);
	if (receipt)
		http_reply_json(call->request, 200, receipt);
	else
		http_reply_err(call->request, &err);
}

void api_session_late(struct route_call *call)
{
	struct store *store = visitor_store(call);
	AUTO_JSON json_t *request = NULL;
	struct err err = ERR_INIT;
	json_t *late;

	/* a body is large: it is read where there can be late work alone */
	if (late_work_check(&visitor_of(call)->assessment, store_now(store), &err) < 0) {
		http_reply_err(call->request, &err);
		return;
	}
	request = visitor_body(call);
	if (!request)
		return;
	late = live_late(visitor_of(call)->live, store, request, &err);
	if (late)
		http_reply_json(call->request, 200, json_pack("{s:o}", "late", late));
	else
		http_reply_err(call->request, &err);
}

/* Hashes run through all of a record: what is in it can be kept back only as a whole. */
static int check_hidden(struct route_call *call, struct err *err)
{
	int hides = assistant_task_hides(visitor_store(call), &visitor_of(call)->assessment, err);

	if (hides <= 0)
		return hides;
	return err_set(err, ERR_STATE, "the record can be had when the work is handed in");
}

void api_session_result(struct route_call *call)
{
	struct err err = ERR_INIT;
	json_t *result =
		reporting_result(visitor_store(call), &visitor_of(call)->assessment, &err);

	if (result)
		http_reply_json(call->request, 200, result);
	else
		http_reply_err(call->request, &err);
}

void api_session_journal(struct route_call *call)
{
	AUTO_FILE FILE *file = tmpfile();
	struct err err = ERR_INIT;

	if (check_hidden(call, &err) < 0) {
		http_reply_err(call->request, &err);
		return;
	}
	if (!file)
		err_sys(&err, "a temporary file");
	if (!file || journal_export_work(visitor_store(call), &visitor_of(call)->assessment, file,
					 &err) < 0) {
		http_reply_err(call->request, &err);
		return;
	}
	http_reply_header(call->request, "Content-Disposition",
			  "attachment; filename=\"journal.jsonl\"");
	call->file.data = TAKE(file);
	call->file.type = "application/jsonl";
}
