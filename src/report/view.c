/* view.c - see view.h */
#include "report/view.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

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

json_t *view_candidate(const struct candidate *candidate)
{
	json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "schema", "tali.candidate/1",
				 "id", candidate->id, "email", candidate->email, "name",
				 candidate->name, "notes", candidate->notes, "deleted",
				 candidate->deleted != 0);

	json_object_set_new(view, "created", view_time(candidate->created));
	return view;
}

json_t *view_task(const struct task *task)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *manifest =
		json_parse(task->manifest, strlen(task->manifest), "task.json", &ignored);
	json_t *view = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:b, s:b}", "schema",
		"tali.stored-task/1", "id", task->id, "name", task->name, "version", task->version,
		"title", json_str(manifest, "title", ""), "type", json_str(manifest, "type", ""),
		"difficulty", json_str(manifest, "difficulty", ""), "language",
		json_str(manifest, "language", ""), "time_limit_minutes",
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

static void add_argv(struct buf *text, const json_t *argv)
{
	const json_t *word;
	size_t i;

	json_array_foreach(argv, i, word)
		buf_add_format(text, " %s", json_string_value(word));
}

char *view_event_text(const struct event *event)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", &ignored);
	struct buf text = BUF_INIT(4096);
	const char *kind = event->kind;

	buf_add_str(&text, kind);
	if (!strcmp(kind, "status")) {
		buf_add_format(&text, " %s -> %s", json_str(data, "from", ""),
			       json_str(data, "to", ""));
		if (json_str(data, "why", NULL))
			buf_add_format(&text, " (%s)", json_str(data, "why", ""));
	} else if (!strcmp(kind, "snapshot")) {
		buf_add_format(&text, " %.12s (%s)", json_str(data, "commit", ""),
			       json_str(data, "reason", ""));
	} else if (!strcmp(kind, "run")) {
		buf_add_format(&text, " %s:", json_str(data, "verdict", ""));
		add_argv(&text, json_object_get(data, "argv"));
	} else if (!strcmp(kind, "test")) {
		buf_add_format(&text, " %lld of %lld passed",
			       (long long)json_int(data, "passed", 0),
			       (long long)json_int(data, "total", 0));
	} else if (!strcmp(kind, "submit")) {
		buf_add_format(&text, " %.12s%s", json_str(data, "commit", ""),
			       json_flag(data, "automatic", false) ? " (time was up)" : "");
	} else if (!strcmp(kind, "score")) {
		buf_add_format(&text, " run %lld: %s", (long long)json_int(data, "number", 0),
			       json_str(data, "verdict", ""));
	}
	return buf_take(&text);
}
