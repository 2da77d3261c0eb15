/* words_score.c - see words_score.h */
#include "report/words_score.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <string.h>

static json_t *text_or_empty(const json_t *object, const char *key)
{
	return json_string(json_str(object, key, ""));
}

/* A reviewer's value of a subject ("" is the whole), or null. */
static json_t *reviewed(const struct words *words, const char *subject)
{
	const json_t *override = json_object_get(json_object_get(words->report, "overrides"),
						 subject);

	if (!override)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "value",
			 words_value(json_object_get(override, "value")), "who",
			 text_or_empty(override, "who"), "reason",
			 text_or_empty(override, "reason"));
}

/* --- the card */

static json_t *weak_limits(const json_t *document)
{
	const json_t *weak = json_object_get(json_object_get(document, "sandbox"), "weak"), *name;
	AUTO(buf_release) struct buf text = BUF_INIT(1024);
	size_t i;

	json_array_foreach(weak, i, name)
		buf_add_format(&text, "%s%s", i ? ", " : "", json_string_value(name));
	return json_string(buf_str(&text));
}

static json_t *points_of(const json_t *of)
{
	AUTO_JSON json_t *points = words_number(json_number_value(json_object_get(of, "points")));
	AUTO_JSON json_t *possible =
		words_number(json_number_value(json_object_get(of, "possible")));

	return json_sprintf("%s of %s points", json_string_value(points),
			    json_string_value(possible));
}

static json_t *tenth(const json_t *value)
{
	return json_is_number(value) ? json_sprintf("%.1f", json_number_value(value) / 10)
				     : json_string("");
}

json_t *words_score_card(const struct words *words)
{
	const json_t *score = json_object_get(words->document, "score");
	const json_t *grade = json_object_get(words->document, "grade");
	const json_t *value = json_object_get(score, "value");
	AUTO_JSON json_t *percent =
		words_number(json_number_value(json_object_get(grade, "percent")));
	const char *why = score ? json_str(score, "why", "")
				: "This score run is older than the rubric: score it again.";

	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:s, s:b, s:o, s:o, s:o, s:o, s:b, s:o}",
			 "value", words_value(value), "tenth", tenth(value), "level",
			 words_title(json_str(score, "level", "")), "measured",
			 json_is_number(value), "bar", words_bar(value), "why", why, "review",
			 json_flag(score, "needs_review", false), "reviewed", reviewed(words, ""),
			 "grade", json_sprintf("%s %%", json_string_value(percent)), "points",
			 points_of(grade), "verdict", words_title(json_str(grade, "verdict", "")),
			 "passed", !strcmp(json_str(grade, "verdict", ""), "passed"), "weak",
			 weak_limits(words->document));
}

/* --- categories */

static json_t *signal_words(const struct words *words, const json_t *signal)
{
	const json_t *events = json_object_get(signal, "events");

	return json_pack("{s:o, s:o, s:b, s:o, s:o}", "text", text_or_empty(signal, "text"),
			 "value", words_value(json_object_get(signal, "value")), "measured",
			 json_is_number(json_object_get(signal, "value")), "evidence",
			 words_evidence(words, events), "rest", words_evidence_rest(events));
}

/* "20 %", or "20 %, counted as 26.67 %" */
static json_t *weight_words(const json_t *of)
{
	double weight = json_number_value(json_object_get(of, "weight"));
	double used = json_number_value(json_object_get(of, "used"));
	AUTO_JSON json_t *first = words_number(weight);
	AUTO_JSON json_t *second = words_number(used);

	if (weight - used < 0.005 && used - weight < 0.005)
		return json_sprintf("%s %%", json_string_value(first));
	return json_sprintf("%s %%, counted as %s %%", json_string_value(first),
			    json_string_value(second));
}

/* Signals that are not measured often have the same reason, which may be that of the subitem. */
static bool says_again(const json_t *subitem, size_t at)
{
	const json_t *signals = json_object_get(subitem, "signals");
	const char *text = json_str(json_array_get(signals, at), "text", "");
	size_t i;

	if (json_is_number(json_object_get(json_array_get(signals, at), "value")))
		return false;
	for (i = 0; i < at; i++)
		if (!strcmp(json_str(json_array_get(signals, i), "text", ""), text))
			return true;
	return !strcmp(json_str(subitem, "why", ""), text);
}

/* Stands behind the signals: what a judge made of them. */
static json_t *judge_words(const struct words *words, const json_t *judge)
{
	const json_t *level = json_object_get(judge, "level"), *one;
	const char *reason = json_str(judge, "reason", "");
	AUTO_JSON json_t *events = json_array();
	AUTO_JSON json_t *facts = words_value(json_object_get(judge, "facts"));
	bool measured = json_is_integer(level);
	size_t i;

	json_array_foreach(json_object_get(judge, "evidence"), i, one)
		json_array_append(events, json_object_get(one, "seq"));
	return json_pack("{s:o, s:o, s:b, s:o, s:o}", "text",
			 json_sprintf("Judge %s: %s%s%s The signals alone give %s.",
				      json_str(judge, "model", ""), json_str(judge, "text", ""),
				      *reason ? " Its reason: " : "", reason,
				      json_string_value(facts)),
			 "value", measured ? json_sprintf("%d/4", (int)json_integer_value(level))
					   : words_value(NULL),
			 "measured", measured, "evidence", words_evidence(words, events), "rest",
			 words_evidence_rest(events));
}

