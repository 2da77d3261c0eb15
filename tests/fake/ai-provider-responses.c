/* ai-provider-responses.c - the Responses protocol: answers, streams, errors */
#include "ai-provider-wire.h"
#include "base/auto.h"

#include <string.h>

static json_t *usage_json(const struct answer *answer)
{
	return json_pack("{s:I, s:{s:I, s:i}, s:I, s:{s:I}, s:I}", "input_tokens", answer->input,
			 "input_tokens_details", "cached_tokens", answer->cached,
			 "cache_write_tokens", 0, "output_tokens", answer->output,
			 "output_tokens_details", "reasoning_tokens", answer->reasoning,
			 "total_tokens", answer->input + answer->output);
}

static char *item_id(const struct part *part)
{
	static const char *const prefixes[] = { "rs", "msg", "msg", "fc" };

	return buf_format("%s_%s", prefixes[part->kind], part->id);
}

/* The part of an item's text. */
static json_t *content_json(const struct part *part, const char *text)
{
	if (part->kind == PART_THINKING)
		return json_pack("{s:s, s:s}", "type", "summary_text", "text", text);
	if (part->kind == PART_REFUSAL)
		return json_pack("{s:s, s:s}", "type", "refusal", "refusal", text);
	return json_pack("{s:s, s:s, s:[], s:[]}", "type", "output_text", "text", text,
			 "annotations", "logprobs");
}

/* An item with its text, or as it begins when that is NULL. */
static json_t *item_json(const struct part *part, const char *text)
{
	AUTO_FREE char *id = item_id(part), *call = buf_format("call_%s", part->id);
	const char *status = text ? "completed" : "in_progress";
	json_t *content = json_array();

	if (part->kind == PART_TOOL) {
		json_decref(content);
		return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", id, "type",
				 "function_call", "status", status, "call_id", call, "name",
				 part->name, "arguments", text ? text : "");
	}
	if (text)
		json_array_append_new(content, content_json(part, text));
	if (part->kind == PART_THINKING)
		return json_pack("{s:s, s:s, s:o}", "id", id, "type", "reasoning", "summary",
				 content);
	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", id, "type", "message", "status", status,
			 "role", "assistant", "content", content);
}

static json_t *unknown_item(void)
{
	return json_pack("{s:s, s:s, s:{s:f}}", "id", "fake_1", "type", "fake_item", "fake", "x",
			 0.5);
}

static json_t *output_json(const struct answer *answer)
{
	json_t *output = json_array();

	for (size_t i = 0; i < answer->count; i++)
		json_array_append_new(output,
				      item_json(&answer->parts[i], answer->parts[i].text));
	if (answer->plan->unknown)
		json_array_append_new(output, unknown_item());
	return output;
}

/* `output` (taken) is NULL before there is any. */
static json_t *response_json(const struct answer *answer, const char *status, json_t *output)
{
	AUTO_FREE char *id = buf_format("resp_%08lu", answer->number);
	bool incomplete = strcmp(status, "incomplete") == 0;
	json_t *tools = answer->ask->tools ? answer->ask->tools : json_array();
	json_t *response = json_pack("{s:s, s:s, s:i, s:s, s:n, s:o, s:n, s:s, s:o, s:b, s:O, s:s}",
				     "id", id, "object", "response", "created_at", CREATED,
				     "status", status, "error", "incomplete_details",
				     incomplete ? json_pack("{s:s}", "reason", "max_output_tokens")
						: json_null(),
				     "instructions", "model", answer->model, "output",
				     output ? output : json_array(),
				     "parallel_tool_calls", 1, "tools", tools, "tool_choice",
				     "auto");

	if (!answer->ask->tools)
		json_decref(tools);
	json_object_set_new(response, "usage", output && !answer->plan->nousage ?
			    usage_json(answer) : json_null());
	return response;
}

static const char *end_status(const struct answer *answer)
{
	return answer->stop == STOP_MAX ? "incomplete" : "completed";
}

static json_t *responses_whole(const struct answer *answer)
{
	return response_json(answer, answer->plan->nostop ? "in_progress" : end_status(answer),
			     output_json(answer));
}

/* --- stream */

/* One event; `data` (taken) gets its type and number. */
static void send_typed(struct stream *stream, const char *type, json_t *data, size_t said)
{
	json_object_set_new(data, "type", json_string(type));
	json_object_set_new(data, "sequence_number", json_integer((json_int_t)stream->events));
	if (said)
		stream_delta(stream, type, data, said);
	else
		stream_event(stream, type, data);
}

