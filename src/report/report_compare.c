/* report_compare.c - see report_compare.h */
#include "report/report_compare.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/term.h"
#include "base/utf8.h"
#include "report/blind.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

/* --- one entry */

static json_t *subitem_values(const json_t *score)
{
	json_t *values = json_object(), *category, *subitem;
	size_t i, j;

	json_array_foreach(json_object_get(score, "categories"), i, category) {
		const char *name = json_str(category, "name", "");

		json_object_set(values, name, json_object_get(category, "value"));
		json_array_foreach(json_object_get(category, "subitems"), j, subitem) {
			AUTO_FREE char *key =
				buf_format("%s.%s", name, json_str(subitem, "name", ""));

			json_object_set(values, key, json_object_get(subitem, "value"));
		}
	}
	return values;
}

/* The member, or null. */
static json_t *member(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return value ? json_incref(value) : json_null();
}

static json_t *who_of(const json_t *report)
{
	const json_t *candidate = json_object_get(report, "candidate");
	AUTO_FREE char *blind = blind_name(json_str(report, "assessment", ""));

	if (json_is_object(candidate))
		return json_string(json_str(candidate, "name", ""));
	return json_string(blind);
}

json_t *report_compare_entry(const json_t *report)
{
	const json_t *document = json_object_get(report, "score");
	const json_t *score = json_object_get(document, "score");
	const json_t *session = json_object_get(report, "session");
	json_t *whole = json_object_get(json_object_get(report, "overrides"), "");

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}",
			 "assessment", member(report, "assessment"), "name", who_of(report),
			 "email", member(json_object_get(report, "candidate"), "email"), "task",
			 member(json_object_get(report, "task"), "name"), "status",
			 member(session, "status"), "submitted", member(session, "submitted"),
			 "run", member(json_object_get(document, "run"), "number"), "value",
			 member(score, "value"), "level", member(score, "level"), "grade",
			 member(json_object_get(document, "grade"), "percent"), "needs_review",
			 json_flag(score, "needs_review", false), "reviewed",
			 member(whole, "value"), "parts", subitem_values(score));
}

/* --- ranks */

/* -1 for none, so that those come after zero. */
static double number(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);

	return json_is_number(value) ? json_number_value(value) : -1;
}

static int compare_scores(const json_t *a, const json_t *b)
{
	double x = number(a, "value"), y = number(b, "value");

	if (x == y) {
		x = number(a, "grade");
		y = number(b, "grade");
	}
	return (x < y) - (x > y);
}

static int by_rank(const void *a, const void *b)
{
	const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
	int order = compare_scores(left, right);

	return order ? order : strcmp(json_str(left, "assessment", ""),
				      json_str(right, "assessment", ""));
}

static void set_ranks(json_t *entries)
{
	size_t count = json_array_size(entries), rank = 0, i;

	for (i = 0; i < count; i++) {
		json_t *entry = json_array_get(entries, i);
		bool like_before = i && !compare_scores(json_array_get(entries, i - 1), entry);
		bool like_next =
			i + 1 < count && !compare_scores(entry, json_array_get(entries, i + 1));
		bool none = number(entry, "value") < 0 && number(entry, "grade") < 0;

		if (!like_before)
			rank = i + 1;
		json_object_set_new(entry, "rank",
				    none ? json_null() : json_integer((json_int_t)rank));
		json_object_set_new(entry, "tied",
				    json_boolean(!none && (like_before || like_next)));
	}
}

void report_compare_rank(json_t *entries)
{
	size_t count = json_array_size(entries), i;
	AUTO_FREE json_t **sorted = buf_alloc((count + 1) * sizeof(json_t *));

	for (i = 0; i < count; i++)
		sorted[i] = json_incref(json_array_get(entries, i));
	qsort(sorted, count, sizeof(*sorted), by_rank);
	json_array_clear(entries);
	for (i = 0; i < count; i++)
		json_array_append_new(entries, sorted[i]);
	set_ranks(entries);
}

/* --- cohorts */

