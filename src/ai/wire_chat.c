/* wire_chat.c - see wire_chat.h */
#include "ai/wire_chat.h"

#include "ai/ai_blocks.h"
#include "ai/ai_edit.h"
#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

/* n_predict and best_of are of compatible servers, which obey them before the others. */
static const char *const maxima[] = { "max_completion_tokens", "max_tokens", "n_predict", NULL };
static const char *const choices[] = { "n", "best_of", NULL };
static const char *const others[] = { "stream_options", "response_format", "functions",
				      "web_search_options", "prompt_cache_key", NULL };
static const struct ai_request_fields fields = { maxima, choices, others, "messages" };

static bool is_type(const json_t *object, const char *type)
{
	return strcmp(json_str(object, "type", ""), type) == 0;
}

static bool is_role(const char *role, const char *name)
{
	return strcmp(role, name) == 0;
}

/* --- reading */

static bool is_text(const json_t *part)
{
	return is_type(part, "text") || is_type(part, "refusal");
}

static void add_text(const json_t *string, struct buf *out)
{
	if (!json_is_string(string) || !json_string_length(string))
		return;
	if (out->len)
		buf_add_byte(out, '\n');
	buf_add_str(out, json_string_value(string));
}

void wire_chat_text(const json_t *message, struct buf *out)
{
	const json_t *content = json_object_get(message, "content"), *part;
	size_t i;

	add_text(content, out);
	json_array_foreach(content, i, part)
		if (is_text(part))
			add_text(json_object_get(part, json_str(part, "type", "text")), out);
	add_text(json_object_get(message, "refusal"), out);
}

const json_t *wire_chat_thought(const json_t *message)
{
	static const char *const names[] = { "reasoning_content", "reasoning", "thinking" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *thought = json_object_get(message, names[i]);

		if (json_is_string(thought))
			return thought;
	}
	return NULL;
}

json_t *wire_chat_call(const json_t *call)
{
	const json_t *custom = json_object_get(call, "custom");
	const json_t *function = custom ? custom : json_object_get(call, "function");

	return ai_blocks_tool_use(json_str(call, "id", ""), json_str(function, "name", ""),
				  ai_blocks_arguments(function, custom));
}

static void note_media(const json_t *part, struct ai_request *ret)
{
	const char *url = json_string_value(ai_json_at(part, "image_url", "url"));
	const json_t *file = json_object_get(part, "file");

	if (is_type(part, "image_url") && url && strncmp(url, "data:", 5) == 0)
		ai_request_picture(ret, strlen(url));
	else if (is_type(part, "image_url"))
		ai_request_unseen(ret, "image_url");
	else if (is_type(part, "file") || file)
		ai_request_unseen(ret, "file");
}

static void read_content(const json_t *message, const char *role, struct ai_request *ret)
{
	const json_t *content = json_object_get(message, "content"), *part;
	size_t i;

	if (json_is_string(content))
		ai_request_add(ret, role, ai_blocks_text(json_string_value(content)));
	json_array_foreach(content, i, part) {
		if (is_text(part)) {
			ai_request_add(ret, role,
				       ai_blocks_text(json_str(part, json_str(part, "type", ""),
							       "")));
			continue;
		}
		note_media(part, ret);
		ai_request_add(ret, role, ai_blocks_other(part));
	}
}

static void read_assistant(const json_t *message, struct ai_request *ret)
{
	const json_t *thought = wire_chat_thought(message), *call;
	const json_t *function = json_object_get(message, "function_call");
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;

	if (thought)
		ai_request_add(ret, "assistant",
			       ai_blocks_thinking(json_string_value(thought), NULL));
	wire_chat_text(message, &text);
	if (text.len)
		ai_request_add(ret, "assistant", ai_blocks_text(buf_str(&text)));
	json_array_foreach(json_object_get(message, "tool_calls"), i, call)
		ai_request_add(ret, "assistant", wire_chat_call(call));
	if (json_is_object(function)) {
		AUTO_JSON json_t *old = json_pack("{s:O}", "function", function);

		ai_request_add(ret, "assistant", wire_chat_call(old));
	}
}

static void read_tool_result(const json_t *message, struct ai_request *ret)
{
	const json_t *content = json_object_get(message, "content"), *part;
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;

	wire_chat_text(message, &text);
	ai_request_add(ret, "user",
		       ai_blocks_tool_result(json_str(message, "tool_call_id",
						      json_str(message, "name", "")),
					     buf_str(&text), false));
	json_array_foreach(content, i, part) {
		if (is_text(part))
			continue;
		note_media(part, ret);
		ai_request_add(ret, "user", ai_blocks_other(part));
	}
}

static void read_message(const json_t *message, struct ai_request *ret)
{
	const char *role = json_str(message, "role", "user");

	if (is_role(role, "assistant"))
		read_assistant(message, ret);
	else if (is_role(role, "tool") || is_role(role, "function"))
		read_tool_result(message, ret);
	else
		read_content(message, role, ret);
}

static void read_tools(const json_t *root, struct ai_request *ret)
{
	const json_t *tool;
	size_t i;

	json_array_foreach(json_object_get(root, "tools"), i, tool) {
		const char *type = json_str(tool, "type", "");
		const json_t *inner = json_object_get(tool, type);
		const char *name = json_str(inner, "name", NULL);

		json_array_append_new(ret->tools, json_string(name ? name : type));
	}
	json_array_foreach(json_object_get(root, "functions"), i, tool)
		json_array_append_new(ret->tools, json_string(json_str(tool, "name", "")));
	if (json_is_object(json_object_get(root, "web_search_options")))
		ai_request_unseen(ret, "web_search_options");
}

