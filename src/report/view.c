/* view.c - see view.h */
#include "report/view.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/blind.h"
#include "report/words.h"
#include "task/manifest.h"

#include <string.h>

json_t *view_time(int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];

	return ms ? json_string(clock_text(ms, text)) : json_null();
}

json_t *view_assessment(const struct assessment *a)
{
	json_t *view = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "schema",
		"tali.assessment/1", "id", a->id, "status", status_name(a->status), "task",
		a->task_name, "task_version", a->task_version, "email", a->email, "name", a->name,
		"candidate", a->candidate_id, "kind", a->live ? "live" : "take-home", "round",
		(json_int_t)a->round, "attempt", (json_int_t)a->attempt, "duration_seconds",
		(json_int_t)a->duration_ms / 1000, "extra_seconds", (json_int_t)a->extra_ms / 1000,
		"reason", a->reason ? a->reason : "");

	json_object_set_new(view, "created", view_time(a->created));
	json_object_set_new(view, "not_before", view_time(a->not_before));
	json_object_set_new(view, "expires", view_time(a->expires));
	json_object_set_new(view, "started", view_time(a->started));
	json_object_set_new(view, "deadline", view_time(a->deadline));
	json_object_set_new(view, "submitted", view_time(a->submitted));
	json_object_set_new(view, "commit", *a->commit ? json_string(a->commit) : json_null());
	if (*a->signer)
		json_object_set_new(view, "signer", json_string(a->signer));
	return view;
}

static json_t *hundredths(bool there, int64_t value)
{
	return there ? json_real((double)value / 100) : json_null();
}

json_t *view_listed(const struct assessment *assessment, const struct score_figures *figures,
		    bool blind)
{
	json_t *view = view_assessment(assessment);
	const char *level = figures->has_value ? figures->level : NULL;

	json_object_set_new(view, "figures",
			    json_pack("{s:o, s:s?, s:o}", "score",
				      hundredths(figures->has_value, figures->value), "level",
				      level, "grade",
				      hundredths(figures->has_grade, figures->grade)));
	json_object_set_new(view, "blind", json_false());
	if (blind)
		view_make_blind(view, assessment);
	return view;
}

void view_make_blind(json_t *view, const struct assessment *assessment)
{
	json_object_set_new(view, "email", json_string(""));
	json_object_set_new(view, "name", json_string(""));
	json_object_set_new(view, "candidate", json_string(""));
	blind_scrub(view, assessment->email, assessment->name);
	json_object_set_new(view, "blind", json_true());
}

json_t *view_candidate(const struct candidate *candidate)
{
	json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "schema", "tali.candidate/1",
				 "id", candidate->id, "email", candidate->email, "name",
				 candidate->name, "notes", candidate->notes, "deleted",
				 candidate->deleted != 0);

	json_object_set_new(view, "created", view_time(candidate->created));
	return view;
}

/* Of the key only the hint. */
json_t *view_provider(const struct provider *provider)
{
	json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?}", "schema", "tali.provider/1",
				 "name", provider->name, "kind",
				 provider_kind_name(provider->kind), "url", provider->url, "models",
				 provider->models, "key_hint",
				 provider->sealed ? provider->hint : NULL);

	json_object_set_new(view, "created", view_time(provider->created));
	return view;
}

json_t *view_task(const struct task *task)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *manifest =
		json_parse(task->manifest, strlen(task->manifest), "task.json", &ignored);
	AUTO_FREE char *language = manifest_language_text(manifest);
	json_t *view = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:b, s:b}", "schema",
		"tali.stored-task/1", "id", task->id, "name", task->name, "version", task->version,
		"title", json_str(manifest, "title", ""), "type", json_str(manifest, "type", ""),
		"difficulty", json_str(manifest, "difficulty", ""), "language",
		language, "time_limit_minutes",
		json_int(manifest, "time_limit_minutes", 0), "attempts",
		json_int(manifest, "attempts", 1), "visibility", task->visibility, "template",
		task->template_name, "archived", task->archived != 0, "proved", task->proved);

	json_object_set_new(view, "created", view_time(task->created));
	json_object_set_new(view, "updated", view_time(task->updated));
	return view;
}

json_t *view_event(const char *assessment_id, const struct event *event)
{
	struct err ignored = ERR_INIT;
	char time[CLOCK_TEXT_SIZE];
	json_t *data = json_parse(event->data, strlen(event->data), "data", &ignored);

	return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:o, s:s}", "schema", "tali.event/1",
			 "assessment", assessment_id, "seq", (json_int_t)event->seq, "time",
			 clock_text_ms(event->time, time), "actor", event->actor, "kind",
			 event->kind, "data", data ? data : json_null(), "hash", event->hash);
}

char *view_blind_data(const struct event *event, const struct assessment *assessment)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", &ignored);
	json_t *row = json_object_get(data, "row");

	if (json_object_get(row, "candidate_id"))
		json_object_set_new(row, "candidate_id", json_string(""));
	blind_scrub(data, assessment->email, assessment->name);
	return data ? json_dumps(data, JSON_COMPACT) : buf_strdup("{}");
}

static void add_argv(struct buf *text, const json_t *argv)
{
	const json_t *word;
	size_t i;

	json_array_foreach(argv, i, word)
		buf_add_format(text, " %s", json_string_value(word));
}