double report_compare_percentile(const double *values, size_t count, double value)
{
	size_t below = 0, equal = 0, i;

	for (i = 0; i < count; i++) {
		below += values[i] < value;
		equal += values[i] == value;
	}
	return count ? (100.0 * (double)below + 50.0 * (double)equal) / (double)count : 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

json_t *report_compare_cohort(const char *task, double *values, size_t count)
{
	size_t half = count / 2;
	double median;

	if (!count)
		return json_pack("{s:s, s:i, s:n, s:n, s:n}", "task", task, "scored", 0, "lowest",
				 "median", "highest");
	qsort(values, count, sizeof(*values), by_value);
	median = count % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
	return json_pack("{s:s, s:I, s:f, s:f, s:f}", "task", task, "scored", (json_int_t)count,
			 "lowest", values[0], "median", median, "highest", values[count - 1]);
}

/* --- for people */

/* A column that is `width` characters wide; longer texts are cut. */
static void cell(FILE *out, const char *text, int width)
{
	AUTO_FREE char *part = NULL;
	int left = width - 2;
	size_t len;

	for (len = 0; text[len] && (left > 0 || utf8_inside(text[len])); len++)
		left -= !utf8_inside(text[len]);
	part = buf_format("%.*s", (int)len, text);
	term_print_safe(out, part);
	fprintf(out, "%*s", left + 2, "");
}

static void value_cell(FILE *out, const json_t *value, int width)
{
	AUTO_JSON json_t *text = json_is_number(value) ? words_number(json_number_value(value))
						       : json_string("-");

	cell(out, json_string_value(text), width);
}

/* The categories of all entries, which rubrics of other tasks and versions may have others of, in
 * the order in which they come. Whole categories have no dot in their names. */
static json_t *find_categories(const json_t *entries)
{
	json_t *categories = json_object(), *entry, *value;
	const char *name;
	size_t i;

	json_array_foreach(entries, i, entry)
		json_object_foreach(json_object_get(entry, "parts"), name, value)
			if (!strchr(name, '.') && !json_object_get(categories, name))
				json_object_set_new(categories, name, json_null());
	return categories;
}

static void print_head(json_t *categories, FILE *out)
{
	const char *name;
	json_t *value;

	fprintf(out, "%-6s%-18s%-26s%-8s%-12s%-8s%-8s%-9s", "rank", "id", "who", "score", "level",
		"tests", "pct", "review");
	json_object_foreach(categories, name, value)
		cell(out, name, 20);
	putc('\n', out);
}

static void print_entry(json_t *categories, const json_t *entry, FILE *out)
{
	const json_t *rank = json_object_get(entry, "rank");
	const char *who = json_str(entry, "name", ""), *name;
	AUTO_FREE char *place = json_is_integer(rank)
		? buf_format("%lld%s%s", (long long)json_integer_value(rank),
			     json_flag(entry, "tied", false) ? "=" : "",
			     json_flag(entry, "needs_review", false) ? "!" : "")
		: buf_strdup("-");
	json_t *value;

	cell(out, place, 6);
	cell(out, json_str(entry, "assessment", ""), 18);
	cell(out, *who ? who : json_str(entry, "email", ""), 26);
	value_cell(out, json_object_get(entry, "value"), 8);
	cell(out, json_str(entry, "level", "-"), 12);
	value_cell(out, json_object_get(entry, "grade"), 8);
	value_cell(out, json_object_get(entry, "percentile"), 8);
	value_cell(out, json_object_get(entry, "reviewed"), 9);
	json_object_foreach(categories, name, value)
		value_cell(out, json_object_get(json_object_get(entry, "parts"), name), 20);
	putc('\n', out);
}

static void print_cohort(const json_t *cohort, FILE *out)
{
	fprintf(out, "%s: %lld scored", json_str(cohort, "task", ""),
		(long long)json_int(cohort, "scored", 0));
	if (json_is_number(json_object_get(cohort, "median")))
		fprintf(out, ", lowest %.2f, median %.2f, highest %.2f",
			json_number_value(json_object_get(cohort, "lowest")),
			json_number_value(json_object_get(cohort, "median")),
			json_number_value(json_object_get(cohort, "highest")));
	putc('\n', out);
}

void report_compare_text(const json_t *document, FILE *out)
{
	AUTO_JSON json_t *compare = json_deep_copy(document);
	const json_t *entries = json_object_get(compare, "entries"), *item;
	AUTO_JSON json_t *categories = find_categories(entries);
	bool flagged = false;
	size_t i;

	words_plain(compare);
	print_head(categories, out);
	json_array_foreach(entries, i, item) {
		print_entry(categories, item, out);
		flagged |= json_flag(item, "needs_review", false);
	}
	if (flagged)
		fputs("! a person has to look at it before it may be used\n", out);
	json_array_foreach(json_object_get(compare, "cohorts"), i, item)
		print_cohort(item, out);
}
