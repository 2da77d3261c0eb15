/* yaml.c - see yaml.h */
#include "task/yaml.h"

#include "base/auto.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t *parser;
	const char *name, *text;
	size_t nodes;
	struct err *err;
};

static json_t *fail(struct reader *reader, size_t line, const char *what)
{
	err_set(reader->err, ERR_INPUT, "%s:%zu: %s", reader->name, line + 1, what);
	return NULL;
}

static json_t *fail_at(struct reader *reader, const yaml_event_t *event, const char *what)
{
	return fail(reader, event->start_mark.line, what);
}

/* Of a byte that cannot be read, libyaml knows the place alone. */
static size_t line_of(const char *text, size_t offset)
{
	size_t line = 0;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static int next(struct reader *reader, yaml_event_t *event)
{
	const yaml_parser_t *parser = reader->parser;
	const char *what;

	if (yaml_parser_parse(reader->parser, event))
		return 0;
	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	what = parser->problem ? parser->problem : "not YAML";
	fail(reader,
	     parser->error == YAML_READER_ERROR ? line_of(reader->text, parser->problem_offset)
						: parser->problem_mark.line,
	     what);
	return -1;
}

/* --- scalars: the core schema */

static bool is_one_of(const char *text, const char *const *words)
{
	while (*words && strcmp(*words, text) != 0)
		words++;
	return *words != NULL;
}

static bool is_null(const char *text)
{
	return is_one_of(text, (const char *const[]){ "", "~", "null", "Null", "NULL", NULL });
}

static bool is_true(const char *text)
{
	return is_one_of(text, (const char *const[]){ "true", "True", "TRUE", NULL });
}

static bool is_false(const char *text)
{
	return is_one_of(text, (const char *const[]){ "false", "False", "FALSE", NULL });
}

static bool is_special_number(const char *text)
{
	text += *text == '+' || *text == '-';
	return is_one_of(text, (const char *const[]){ ".inf", ".Inf", ".INF", ".nan", ".NaN",
						      ".NAN", NULL });
}

static bool is_all(const char *text, const char *characters)
{
	return *text && text[strspn(text, characters)] == '\0';
}

#define DIGITS "0123456789"

static bool is_integer(const char *text)
{
	if (!strncmp(text, "0o", 2))
		return is_all(text + 2, "01234567");
	if (!strncmp(text, "0x", 2))
		return is_all(text + 2, DIGITS "abcdefABCDEF");
	return is_all(text + (*text == '+' || *text == '-'), DIGITS);
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_real(const char *text)
{
	size_t whole, fraction = 0;

	text += *text == '+' || *text == '-';
	text += whole = strspn(text, DIGITS);
	if (*text == '.')
		text += 1 + (fraction = strspn(text + 1, DIGITS));
	if (!whole && !fraction)
		return false;
	if (*text != 'e' && *text != 'E')
		return *text == '\0';
	text++;
	return is_all(text + (*text == '+' || *text == '-'), DIGITS);
}

static json_t *read_integer(const char *text)
{
	int base = !strncmp(text, "0o", 2) ? 8 : !strncmp(text, "0x", 2) ? 16 : 10;
	long long value;

	errno = 0;
	value = strtoll(base == 10 ? text : text + 2, NULL, base);
	return errno ? json_real(strtod(text, NULL)) : json_integer(value);
}

static json_t *read_plain(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	json_t *value;

	if (is_null(text))
		return json_null();
	if (is_true(text) || is_false(text))
		return json_boolean(is_true(text));
	if (is_special_number(text))
		return fail_at(reader, event, "infinity and NaN are refused");
	if (!is_integer(text) && !is_real(text))
		return json_string(text);
	value = is_integer(text) ? read_integer(text) : json_real(strtod(text, NULL));
	return value ? value : fail_at(reader, event, "the number is too large");
}

static bool has_nul(const yaml_event_t *event)
{
	return strlen((const char *)event->data.scalar.value) != event->data.scalar.length;
}

static json_t *read_scalar(struct reader *reader, const yaml_event_t *event)
{
	json_t *value;

	if (event->data.scalar.anchor)
		return fail_at(reader, event, "anchors are refused");
	if (event->data.scalar.tag)
		return fail_at(reader, event, "tags are refused");
	if (has_nul(event))
		return fail_at(reader, event, "a NUL character is refused");
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return read_plain(reader, event);
	value = json_string((const char *)event->data.scalar.value);
	return value ? value : fail_at(reader, event, "not UTF-8");
}

/* --- nodes */

static json_t *read_node(struct reader *reader, const yaml_event_t *event, unsigned depth);

static json_t *read_sequence(struct reader *reader, unsigned depth)
{
	AUTO_JSON json_t *array = json_array();

	for (;;) {
		AUTO(yaml_event_delete) yaml_event_t event = { 0 };
		json_t *value;

		if (next(reader, &event) < 0)
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			return TAKE(array);
		value = read_node(reader, &event, depth);
		if (!value)
			return NULL;
		json_array_append_new(array, value);
	}
}

/* NULL with an error when it may not be a key of the object. */
static const char *key_of(struct reader *reader, const yaml_event_t *event, const json_t *object)
{
	AUTO_JSON json_t *checked = NULL;
	const char *key = (const char *)event->data.scalar.value;
	char what[160];

	if (event->type != YAML_SCALAR_EVENT) {
		fail_at(reader, event, "a key must be one word or text");
		return NULL;
	}
	checked = read_scalar(reader, event);
	if (!checked)
		return NULL;
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !strcmp(key, "<<")) {
		fail_at(reader, event, "merge keys are refused");
		return NULL;
	}
	if (json_object_get(object, key)) {
		snprintf(what, sizeof(what), "the key '%.100s' is there twice", key);
		fail_at(reader, event, what);
		return NULL;
	}
	return key;
}

static json_t *read_mapping(struct reader *reader, unsigned depth)
{
	AUTO_JSON json_t *object = json_object();

	for (;;) {
		AUTO(yaml_event_delete) yaml_event_t key_event = { 0 };
		AUTO(yaml_event_delete) yaml_event_t event = { 0 };
		const char *key;
		json_t *value;

		if (next(reader, &key_event) < 0)
			return NULL;
		if (key_event.type == YAML_MAPPING_END_EVENT)
			return TAKE(object);
		key = key_of(reader, &key_event, object);
		if (!key || next(reader, &event) < 0)
			return NULL;
		value = read_node(reader, &event, depth);
		if (!value)
			return NULL;
		json_object_set_new(object, key, value);
	}
}

static json_t *read_collection(struct reader *reader, const yaml_event_t *event, unsigned depth)
{
	bool is_sequence = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *anchor = is_sequence ? event->data.sequence_start.anchor
						: event->data.mapping_start.anchor;
	const yaml_char_t *tag = is_sequence ? event->data.sequence_start.tag
					     : event->data.mapping_start.tag;

	if (anchor)
		return fail_at(reader, event, "anchors are refused");
	if (tag)
		return fail_at(reader, event, "tags are refused");
	if (depth >= YAML_MAX_DEPTH)
		return fail_at(reader, event, "nested too deep");
	return is_sequence ? read_sequence(reader, depth + 1) : read_mapping(reader, depth + 1);
}

static json_t *read_node(struct reader *reader, const yaml_event_t *event, unsigned depth)
{
	if (++reader->nodes > YAML_MAX_NODES)
		return fail_at(reader, event, "too many values");
	switch (event->type) {
	case YAML_SCALAR_EVENT: return read_scalar(reader, event);
	case YAML_ALIAS_EVENT: return fail_at(reader, event, "aliases are refused");
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT: return read_collection(reader, event, depth);
	default: return fail_at(reader, event, "not YAML");
	}
}

/* --- the stream */

/* 0 when the next event is of that type; it is forgotten. */
static int expect(struct reader *reader, yaml_event_type_t type, const char *what)
{
	AUTO(yaml_event_delete) yaml_event_t event = { 0 };

	if (next(reader, &event) < 0)
		return -1;
	if (event.type == type)
		return 0;
	fail_at(reader, &event, what);
	return -1;
}

static json_t *read_document(struct reader *reader)
{
	AUTO(yaml_event_delete) yaml_event_t start = { 0 };
	AUTO(yaml_event_delete) yaml_event_t event = { 0 };
	AUTO_JSON json_t *value = NULL;

	if (expect(reader, YAML_STREAM_START_EVENT, "not YAML") < 0 || next(reader, &start) < 0)
		return NULL;
	if (start.type == YAML_STREAM_END_EVENT)
		return json_null();
	if (next(reader, &event) < 0)
		return NULL;
	value = read_node(reader, &event, 0);
	if (!value || expect(reader, YAML_DOCUMENT_END_EVENT, "not YAML") < 0 ||
	    expect(reader, YAML_STREAM_END_EVENT, "a second document is refused") < 0)
		return NULL;
	return TAKE(value);
}

int yaml_parse(const char *text, size_t len, const char *name, json_t **ret, struct err *err)
{
	AUTO(yaml_parser_delete) yaml_parser_t parser = { 0 };
	struct reader reader = { .parser = &parser, .name = name, .text = text, .err = err };
	json_t *value;

	if (len > YAML_MAX_BYTES)
		return err_set(err, ERR_INPUT, "%s:1: larger than %d bytes", name, YAML_MAX_BYTES);
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	value = read_document(&reader);
	if (!value)
		return -1;
	*ret = value;
	return 0;
}
