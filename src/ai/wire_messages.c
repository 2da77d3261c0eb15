/* wire_messages.c - see wire_messages.h */
#include "ai/wire_messages.h"

#include "ai/ai_blocks.h"
#include "ai/ai_edit.h"
#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

static const char *const maxima[] = { "max_tokens", NULL };
static const char *const no_names[] = { NULL };
static const char *const others[] = { "system", "thinking", "output_config", "output_format",
				      "mcp_servers", "container", "metadata", NULL };
static const struct ai_request_fields fields = { maxima, no_names, others, "messages" };

static bool is_type(const json_t *object, const char *type)
{
	return strcmp(json_str(object, "type", ""), type) == 0;
}

/* --- reading */

json_t *wire_messages_block(const json_t *content)
{
	if (is_type(content, "text"))
		return ai_blocks_text(json_str(content, "text", ""));
	if (is_type(content, "thinking"))
		return ai_blocks_thinking(json_str(content, "thinking", ""),
					  json_str(content, "signature", NULL));
	if (is_type(content, "tool_use"))
		return ai_blocks_tool_use(json_str(content, "id", ""),
					  json_str(content, "name", ""),
					  json_incref(json_object_get(content, "input")));
	return ai_blocks_other(content);
}

/* A picture or document: whether all of it is in the body. */
static void note_media(const json_t *content, struct ai_request *ret)
{
	const json_t *from = json_object_get(content, "source");
	const char *source = json_str(from, "type", "");
	bool image = is_type(content, "image");

	if (image && strcmp(source, "base64") == 0)
		ai_request_picture(ret, json_string_length(json_object_get(from, "data")));
	else if (image || (is_type(content, "document") && strcmp(source, "text") != 0 &&
			   strcmp(source, "content") != 0))
		ai_request_unseen(ret, json_str(content, "type", ""));
	else if (is_type(content, "container_upload"))
		ai_request_unseen(ret, "container_upload");
}

static void read_tool_result(const json_t *content, const char *role, struct ai_request *ret)
{
	const json_t *result = json_object_get(content, "content"), *part;
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	AUTO_JSON json_t *media = json_array();
	size_t i;

	if (json_is_string(result))
		buf_add_str(&text, json_string_value(result));
	json_array_foreach(result, i, part) {
		if (!is_type(part, "text")) {
			json_array_append(media, (json_t *)part);
			continue;
		}
		if (text.len)
			buf_add_byte(&text, '\n');
		buf_add_str(&text, json_str(part, "text", ""));
	}
	ai_request_add(ret, role,
		       ai_blocks_tool_result(json_str(content, "tool_use_id", ""), buf_str(&text),
					     json_flag(content, "is_error", false)));
	json_array_foreach(media, i, part) {
		note_media(part, ret);
		ai_request_add(ret, role, ai_blocks_other(part));
	}
}

static void read_message(const json_t *message, struct ai_request *ret)
{
	const json_t *content = json_object_get(message, "content"), *part;
	const char *role = json_str(message, "role", "user");
	size_t i;

	if (json_is_string(content))
		ai_request_add(ret, role, ai_blocks_text(json_string_value(content)));
	json_array_foreach(content, i, part) {
		if (is_type(part, "tool_result")) {
			read_tool_result(part, role, ret);
			continue;
		}
		note_media(part, ret);
		ai_request_add(ret, role, wire_messages_block(part));
	}
}

static void read_system(const json_t *system, struct ai_request *ret)
{
	const json_t *part;
	size_t i;

	if (json_is_string(system))
		json_array_append_new(ret->system, ai_blocks_text(json_string_value(system)));
	json_array_foreach(system, i, part)
		json_array_append_new(ret->system, wire_messages_block(part));
}

/* Tools that the provider runs by itself bring in what is not in the body. */
static void read_tool(const json_t *tool, struct ai_request *ret)
{
	static const char *const by_provider[] = { "web_search", "web_fetch", "code_execution",
						   "mcp" };
	const char *type = json_str(tool, "type", "");

	json_array_append_new(ret->tools, json_string(json_str(tool, "name", type)));
	for (size_t i = 0; i < sizeof(by_provider) / sizeof(by_provider[0]); i++)
		if (strncmp(type, by_provider[i], strlen(by_provider[i])) == 0)
			ai_request_unseen(ret, type);
}

static void read_format(const json_t *root, struct ai_request *ret)
{
	const json_t *format = ai_json_at(root, "output_config", "format");

	if (!format)
		format = json_object_get(root, "output_format");
	ret->format = json_incref(json_object_get(format, "schema"));
}

