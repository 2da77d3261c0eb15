/* ai-provider-ask.c - what a request asks, read from the three protocols into one shape */
#include "ai-provider-ask.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

int fault_set(struct fault *fault, int status, const char *code, const char *format, ...)
{
	va_list args;

	fault->status = status;
	fault->code = code;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	return -1;
}

void ask_release(struct ask *ask)
{
	json_decref(ask->body);
	free(ask->said);
	free(ask->result);
}

json_int_t tokens_of(size_t bytes)
{
	return (json_int_t)((bytes + 3) / 4);
}

char *content_text(const json_t *content)
{
	struct buf text = BUF_INIT(REQUEST_BODY_MAX);
	const json_t *block;
	size_t i;

	if (json_is_string(content))
		return buf_strdup(json_string_value(content));
	json_array_foreach(content, i, block)
		buf_add_str(&text, json_str(block, "text", ""));
	return buf_take(&text);
}

static bool is(const json_t *object, const char *key, const char *text)
{
	return strcmp(json_str(object, key, ""), text) == 0;
}

static void user_said(struct ask *ask, char *text)
{
	free(ask->said);
	free(ask->result);
	ask->said = text;
	ask->result = NULL;
	ask->turns = 0;
}

static void tool_said(struct ask *ask, char *text)
{
	free(ask->result);
	ask->result = text;
}

/* --- messages */

static size_t count_blocks(const json_t *message, const char *type)
{
	const json_t *content = json_object_get(message, "content"), *block;
	size_t count = 0, i;

	json_array_foreach(content, i, block)
		count += is(block, "type", type);
	return count;
}

static int match_result(const json_t *asked, const json_t *result, size_t i, struct fault *fault)
{
	const char *id = json_str(result, "tool_use_id", "");
	const json_t *block;
	size_t k;

	json_array_foreach(json_object_get(asked, "content"), k, block)
		if (is(block, "type", "tool_use") && is(block, "id", id))
			return 0;
	return fault_set(fault, 400, NULL,
			 "messages.%zu: `tool_result` block has no `tool_use` block before it: %s",
			 i, id);
}

/* The tool_result blocks of message i stand first, and are those of the message before. */
static int check_results(const json_t *messages, size_t i, struct fault *fault)
{
	const json_t *message = json_array_get(messages, i), *block;
	const json_t *before = i ? json_array_get(messages, i - 1) : NULL;
	size_t uses = count_blocks(before, "tool_use"), k;
	size_t results = count_blocks(message, "tool_result");

	if (uses != results)
		return fault_set(fault, 400, NULL,
				 "messages.%zu: each `tool_use` block must have a `tool_result` "
				 "block in the next message", i);
	json_array_foreach(json_object_get(message, "content"), k, block) {
		if (is(block, "type", "tool_result") != (k < results))
			return fault_set(fault, 400, NULL,
					 "messages.%zu: `tool_result` blocks come first", i);
		if (k < results && match_result(before, block, i, fault) < 0)
			return -1;
	}
	return 0;
}

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

static int check_content(const json_t *message, size_t i, struct fault *fault)
{
	const json_t *content = json_object_get(message, "content"), *block;
	size_t k;

	if (json_is_array(content) && json_array_size(content) == 0)
		return fault_set(fault, 400, NULL, "messages.%zu: all messages must have non-empty "
				 "content except for the optional final assistant message", i);
	json_array_foreach(content, k, block)
		if (is(block, "type", "text") && is_blank(json_str(block, "text", "")))
			return fault_set(fault, 400, NULL, "messages: text content blocks must "
					 "contain non-whitespace text");
	json_array_foreach(json_object_get(message, "content"), k, block)
		if (is(block, "type", "tool_use") &&
		    !json_is_object(json_object_get(block, "input")))
			return fault_set(fault, 400, NULL, "messages.%zu.content.%zu.tool_use."
					 "input: Input should be a valid dictionary", i, k);
	return 0;
}

/* What 2026-10-21 does not take any more. */
static int check_newer(const json_t *message, size_t i, struct fault *fault)
{
	const json_t *block;
	size_t k;

	json_array_foreach(json_object_get(message, "content"), k, block) {
		if (is(message, "role", "assistant") && is(block, "type", "document"))
			return fault_set(fault, 400, NULL, "messages.%zu.content.%zu: `document` "
					 "blocks are not permitted in assistant messages", i, k);
		if (is(message, "role", "user") && is(block, "type", "text") &&
		    json_object_get(block, "citations"))
			return fault_set(fault, 400, NULL, "messages.%zu.content.%zu.citations: "
					 "Extra inputs are not permitted", i, k);
	}
	return 0;
}

static int check_version(const struct request *request, const struct ask *ask, bool *ret_newer,
			 struct fault *fault)
{
	static const char *const gone[] = { "temperature", "top_p", "top_k" };
	const char *version = request_header(request, "anthropic-version");

	if (!version)
		return fault_set(fault, 400, NULL, "anthropic-version: header is required");
	*ret_newer = strcmp(version, "2026-10-21") == 0;
	if (!*ret_newer && strcmp(version, "2023-06-01") != 0)
		return fault_set(fault, 400, NULL, "anthropic-version: \"%.40s\" is not a version",
				 version);
	for (size_t i = 0; *ret_newer && i < sizeof(gone) / sizeof(*gone); i++)
		if (json_object_get(ask->body, gone[i]))
			return fault_set(fault, 400, NULL, "%s: Extra inputs are not permitted",
					 gone[i]);
	return 0;
}

