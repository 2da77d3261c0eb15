/* json_flat.c - see json_flat.h */
#include "base/json_flat.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct json_flat *flat;
	const char *at, *end;
	size_t len;
	int depth;
};

static bool read_value(struct reader *reader);

void json_flat_release(struct json_flat *flat)
{
	free(flat->nodes);
	free(flat->decoded);
	*flat = (struct json_flat)JSON_FLAT_INIT;
}

static uint32_t add_node(struct json_flat *flat, json_type type)
{
	if (flat->count == flat->size) {
		flat->size = flat->size ? 2 * flat->size : 64;
		flat->nodes = buf_realloc(flat->nodes, flat->size, sizeof(*flat->nodes));
	}
	flat->nodes[flat->count] = (struct json_node){ .type = type };
	return (uint32_t)flat->count++;
}

static void close_node(struct json_flat *flat, uint32_t node)
{
	flat->nodes[node].after = (uint32_t)flat->count;
}

static void skip_space(struct reader *reader)
{
	while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
					    *reader->at == '\t' || *reader->at == '\r'))
		reader->at++;
}

static bool take(struct reader *reader, char byte)
{
	skip_space(reader);
	if (reader->at == reader->end || *reader->at != byte)
		return false;
	reader->at++;
	return true;
}

/* --- strings */

/* Length of a UTF-8 sequence of more than one byte, 0 when it is none. */
static size_t sequence(const unsigned char *at, size_t room)
{
	size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;

	if (at[0] < 0xc2 || at[0] > 0xf4 || len > room)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return len;
}

/* From behind the quote to the next byte that is more than itself: a quote or a backslash. */
static bool skip_plain(struct reader *reader)
{
	while (reader->at < reader->end) {
		unsigned char byte = (unsigned char)*reader->at;
		size_t len = 1;

		if (byte == '"' || byte == '\\')
			return true;
		if (byte >= 0x80)
			len = sequence((const unsigned char *)reader->at,
				       (size_t)(reader->end - reader->at));
		if (byte < 0x20 || len == 0)
			return false;
		reader->at += len;
	}
	return false;
}

static char unescape(char byte)
{
	switch (byte) {
	case '"':
	case '\\':
	case '/': return byte;
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return '\0';
	}
}

static void keep(struct json_flat *flat, const char *from, const char *to)
{
	memcpy(flat->decoded + flat->decoded_len, from, (size_t)(to - from));
	flat->decoded_len += (size_t)(to - from);
}

/* The rest of a string from its first escape on. Decoded strings are never longer than the text. */
static bool read_escapes(struct reader *reader, struct json_node *node, const char *start)
{
	struct json_flat *flat = reader->flat;
	size_t begin = flat->decoded_len;

	if (!flat->decoded)
		flat->decoded = buf_alloc(reader->len);
	while (*reader->at == '\\') {
		char byte = reader->at + 1 < reader->end ? unescape(reader->at[1]) : '\0';

		if (!byte)
			return false;
		keep(flat, start, reader->at);
		flat->decoded[flat->decoded_len++] = byte;
		reader->at += 2;
		start = reader->at;
		if (!skip_plain(reader))
			return false;
	}
	keep(flat, start, reader->at);
	node->text = flat->decoded + begin;
	node->count = (uint32_t)(flat->decoded_len - begin);
	return true;
}

static bool read_string(struct reader *reader)
{
	uint32_t index = add_node(reader->flat, JSON_STRING);
	struct json_node *node = &reader->flat->nodes[index];
	const char *start = reader->at;

	close_node(reader->flat, index);
	if (!skip_plain(reader))
		return false;
	if (*reader->at == '\\') {
		if (!read_escapes(reader, node, start))
			return false;
	} else {
		node->plain = true;
		node->text = start;
		node->count = (uint32_t)(reader->at - start);
	}
	reader->at++;
	return true;
}

/* --- the others */

static bool is_key_twice(const struct json_flat *flat, uint32_t object, uint32_t key)
{
	const struct json_node *nodes = flat->nodes;

	for (uint32_t at = object + 1; at < key; at = nodes[at + 1].after)
		if (nodes[at].count == nodes[key].count &&
		    !memcmp(nodes[at].text, nodes[key].text, nodes[key].count))
			return true;
	return false;
}

static bool read_members(struct reader *reader, uint32_t object)
{
	struct json_flat *flat = reader->flat;

	do {
		uint32_t key = (uint32_t)flat->count;

		if (!take(reader, '"') || !read_string(reader) ||
		    is_key_twice(flat, object, key) || !take(reader, ':') || !read_value(reader) ||
		    ++flat->nodes[object].count > JSON_FLAT_MEMBERS)
			return false;
	} while (take(reader, ','));
	return take(reader, '}');
}

static bool read_items(struct reader *reader, uint32_t array)
{
	do {
		if (!read_value(reader))
			return false;
		reader->flat->nodes[array].count++;
	} while (take(reader, ','));
	return take(reader, ']');
}

static bool read_nested(struct reader *reader, bool is_object)
{
	uint32_t index = add_node(reader->flat, is_object ? JSON_OBJECT : JSON_ARRAY);
	bool fine = ++reader->depth <= JSON_FLAT_DEPTH &&
		    (take(reader, is_object ? '}' : ']') ||
		     (is_object ? read_members(reader, index) : read_items(reader, index)));

	reader->depth--;
	close_node(reader->flat, index);
	return fine;
}

