/* report_csv.c - see report_csv.h */
#include "report/report_csv.h"

#include "base/auto.h"
#include "base/json.h"
#include "report/words.h"

#include <stdint.h>
#include <stdbool.h>
#include <string.h>

static const struct {
	const char *name, *key;
} columns[] = {
	{ "rank", "rank" }, { "assessment", "assessment" }, { "name", "name" },
	{ "email", "email" }, { "task", "task" }, { "status", "status" },
	{ "submitted", "submitted" }, { "run", "run" }, { "score", "value" },
	{ "level", "level" }, { "tests", "grade" }, { "percentile", "percentile" },
	{ "needs_review", "needs_review" }, { "reviewer", "reviewed" },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Wide characters that spreadsheets take for the narrow ones. */
static bool begins_formula(const char *text)
{
	static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "\n",
					     "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
					     "\xef\xbc\xa0", NULL };
	int i;

	text += strspn(text, " ");
	for (i = 0; signs[i]; i++)
		if (!strncmp(text, signs[i], strlen(signs[i])))
			return true;
	return false;
}

void report_csv_field(struct buf *out, const char *text)
{
	bool formula = begins_formula(text);
	bool quoted = formula || text[strcspn(text, ",\"\r\n;\t ")];

	if (quoted)
		buf_add_byte(out, '"');
	if (formula)
		buf_add_byte(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, *text);
	}
	if (quoted)
		buf_add_byte(out, '"');
}

static void add_value(struct buf *line, const json_t *value)
{
	if (json_is_true(value)) {
		buf_add_str(line, "yes");
	} else if (json_is_string(value)) {
		report_csv_field(line, json_string_value(value));
	} else if (json_is_number(value)) {
		AUTO_JSON json_t *text = words_number(json_number_value(value));

		buf_add_str(line, json_string_value(text));
	}
}

/* {name: null} of all entries, in the order in which they come. */
static json_t *find_parts(const json_t *entries)
{
	json_t *parts = json_object(), *entry;
	size_t i;

	json_array_foreach(entries, i, entry) {
		const char *name;
		json_t *value;

		json_object_foreach(json_object_get(entry, "parts"), name, value)
			if (!json_object_get(parts, name))
				json_object_set_new(parts, name, json_null());
	}
	return parts;
}

static void print_line(struct buf *line, FILE *out)
{
	buf_add_str(line, "\r\n");
	fwrite(buf_str(line), 1, line->len, out);
	buf_clear(line);
}

void report_csv(const json_t *entries, FILE *out)
{
	AUTO(buf_release) struct buf line = BUF_INIT(SIZE_MAX);
	AUTO_JSON json_t *parts = find_parts(entries);
	json_t *entry, *value;
	const char *name;
	size_t i, j;

	for (j = 0; j < COLUMNS; j++)
		buf_add_format(&line, "%s%s", j ? "," : "", columns[j].name);
	json_object_foreach(parts, name, value) {
		buf_add_byte(&line, ',');
		report_csv_field(&line, name);
	}
	print_line(&line, out);
	json_array_foreach(entries, i, entry) {
		for (j = 0; j < COLUMNS; j++) {
			if (j)
				buf_add_byte(&line, ',');
			add_value(&line, json_object_get(entry, columns[j].key));
		}
		json_object_foreach(parts, name, value) {
			buf_add_byte(&line, ',');
			add_value(&line, json_object_get(json_object_get(entry, "parts"), name));
		}
		print_line(&line, out);
	}
}
