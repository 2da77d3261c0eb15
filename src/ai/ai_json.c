/* ai_json.c - see ai_json.h */
#include "ai/ai_json.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

/* One walk over the text; what needs no change is copied in runs. */
struct cleaner {
	const char *text, *end, *at, *copied;
	struct buf out;
	bool in_string;
	int depth;
	long values;		/* that began */
};

static void replace(struct cleaner *cleaner, size_t len, const char *by)
{
	buf_add(&cleaner->out, cleaner->copied, (size_t)(cleaner->at - cleaner->copied));
	buf_add_str(&cleaner->out, by);
	cleaner->at += len;
	cleaner->copied = cleaner->at;
}

/* The four digits of an escape \uXXXX at `at`; -1 when there is none. */
static int32_t unit_at(const char *at, const char *end)
{
	int32_t unit = 0;

	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		const char *digits = "0123456789abcdef";
		const char *digit = at[i] ? strchr(digits, at[i] | 0x20) : NULL;

		if (!digit || (at[i] < '0' || (at[i] > '9' && at[i] < 'A')))
			return -1;
		unit = unit * 16 + (int32_t)(digit - digits);
	}
	return unit;
}

static void clean_escape(struct cleaner *cleaner)
{
	int32_t unit = unit_at(cleaner->at, cleaner->end);
	bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
	int32_t next = high ? unit_at(cleaner->at + 6, cleaner->end) : -1;

	if (high && next >= 0xdc00 && next < 0xe000)
		cleaner->at += 12;
	else if (unit == 0 || high || low)
		replace(cleaner, 6, "\\ufffd");
	else
		cleaner->at += cleaner->end - cleaner->at >= 2 ? 2 : 1;
}

static void clean_number(struct cleaner *cleaner)
{
	const char *first = cleaner->at + (*cleaner->at == '-'), *stop = first, *end = cleaner->end;
	bool whole, long_one;

	while (stop < end && *stop >= '0' && *stop <= '9')
		stop++;
	long_one = stop - first > 18;
	whole = stop == end || !strchr(".eE", *stop);
	while (stop < end && *stop && strchr("0123456789+-.eE", *stop))
		stop++;
	cleaner->at = stop;
	if (whole && long_one)
		replace(cleaner, 0, ".0");
}

/* False when it nests too deep, or has too much in it. */
static bool clean_outside(struct cleaner *cleaner)
{
	char byte = *cleaner->at;

	if (byte == '-' || (byte >= '0' && byte <= '9')) {
		clean_number(cleaner);
		return true;
	}
	if (byte == '"')
		cleaner->in_string = true;
	else if ((byte == '{' || byte == '[') && ++cleaner->depth > AI_JSON_DEPTH)
		return false;
	else if (byte == '}' || byte == ']')
		cleaner->depth--;
	if (byte == ',' || byte == '{' || byte == '[')
		cleaner->values++;
	cleaner->at++;
	return cleaner->values <= AI_JSON_VALUES;
}

static void clean_inside(struct cleaner *cleaner, bool mend)
{
	size_t left = (size_t)(cleaner->end - cleaner->at);
	size_t len = (signed char)*cleaner->at >= 0 ? 1 : utf8_char(cleaner->at, left);

	if (*cleaner->at == '\\')
		clean_escape(cleaner);
	else if (!len && mend)
		replace(cleaner, 1, REPLACEMENT);
	else if (*cleaner->at == '"') {
		cleaner->in_string = false;
		cleaner->at++;
	} else {
		cleaner->at += len ? len : 1;
	}
}

/* Most of a text is plain ASCII within quotes. */
static void skip_plain(struct cleaner *cleaner)
{
	const char *at = cleaner->at, *end = cleaner->end;

	if (!cleaner->in_string)
		return;
	while (at < end && (signed char)*at > 0 && *at != '"' && *at != '\\')
		at++;
	cleaner->at = at;
}