static bool read_number(struct reader *reader)
{
	uint32_t index = add_node(reader->flat, JSON_INTEGER);
	bool negative = *reader->at == '-';
	const char *digits = reader->at + negative, *at = digits;
	int64_t number = 0;

	close_node(reader->flat, index);
	for (; at < reader->end && *at >= '0' && *at <= '9' && at - digits < 18; at++)
		number = number * 10 + (*at - '0');
	reader->at = at;
	reader->flat->nodes[index].number = negative ? -number : number;
	if (at == digits || (*digits == '0' && (negative || at > digits + 1)))
		return false;
	return at == reader->end || !strchr("0123456789.eE", *at);
}

static bool read_word(struct reader *reader, const char *word, json_type type)
{
	size_t len = strlen(word);

	if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, word, len) != 0)
		return false;
	reader->at += len;
	close_node(reader->flat, add_node(reader->flat, type));
	return true;
}

static bool read_value(struct reader *reader)
{
	skip_space(reader);
	if (reader->at == reader->end)
		return false;
	switch (*reader->at) {
	case '"': reader->at++; return read_string(reader);
	case '{': reader->at++; return read_nested(reader, true);
	case '[': reader->at++; return read_nested(reader, false);
	case 't': return read_word(reader, "true", JSON_TRUE);
	case 'f': return read_word(reader, "false", JSON_FALSE);
	case 'n': return read_word(reader, "null", JSON_NULL);
	default: return read_number(reader);
	}
}

bool json_flat_parse(struct json_flat *flat, const char *text, size_t len)
{
	struct reader reader = { .flat = flat, .at = text, .end = text + len, .len = len };

	free(flat->decoded);	/* the next text may be longer */
	flat->decoded = NULL;
	flat->decoded_len = flat->count = 0;
	if (len > UINT32_MAX || !read_value(&reader))
		return false;
	skip_space(&reader);
	return reader.at == reader.end;
}

/* --- use */

bool json_flat_is(const struct json_node *string, const char *text)
{
	return string->type == JSON_STRING && strlen(text) == string->count &&
	       !memcmp(string->text, text, string->count);
}

uint32_t json_flat_member(const struct json_flat *flat, uint32_t object, const char *name)
{
	const struct json_node *nodes = flat->nodes;

	if (nodes[object].type != JSON_OBJECT)
		return 0;
	for (uint32_t key = object + 1; key < nodes[object].after; key = nodes[key + 1].after)
		if (json_flat_is(&nodes[key], name))
			return key + 1;
	return 0;
}

static void add_escaped(struct buf *out, const struct json_node *string)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (uint32_t i = 0; i < string->count; i++) {
		char byte = string->text[i];
		const char *letter = byte ? strchr(letters, byte) : NULL;

		/* the letters themselves stand on odd places */
		if (letter && (letter - letters) % 2 == 0) {
			buf_add_byte(out, '\\');
			byte = letter[1];
		}
		buf_add_byte(out, byte);
	}
}

static void add_string(struct buf *out, const struct json_node *string)
{
	buf_add_byte(out, '"');
	if (string->plain)
		buf_add(out, string->text, string->count);
	else
		add_escaped(out, string);
	buf_add_byte(out, '"');
}

static void add_number(struct buf *out, int64_t number)
{
	char digits[24], *at = digits + sizeof(digits);
	int64_t left = number < 0 ? -number : number;

	do
		*--at = (char)('0' + left % 10);
	while (left /= 10);
	if (number < 0)
		*--at = '-';
	buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

static int compare_keys(const struct json_node *a, const struct json_node *b)
{
	int order = memcmp(a->text, b->text, a->count < b->count ? a->count : b->count);

	return order ? order : a->count < b->count ? -1 : 1;
}

static void add_members(const struct json_flat *flat, uint32_t object, struct buf *out)
{
	const struct json_node *nodes = flat->nodes;
	uint32_t keys[JSON_FLAT_MEMBERS], count = 0;

	for (uint32_t key = object + 1; key < nodes[object].after; key = nodes[key + 1].after) {
		uint32_t at = count++;

		for (; at && compare_keys(&nodes[keys[at - 1]], &nodes[key]) > 0; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			buf_add_byte(out, ',');
		add_string(out, &nodes[keys[i]]);
		buf_add_byte(out, ':');
		json_flat_canonical(flat, keys[i] + 1, out);
	}
}

static void add_items(const struct json_flat *flat, uint32_t array, struct buf *out)
{
	const struct json_node *nodes = flat->nodes;

	for (uint32_t item = array + 1; item < nodes[array].after; item = nodes[item].after) {
		if (item > array + 1)
			buf_add_byte(out, ',');
		json_flat_canonical(flat, item, out);
	}
}

void json_flat_canonical(const struct json_flat *flat, uint32_t value, struct buf *out)
{
	const struct json_node *node = &flat->nodes[value];

	switch (node->type) {
	case JSON_OBJECT:
		buf_add_byte(out, '{');
		add_members(flat, value, out);
		buf_add_byte(out, '}');
		break;
	case JSON_ARRAY:
		buf_add_byte(out, '[');
		add_items(flat, value, out);
		buf_add_byte(out, ']');
		break;
	case JSON_STRING: add_string(out, node); break;
	case JSON_INTEGER: add_number(out, node->number); break;
	case JSON_TRUE: buf_add_str(out, "true"); break;
	case JSON_FALSE: buf_add_str(out, "false"); break;
	default: buf_add_str(out, "null");
	}
}
