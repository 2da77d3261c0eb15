/* ci_csv.c - see ci_csv.h */
#include "report/ci_csv.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/ci_text.h"
#include "report/report_csv.h"

#include <stdint.h>
#include <string.h>

/* Foreign text on one line. */
static void add_text(struct buf *line, const char *text)
{
	AUTO_FREE char *clean = ci_text_line(text, CI_TEXT_NAME);

	report_csv_field(line, clean);
}

static void add_number(struct buf *line, const json_t *number)
{
	buf_add_byte(line, ',');
	if (json_is_number(number))
		buf_add_format(line, "%.10g", json_number_value(number));
}

static const json_t *tests_of(const struct result_item *item)
{
	return json_object_get(json_object_get(item->document, "grade"), "tests");
}

/* {id: null} of all tests, in the order in which they come. */
static json_t *find_tests(const struct result_item *items, size_t count)
{
	json_t *names = json_object();

	for (size_t i = 0; i < count; i++) {
		const json_t *test;
		size_t k;

		json_array_foreach(tests_of(&items[i]), k, test)
			json_object_set_new(names, json_str(test, "id", ""), json_null());
	}
	return names;
}

static const json_t *points_of(const struct result_item *item, const char *id)
{
	const json_t *test;
	size_t i;

	json_array_foreach(tests_of(item), i, test)
		if (!strcmp(json_str(test, "id", ""), id))
			return json_object_get(test, "points");
	return NULL;
}

static void add_line(struct buf *line, const struct result_item *item, json_t *names)
{
	const json_t *grade = json_object_get(item->document, "grade");
	const char *own = json_str(item->document, "assessment", "");
	const char *verdict = item->document ? json_str(grade, "verdict", "")
			      : item->refused ? "refused" : "error";
	const char *id;
	json_t *ignored;

	add_text(line, item->name ? item->name : own);
	buf_add_byte(line, ',');
	add_text(line, json_str(item->document, "task", ""));
	buf_add_format(line, ",%s", verdict);
	add_number(line, json_object_get(grade, "percent"));
	add_number(line, json_object_get(grade, "points"));
	add_number(line, json_object_get(grade, "possible"));
	add_number(line, json_object_get(json_object_get(item->document, "score"), "value"));
	json_object_foreach(names, id, ignored)
		add_number(line, points_of(item, id));
	buf_add_byte(line, ',');
	if (!item->document && item->fault)
		add_text(line, item->fault);
	buf_add_str(line, "\r\n");
}

void ci_csv_write(FILE *out, const struct result_item *items, size_t count)
{
	AUTO(buf_release) struct buf text = BUF_INIT(SIZE_MAX);
	AUTO_JSON json_t *names = find_tests(items, count);
	const char *id;
	json_t *ignored;

	buf_add_str(&text, "submission,task,verdict,percent,points,possible,score");
	json_object_foreach(names, id, ignored) {
		AUTO_FREE char *name = buf_format("test %s", id);

		buf_add_byte(&text, ',');
		add_text(&text, name);
	}
	buf_add_str(&text, ",fault\r\n");
	for (size_t i = 0; i < count; i++)
		add_line(&text, &items[i], names);
	fwrite(buf_str(&text), 1, text.len, out);
}
