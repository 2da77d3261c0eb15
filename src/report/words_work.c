/* words_work.c - see words_work.h */
#include "report/words_work.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#define PROMPT_BYTES 300	/* shown of a prompt */
#define TRANSCRIPT_NOTES_MOST 20	/* differences of transcripts */

static const json_t *work_of(const struct words *words)
{
	return json_object_get(words->document, "work");
}

/* --- shares of a whole */

struct share_name {
	const char *key, *name;
};

static const struct share_name times[] = {
	{ "coding_ms", "Coding" }, { "ai_ms", "With the assistant" }, { "reading_ms", "Reading" },
	{ "idle_ms", "Idle" },	   { NULL, NULL },
};

static const struct share_name origins[] = {
	{ "typed", "Typed" },
	{ "moved", "Moved within the work" },
	{ "ai_pasted", "Pasted from the assistant" },
	{ "ai_applied", "Written by the assistant" },
	{ "outside", "Pasted from elsewhere" },
	{ "saved", "Saved from outside the page" },
	{ "made", "Made by programs" },
	{ "starter", "Given at the start" },
	{ NULL, NULL },
};

/* Those that are there, with their part of a hundred and where it begins. */
static json_t *shares(const json_t *of, const struct share_name *names,
		      json_t *(*say)(int64_t amount))
{
	json_t *list = json_array();
	int64_t total = 0, before = 0;
	int i;

	for (i = 0; names[i].key; i++)
		total += json_int(of, names[i].key, 0);
	for (i = 0; names[i].key; i++) {
		int64_t amount = json_int(of, names[i].key, 0);
		int percent = total ? (int)((amount * 100 + total / 2) / total) : 0;

		if (amount <= 0 || total <= 0)
			continue;
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:f, s:f, s:o, s:i}", "name", names[i].name,
					"text", say(amount), "from",
					(double)(before * 1000 / total) / 10, "bar",
					(double)(amount * 1000 / total) / 10, "percent",
					json_sprintf("%d %%", percent),
					"class", i));
		before += amount;
	}
	return list;
}

json_t *words_work_time(const struct words *words)
{
	return shares(json_object_get(work_of(words), "time"), times, words_duration);
}

json_t *words_work_origins(const struct words *words)
{
	return shares(json_object_get(work_of(words), "origins"), origins, words_bytes);
}

json_t *words_work_clock(const struct words *words)
{
	const json_t *time = json_object_get(work_of(words), "time");
	AUTO_JSON json_t *elapsed = words_duration(json_int(time, "elapsed_ms", 0));
	AUTO_JSON json_t *active = words_duration(json_int(time, "active_ms", 0));
	int64_t limit_ms = json_int(work_of(words), "limit_ms", 0);
	AUTO_JSON json_t *limit = words_duration(limit_ms);

	if (!json_is_object(time))
		return json_string("There is no record of the work.");
	return json_sprintf("%s on the clock%s%s, %s of it active.%s", json_string_value(elapsed),
			    limit_ms ? " of " : "", limit_ms ? json_string_value(limit) : "",
			    json_string_value(active),
			    json_flag(work_of(words), "seen", true)
				    ? ""
				    : " Most of the work was done in another editor: pauses say "
				      "nothing here.");
}

/* --- the assistant */

/* What the timeline says of an event; "" when it does not. Borrowed. */
static const char *told(const struct words *words, int64_t seq)
{
	const json_t *items = json_object_get(json_object_get(words->report, "timeline"), "items");
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
		if (json_int(item, "seq", -1) == seq)
			return json_str(item, "text", "");
	return "";
}

static json_t *parts_text(const json_t *parts)
{
	AUTO(buf_release) struct buf text = BUF_INIT(2048);
	const char *name;
	json_t *points;

	json_object_foreach((json_t *)parts, name, points) {
		AUTO_JSON json_t *title = words_title(name);

		buf_add_format(&text, "%s%s %+" PRId64, text.len ? ", " : "",
			       json_string_value(title), (int64_t)json_integer_value(points));
	}
	return json_string(buf_str(&text));
}

static json_t *prompt_words(const struct words *words, const json_t *prompt)
{
	AUTO_JSON json_t *events = json_pack("[O]", json_object_get(prompt, "event"));
	int64_t value = json_int(prompt, "value", 0);

	return json_pack("{s:o, s:I, s:s, s:o, s:o}", "value",
			 json_sprintf("%" PRId64 "/10", value), "bar", (json_int_t)value * 10,
			 "text", told(words, json_int(prompt, "event", -1)), "parts",
			 parts_text(json_object_get(prompt, "parts")), "evidence",
			 words_evidence(words, events));
}

static json_t *joined(const json_t *names)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4096);
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
		buf_add_format(&text, "%s%s", i ? ", " : "", json_string_value(name));
	return json_string(buf_str(&text));
}

static json_t *tokens_text(const json_t *tokens)
{
	AUTO_JSON json_t *input = words_count(json_int(tokens, "input", 0), "token", "tokens");
	AUTO_JSON json_t *output = words_count(json_int(tokens, "output", 0), "token", "tokens");
	int64_t cost = json_int(tokens, "cost_microusd", 0);

	if (!json_int(tokens, "input", 0) && !json_int(tokens, "output", 0))
		return json_string("");
	if (!cost)
		return json_sprintf("%s read, %s written", json_string_value(input),
				    json_string_value(output));
	return json_sprintf("%s read, %s written, %.2f US dollars", json_string_value(input),
			    json_string_value(output), (double)cost / 1e6);
}