static void add_status(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s -> %s", json_str(data, "from", ""), json_str(data, "to", ""));
	if (json_str(data, "why", NULL))
		buf_add_format(text, " (%s)", json_str(data, "why", ""));
}

static void add_snapshot(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %.12s (%s)", json_str(data, "commit", ""),
		       json_str(data, "reason", ""));
}

static void add_run(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s:", json_str(data, "verdict", ""));
	add_argv(text, json_object_get(data, "argv"));
	if (json_str(data, "where", NULL))
		buf_add_format(text, " (on the %s)", json_str(data, "where", ""));
}

static void add_test(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %lld of %lld passed", (long long)json_int(data, "passed", 0),
		       (long long)json_int(data, "total", 0));
}

static void add_submit(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %.12s%s", json_str(data, "commit", ""),
		       json_flag(data, "automatic", false) ? " (time was up)" : "");
}

static void add_late(struct buf *text, const json_t *data)
{
	AUTO_JSON json_t *words = words_late(data);

	buf_add_format(text, " %s", json_string_value(words));
}

static void add_score(struct buf *text, const json_t *data)
{
	buf_add_format(text, " run %lld: %s", (long long)json_int(data, "number", 0),
		       json_str(data, "verdict", ""));
}

static void add_judge(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s by %s", json_str(data, "subitem", ""),
		       json_str(data, "model", ""));
}

static void add_transcript(struct buf *text, const json_t *data)
{
	buf_add_format(text, " of %s, %lld prompts", json_str(data, "format", ""),
		       (long long)json_int(data, "prompts", 0));
}

static void add_words(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s", json_str(data, "text", ""));
}

static void add_interviewer(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s", json_str(data, "action", ""));
	add_words(text, data);
}

static void add_tool(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s%s", json_str(data, "tool", ""),
		       json_flag(data, "stopped", false) ? " (stopped)"
		       : json_flag(data, "ok", true)	 ? "" : " (not done)");
}

static void add_open(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s %s", json_str(data, "action", ""), json_str(data, "file", ""));
}

static void add_paste(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %lld bytes from %s", (long long)json_int(data, "size", 0),
		       json_str(data, "origin", ""));
}

static void add_focus(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s", json_str(data, "state", ""));
}

static void add_model(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s", json_str(data, "to", ""));
}

static void add_estimate(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %lld min", (long long)json_int(data, "minutes", 0));
}

static void add_edit(struct buf *text, const json_t *data)
{
	const json_t *edits = json_object_get(data, "edits");

	buf_add_format(text, " %s (%zu)", json_str(json_array_get(edits, 0), "file", ""),
		       json_array_size(edits));
}

static void add_file(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s %s", json_str(data, "op", ""), json_str(data, "path", ""));
	if (json_str(data, "to", NULL))
		buf_add_format(text, " -> %s", json_str(data, "to", ""));
}

static void add_terminal(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %s", json_str(data, "action", ""));
	add_argv(text, json_object_get(data, "argv"));
}

static void add_resize(struct buf *text, const json_t *data)
{
	buf_add_format(text, " %lldx%lld", (long long)json_int(data, "columns", 0),
		       (long long)json_int(data, "rows", 0));
}

static void add_keys(struct buf *text, const json_t *data)
{
	const json_t *chunk;
	size_t i;

	buf_add_byte(text, ' ');
	json_array_foreach(json_object_get(data, "chunks"), i, chunk)
		buf_add_str(text, json_str(chunk, "text", ""));
}

/* The main point of a kind; of the others the name is all. */
static const struct main_point {
	const char *kind;
	void (*add)(struct buf *text, const json_t *data);
} main_points[] = {
	{ "status", add_status },     { "snapshot", add_snapshot },
	{ "run", add_run },	      { "test", add_test },
	{ "submit", add_submit },     { "score", add_score },
	{ "note", add_words },	      { "estimate", add_estimate },
	{ "ai_prompt", add_words },   { "ai_response", add_words },
	{ "ai_tool", add_tool },      { "interviewer", add_interviewer },
	{ "open", add_open },	      { "paste", add_paste },
	{ "focus", add_focus },	      { "model", add_model },
	{ "edit", add_edit },	      { "file", add_file },
	{ "terminal", add_terminal }, { "terminal_resize", add_resize },
	{ "terminal_in", add_keys },
	{ "judge", add_judge },	      { "late", add_late },
	{ "transcript", add_transcript },
};

/* What people wrote may have several lines, and what they typed keys that print nothing. */
static void make_one_line(struct buf *text)
{
	size_t i;

	for (i = 0; i < text->len; i++)
		if ((unsigned char)text->data[i] < ' ' || text->data[i] == 0x7f)
			text->data[i] = ' ';
}

char *view_event_text(const struct event *event)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", &ignored);
	struct buf text = BUF_INIT(4096);

	buf_add_str(&text, event->kind);
	for (size_t i = 0; i < sizeof(main_points) / sizeof(*main_points); i++)
		if (!strcmp(main_points[i].kind, event->kind))
			main_points[i].add(&text, data);
	make_one_line(&text);
	return buf_take(&text);
}
