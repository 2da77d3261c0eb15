/* json.c - see json.h */
#include "base/json.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* jansson quotes the text that it stumbled over: what could disturb a terminal becomes \xNN. */
static void add_visible(struct buf *out, const char *text)
{
	AUTO_JSON json_t *utf8 = json_string(text);	/* NULL when it is not UTF-8 */

	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		bool control = *at < 0x20 || *at == 0x7f;

		if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
			control = true;
		if (control || (*at >= 0x80 && !utf8))
			buf_add_format(out, "\\x%02x", *at);
		else
			buf_add_byte(out, (char)*at);
	}
}

static int fail_at(struct err *err, const char *name, int line, const char *what)
{
	AUTO(buf_release) struct buf visible = BUF_INIT(400);

	add_visible(&visible, what);
	return err_set(err, ERR_INPUT, "%s:%d: %s", name, line > 0 ? line : 1, buf_str(&visible));
}

static int count_lines(const char *text, const char *end)
{
	int line = 1;

	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		line++;
		text++;
	}
	return line;
}

json_t *json_parse(const char *text, size_t len, const char *name, struct err *err)
{
	const char *nul = len ? memchr(text, '\0', len) : NULL;
	json_error_t error;
	json_t *value;

	if (nul) {
		fail_at(err, name, count_lines(text, nul), "a NUL byte is not allowed");
		return NULL;
	}
	if (len >= strlen(BYTE_ORDER_MARK) && !memcmp(text, BYTE_ORDER_MARK, 3)) {
		fail_at(err, name, 1, "begins with a byte order mark; save it as plain UTF-8");
		return NULL;
	}
	value = json_loadb(len ? text : "", len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!value)
		fail_at(err, name, error.line, len ? error.text : "is empty");
	return value;
}

json_t *json_read(const char *path, size_t limit, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(limit);

	if (fs_read(AT_FDCWD, path, limit, &text, err) < 0)
		return NULL;
	return json_parse(buf_str(&text), text.len, path, err);
}

char *json_canonical(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	if (!text)
		abort();
	return text;
}

bool json_has_real(const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach((json_t *)value, key, member) {
		if (json_has_real(member))
			return true;
	}
	json_array_foreach(value, i, member) {
		if (json_has_real(member))
			return true;
	}
	return json_is_real(value);
}

/* --- the line of a pointer: a walk over a text that is known to be valid JSON */

struct scan {
	const char *at;
	int line;
};

static void skip_space(struct scan *scan)
{
	while (*scan->at && strchr(" \t\r\n", *scan->at))
		scan->line += *scan->at++ == '\n';
}

static void skip_string(struct scan *scan)
{
	scan->at++;
	while (*scan->at && *scan->at != '"')
		scan->at += *scan->at == '\\' && scan->at[1] ? 2 : 1;
	if (*scan->at)
		scan->at++;
}

/* One token: a string, a bracket, a comma or colon, or a number or word. */
static void skip_token(struct scan *scan)
{
	if (*scan->at == '"')
		skip_string(scan);
	else if (*scan->at && strchr("{}[],:", *scan->at))
		scan->at++;
	else
		scan->at += strcspn(scan->at, "{}[],:\" \t\r\n");
	skip_space(scan);
}

static void skip_value(struct scan *scan)
{
	int depth = 0;

	do {
		depth += *scan->at == '{' || *scan->at == '[';
		depth -= *scan->at == '}' || *scan->at == ']';
		skip_token(scan);
	} while (depth > 0 && *scan->at);
}

/* Whether the string literal [literal, end) with its quotes spells `key`. */
static bool literal_is(const char *literal, const char *end, const char *key)
{
	size_t len = (size_t)(end - literal);

	if (memchr(literal, '\\', len)) {
		AUTO_JSON json_t *decoded = json_loadb(literal, len, JSON_DECODE_ANY, NULL);

		return json_is_string(decoded) && !strcmp(json_string_value(decoded), key);
	}
	return len == strlen(key) + 2 && !memcmp(literal + 1, key, len - 2);
}

/* From the '{' to the member's value; *ret_line is the line of its key. */
static bool enter_member(struct scan *scan, const char *key, int *ret_line)
{
	skip_token(scan);
	while (*scan->at == '"') {
		struct scan literal = *scan;

		skip_string(scan);
		*ret_line = literal.line;
		if (literal_is(literal.at, scan->at, key)) {
			skip_space(scan);
			skip_token(scan);
			return true;
		}
		skip_space(scan);
		skip_token(scan);
		skip_value(scan);
		if (*scan->at == ',')
			skip_token(scan);
	}
	return false;
}

/* From the '[' to the item; *ret_line is the line on which it begins. */
static bool enter_item(struct scan *scan, const char *index, int *ret_line)
{
	char *end;
	unsigned long left = strtoul(index, &end, 10);

	if (!strchr("0123456789", *index) || end == index || *end)
		return false;
	skip_token(scan);
	for (; left && *scan->at && *scan->at != ']'; left--) {
		skip_value(scan);
		if (*scan->at == ',')
			skip_token(scan);
	}
	*ret_line = scan->line;
	return *scan->at && *scan->at != ']';
}

/* Takes the next token off the pointer ("/a~1b/c" gives "a/b"); yours. */
static char *next_token(const char **pointer)
{
	size_t len = strcspn(*pointer + 1, "/");
	char *token = buf_alloc(len + 1), *out = token;

	for (const char *at = *pointer + 1; at <= *pointer + len; at++) {
		if (*at == '~' && (at[1] == '0' || at[1] == '1'))
			*out++ = *++at == '1' ? '/' : '~';
		else
			*out++ = *at;
	}
	*pointer += len + 1;
	return token;
}

int json_line_of(const char *text, const char *pointer)
{
	struct scan scan = { text, 1 };
	int line;

	skip_space(&scan);
	line = scan.line;
	while (*pointer == '/') {
		AUTO_FREE char *token = next_token(&pointer);
		bool found = *scan.at == '{'   ? enter_member(&scan, token, &line)
			     : *scan.at == '[' ? enter_item(&scan, token, &line)
					       : false;

		if (!found)
			return 1;
	}
	return line;
}

/* --- members */

const char *json_str(const json_t *object, const char *key, const char *fallback)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : fallback;
}

json_int_t json_int(const json_t *object, const char *key, json_int_t fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool json_flag(const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : fallback;
}

json_t *json_text(const char *data, size_t len)
{
	AUTO(buf_release) struct buf text = BUF_INIT(3 * len);

	while (len > 0) {
		size_t size = utf8_char(data, len), whole = size && *data ? size : 1;

		buf_add(&text, size && *data ? data : "\xef\xbf\xbd", size && *data ? size : 3);
		data += whole;
		len -= whole;
	}
	return json_stringn(buf_str(&text), text.len);
}
