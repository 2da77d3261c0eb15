/* ai_edit.c - see ai_edit.h */
#include "ai/ai_edit.h"

#include "ai/ai_json.h"
#include "base/auto.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct span {
	const char *begin, *end;
};

/* Reads the members of one object. */
struct walk {
	const char *at, *end;
	const char *inside;	/* just behind the brace */
	size_t count;		/* members so far */
};

static void skip_blanks(struct walk *walk)
{
	while (walk->at < walk->end && *walk->at && strchr(" \t\r\n", *walk->at))
		walk->at++;
}

static bool take(struct walk *walk, char byte)
{
	skip_blanks(walk);
	if (walk->at == walk->end || *walk->at != byte)
		return false;
	walk->at++;
	return true;
}

static bool skip_string(struct walk *walk)
{
	for (walk->at++; walk->at < walk->end; walk->at++) {
		if (*walk->at == '"') {
			walk->at++;
			return true;
		}
		if (*walk->at == '\\')
			walk->at++;
	}
	walk->at = walk->end;
	return false;
}

/* Steps over one value, by its brackets and quotes. */
static bool skip_value(struct walk *walk, struct span *ret)
{
	size_t depth = 0;

	skip_blanks(walk);
	ret->begin = walk->at;
	while (walk->at < walk->end) {
		char byte = *walk->at;

		if (depth == 0 && (byte == ',' || byte == '}' || byte == ']'))
			break;
		if (byte == '"') {
			if (!skip_string(walk))
				return false;
			continue;
		}
		if (byte == '{' || byte == '[')
			depth++;
		else if (byte == '}' || byte == ']')
			depth--;
		walk->at++;
	}
	ret->end = walk->at;
	while (ret->end > ret->begin && strchr(" \t\r\n", ret->end[-1]))
		ret->end--;
	return ret->end > ret->begin && walk->at < walk->end;
}

static bool begin_object(struct walk *walk)
{
	if (!take(walk, '{'))
		return false;
	walk->inside = walk->at;
	return true;
}

/* The next member, its key with the quotes. 1; 0 at the end of the object; -1 when it is none. */
static int next_member(struct walk *walk, struct span *ret_key, struct span *ret_value)
{
	if (take(walk, '}'))
		return 0;
	if (walk->count && !take(walk, ','))
		return -1;
	skip_blanks(walk);
	ret_key->begin = walk->at;
	if (walk->at == walk->end || *walk->at != '"' || !skip_string(walk))
		return -1;
	ret_key->end = walk->at;
	if (!take(walk, ':') || !skip_value(walk, ret_value))
		return -1;
	walk->count++;
	return 1;
}

/* Keys may be written with escapes. */
static bool is_key(const struct span *key, const char *name)
{
	size_t len = (size_t)(key->end - key->begin);
	AUTO_JSON json_t *decoded = NULL;

	if (!memchr(key->begin, '\\', len))
		return len == strlen(name) + 2 && memcmp(key->begin + 1, name, len - 2) == 0;
	decoded = ai_json_answer(key->begin, len);
	return decoded && strcmp(json_string_value(decoded), name) == 0;
}

static int no_object(struct err *err)
{
	return err_set(err, ERR_INPUT, "the body is no JSON object");
}

static void add_span(struct buf *out, const char *begin, const char *end)
{
	buf_add(out, begin, (size_t)(end - begin));
}

/* Whether the value is to be replaced: null, or a number above `most`. */
static bool is_above(const struct span *value, int64_t most)
{
	AUTO_JSON json_t *number = ai_json_answer(value->begin,
						  (size_t)(value->end - value->begin));

	if (!number || json_is_null(number))
		return true;
	return json_is_number(number) && json_number_value(number) > (double)most;
}

static bool is_one_of(const struct span *key, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		if (is_key(key, names[i]))
			return true;
	return false;
}

/* Puts a member in front of the others. */
static void put_first(const struct walk *walk, const char *body, const char *member,
		      struct buf *out)
{
	add_span(out, body, walk->inside);
	buf_add_str(out, member);
	if (walk->count)
		buf_add_byte(out, ',');
	add_span(out, walk->inside, walk->end);
}

int ai_edit_lower(const char *body, size_t len, const char *const *names, int64_t most,
		  struct buf *out, struct err *err)
{
	struct walk walk = { .at = body, .end = body + len };
	AUTO(buf_release) struct buf edited = BUF_INIT(len + 4096);
	const char *copied = body;
	struct span key, value;
	bool found = false;
	int more;

	if (!begin_object(&walk))
		return no_object(err);
	while ((more = next_member(&walk, &key, &value)) > 0) {
		if (!is_one_of(&key, names))
			continue;
		found = true;
		if (!is_above(&value, most))
			continue;
		add_span(&edited, copied, value.begin);
		buf_add_format(&edited, "%lld", (long long)most);
		copied = value.end;
	}
	if (more < 0)
		return no_object(err);
	if (found) {
		add_span(&edited, copied, body + len);
	} else {
		AUTO_FREE char *member = buf_format("\"%s\":%lld", names[0], (long long)most);

		put_first(&walk, body, member, &edited);
	}
	buf_add(out, edited.data, edited.len);
	return 0;
}

/* The body with one value written anew. */
static void put_value(const char *body, size_t len, const struct span *value, const char *text,
		      struct buf *out)
{
	add_span(out, body, value->begin);
	buf_add_str(out, text);
	add_span(out, value->end, body + len);
}

/* stream_options is there: include_usage inside of it becomes true. */
static int ask_inside(const char *body, size_t len, const struct span *options, struct buf *out,
		      struct err *err)
{
	struct walk walk = { .at = options->begin, .end = options->end };
	struct span key, value;
	int more;

	if (!begin_object(&walk)) {
		put_value(body, len, options, "{\"include_usage\":true}", out);
		return 0;
	}
	while ((more = next_member(&walk, &key, &value)) > 0) {
		if (is_key(&key, "include_usage")) {
			put_value(body, len, &value, "true", out);
			return 0;
		}
	}
	if (more < 0)
		return no_object(err);
	add_span(out, body, options->begin);
	put_first(&walk, options->begin, "\"include_usage\":true", out);
	add_span(out, options->end, body + len);
	return 0;
}

int ai_edit_ask_usage(const char *body, size_t len, struct buf *out, struct err *err)
{
	struct walk walk = { .at = body, .end = body + len };
	struct span key, value;
	int more;

	if (!begin_object(&walk))
		return no_object(err);
	while ((more = next_member(&walk, &key, &value)) > 0)
		if (is_key(&key, "stream_options"))
			return ask_inside(body, len, &value, out, err);
	if (more < 0)
		return no_object(err);
	put_first(&walk, body, "\"stream_options\":{\"include_usage\":true}", out);
	return 0;
}
