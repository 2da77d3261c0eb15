/* report_words.c - see report_words.h */
#include "report/report_words.h"

#include "base/auto.h"
#include "base/json.h"
#include "report/blind.h"
#include "report/words_score.h"
#include "report/words_work.h"

#include <inttypes.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
	return json_str(object, key, "");
}

/* --- who and when */

static void add_fact(json_t *facts, const char *name, json_t *taken)
{
	AUTO_JSON json_t *text = taken;

	if (json_string_length(text))
		json_array_append_new(facts,
				      json_pack("{s:s, s:O}", "name", name, "text", text));
}

static json_t *facts_of(const json_t *report)
{
	const json_t *task = json_object_get(report, "task");
	const json_t *session = json_object_get(report, "session");
	int64_t extra = json_int(session, "extra_seconds", 0);
	json_t *facts = json_array();

	add_fact(facts, "Task", json_sprintf("%s (%s)", text_of(task, "title"),
					     text_of(task, "name")));
	add_fact(facts, "Kind", words_title(text_of(task, "type")));
	add_fact(facts, "Difficulty", words_title(text_of(task, "difficulty")));
	add_fact(facts, "Language", json_string(text_of(task, "language")));
	add_fact(facts, "Started", words_time(json_str(session, "started", NULL)));
	add_fact(facts, "Handed in", words_time(json_str(session, "submitted", NULL)));
	if (json_object_get(session, "late"))
		add_fact(facts, "Late work", words_late(json_object_get(session, "late")));
	add_fact(facts, "Time allowed",
		 words_duration((json_int(session, "duration_seconds", 0) + extra) * 1000));
	if (json_int(session, "attempt", 1) > 1)
		add_fact(facts, "Attempt",
			 json_sprintf("%d", (int)json_int(session, "attempt", 1)));
	return facts;
}

static json_t *who_of(const json_t *report)
{
	const json_t *candidate = json_object_get(report, "candidate");
	AUTO_FREE char *blind = blind_name(text_of(report, "assessment"));

	if (!json_is_object(candidate))
		return json_string(blind);
	return json_string(*text_of(candidate, "name") ? text_of(candidate, "name")
						       : text_of(candidate, "email"));
}

static json_t *made_of(const json_t *document)
{
	const json_t *run = json_object_get(document, "run");
	const char *signals = text_of(json_object_get(document, "score"), "signals");

	return json_sprintf("Score run %" PRId64 " of %s, tali %s%s%s. Task version %.12s.",
			    (int64_t)json_int(run, "number", 0), text_of(run, "time"),
			    text_of(document, "tali"), *signals ? ", signals " : "", signals,
			    text_of(document, "task_version"));
}

/* --- feedback */

static json_t *feedback_list(const struct words *words, const json_t *list)
{
	json_t *result = json_array(), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const json_t *events = json_object_get(item, "events");

		json_array_append_new(result,
				      json_pack("{s:s, s:s, s:o, s:o}", "title",
						text_of(item, "title"), "text",
						text_of(item, "text"), "evidence",
						words_evidence(words, events), "rest",
						words_evidence_rest(events)));
	}
	return result;
}

static json_t *feedback_words(const struct words *words)
{
	static const char *const lists[] = { "strengths", "improvements", "highlights", "remarks" };
	const json_t *feedback = json_object_get(words->report, "feedback");
	json_t *result = json_object();
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		json_object_set_new(result, lists[i],
				    feedback_list(words, json_object_get(feedback, lists[i])));
	return result;
}

/* --- timeline */

static json_t *timeline_words(const json_t *timeline)
{
	json_t *list = json_array(), *item;
	size_t i;

	json_array_foreach(json_object_get(timeline, "items"), i, item) {
		AUTO_JSON json_t *kind = words_title(text_of(item, "kind"));

		json_array_append_new(list, json_pack("{s:I, s:o, s:O, s:s, s:s}", "seq",
						      json_int(item, "seq", 0), "at",
						      words_moment(json_int(item, "at_ms", 0)),
						      "kind", kind, "actor", text_of(item, "actor"),
						      "text", text_of(item, "text")));
	}
	return list;
}

/* "12 more are in the replay", or "" */
static json_t *more_words(const json_t *of, const char *where)
{
	int64_t count = json_int(of, "left_out", 0);

	return count ? json_sprintf("%" PRId64 " more: %s", count, where) : json_string("");
}

/* --- changes */

static json_t *line_words(const json_t *line)
{
	const char *origin = text_of(line, "origin");
	int64_t before = json_int(line, "before", 0), after = json_int(line, "after", 0);

	return json_pack("{s:s, s:s, s:o, s:o, s:s}", "origin", origin, "class",
			 *origin == '+' ? "added" : *origin == '-' ? "removed"
						  : *origin == '@' ? "piece" : "same",
			 "before", before ? json_integer(before) : json_string(""), "after",
			 after ? json_integer(after) : json_string(""), "text",
			 text_of(line, "text"));
}