/* metadata.user_id is a JSON text, or (older) ends in "_session_" and the id. */
static void read_session(const json_t *root, struct ai_request *ret)
{
	const char *user = json_string_value(ai_json_at(root, "metadata", "user_id"));
	const char *mark = user ? strstr(user, "_session_") : NULL;
	AUTO_JSON json_t *parsed = user && *user == '{' ? ai_json_answer(user, strlen(user)) : NULL;

	if (parsed)
		ai_request_session(ret, json_str(parsed, "session_id", NULL));
	else if (mark)
		ai_request_session(ret, mark + strlen("_session_"));
}

static void read_limits(const json_t *root, struct ai_request *ret)
{
	const json_t *thinking = json_object_get(root, "thinking");
	int64_t budget = ai_json_count(json_object_get(thinking, "budget_tokens"), AI_USAGE_MAX);

	if (is_type(thinking, "enabled") && budget > 0)
		ret->least_output = budget + 1;
	if (json_array_size(json_object_get(root, "mcp_servers")))
		ai_request_unseen(ret, "mcp_servers");
	if (json_object_get(root, "container") &&
	    !json_is_null(json_object_get(root, "container")))
		ai_request_unseen(ret, "container");
}

int wire_messages_read(const char *body, size_t len, struct ai_request *ret, struct err *err)
{
	AUTO_JSON json_t *root = ai_request_begin(body, len, &fields, ret, err);
	const json_t *item;
	size_t i;

	if (!root)
		return -1;
	read_system(json_object_get(root, "system"), ret);
	json_array_foreach(json_object_get(root, "messages"), i, item)
		read_message(item, ret);
	json_array_foreach(json_object_get(root, "tools"), i, item)
		read_tool(item, ret);
	read_format(root, ret);
	read_session(root, ret);
	read_limits(root, ret);
	return 0;
}

int wire_messages_lower(const char *body, size_t len, int64_t most, struct buf *out,
			struct err *err)
{
	return ai_edit_lower(body, len, maxima, most, out, err);
}

/* --- building */

/* The content block of one of ours; NULL for what is not sent. */
static json_t *content_of(const json_t *block)
{
	const char *signature = json_str(block, "signature", NULL);

	if (ai_blocks_is(block, "text")) {
		if (ai_blocks_is_blank(block))
			return NULL;
		return json_pack("{s:s, s:O}", "type", "text", "text",
				 json_object_get(block, "text"));
	}
	if (ai_blocks_is(block, "thinking")) {
		if (!signature)
			return NULL;
		return json_pack("{s:s, s:O, s:s}", "type", "thinking", "thinking",
				 json_object_get(block, "text"), "signature", signature);
	}
	if (ai_blocks_is(block, "tool_use"))
		return json_pack("{s:s, s:O, s:O, s:o}", "type", "tool_use", "id",
				 json_object_get(block, "id"), "name",
				 json_object_get(block, "name"), "input",
				 ai_blocks_sent_input(block));
	if (ai_blocks_is(block, "tool_result"))
		return json_pack("{s:s, s:O, s:O, s:O}", "type", "tool_result", "tool_use_id",
				 json_object_get(block, "id"), "content",
				 json_object_get(block, "text"), "is_error",
				 json_object_get(block, "error"));
	return json_incref(json_object_get(block, "raw"));
}

/* Puts it behind the others of its message; results of tools go before what is no result. */
static void put(json_t *content, json_t *sent)
{
	size_t place = 0;

	if (!is_type(sent, "tool_result")) {
		json_array_append_new(content, sent);
		return;
	}
	while (is_type(json_array_get(content, place), "tool_result"))
		place++;
	json_array_insert_new(content, place, sent);
}

static json_t *messages_of(const json_t *list)
{
	json_t *messages = json_array(), *content = NULL;
	const char *last = "";
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *role = json_str(item, "role", "user");
		json_t *sent = content_of(json_object_get(item, "block"));

		if (!sent)	/* no message without content */
			continue;
		if (!content || strcmp(role, last) != 0) {
			content = json_array();
			json_array_append_new(messages, json_pack("{s:s, s:o}", "role", role,
								  "content", content));
			last = role;
		}
		put(content, sent);
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
				      json_pack("{s:O, s:O*, s:O}", "name",
						json_object_get(tool, "name"), "description",
						json_object_get(tool, "description"),
						"input_schema", json_object_get(tool, "schema")));
	return tools;
}

json_t *wire_messages_build(const struct ai_call *call)
{
	json_t *body = json_pack("{s:s, s:I, s:s*, s:o}", "model", call->model, "max_tokens",
				 (json_int_t)call->max_output, "system", call->system, "messages",
				 messages_of(call->messages));

	if (json_array_size(call->tools))
		json_object_set_new(body, "tools", tools_of(call->tools));
	if (call->stream)
		json_object_set_new(body, "stream", json_true());
	if (call->format)
		json_object_set_new(body, "output_config",
				    json_pack("{s:{s:s, s:O}}", "format", "type", "json_schema",
					      "schema", call->format));
	return body;
}
