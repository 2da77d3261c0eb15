/* ai-provider-messages.c - the Messages protocol: answers, streams, errors */
#include "ai-provider-wire.h"
#include "base/auto.h"

#include <string.h>

static const char *stop_reason(const struct answer *answer)
{
	static const char *const reasons[] = { "end_turn", "max_tokens", "tool_use", "refusal" };

	return answer->plan->nostop ? NULL : reasons[answer->stop];
}

static json_t *stop_details(const struct answer *answer)
{
	if (answer->stop != STOP_REFUSAL)
		return json_null();
	return json_pack("{s:s, s:s}", "category", "general_harms", "explanation",
			 "It may do harm.");
}

/* What is used by now: at the start one token is said, and none thought. */
static json_t *usage_json(const struct answer *answer, bool start)
{
	return json_pack("{s:I, s:i, s:I, s:{s:i, s:i}, s:I, s:{s:I}, s:n, s:s, s:s}",
			 "input_tokens", answer->input - answer->cached,
			 "cache_creation_input_tokens", 0, "cache_read_input_tokens",
			 answer->cached, "cache_creation", "ephemeral_5m_input_tokens", 0,
			 "ephemeral_1h_input_tokens", 0, "output_tokens",
			 start ? 1 : answer->output, "output_tokens_details", "thinking_tokens",
			 start ? 0 : answer->reasoning,
			 "server_tool_use", "service_tier", "standard", "speed", "standard");
}

static json_t *message_json(const struct answer *answer, json_t *content, bool start)
{
	const char *stop = start ? NULL : stop_reason(answer);
	AUTO_FREE char *id = buf_format("msg_%08lu", answer->number);
	json_t *message = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s?, s:n, s:o}", "id", id, "type",
				    "message", "role", "assistant", "model", answer->model,
				    "content", content, "stop_reason", stop, "stop_sequence",
				    "stop_details", stop ? stop_details(answer) : json_null());

	if (!answer->plan->nousage)
		json_object_set_new(message, "usage", usage_json(answer, start));
	return message;
}

static json_t *tool_json(const struct part *part, json_t *input)
{
	AUTO_FREE char *id = buf_format("toolu_%s", part->id);

	return json_pack("{s:s, s:s, s:s, s:o}", "type", "tool_use", "id", id, "name", part->name,
			 "input", input);
}

static json_t *block_json(const struct part *part)
{
	if (part->kind == PART_THINKING)
		return json_pack("{s:s, s:s, s:s}", "type", "thinking", "thinking", part->text,
				 "signature", "c2lnbmVk");
	if (part->kind == PART_TOOL)
		return tool_json(part, json_loads(part->text, 0, NULL));
	return json_pack("{s:s, s:s, s:n}", "type", "text", "text", part->text, "citations");
}

static json_t *unknown_block(void)
{
	return json_pack("{s:s, s:{s:f}}", "type", "fake_block", "fake", "x", 0.5);
}

static json_t *messages_whole(const struct answer *answer)
{
	json_t *content = json_array();

	for (size_t i = 0; i < answer->count; i++)
		json_array_append_new(content, block_json(&answer->parts[i]));
	if (answer->plan->unknown)
		json_array_append_new(content, unknown_block());
	return message_json(answer, content, false);
}

/* --- stream */

static json_t *empty_block(const struct part *part)
{
	if (part->kind == PART_THINKING)
		return json_pack("{s:s, s:s, s:s}", "type", "thinking", "thinking", "", "signature",
				 "");
	if (part->kind == PART_TOOL)
		return tool_json(part, json_object());
	return json_pack("{s:s, s:s}", "type", "text", "text", "");
}

static void block_start(struct stream *stream, size_t index, json_t *block)
{
	stream_event(stream, "content_block_start",
		     json_pack("{s:s, s:i, s:o}", "type", "content_block_start", "index",
			       (int)index, "content_block", block));
}