static const char *status_word(const char *status)
{
	return *status == 'A' ? "new" : *status == 'D' ? "deleted" : "changed";
}

static json_t *changes_words(const json_t *changes)
{
	json_t *list = json_array(), *file, *line;
	size_t i, j;

	json_array_foreach(json_object_get(changes, "files"), i, file) {
		json_t *lines = json_array();

		json_array_foreach(json_object_get(file, "lines"), j, line)
			json_array_append_new(lines, line_words(line));
		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:s, s:o}", "path",
						      text_of(file, "path"), "status",
						      status_word(text_of(file, "status")), "added",
						      json_int(file, "added", 0), "removed",
						      json_int(file, "removed", 0), "why",
						      text_of(file, "why"), "lines", lines));
	}
	return list;
}

/* --- reviewers */

static json_t *review_text(const json_t *review)
{
	const char *kind = text_of(review, "kind"), *subject = text_of(review, "subject");
	const json_t *value = json_object_get(review, "value");
	AUTO_JSON json_t *number = words_value(value);
	const char *what = *subject ? subject : "the score";

	if (!strcmp(kind, "note"))
		return json_string(text_of(review, "text"));
	if (!strcmp(kind, "release"))
		return json_sprintf("Released score run %s to the candidate%s.",
				    json_string_value(number),
				    !strcmp(subject, "feedback") ? ", without the score" : "");
	if (!strcmp(kind, "withdraw"))
		return json_string("Took the release back.");
	return json_is_number(value)
		? json_sprintf("Set %s to %s: %s", what, json_string_value(number),
			       text_of(review, "text"))
		: json_sprintf("Took back the value of %s: %s", what, text_of(review, "text"));
}

static json_t *reviews_words(const json_t *reviews)
{
	json_t *list = json_array(), *review;
	size_t i;

	json_array_foreach(reviews, i, review)
		json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "who",
						      text_of(review, "who"), "time",
						      words_time(text_of(review, "time")), "text",
						      review_text(review)));
	return list;
}

static json_t *commands_for(const char *id)
{
	json_t *list = json_array();

	json_array_append_new(list, json_sprintf("tali replay %s", id));
	json_array_append_new(list, json_sprintf("tali replay %s --at '#SEQ'", id));
	json_array_append_new(list, json_sprintf("tali replay %s --html session.html", id));
	json_array_append_new(list, json_sprintf("tali verify %s", id));
	return list;
}

static void add_people(json_t *result, const json_t *report)
{
	const char *id = text_of(report, "assessment");

	json_object_set_new(result, "title",
			    json_string(text_of(json_object_get(report, "task"), "title")));
	json_object_set_new(result, "who", who_of(report));
	json_object_set_new(result, "email",
			    json_string(text_of(json_object_get(report, "candidate"), "email")));
	json_object_set_new(result, "id", json_string(id));
	json_object_set_new(result, "facts", facts_of(report));
	json_object_set_new(result, "made", made_of(json_object_get(report, "score")));
	json_object_set_new(result, "commands", commands_for(id));
	json_object_set_new(result, "reviews", reviews_words(json_object_get(report, "reviews")));
}

static void add_work(json_t *result, const struct words *words)
{
	json_object_set_new(result, "clock", words_work_clock(words));
	json_object_set_new(result, "time", words_work_time(words));
	json_object_set_new(result, "origins", words_work_origins(words));
	json_object_set_new(result, "ai", words_work_ai(words));
	json_object_set_new(result, "progress", words_work_progress(words));
	json_object_set_new(result, "code", words_work_code(words));
	json_object_set_new(result, "integrity", words_work_integrity(words));
}

json_t *report_words(const json_t *report)
{
	const json_t *timeline = json_object_get(report, "timeline");
	const json_t *changes = json_object_get(report, "changes");
	json_t *result = json_object();
	struct words words;

	words_begin(&words, report);
	add_people(result, report);
	json_object_set_new(result, "card", words_score_card(&words));
	json_object_set_new(result, "categories", words_score_categories(&words));
	json_object_set_new(result, "tests", words_score_tests(&words));
	json_object_set_new(result, "restored", words_score_restored(&words));
	add_work(result, &words);
	json_object_set_new(result, "feedback", feedback_words(&words));
	json_object_set_new(result, "timeline", timeline_words(timeline));
	json_object_set_new(result, "timeline_more",
			    more_words(timeline, "see the commands at the end"));
	json_object_set_new(result, "changes", changes_words(changes));
	json_object_set_new(result, "changes_more", more_words(changes, "see the repository"));
	words_end(&words);
	words_plain(result);
	return result;
}
