/* coderunner_xml.c - see coderunner_xml.h
 *
 * Only elements without children have a value; where it belongs is told by the names above it. */
#include "task/coderunner_xml.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "task/xml.h"

#include <stdbool.h>
#include <string.h>

#define NAME_SIZE 32

struct reader {
	char path[CODERUNNER_XML_MAX_DEPTH][NAME_SIZE];	/* cut, so long names match nothing */
	int depth;
	bool leaf;
	struct buf text;	/* of the element that is open */
	json_t *questions;
	json_t *question, *one, *file;	/* the open ones, borrowed; or NULL */
	size_t cases;
};

/* --- opening */

static void open_question(struct reader *reader, struct xml *xml, const char **attributes)
{
	if (json_array_size(reader->questions) >= CODERUNNER_XML_MAX_QUESTIONS) {
		xml_fail(xml, "too many questions");
		return;
	}
	reader->question = json_pack("{s:i, s:s, s:s, s:{}, s:[], s:[], s:[]}", "line",
				     xml_line(xml), "type", xml_attribute(attributes, "type", ""),
				     "format", "html", "fields", "cases", "files", "answers");
	json_array_append_new(reader->questions, reader->question);
}

static void open_case(struct reader *reader, struct xml *xml, const char **attributes)
{
	const char *mark = xml_attribute(attributes, "mark", "");

	if (++reader->cases > CODERUNNER_XML_MAX_CASES) {
		xml_fail(xml, "too many test cases");
		return;
	}
	reader->one = json_pack("{s:b, s:b, s:s, s:{}}", "example",
				!strcmp(xml_attribute(attributes, "useasexample", ""), "1"),
				"precheck",
				!strcmp(xml_attribute(attributes, "testtype", ""), "1"),
				"mark", *mark ? mark : "1", "fields");
	json_array_append_new(json_object_get(reader->question, "cases"), reader->one);
}

static void open_file(struct reader *reader, const char *list, const char **attributes)
{
	reader->file = json_pack("{s:s, s:s}", "name",
				 xml_attribute(attributes, "name", ""), "data", "");
	json_array_append_new(json_object_get(reader->question, list), reader->file);
}

static bool is_at(const struct reader *reader, int depth, const char *name)
{
	return reader->depth == depth && !strcmp(reader->path[depth - 1], name);
}

static bool is_below(const struct reader *reader, int depth, const char *name)
{
	return reader->depth > depth && !strcmp(reader->path[depth - 1], name);
}

static void open_element(void *arg, struct xml *xml, const char *name, const char **attributes)
{
	struct reader *reader = arg;

	snprintf(reader->path[reader->depth++], NAME_SIZE, "%s", name);
	reader->leaf = true;
	buf_clear(&reader->text);
	if (reader->depth == 1 && strcmp(name, "quiz") != 0)
		xml_fail(xml, "not a quiz of Moodle");
	else if (is_at(reader, 2, "question"))
		open_question(reader, xml, attributes);
	else if (reader->question && is_at(reader, 3, "questiontext"))
		json_object_set_new(reader->question, "format",
				    json_string(xml_attribute(attributes, "format", "")));
	else if (reader->question && is_below(reader, 3, "testcases") &&
		 is_at(reader, 4, "testcase"))
		open_case(reader, xml, attributes);
	else if (reader->question && is_below(reader, 3, "testcases") && is_at(reader, 4, "file"))
		open_file(reader, "files", attributes);
	else if (reader->question && is_below(reader, 3, "answerfiles") && is_at(reader, 4, "file"))
		open_file(reader, "answers", attributes);
}

/* --- closing */

static void set_text(struct reader *reader, struct xml *xml, json_t *object, const char *key)
{
	json_t *value = json_stringn(buf_str(&reader->text), reader->text.len);

	if (json_object_set_new(object, key, value) < 0)
		xml_fail(xml, "not UTF-8");
}

/* The value of an element that has no others in it. */
static void close_leaf(struct reader *reader, struct xml *xml)
{
	json_t *fields = json_object_get(reader->question, "fields");
	const char *field = reader->path[2];

	if (reader->depth == 3)
		set_text(reader, xml, fields, field);
	else if (is_at(reader, 4, "text") && (!strcmp(field, "name") ||
					      !strcmp(field, "questiontext") ||
					      !strcmp(field, "generalfeedback")))
		set_text(reader, xml, fields, field);
	else if (reader->file && is_at(reader, 4, "file"))
		set_text(reader, xml, reader->file, "data");
	else if (reader->one && is_at(reader, 6, "text"))
		set_text(reader, xml, json_object_get(reader->one, "fields"), reader->path[4]);
}

static void close_element(void *arg, struct xml *xml)
{
	struct reader *reader = arg;

	if (reader->question && reader->leaf)
		close_leaf(reader, xml);
	reader->leaf = false;
	if (reader->depth == 4)
		reader->one = reader->file = NULL;
	if (reader->depth == 2)
		reader->question = NULL;
	reader->depth--;
}

static void add_text(void *arg, const char *text, size_t len)
{
	struct reader *reader = arg;

	if (reader->leaf)
		buf_add(&reader->text, text, len);
}

json_t *coderunner_xml_read(const char *text, size_t len, const char *name, struct err *err)
{
	AUTO_JSON json_t *questions = json_array();
	AUTO_FREE char *place = buf_format("%s:", name);
	const struct xml_handler handler = {
		.open = open_element, .close = close_element, .text = add_text,
		.depth = CODERUNNER_XML_MAX_DEPTH, .place = place,
	};
	/* characters of other encodings may need more bytes in UTF-8 */
	struct reader reader = { .questions = questions, .text = BUF_INIT(4 * (len + 1)) };
	int status;

	if (len > CODERUNNER_XML_MAX_BYTES) {
		err_set(err, ERR_INPUT, "%s1: larger than %d bytes", place,
			CODERUNNER_XML_MAX_BYTES);
		return NULL;
	}
	status = xml_read(text, len, &handler, &reader, err);
	buf_release(&reader.text);
	return status < 0 ? NULL : TAKE(questions);
}