json_t *words_work_ai(const struct words *words)
{
	const json_t *work = work_of(words), *prompts = json_object_get(work, "prompts"), *prompt;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(prompts, i, prompt)
		json_array_append_new(list, prompt_words(words, prompt));
	return json_pack("{s:o, s:o, s:o, s:o, s:s}", "tokens",
			 tokens_text(json_object_get(work, "tokens")), "models",
			 joined(json_object_get(work, "models")), "count",
			 words_count((int64_t)json_array_size(prompts), "prompt", "prompts"),
			 "prompts", list, "none",
			 json_array_size(prompts) ? ""
			 : json_is_object(work)	  ? "No assistant was asked."
						  : "There is no record of the work.");
}

/* --- tests over time */

static json_t *step_words(const struct words *words, const json_t *step)
{
	AUTO_JSON json_t *events = json_pack("[O]", json_object_get(step, "event"));
	int64_t passed = json_int(step, "passed", 0), total = json_int(step, "total", 0);

	return json_pack("{s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "at",
			 words_moment(json_int(step, "at_ms", 0)), "at_ms",
			 (json_int_t)json_int(step, "at_ms", 0), "passed", (json_int_t)passed,
			 "total", (json_int_t)total, "bar",
			 (json_int_t)(total > 0 ? passed * 100 / total : 0), "text",
			 json_sprintf("%" PRId64 " of %" PRId64, passed, total), "evidence",
			 words_evidence(words, events));
}

json_t *words_work_progress(const struct words *words)
{
	const json_t *steps = json_object_get(work_of(words), "tests_over_time"), *step;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(steps, i, step)
		json_array_append_new(list, step_words(words, step));
	return list;
}

/* --- code */

static json_t *finding_words(const json_t *finding)
{
	AUTO_JSON json_t *what = words_title(json_str(finding, "what", ""));
	int64_t lines = json_int(finding, "lines", 1);
	AUTO_JSON json_t *count = words_count(lines, "line", "lines");

	return json_sprintf("%s: %s:%" PRId64 " (%s)", json_string_value(what),
			    json_str(finding, "path", ""), (int64_t)json_int(finding, "line", 0),
			    json_string_value(count));
}

json_t *words_work_code(const struct words *words)
{
	const json_t *code = json_object_get(words->document, "code"), *finding;
	json_t *counts = json_array(), *findings = json_array(), *count;
	const char *name;
	size_t i;

	json_object_foreach(json_object_get(code, "total"), name, count)
		json_array_append_new(counts, json_pack("{s:o, s:o}", "name", words_title(name),
							"text",
							words_number(json_number_value(count))));
	json_array_foreach(json_object_get(code, "findings"), i, finding)
		json_array_append_new(findings, finding_words(finding));
	return json_pack("{s:o, s:o, s:s}", "counts", counts, "findings", findings, "none",
			 json_is_object(code) ? ""
			 : "None of what was changed is in a language that is counted.");
}

/* --- integrity */

static json_t *base_text(const json_t *base)
{
	AUTO_JSON json_t *median = words_number(json_number_value(json_object_get(base, "median")));
	AUTO_JSON json_t *count =
		words_count(json_int(base, "submissions", 0), "submission", "submissions");

	if (!json_int(base, "submissions", 0))
		return json_string("");
	return json_sprintf("Median of %s of this task: %s.", json_string_value(count),
			    json_string_value(median));
}

static void add_transcript_note(const struct words *words, json_t *result, const char *title,
				json_t *text, json_t *events)
{
	AUTO_JSON json_t *owned = events;

	json_array_append_new(result, json_pack("{s:s, s:o, s:s, s:o, s:o}", "title", title, "text",
						text, "base", "", "evidence",
						words_evidence(words, owned), "rest",
						words_evidence_rest(owned)));
}

/* What programs of the candidate's machine say was asked, beside the record. */
static void add_transcripts(const struct words *words, json_t *result)
{
	const json_t *told = json_object_get(words->report, "transcripts");
	const json_t *list = json_object_get(told, "differences"), *item;
	json_t *events = json_array();
	size_t i;

	json_array_foreach(json_object_get(told, "transcripts"), i, item)
		json_array_append(events, json_object_get(item, "event"));
	if (!json_array_size(events)) {
		json_decref(events);
		return;
	}
	add_transcript_note(
		words, result, "Transcripts",
		json_sprintf("Reported by the candidate's machine. Prompts in the transcripts and "
			     "at the gateway: %lld; in the transcripts alone: %lld; at the gateway "
			     "alone: %lld.",
			     (long long)json_int(told, "both", 0),
			     (long long)json_int(told, "only_transcript", 0),
			     (long long)json_int(told, "only_gateway", 0)),
		events);
	for (i = 0; i < TRANSCRIPT_NOTES_MOST && (item = json_array_get(list, i)); i++)
		add_transcript_note(words, result,
				    !strcmp(json_str(item, "where", ""), "gateway")
				    ? "At the gateway alone" : "In a transcript alone",
				    json_incref(json_object_get(item, "text")),
				    json_pack("[O]", json_object_get(item, "event")));
}

json_t *words_work_integrity(const struct words *words)
{
	const json_t *list = json_object_get(words->document, "integrity"), *item;
	json_t *result = json_array();
	size_t i;

	add_transcripts(words, result);
	json_array_foreach(list, i, item) {
		const json_t *events = json_object_get(item, "events");

		json_array_append_new(
			result, json_pack("{s:o, s:s, s:o, s:o, s:o}", "title",
					  words_title(json_str(item, "name", "")), "text",
					  json_str(item, "text", ""), "base",
					  base_text(json_object_get(item, "base")), "evidence",
					  words_evidence(words, events), "rest",
					  words_evidence_rest(events)));
	}
	return result;
}
