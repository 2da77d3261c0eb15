/* ai_blocks.c - see ai_blocks.h */
#include "ai/ai_blocks.h"

#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

json_t *ai_blocks_text(const char *text)
{
	return json_pack("{s:s, s:s}", "type", "text", "text", text ? text : "");
}

json_t *ai_blocks_thinking(const char *text, const char *signature)
{
	return json_pack("{s:s, s:s, s:s*}", "type", "thinking", "text", text ? text : "",
			 "signature", signature && *signature ? signature : NULL);
}

json_t *ai_blocks_tool_use(const char *id, const char *name, json_t *input)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "type", "tool_use", "id", id ? id : "",
			 "name", name ? name : "", "input", input ? input : json_object());
}

json_t *ai_blocks_tool_result(const char *id, const char *text, bool error)
{
	return json_pack("{s:s, s:s, s:s, s:b}", "type", "tool_result", "id", id ? id : "",
			 "text", text ? text : "", "error", error);
}

static json_t *short_string(const json_t *string)
{
	size_t len = json_string_length(string);
	AUTO_FREE char *text = NULL;
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	if (len <= AI_BLOCKS_RAW_MAX)
		return json_stringn(json_string_value(string), len);
	hash = hash_of(json_string_value(string), len);
	text = buf_format("sha256:%s:%zu", hash_hex(&hash, hex), len);
	return json_string(text);
}

/* A copy without cache_control, long strings shortened. Depth is that of ai_json at most. */
static json_t *copy_raw(const json_t *raw)
{
	json_t *copy;
	const json_t *item;
	const char *key;
	size_t i;

	if (json_is_string(raw))
		return short_string(raw);
	if (json_is_array(raw)) {
		copy = json_array();
		json_array_foreach(raw, i, item)
			json_array_append_new(copy, copy_raw(item));
		return copy;
	}
	if (!json_is_object(raw))
		return raw ? json_deep_copy(raw) : json_null();
	copy = json_object();
	json_object_foreach((json_t *)raw, key, item)
		if (strcmp(key, "cache_control") != 0)
			json_object_set_new(copy, key, copy_raw(item));
	return copy;
}

json_t *ai_blocks_other(const json_t *raw)
{
	return json_pack("{s:s, s:o}", "type", "other", "raw", copy_raw(raw));
}

json_t *ai_blocks_input(const char *text, size_t len)
{
	json_t *value = NULL;

	if (!len)
		return json_object();
	value = ai_json_answer(text, len);
	return value ? value : json_stringn(text, len);
}

json_t *ai_blocks_sent_input(const json_t *block)
{
	json_t *input = json_object_get(block, "input");

	return json_is_object(input) ? json_incref(input) : json_object();
}

json_t *ai_blocks_arguments(const json_t *call, bool custom)
{
	json_t *arguments = json_object_get(call, custom ? "input" : "arguments");

	if (custom || !json_is_string(arguments))
		return json_incref(arguments);
	return ai_blocks_input(json_string_value(arguments), json_string_length(arguments));
}

void ai_blocks_add(json_t *messages, const char *role, json_t *block)
{
	json_array_append_new(messages, json_pack("{s:s, s:o}", "role", role, "block", block));
}

bool ai_blocks_is(const json_t *block, const char *type)
{
	return strcmp(json_str(block, "type", ""), type) == 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool ai_blocks_is_blank(const json_t *block)
{
	const char *text = json_str(block, "text", "");

	while (is_blank(*text))
		text++;
	return !*text;
}

/* --- comparing */

/* "HEAD" and the text without white space at its ends. Yours. */
static char *trimmed(const char *head, const char *text)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len && is_blank(text[len - 1]))
		len--;
	return buf_format("%s%.*s", head, (int)len, text);
}

/* Reals that are whole become integers. */
static json_t *plain_numbers(const json_t *value)
{
	double real = json_is_real(value) ? json_real_value(value) : 0.5;
	json_t *copy;
	const json_t *item;
	const char *key;
	size_t i;

	if (real > -9e15 && real < 9e15 && real == (double)(json_int_t)real)
		return json_integer((json_int_t)real);
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach(value, i, item)
			json_array_append_new(copy, plain_numbers(item));
		return copy;
	}
	if (!json_is_object(value))
		return value ? json_deep_copy(value) : json_null();
	copy = json_object();
	json_object_foreach((json_t *)value, key, item)
		json_object_set_new(copy, key, plain_numbers(item));
	return copy;
}

/* Thinking that came in a shape of its own, as redacted_thinking or a reasoning item. */
static bool is_hidden_thought(const json_t *block)
{
	const char *type = json_str(json_object_get(block, "raw"), "type", "");

	return strstr(type, "thinking") || strstr(type, "reasoning");
}

/* JSON begins with a brace, so the heads of the others are theirs alone. */
char *ai_blocks_canonical(const json_t *block)
{
	const char *text = json_str(block, "text", "");
	AUTO_JSON json_t *copy = NULL;

	if (ai_blocks_is(block, "text"))
		return ai_blocks_is_blank(block) ? NULL : trimmed("text ", text);
	if (ai_blocks_is(block, "tool_result")) {
		AUTO_FREE char *head = buf_format("result %s %d ", json_str(block, "id", ""),
						  json_flag(block, "error", false));

		return trimmed(head, text);
	}
	if (ai_blocks_is(block, "thinking") || is_hidden_thought(block))
		return NULL;
	copy = plain_numbers(block);
	return json_canonical(copy);
}

void ai_blocks_join(const json_t *blocks, const char *type, struct buf *out)
{
	const json_t *block;
	size_t i, before = out->len;

	json_array_foreach(blocks, i, block) {
		const char *text = json_str(block, "text", "");

		if (!ai_blocks_is(block, type) || !*text)
			continue;
		if (out->len > before)
			buf_add_str(out, "\n\n");
		buf_add_str(out, text);
	}
}