static void send_response(struct stream *stream, const char *type, const char *status)
{
	bool start = strcmp(status, "in_progress") == 0;
	json_t *output = start ? NULL : output_json(stream->answer);

	send_typed(stream, type, json_pack("{s:o}", "response",
					   response_json(stream->answer, status, output)), 0);
}

static void send_item(struct stream *stream, const char *type, size_t index, json_t *item)
{
	send_typed(stream, type, json_pack("{s:i, s:o}", "output_index", (int)index, "item", item),
		   0);
}

/* Where in the answer an event belongs; thoughts have a summary where others have content. */
static json_t *place_json(const struct part *part, size_t index)
{
	AUTO_FREE char *id = item_id(part);
	json_t *place = json_pack("{s:s, s:i}", "item_id", id, "output_index", (int)index);

	if (part->kind == PART_THINKING)
		json_object_set_new(place, "summary_index", json_integer(0));
	else if (part->kind != PART_TOOL)
		json_object_set_new(place, "content_index", json_integer(0));
	return place;
}

static void send_part(struct stream *stream, const struct part *part, size_t index,
		      const char *what, const char *text)
{
	AUTO_FREE char *type = buf_format("response.%s_part.%s", part->kind == PART_THINKING ?
					  "reasoning_summary" : "content", what);
	json_t *data = place_json(part, index);

	if (part->kind != PART_TOOL) {
		json_object_set_new(data, "part", content_json(part, text));
		send_typed(stream, type, data, 0);
	} else {
		json_decref(data);
	}
}

static const char *const text_types[] = { "response.reasoning_summary_text",
					  "response.output_text", "response.refusal",
					  "response.function_call_arguments" };

static void say(struct stream *stream, const struct part *part, size_t index)
{
	AUTO_FREE char *type = buf_format("%s.delta", text_types[part->kind]);
	const char *text = part->text;

	while (!stream_ended(stream) && *text) {
		size_t len = answer_piece(stream->answer, part, text);
		json_t *data = place_json(part, index);

		json_object_set_new(data, "delta", json_stringn(text, len));
		if (part->kind == PART_TEXT)
			json_object_set_new(data, "logprobs", json_array());
		send_typed(stream, type, data, len);
		text += len;
		if (!*text && stream->answer->plan->endless && part->kind == PART_TEXT)
			text = part->text;
	}
}

static void send_done(struct stream *stream, const struct part *part, size_t index)
{
	static const char *const keys[] = { "text", "text", "refusal", "arguments" };
	AUTO_FREE char *type = buf_format("%s.done", text_types[part->kind]);
	json_t *data = place_json(part, index);

	json_object_set_new(data, keys[part->kind], json_string(part->text));
	if (part->kind == PART_TOOL)
		json_object_set_new(data, "name", json_string(part->name));
	if (part->kind == PART_TEXT)
		json_object_set_new(data, "logprobs", json_array());
	send_typed(stream, type, data, 0);
}

static void stream_part(struct stream *stream, const struct part *part, size_t index)
{
	send_item(stream, "response.output_item.added", index, item_json(part, NULL));
	send_part(stream, part, index, "added", "");
	say(stream, part, index);
	send_done(stream, part, index);
	send_part(stream, part, index, "done", part->text);
	send_item(stream, "response.output_item.done", index, item_json(part, part->text));
}

static void responses_stream(struct stream *stream)
{
	const struct answer *answer = stream->answer;
	AUTO_FREE char *end = buf_format("response.%s", end_status(answer));

	send_response(stream, "response.created", "in_progress");
	send_response(stream, "response.in_progress", "in_progress");
	for (size_t i = 0; i < answer->count && !stream_ended(stream); i++)
		stream_part(stream, &answer->parts[i], i);
	if (answer->plan->unknown) {
		send_item(stream, "response.output_item.added", answer->count, unknown_item());
		send_item(stream, "response.output_item.done", answer->count, unknown_item());
	}
	if (!answer->plan->nostop && !stream_ended(stream))
		send_response(stream, end, end_status(answer));
}

static void responses_stream_error(struct stream *stream, const struct fault *fault)
{
	send_typed(stream, "error", json_pack("{s:s, s:s, s:n}", "code", "server_error", "message",
					      fault->text, "param"), 0);
}

const struct wire wire_responses = {
	.whole = responses_whole,
	.stream = responses_stream,
	.error = openai_error,
	.stream_error = responses_stream_error,
};