static void read_message(const json_t *message, struct ask *ask)
{
	const json_t *content = json_object_get(message, "content"), *block;
	size_t i;

	if (is(message, "role", "assistant") && count_blocks(message, "tool_use"))
		ask->turns++;
	if (!is(message, "role", "user"))
		return;
	if (!count_blocks(message, "tool_result"))
		user_said(ask, content_text(content));
	json_array_foreach(content, i, block)
		if (is(block, "type", "tool_result"))
			tool_said(ask, content_text(json_object_get(block, "content")));
}

static int read_messages(const struct request *request, struct ask *ask, struct fault *fault)
{
	const json_t *messages = json_object_get(ask->body, "messages"), *message;
	bool newer = false;
	size_t i;

	if (check_version(request, ask, &newer, fault) < 0)
		return -1;
	ask->most = json_int(ask->body, "max_tokens", -1);
	if (ask->most < 0 && !ask->count)
		return fault_set(fault, 400, NULL, "max_tokens: Field required");
	json_array_foreach(messages, i, message) {
		if (check_results(messages, i, fault) < 0 ||
		    check_content(message, i, fault) < 0 ||
		    (newer && check_newer(message, i, fault) < 0))
			return -1;
		read_message(message, ask);
	}
	if (count_blocks(i ? json_array_get(messages, i - 1) : NULL, "tool_use"))
		return fault_set(fault, 400, NULL,
				 "messages.%zu: `tool_use` without its `tool_result`", i - 1);
	return i ? 0 : fault_set(fault, 400, NULL, "messages: at least one message is required");
}

/* --- chat */

static int read_chat(struct ask *ask, struct fault *fault)
{
	const json_t *messages = json_object_get(ask->body, "messages"), *message;
	size_t i;

	ask->most = json_int(ask->body, "max_completion_tokens",
			     json_int(ask->body, "max_tokens", -1));
	ask->choices = json_int(ask->body, "n", 1);
	ask->usage_wanted = json_flag(json_object_get(ask->body, "stream_options"),
				      "include_usage", false);
	json_array_foreach(messages, i, message) {
		if (is(message, "role", "user"))
			user_said(ask, content_text(json_object_get(message, "content")));
		else if (is(message, "role", "tool"))
			tool_said(ask, content_text(json_object_get(message, "content")));
		else if (json_array_size(json_object_get(message, "tool_calls")))
			ask->turns++;
	}
	if (ask->choices < 1 || ask->choices > 8)
		return fault_set(fault, 400, "integer_out_of_range", "Invalid value for 'n'.");
	return i ? 0 : fault_set(fault, 400, "missing_required_parameter",
				 "Missing required parameter: 'messages'.");
}

/* --- responses */

static void read_item(const json_t *item, const json_t *before, struct ask *ask)
{
	if (is(item, "role", "user"))
		user_said(ask, content_text(json_object_get(item, "content")));
	else if (is(item, "type", "function_call_output"))
		tool_said(ask, content_text(json_object_get(item, "output")));
	else if (is(item, "type", "function_call") && !is(before, "type", "function_call"))
		ask->turns++;
}

static int read_responses(struct ask *ask, struct fault *fault)
{
	const json_t *input = json_object_get(ask->body, "input"), *item;
	size_t i;

	ask->most = json_int(ask->body, "max_output_tokens", -1);
	if (json_is_string(input)) {
		user_said(ask, content_text(input));
		return 0;
	}
	json_array_foreach(input, i, item)
		read_item(item, i ? json_array_get(input, i - 1) : NULL, ask);
	return i ? 0 : fault_set(fault, 400, "missing_required_parameter",
				 "Missing required parameter: 'input'.");
}

/* --- all */

static json_int_t count_input(const struct ask *ask)
{
	static const char *const counted[] = { "system", "messages", "tools", "instructions",
					       "input" };
	size_t bytes = 0;

	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++) {
		const json_t *value = json_object_get(ask->body, counted[i]);
		AUTO_FREE char *text = value ? json_canonical(value) : NULL;

		bytes += text ? strlen(text) : 0;
	}
	return tokens_of(bytes);
}

static int read_body(const struct request *request, struct ask *ask, struct fault *fault)
{
	const char *encoding = request_header(request, "content-encoding");
	struct err err = ERR_INIT;

	if (encoding && strcasecmp(encoding, "identity") != 0)
		return fault_set(fault, 400, "request_body_encoding_unsupported",
				 "The encoding of the body is not supported");
	if (request->no_length)
		return fault_set(fault, 411, NULL, "Content-Length is required");
	if (request->too_large ||
	    (ask->protocol == PROTOCOL_MESSAGES && request->body.len > (size_t)32 << 20))
		return fault_set(fault, 413, NULL, "Request exceeds the maximum size");
	ask->body = json_parse(buf_str(&request->body), request->body.len, "body", &err);
	if (!json_is_object(ask->body))
		return fault_set(fault, 400, NULL, "The body is no JSON object");
	return 0;
}

int ask_read(const struct request *request, struct ask *ask, struct fault *fault)
{
	ask->model = "";
	ask->said = buf_strdup("");
	if (read_body(request, ask, fault) < 0)
		return -1;
	ask->model = json_str(ask->body, "model", "");
	ask->tools = json_object_get(ask->body, "tools");
	ask->stream = json_flag(ask->body, "stream", false);
	if (!*ask->model)
		return fault_set(fault, 400, NULL, "model: Field required");
	if (strncmp(ask->model, "missing", 7) == 0)
		return fault_set(fault, 404, "model_not_found", "model: %.100s", ask->model);
	ask->input = count_input(ask);
	if (ask->protocol == PROTOCOL_MESSAGES)
		return read_messages(request, ask, fault);
	return ask->protocol == PROTOCOL_CHAT ? read_chat(ask, fault) : read_responses(ask, fault);
}
