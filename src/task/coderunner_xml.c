/* coderunner_xml.c - see coderunner_xml.h
 *
 * Only elements without children have a value; where it belongs is told by the names above it. */
#include "task/coderunner_xml.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>

#define NAME_SIZE 32

struct reader {
	XML_Parser parser;
	const char *name;
	char path[CODERUNNER_XML_MAX_DEPTH][NAME_SIZE];	/* cut, so long names match nothing */
	int depth;
	bool leaf, failed;
	struct buf text;	/* of the element that is open */
	json_t *questions;
	json_t *question, *one, *file;	/* the open ones, borrowed; or NULL */
	size_t cases;
	struct err *err;
};

static void fail(struct reader *reader, const char *what)
{
	if (reader->failed)
		return;
	reader->failed = true;
	err_set(reader->err, ERR_INPUT, "%s:%lu: %s", reader->name,
		(unsigned long)XML_GetCurrentLineNumber(reader->parser), what);
	XML_StopParser(reader->parser, XML_FALSE);
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
	for (int i = 0; attributes[i]; i += 2)
		if (!strcmp(attributes[i], name))
			return attributes[i + 1];
	return "";
}

/* --- opening */

static void open_question(struct reader *reader, const XML_Char **attributes)
{
	if (json_array_size(reader->questions) >= CODERUNNER_XML_MAX_QUESTIONS) {
		fail(reader, "too many questions");
		return;
	}
	reader->question = json_pack("{s:i, s:s, s:s, s:{}, s:[], s:[]}", "line",
				     (int)XML_GetCurrentLineNumber(reader->parser), "type",
				     attribute(attributes, "type"), "format", "html", "fields",
				     "cases", "files");
	json_array_append_new(reader->questions, reader->question);
}

static void open_case(struct reader *reader, const XML_Char **attributes)
{
	const char *mark = attribute(attributes, "mark");

	if (++reader->cases > CODERUNNER_XML_MAX_CASES) {
		fail(reader, "too many test cases");
		return;
	}
	reader->one = json_pack("{s:b, s:b, s:s, s:{}}", "example",
				!strcmp(attribute(attributes, "useasexample"), "1"), "precheck",
				!strcmp(attribute(attributes, "testtype"), "1"), "mark",
				*mark ? mark : "1", "fields");
	json_array_append_new(json_object_get(reader->question, "cases"), reader->one);
}

static void open_file(struct reader *reader, const XML_Char **attributes)
{
	reader->file = json_pack("{s:s, s:s}", "name", attribute(attributes, "name"), "data", "");
	json_array_append_new(json_object_get(reader->question, "files"), reader->file);
}

static bool is_at(const struct reader *reader, int depth, const char *name)
{
	return reader->depth == depth && !strcmp(reader->path[depth - 1], name);
}

static bool is_below(const struct reader *reader, int depth, const char *name)
{
	return reader->depth > depth && !strcmp(reader->path[depth - 1], name);
}

static void open_element(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *reader = arg;

	/* expat may still deliver what belongs to the tag it was stopped in */
	if (reader->failed)
		return;
	if (reader->depth == CODERUNNER_XML_MAX_DEPTH) {
		fail(reader, "elements are nested too deep");
		return;
	}
	snprintf(reader->path[reader->depth++], NAME_SIZE, "%s", name);
	reader->leaf = true;
	buf_clear(&reader->text);
	if (reader->depth == 1 && strcmp(name, "quiz") != 0)
		fail(reader, "not a quiz of Moodle");
	else if (is_at(reader, 2, "question"))
		open_question(reader, attributes);
	else if (reader->question && is_at(reader, 3, "questiontext"))
		json_object_set_new(reader->question, "format",
				    json_string(attribute(attributes, "format")));
	else if (reader->question && is_below(reader, 3, "testcases") &&
		 is_at(reader, 4, "testcase"))
		open_case(reader, attributes);
	else if (reader->question && is_below(reader, 3, "testcases") && is_at(reader, 4, "file"))
		open_file(reader, attributes);
}

/* --- closing */

static void set_text(struct reader *reader, json_t *object, const char *key)
{
	json_t *value = json_stringn(buf_str(&reader->text), reader->text.len);

	if (json_object_set_new(object, key, value) < 0)
		fail(reader, "not UTF-8");
}

/* The value of an element that has no others in it. */
static void close_leaf(struct reader *reader)
{
	json_t *fields = json_object_get(reader->question, "fields");
	const char *field = reader->path[2];

	if (reader->depth == 3)
		set_text(reader, fields, field);
	else if (is_at(reader, 4, "text") && (!strcmp(field, "name") ||
					      !strcmp(field, "questiontext") ||
					      !strcmp(field, "generalfeedback")))
		set_text(reader, fields, field);
	else if (reader->file && is_at(reader, 4, "file"))
		set_text(reader, reader->file, "data");
	else if (reader->one && is_at(reader, 6, "text"))
		set_text(reader, json_object_get(reader->one, "fields"), reader->path[4]);
}

static void close_element(void *arg, const XML_Char *name)
{
	struct reader *reader = arg;

	(void)name;
	if (reader->failed)
		return;
	if (reader->question && reader->leaf)
		close_leaf(reader);
	reader->leaf = false;
	if (reader->depth == 4)
		reader->one = reader->file = NULL;
	if (reader->depth == 2)
		reader->question = NULL;
	reader->depth--;
}

static void add_text(void *arg, const XML_Char *text, int len)
{
	struct reader *reader = arg;

	if (!reader->failed && reader->leaf)
		buf_add(&reader->text, text, (size_t)len);
}

static void refuse_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
			   const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	fail(arg, "a document type declaration is refused");
}

static void parse(struct reader *reader, const char *text, size_t len)
{
	XML_SetUserData(reader->parser, reader);
	XML_SetElementHandler(reader->parser, open_element, close_element);
	XML_SetCharacterDataHandler(reader->parser, add_text);
	XML_SetStartDoctypeDeclHandler(reader->parser, refuse_doctype);
	if (XML_Parse(reader->parser, text, (int)len, XML_TRUE) != XML_STATUS_OK)
		fail(reader, XML_ErrorString(XML_GetErrorCode(reader->parser)));
}

json_t *coderunner_xml_read(const char *text, size_t len, const char *name, struct err *err)
{
	AUTO_JSON json_t *questions = json_array();
	/* characters of other encodings may need more bytes in UTF-8 */
	struct reader reader = { .name = name, .questions = questions, .err = err,
				 .text = BUF_INIT(4 * (len + 1)) };

	if (len > CODERUNNER_XML_MAX_BYTES) {
		err_set(err, ERR_INPUT, "%s:1: larger than %d bytes", name,
			CODERUNNER_XML_MAX_BYTES);
		return NULL;
	}
	reader.parser = XML_ParserCreate(NULL);
	if (!reader.parser)
		abort();
	parse(&reader, text, len);
	XML_ParserFree(reader.parser);
	buf_release(&reader.text);
	return reader.failed ? NULL : TAKE(questions);
}