/* `mend`: what is not UTF-8 is replaced. NULL with a reason, or yours. */
static json_t *parse(const char *text, size_t len, bool mend, size_t flags, json_error_t *error)
{
	struct cleaner cleaner = { .text = text, .end = text + len, .at = text, .copied = text,
				   .out = BUF_INIT(3 * len + 16) };
	json_t *value = NULL;

	while (cleaner.at < cleaner.end) {
		skip_plain(&cleaner);
		if (cleaner.at == cleaner.end)
			break;
		if (cleaner.in_string)
			clean_inside(&cleaner, mend);
		else if (!clean_outside(&cleaner))
			break;
	}
	if (cleaner.values > AI_JSON_VALUES) {
		snprintf(error->text, sizeof(error->text), "more than %d values", AI_JSON_VALUES);
	} else if (cleaner.at < cleaner.end) {
		snprintf(error->text, sizeof(error->text), "nested more than %d deep",
			 AI_JSON_DEPTH);
	} else {
		replace(&cleaner, 0, "");
		value = json_loadb(buf_str(&cleaner.out), cleaner.out.len, flags, error);
	}
	buf_release(&cleaner.out);
	return value;
}

json_t *ai_json_request(const char *text, size_t len, struct err *err)
{
	json_error_t error = { .text = "" };
	AUTO_JSON json_t *value = parse(text, len, false, JSON_REJECT_DUPLICATES, &error);

	if (value && json_is_object(value))
		return TAKE(value);
	/* jansson quotes the text near the fault, which is the client's own */
	if (value)
		err_set(err, ERR_INPUT, "the body is no JSON object");
	else
		err_set(err, ERR_INPUT, "the body is not valid JSON: %.120s",
			utf8_valid(error.text, strlen(error.text)) ? error.text : "wrong bytes");
	return NULL;
}

json_t *ai_json_answer(const char *text, size_t len)
{
	json_error_t error;

	return parse(text, len, true, JSON_DECODE_ANY, &error);
}

int64_t ai_json_count(const json_t *value, int64_t most)
{
	double real;

	if (json_is_integer(value)) {
		json_int_t number = json_integer_value(value);

		return number >= 0 && number <= most ? number : -1;
	}
	if (!json_is_real(value))
		return -1;
	real = json_real_value(value);
	if (!(real >= 0 && real <= (double)most && real < 9e15))
		return -1;
	return (double)(int64_t)real == real ? (int64_t)real : -1;
}

static void hash_bytes(char type, const void *bytes, size_t len, struct hash_stream *stream)
{
	char head[1 + sizeof(len)] = { type };

	memcpy(head + 1, &len, sizeof(len));
	hash_stream_add(stream, head, sizeof(head));
	hash_stream_add(stream, bytes, len);
}

static void hash_members(const json_t *object, struct hash_stream *stream)
{
	const char *key;
	const json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		if (strcmp(key, "cache_control") == 0)
			continue;
		hash_bytes('k', key, strlen(key), stream);
		ai_json_hash(value, stream);
	}
}

void ai_json_hash(const json_t *value, struct hash_stream *stream)
{
	json_int_t number = json_integer_value(value);
	double real = json_real_value(value);
	const json_t *item;
	size_t i;

	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		hash_bytes('s', json_string_value(value), json_string_length(value), stream);
		return;
	case JSON_INTEGER:
		hash_bytes('i', &number, sizeof(number), stream);
		return;
	case JSON_REAL:
		hash_bytes('r', &real, sizeof(real), stream);
		return;
	case JSON_ARRAY:
		hash_bytes('[', NULL, 0, stream);
		json_array_foreach(value, i, item)
			ai_json_hash(item, stream);
		hash_bytes(']', NULL, 0, stream);
		return;
	case JSON_OBJECT:
		hash_bytes('{', NULL, 0, stream);
		hash_members(value, stream);
		hash_bytes('}', NULL, 0, stream);
		return;
	default:
		hash_bytes(json_is_true(value) ? 't' : json_is_false(value) ? 'f' : 'n', NULL, 0,
			   stream);
	}
}

json_t *ai_json_at(const json_t *object, const char *key, const char *inner)
{
	return json_object_get(json_object_get(object, key), inner);
}
