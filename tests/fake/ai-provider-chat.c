/* ai-provider-chat.c - the Chat Completions protocol: answers, streams, errors */
#include "ai-provider-wire.h"
#include "base/auto.h"

#include <string.h>

static const char *finish_reason(const struct answer *answer)
{
	static const char *const reasons[] = { "stop", "length", "tool_calls", "stop" };

	return answer->plan->nostop ? NULL : reasons[answer->stop];
}

static json_t *usage_json(const struct answer *answer)
{
	json_int_t output = answer->output * answer->ask->choices;

	return json_pack("{s:I, s:I, s:I, s:{s:I}, s:{s:I}}", "prompt_tokens", answer->input,
			 "completion_tokens", output, "total_tokens", answer->input + output,
			 "prompt_tokens_details", "cached_tokens", answer->cached,
			 "completion_tokens_details", "reasoning_tokens",
			 answer->reasoning * answer->ask->choices);
}

static json_t *head_json(const struct answer *answer, const char *object)
{
	AUTO_FREE char *id = buf_format("chatcmpl-%08lu", answer->number);

	return json_pack("{s:s, s:s, s:i, s:s}", "id", id, "object", object, "created", CREATED,
			 "model", answer->model);
}

static json_t *call_json(const struct part *part, const char *arguments)
{
	AUTO_FREE char *id = buf_format("call_%s", part->id);

	return json_pack("{s:s, s:s, s:{s:s, s:s}}", "id", id, "type", "function", "function",
			 "name", part->name, "arguments", arguments);
}

/* --- whole */

static json_t *message_json(const struct answer *answer)
{
	json_t *message = json_pack("{s:s, s:n, s:n}", "role", "assistant", "content", "refusal");
	json_t *calls = json_array();

	for (size_t i = 0; i < answer->count; i++) {
		const struct part *part = &answer->parts[i];
		static const char *const keys[] = { "reasoning_content", "content", "refusal" };

		if (part->kind == PART_TOOL)
			json_array_append_new(calls, call_json(part, part->text));
		else
			json_object_set_new(message, keys[part->kind], json_string(part->text));
	}
	if (json_array_size(calls))
		json_object_set(message, "tool_calls", calls);
	json_decref(calls);
	return message;
}

static json_t *chat_whole(const struct answer *answer)
{
	json_t *whole = head_json(answer, "chat.completion"), *choices = json_array();

	for (json_int_t i = 0; i < answer->ask->choices; i++)
		json_array_append_new(choices, json_pack("{s:I, s:o, s:s?, s:n}", "index", i,
							 "message", message_json(answer),
							 "finish_reason", finish_reason(answer),
							 "logprobs"));
	json_object_set_new(whole, "choices", choices);
	if (!answer->plan->nousage)
		json_object_set_new(whole, "usage", usage_json(answer));
	return whole;
}

/* --- stream */

static json_t *chunk_json(const struct stream *stream, json_t *choices)
{
	json_t *chunk = head_json(stream->answer, "chat.completion.chunk");

	json_object_set_new(chunk, "choices", choices);
	if (stream->answer->ask->usage_wanted)
		json_object_set_new(chunk, "usage", json_null());
	return chunk;
}

static json_t *delta_json(const struct stream *stream, json_int_t choice, json_t *delta,
			  const char *finish)
{
	return chunk_json(stream, json_pack("[{s:I, s:o, s:n, s:s?}]", "index", choice, "delta",
					    delta, "logprobs", "finish_reason", finish));
}

static void say(struct stream *stream, json_int_t choice, const struct part *part)
{
	static const char *const keys[] = { "reasoning_content", "content", "refusal" };
	const char *text = part->text;

	while (!stream_ended(stream) && *text) {
		size_t len = answer_piece(stream->answer, part, text);
		json_t *delta = json_pack("{s:s%}", keys[part->kind], text, len);

		stream_delta(stream, NULL, delta_json(stream, choice, delta, NULL), len);
		text += len;
		if (!*text && stream->answer->plan->endless && part->kind == PART_TEXT)
			text = part->text;
	}
}

