/* wire_responses.c - see wire_responses.h */
#include "ai/wire_responses.h"

#include "ai/ai_blocks.h"
#include "ai/ai_edit.h"
#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

static const char *const maxima[] = { "max_output_tokens", NULL };
static const char *const no_names[] = { NULL };
static const char *const others[] = { "input", "instructions", "previous_response_id",
				      "conversation", "prompt", "background", "text",
				      "prompt_cache_key", NULL };
static const struct ai_request_fields fields = { maxima, no_names, others, "input" };

static bool is_type(const json_t *object, const char *type)
{
	return strcmp(json_str(object, "type", ""), type) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* --- items */

static bool is_text(const json_t *part)
{
	return is_type(part, "input_text") || is_type(part, "output_text") ||
	       is_type(part, "text") || is_type(part, "summary_text") ||
	       is_type(part, "reasoning_text");
}

/* The texts of a string or of parts, a line each. */
static void add_texts(const json_t *content, struct buf *out)
{
	const json_t *part;
	size_t i;

	if (json_is_string(content))
		buf_add_str(out, json_string_value(content));
	json_array_foreach(content, i, part) {
		if (!is_text(part))
			continue;
		if (out->len)
			buf_add_byte(out, '\n');
		buf_add_str(out, json_str(part, "text", ""));
	}
}

static void take_message(const json_t *item, wire_responses_fn *fn, void *arg)
{
	const json_t *content = json_object_get(item, "content"), *part;
	const char *role = json_str(item, "role", "user");
	size_t i;

	if (json_is_string(content))
		fn(arg, role, ai_blocks_text(json_string_value(content)));
	json_array_foreach(content, i, part) {
		if (is_text(part))
			fn(arg, role, ai_blocks_text(json_str(part, "text", "")));
		else if (is_type(part, "refusal"))
			fn(arg, role, ai_blocks_text(json_str(part, "refusal", "")));
		else
			fn(arg, role, ai_blocks_other(part));
	}
}

static void take_call(const json_t *item, wire_responses_fn *fn, void *arg)
{
	json_t *input = ai_blocks_arguments(item, is_type(item, "custom_tool_call"));

	fn(arg, "assistant",
	   ai_blocks_tool_use(json_str(item, "call_id", json_str(item, "id", "")),
			      json_str(item, "name", ""), input));
}

static void take_result(const json_t *item, wire_responses_fn *fn, void *arg)
{
	const json_t *output = json_object_get(item, "output"), *part;
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;

	add_texts(output, &text);
	fn(arg, "user",
	   ai_blocks_tool_result(json_str(item, "call_id", ""), buf_str(&text), false));
	json_array_foreach(output, i, part)
		if (!is_text(part))
			fn(arg, "user", ai_blocks_other(part));
}

static void take_thought(const json_t *item, wire_responses_fn *fn, void *arg)
{
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	add_texts(json_object_get(item, "summary"), &text);
	add_texts(json_object_get(item, "content"), &text);
	if (text.len)
		fn(arg, "assistant", ai_blocks_thinking(buf_str(&text), NULL));
}

void wire_responses_item(const json_t *item, wire_responses_fn *fn, void *arg)
{
	const char *type = json_str(item, "type", "message"), *usual;

	if (!strcmp(type, "message")) {
		take_message(item, fn, arg);
	} else if (!strcmp(type, "function_call") || !strcmp(type, "custom_tool_call")) {
		take_call(item, fn, arg);
	} else if (!strcmp(type, "function_call_output") ||
		   !strcmp(type, "custom_tool_call_output")) {
		take_result(item, fn, arg);
	} else if (!strcmp(type, "reasoning")) {
		take_thought(item, fn, arg);
	} else {
		usual = ends_with(type, "_output") ? "user" : "assistant";
		fn(arg, json_str(item, "role", usual), ai_blocks_other(item));
	}
}

/* --- a request */

static void add_block(void *arg, const char *role, json_t *block)
{
	ai_request_add(arg, role, block);
}

static void note_part(const json_t *part, struct ai_request *ret)
{
	const char *url = json_str(part, "image_url", "");

	if (is_type(part, "input_image") && strncmp(url, "data:", 5) == 0)
		ai_request_picture(ret, strlen(url));
	else if (is_type(part, "input_image") || is_type(part, "input_file"))
		ai_request_unseen(ret, json_str(part, "type", ""));
}

static void note_media(const json_t *item, struct ai_request *ret)
{
	const json_t *part;
	size_t i;

	if (is_type(item, "item_reference"))
		ai_request_unseen(ret, "item_reference");
	json_array_foreach(json_object_get(item, "content"), i, part)
		note_part(part, ret);
	json_array_foreach(json_object_get(item, "output"), i, part)
		note_part(part, ret);
}

static void read_input(const json_t *input, struct ai_request *ret)
{
	const json_t *item;
	size_t i;

	if (json_is_string(input))
		ai_request_add(ret, "user", ai_blocks_text(json_string_value(input)));
	json_array_foreach(input, i, item) {
		note_media(item, ret);
		wire_responses_item(item, add_block, ret);
	}
}

static void read_tools(const json_t *tools, struct ai_request *ret)
{
	/* run by the provider, which bills what they bring in */
	static const char *const by_provider[] = { "web_search", "file_search", "code_interpreter",
						   "mcp", "image_generation" };
	const json_t *tool;
	size_t i;

	json_array_foreach(tools, i, tool) {
		const char *type = json_str(tool, "type", "");

		json_array_append_new(ret->tools, json_string(json_str(tool, "name", type)));
		for (size_t j = 0; j < sizeof(by_provider) / sizeof(by_provider[0]); j++)
			if (strncmp(type, by_provider[j], strlen(by_provider[j])) == 0)
				ai_request_unseen(ret, type);
	}
}

/* What the provider keeps and reads in addition. */
static void note_kept(const json_t *root, struct ai_request *ret)
{
	static const char *const kept[] = { "previous_response_id", "conversation", "prompt" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const json_t *value = json_object_get(root, kept[i]);

		if (value && !json_is_null(value))
			ai_request_unseen(ret, kept[i]);
	}
	/* its answer is fetched later, by a request that nobody would count */
	if (json_is_true(json_object_get(root, "background")))
		ai_request_unseen(ret, "background");
}

int wire_responses_read(const char *body, size_t len, struct ai_request *ret, struct err *err)
{
	AUTO_JSON json_t *root = ai_request_begin(body, len, &fields, ret, err);
	const char *instructions;

	if (!root)
		return -1;
	instructions = json_str(root, "instructions", NULL);
	if (instructions)
		json_array_append_new(ret->system, ai_blocks_text(instructions));
	read_input(json_object_get(root, "input"), ret);
	read_tools(json_object_get(root, "tools"), ret);
	note_kept(root, ret);
	ret->format = json_incref(json_object_get(ai_json_at(root, "text", "format"), "schema"));
	ai_request_session(ret, json_str(root, "prompt_cache_key", NULL));
	return 0;
}

int wire_responses_lower(const char *body, size_t len, int64_t most, struct buf *out,
			 struct err *err)
{
	return ai_edit_lower(body, len, maxima, most, out, err);
}