static void block_stop(struct stream *stream, size_t index)
{
	stream_event(stream, "content_block_stop", json_pack("{s:s, s:i}", "type",
							     "content_block_stop", "index",
							     (int)index));
}

static json_t *delta_json(size_t index, const char *type, const char *key, const char *text,
			  size_t len)
{
	return json_pack("{s:s, s:i, s:{s:s, s:s%}}", "type", "content_block_delta", "index",
			 (int)index, "delta", "type", type, key, text, len);
}

static void say(struct stream *stream, size_t index, const struct part *part)
{
	static const char *const types[] = { "thinking_delta", "text_delta", "text_delta",
					     "input_json_delta" };
	static const char *const keys[] = { "thinking", "text", "text", "partial_json" };
	const char *text = part->text;

	while (!stream_ended(stream) && *text) {
		size_t len = answer_piece(stream->answer, part, text);

		stream_delta(stream, "content_block_delta",
			     delta_json(index, types[part->kind], keys[part->kind], text, len),
			     len);
		text += len;
		if (!*text && stream->answer->plan->endless && part->kind == PART_TEXT)
			text = part->text;
	}
}

static void stream_part(struct stream *stream, size_t index, const struct part *part)
{
	block_start(stream, index, empty_block(part));
	say(stream, index, part);
	if (part->kind == PART_THINKING)
		stream_event(stream, "content_block_delta",
			     delta_json(index, "signature_delta", "signature", "c2lnbmVk", 8));
	block_stop(stream, index);
}

static void messages_stream(struct stream *stream)
{
	const struct answer *answer = stream->answer;
	json_t *end = json_pack("{s:s, s:{s:s?, s:n, s:o}}", "type", "message_delta", "delta",
				"stop_reason", stop_reason(answer), "stop_sequence",
				"stop_details", stop_details(answer));

	stream_event(stream, "message_start",
		     json_pack("{s:s, s:o}", "type", "message_start", "message",
			       message_json(answer, json_array(), true)));
	for (size_t i = 0; i < answer->count; i++)
		stream_part(stream, i, &answer->parts[i]);
	if (answer->plan->unknown) {
		block_start(stream, answer->count, unknown_block());
		block_stop(stream, answer->count);
	}
	if (!answer->plan->nousage)
		json_object_set_new(end, "usage", usage_json(answer, false));
	stream_event(stream, "message_delta", end);
	if (!answer->plan->nostop)
		stream_event(stream, "message_stop", json_pack("{s:s}", "type", "message_stop"));
}

/* --- errors */

static const char *error_type(int status)
{
	static const struct {
		int status;
		const char *type;
	} types[] = {
		{ 400, "invalid_request_error" }, { 401, "authentication_error" },
		{ 402, "billing_error" }, { 403, "permission_error" },
		{ 404, "not_found_error" }, { 409, "conflict_error" },
		{ 413, "request_too_large" }, { 429, "rate_limit_error" },
		{ 504, "timeout_error" }, { 529, "overloaded_error" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].status == status)
			return types[i].type;
	return status < 500 ? "invalid_request_error" : "api_error";
}

static json_t *messages_error(const struct fault *fault, unsigned long number)
{
	AUTO_FREE char *id = buf_format("req_%08lu", number);
	json_t *error = json_pack("{s:s, s:s}", "type", error_type(fault->status), "message",
				  fault->text);

	if (fault->code)
		json_object_set_new(error, "details",
				    json_pack("{s:s}", "error_code", fault->code));
	return json_pack("{s:s, s:o, s:s}", "type", "error", "error", error, "request_id", id);
}

static void messages_stream_error(struct stream *stream, const struct fault *fault)
{
	stream_event(stream, "error", messages_error(fault, stream->answer->number));
}

const struct wire wire_messages = {
	.whole = messages_whole,
	.stream = messages_stream,
	.error = messages_error,
	.stream_error = messages_stream_error,
};