static void start_calls(struct stream *stream, json_int_t choice)
{
	int index = 0;

	for (size_t i = 0; i < stream->answer->count; i++) {
		const struct part *part = &stream->answer->parts[i];
		json_t *call;

		if (part->kind != PART_TOOL)
			continue;
		call = call_json(part, "");
		json_object_set_new(call, "index", json_integer(index++));
		stream_event(stream, NULL, delta_json(stream, choice,
						      json_pack("{s:[o]}", "tool_calls", call),
						      NULL));
	}
}

/* One piece of the arguments, after those said; gives its bytes, 0 at their end. */
static size_t say_arguments(struct stream *stream, json_int_t choice, int index,
			    const struct part *part, size_t said)
{
	const char *text = part->text + said;
	size_t len = *text ? answer_piece(stream->answer, part, text) : 0;

	if (len && !stream_ended(stream))
		stream_delta(stream, NULL,
			     delta_json(stream, choice,
					json_pack("{s:[{s:i, s:{s:s%}}]}", "tool_calls", "index",
						  index, "function", "arguments", text, len),
					NULL), len);
	return len;
}

/* The calls one piece each in turn, as parallel calls come. */
static void stream_calls(struct stream *stream, json_int_t choice)
{
	size_t said[ANSWER_PARTS_MAX] = { 0 }, more = 1;

	start_calls(stream, choice);
	while (more) {
		int index = 0;

		more = 0;
		for (size_t i = 0; i < stream->answer->count; i++) {
			const struct part *part = &stream->answer->parts[i];
			size_t len;

			if (part->kind != PART_TOOL)
				continue;
			len = say_arguments(stream, choice, index++, part, said[i]);
			said[i] += len;
			more += len;
		}
	}
}

static void stream_choice(struct stream *stream, json_int_t choice)
{
	const struct answer *answer = stream->answer;

	stream_event(stream, NULL,
		     delta_json(stream, choice, json_pack("{s:s, s:s}", "role", "assistant",
							  "content", ""), NULL));
	for (size_t i = 0; i < answer->count; i++)
		if (answer->parts[i].kind != PART_TOOL)
			say(stream, choice, &answer->parts[i]);
	stream_calls(stream, choice);
	if (!answer->plan->nostop)
		stream_event(stream, NULL, delta_json(stream, choice, json_object(),
						      finish_reason(answer)));
}

static void chat_stream(struct stream *stream)
{
	const struct answer *answer = stream->answer;

	for (json_int_t i = 0; i < answer->ask->choices && !stream_ended(stream); i++)
		stream_choice(stream, i);
	if (answer->ask->usage_wanted && !answer->plan->nousage) {
		json_t *chunk = chunk_json(stream, json_array());

		json_object_set_new(chunk, "usage", usage_json(answer));
		stream_event(stream, NULL, chunk);
	}
	if (!answer->plan->nostop)
		stream_line(stream, NULL, "[DONE]");
}

/* --- errors */

static const char *default_code(int status)
{
	switch (status) {
	case 401: return "invalid_api_key";
	case 404: return "model_not_found";
	case 429: return "rate_limit_exceeded";
	case 503: return "server_is_overloaded";
	default: return NULL;
	}
}

json_t *openai_error(const struct fault *fault, unsigned long number)
{
	const char *code = fault->code ? fault->code : default_code(fault->status);
	const char *type = fault->status >= 500 ? "server_error" : "invalid_request_error";

	(void)number;
	if (fault->status == 429)
		type = code && strcmp(code, "insufficient_quota") == 0 ? code : "requests";
	return json_pack("{s:{s:s, s:s, s:n, s:s?}}", "error", "message", fault->text, "type", type,
			 "param", "code", code);
}

static void chat_stream_error(struct stream *stream, const struct fault *fault)
{
	stream_event(stream, NULL, openai_error(fault, stream->answer->number));
}

const struct wire wire_chat = {
	.whole = chat_whole,
	.stream = chat_stream,
	.error = openai_error,
	.stream_error = chat_stream_error,
};