int wire_chat_read(const char *body, size_t len, struct ai_request *ret, struct err *err)
{
	AUTO_JSON json_t *root = ai_request_begin(body, len, &fields, ret, err);
	const json_t *message, *format;
	size_t i;

	if (!root)
		return -1;
	json_array_foreach(json_object_get(root, "messages"), i, message)
		read_message(message, ret);
	read_tools(root, ret);
	format = json_object_get(root, "response_format");
	ret->format = json_incref(ai_json_at(format, "json_schema", "schema"));
	ret->wants_usage = json_is_true(ai_json_at(root, "stream_options", "include_usage"));
	ai_request_session(ret, json_str(root, "prompt_cache_key", NULL));
	return 0;
}

int wire_chat_lower(const char *body, size_t len, int64_t most, struct buf *out, struct err *err)
{
	return ai_edit_lower(body, len, maxima, most, out, err);
}

bool wire_chat_is_usage(const char *data, size_t len)
{
	AUTO_JSON json_t *chunk = NULL;
	const json_t *chosen;

	if (len > SIZE_MAX / 4 || !memmem(data, len, "\"usage\"", strlen("\"usage\"")))
		return false;
	chunk = ai_json_answer(data, len);
	chosen = json_object_get(chunk, "choices");
	return json_is_object(json_object_get(chunk, "usage")) && json_is_array(chosen) &&
	       json_array_size(chosen) == 0;
}

/* --- building */

static void put_call(json_t *message, const json_t *block)
{
	AUTO_JSON json_t *input = ai_blocks_sent_input(block);
	AUTO_FREE char *arguments = json_dumps(input, JSON_COMPACT);
	json_t *calls = json_object_get(message, "tool_calls");

	if (!calls) {
		calls = json_array();
		json_object_set_new(message, "tool_calls", calls);
	}
	json_array_append_new(calls, json_pack("{s:O, s:s, s:{s:O, s:s}}", "id",
					       json_object_get(block, "id"), "type", "function",
					       "function", "name", json_object_get(block, "name"),
					       "arguments", arguments ? arguments : "{}"));
}

/* All that the assistant said in one go is one message. */
static void put_assistant(json_t *messages, const json_t *block)
{
	json_t *last = json_array_get(messages, json_array_size(messages) - 1);
	bool text = ai_blocks_is(block, "text") && !ai_blocks_is_blank(block);
	const char *before;

	if (!text && !ai_blocks_is(block, "tool_use"))
		return;		/* no message without content */
	if (!is_role(json_str(last, "role", ""), "assistant")) {
		last = json_pack("{s:s, s:n}", "role", "assistant", "content");
		json_array_append_new(messages, last);
	}
	before = json_str(last, "content", "");
	if (text) {
		AUTO_FREE char *all = buf_format("%s%s%s", before, *before ? "\n\n" : "",
						 json_str(block, "text", ""));

		json_object_set_new(last, "content", json_string(all));
	} else {
		put_call(last, block);
	}
}

/* Results of tools follow their calls at once: before what a person said with them. */
static void put_user(json_t *messages, const json_t *block)
{
	size_t place = json_array_size(messages);

	if (!ai_blocks_is(block, "tool_result")) {
		if (!ai_blocks_is_blank(block))
			json_array_append_new(messages, json_pack("{s:s, s:O}", "role", "user",
								  "content",
								  json_object_get(block, "text")));
		return;
	}
	while (place && is_role(json_str(json_array_get(messages, place - 1), "role", ""), "user"))
		place--;
	json_array_insert_new(messages, place,
			      json_pack("{s:s, s:O, s:O}", "role", "tool", "tool_call_id",
					json_object_get(block, "id"), "content",
					json_object_get(block, "text")));
}

static json_t *messages_of(const struct ai_call *call)
{
	json_t *messages = json_array();
	const json_t *item;
	size_t i;

	if (call->system)
		json_array_append_new(messages, json_pack("{s:s, s:s}", "role", "system",
							  "content", call->system));
	json_array_foreach(call->messages, i, item) {
		const json_t *block = json_object_get(item, "block");
		const char *role = json_str(item, "role", "user");

		if (is_role(role, "assistant"))
			put_assistant(messages, block);
		else if (is_role(role, "system"))
			json_array_append_new(messages, json_pack("{s:s, s:O}", "role", role,
								  "content",
								  json_object_get(block, "text")));
		else
			put_user(messages, block);
	}
	return messages;
}

static json_t *tools_of(const json_t *list)
{
	json_t *tools = json_array();
	const json_t *tool;
	size_t i;

	json_array_foreach(list, i, tool)
		json_array_append_new(tools,
				      json_pack("{s:s, s:{s:O, s:O*, s:O}}", "type", "function",
						"function", "name", json_object_get(tool, "name"),
						"description",
						json_object_get(tool, "description"),
						"parameters", json_object_get(tool, "schema")));
	return tools;
}

json_t *wire_chat_build(const struct ai_call *call)
{
	const char *maximum = call->old_maximum ? "max_tokens" : "max_completion_tokens";
	json_t *body = json_pack("{s:s, s:I, s:o}", "model", call->model, maximum,
				 (json_int_t)call->max_output, "messages", messages_of(call));

	if (json_array_size(call->tools))
		json_object_set_new(body, "tools", tools_of(call->tools));
	if (call->stream) {
		json_object_set_new(body, "stream", json_true());
		json_object_set_new(body, "stream_options",
				    json_pack("{s:b}", "include_usage", 1));
	}
	if (call->format)
		json_object_set_new(body, "response_format",
				    json_pack("{s:s, s:{s:s, s:b, s:O}}", "type", "json_schema",
					      "json_schema", "name", "answer", "strict", 1,
					      "schema", call->format));
	return body;
}