static json_t *subitem_words(const struct words *words, const char *category, const json_t *subitem)
{
	const char *name = json_str(subitem, "name", "");
	const json_t *value = json_object_get(subitem, "value"), *signal;
	AUTO_FREE char *subject = buf_format("%s.%s", category, name);
	json_t *signals = json_array();
	size_t i;

	json_array_foreach(json_object_get(subitem, "signals"), i, signal)
		if (!says_again(subitem, i))
			json_array_append_new(signals, signal_words(words, signal));
	if (json_is_object(json_object_get(subitem, "judge")))
		json_array_append_new(signals,
				      judge_words(words, json_object_get(subitem, "judge")));
	return json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "id", subject, "title",
			 words_title(name), "value", words_value(value), "measured",
			 json_is_number(value), "bar", words_bar(value), "weight",
			 weight_words(subitem), "why", text_or_empty(subitem, "why"), "reviewed",
			 reviewed(words, subject), "signals", signals);
}

static json_t *category_words(const struct words *words, const json_t *category)
{
	const char *name = json_str(category, "name", "");
	const json_t *value = json_object_get(category, "value"), *subitem;
	json_t *subitems = json_array();
	size_t i;

	json_array_foreach(json_object_get(category, "subitems"), i, subitem)
		json_array_append_new(subitems, subitem_words(words, name, subitem));
	return json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "id", name, "title",
			 words_title(name), "value", words_value(value), "measured",
			 json_is_number(value), "bar", words_bar(value), "weight",
			 weight_words(category), "subitems", subitems);
}

json_t *words_score_categories(const struct words *words)
{
	const json_t *score = json_object_get(words->document, "score"), *category;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(json_object_get(score, "categories"), i, category)
		json_array_append_new(list, category_words(words, category));
	return list;
}

/* --- tests */

static json_t *first_line(const json_t *of, const char *key)
{
	const char *text = json_str(of, key, "");
	size_t len = strcspn(text, "\r\n");
	json_t *line;

	if (len > 200)
		for (len = 200; len && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
			;
	line = json_stringn(text, len);
	return line ? line : json_string("");
}

static bool is_edge(const json_t *item)
{
	const json_t *tag;
	size_t i;

	json_array_foreach(json_object_get(item, "tags"), i, tag)
		if (json_is_string(tag) && !strcmp(json_string_value(tag), "edge"))
			return true;
	return false;
}

/* "Wrong answer", or "Wrong answer, 7.5 of 10 points" where a case has a share of them. */
static json_t *case_verdict(const json_t *item)
{
	double points = json_number_value(json_object_get(item, "points"));
	AUTO_JSON json_t *title = words_title(json_str(item, "verdict", ""));
	AUTO_JSON json_t *of = NULL;

	if (points <= 0 || points >= json_number_value(json_object_get(item, "possible")))
		return json_incref(title);
	of = points_of(item);
	return json_sprintf("%s, %s", json_string_value(title), json_string_value(of));
}

static json_t *case_words(const json_t *item)
{
	const char *verdict = json_str(item, "verdict", "");

	return json_pack("{s:o, s:o, s:b, s:o, s:b}", "id", text_or_empty(item, "id"), "verdict",
			 case_verdict(item), "passed", !strcmp(verdict, "passed"), "message",
			 first_line(item, "message"), "edge", is_edge(item));
}

static json_t *test_words(const json_t *test)
{
	const char *verdict = json_str(test, "verdict", "");
	json_t *cases = json_array(), *item;
	size_t i, passed = 0;

	json_array_foreach(json_object_get(test, "cases"), i, item) {
		json_array_append_new(cases, case_words(item));
		passed += !strcmp(json_str(item, "verdict", ""), "passed");
	}
	return json_pack("{s:o, s:o, s:b, s:o, s:s, s:o, s:o, s:o}", "id",
			 text_or_empty(test, "id"), "verdict", words_title(verdict), "passed",
			 !strcmp(verdict, "passed"), "points", points_of(test), "kind",
			 json_str(test, "visibility", ""), "message", first_line(test, "message"),
			 "sum", json_sprintf("%zu of %zu cases", passed, json_array_size(cases)),
			 "cases", cases);
}

json_t *words_score_tests(const struct words *words)
{
	const json_t *grade = json_object_get(words->document, "grade"), *test;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(json_object_get(grade, "tests"), i, test)
		json_array_append_new(list, test_words(test));
	return list;
}

json_t *words_score_restored(const struct words *words)
{
	const json_t *grade = json_object_get(words->document, "grade");
	json_t *list = json_object_get(grade, "restored");

	return list ? json_deep_copy(list) : json_array();
}
