/* chat_answer.c - see chat_answer.h
 *
 * A stream is chunks with choices; a choice has an index and a delta (content, refusal, tool_calls
 * with an index each: id and name at first, then pieces of the arguments) and at last a
 * finish_reason. Usage comes in a chunk without choices, when it was asked for, then [DONE]. An
 * error is a chunk with "error". Other servers leave out indexes and [DONE], repeat names, call
 * what was thought by names of their own, and count in every chunk. */
#include "ai/chat_answer.h"

#include "ai/ai_blocks.h"
#include "ai/ai_json.h"
#include "ai/answer_parts.h"
#include "ai/answer_stream.h"
#include "ai/wire_chat.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

/* Numbers of the parts of a choice (answer_parts.h): calls stand behind by their own index. */
enum part_number { PART_THINKING, PART_TEXT, PART_REFUSAL, PART_CALLS };

struct reading {
	struct ai_answer *answer;
	struct answer_parts parts;
	int64_t seen, stopped;	/* choices, by their highest index; those that gave a reason */
	bool refused;
};

/* --- whole */

static void read_message(const json_t *message, struct ai_answer *ret)
{
	const json_t *thought = wire_chat_thought(message), *call;
	const json_t *function = json_object_get(message, "function_call");
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	size_t i;

	if (thought && json_string_length(thought))
		json_array_append_new(ret->blocks,
				      ai_blocks_thinking(json_string_value(thought), NULL));
	wire_chat_text(message, &text);
	if (text.len)
		json_array_append_new(ret->blocks, ai_blocks_text(buf_str(&text)));
	json_array_foreach(json_object_get(message, "tool_calls"), i, call)
		json_array_append_new(ret->blocks, wire_chat_call(call));
	if (json_is_object(function)) {
		AUTO_JSON json_t *old = json_pack("{s:O}", "function", function);

		json_array_append_new(ret->blocks, wire_chat_call(old));
	}
}

static bool is_refused(const json_t *message)
{
	return json_string_length(json_object_get(message, "refusal")) > 0;
}

static void take_stop(struct ai_answer *answer, const json_t *choice, bool refused)
{
	AUTO_JSON json_t *refusal = json_string("refusal");

	ai_answer_stop(answer, refused ? refusal : json_object_get(choice, "finish_reason"));
}

static void take_usage(struct ai_answer *answer, const json_t *usage)
{
	if (!json_is_object(usage) || json_object_size(usage) == 0)
		return;
	json_decref(answer->usage_raw);
	answer->usage_raw = json_incref((json_t *)usage);
	answer->usage_known = ai_usage_openai(usage, &answer->usage);
}

static void read_whole(const json_t *completion, struct ai_answer *ret)
{
	const json_t *choices = json_object_get(completion, "choices"), *choice;
	size_t i;

	if (ai_answer_has_error(completion)) {
		ai_answer_read_error(ret, json_object_get(completion, "error"));
		return;
	}
	if (!json_is_array(choices)) {
		ai_answer_fail(ret, NULL, "the provider's answer is no completion");
		return;
	}
	ai_answer_name(ret, completion);
	json_array_foreach(choices, i, choice) {
		const json_t *message = json_object_get(choice, "message");

		read_message(message, ret);
		take_stop(ret, choice, is_refused(message));
	}
	take_usage(ret, json_object_get(completion, "usage"));
	ret->complete = true;
}

/* --- a stream */

static void add_call(struct reading *reading, int64_t choice, int64_t index, const json_t *call)
{
	const json_t *custom = json_object_get(call, "custom");
	const json_t *function = custom ? custom : json_object_get(call, "function");
	const json_t *arguments = json_object_get(function, custom ? "input" : "arguments");
	struct answer_part *part;

	if (index < 0)
		return;
	part = answer_parts_at(&reading->parts, choice, PART_CALLS + index, ANSWER_PART_TOOL);
	if (!part)
		return;
	/* id and name come whole, some servers repeat them */
	if (!part->id.len)
		buf_add_str(&part->id, json_str(call, "id", ""));
	if (!part->name.len)
		buf_add_str(&part->name, json_str(function, "name", ""));
	if (custom)
		part->raw_input = true;
	if (json_is_object(arguments) && !part->block)
		part->block = json_incref((json_t *)arguments);
	answer_part_add(part, arguments);
}

static void add_calls(struct reading *reading, int64_t choice, const json_t *delta)
{
	const json_t *call;
	size_t i;

	json_array_foreach(json_object_get(delta, "tool_calls"), i, call) {
		const json_t *index = json_object_get(call, "index");
		int64_t number = index ? ai_json_count(index, INT32_MAX) : (int64_t)i;

		add_call(reading, choice, number, call);
	}
	if (json_is_object(json_object_get(delta, "function_call"))) {
		AUTO_JSON json_t *old = json_pack("{s:O}", "function",
						  json_object_get(delta, "function_call"));

		add_call(reading, choice, 0, old);
	}
}

static void add_delta(struct reading *reading, int64_t choice, const json_t *delta)
{
	const json_t *thought = wire_chat_thought(delta);
	const json_t *content = json_object_get(delta, "content"), *part;
	size_t i;

	if (thought)
		answer_part_add(answer_parts_at(&reading->parts, choice, PART_THINKING,
						ANSWER_PART_THINKING),
				thought);
	if (json_is_string(content))
		answer_part_add(answer_parts_at(&reading->parts, choice, PART_TEXT,
						ANSWER_PART_TEXT),
				content);
	json_array_foreach(content, i, part)
		answer_part_add(answer_parts_at(&reading->parts, choice, PART_TEXT,
						ANSWER_PART_TEXT),
				json_object_get(part, "text"));
	if (is_refused(delta)) {
		reading->refused = true;
		answer_part_add(answer_parts_at(&reading->parts, choice, PART_REFUSAL,
						ANSWER_PART_TEXT),
				json_object_get(delta, "refusal"));
	}
	add_calls(reading, choice, delta);
}

static void take_choice(struct reading *reading, const json_t *choice)
{
	const json_t *index = json_object_get(choice, "index");
	int64_t number = index ? ai_json_count(index, AI_REQUEST_CHOICES_MAX) : 0;
	const json_t *delta = json_object_get(choice, "delta");

	if (number < 0)
		return;
	if (number >= reading->seen)
		reading->seen = number + 1;
	/* a whole completion in place of a stream has a message */
	add_delta(reading, number, delta ? delta : json_object_get(choice, "message"));
	if (json_is_string(json_object_get(choice, "finish_reason"))) {
		reading->stopped++;
		take_stop(reading->answer, choice, reading->refused);
	}
}

static void take_chunk(void *arg, const json_t *chunk)
{
	struct reading *reading = arg;
	const json_t *choice;
	size_t i;

	if (ai_answer_has_error(chunk)) {
		ai_answer_read_error(reading->answer, json_object_get(chunk, "error"));
		return;
	}
	ai_answer_name(reading->answer, chunk);
	json_array_foreach(json_object_get(chunk, "choices"), i, choice)
		take_choice(reading, choice);
	take_usage(reading->answer, json_object_get(chunk, "usage"));
}

static void read_stream(const char *raw, size_t len, struct ai_answer *ret)
{
	struct reading reading = { .answer = ret };

	answer_stream_read(raw, len, ret, take_chunk, &reading);
	answer_parts_blocks(&reading.parts, ret->blocks);
	answer_parts_release(&reading.parts);
	if (reading.seen && reading.stopped >= reading.seen)
		ret->complete = true;
	/* some servers count in every chunk: only that of the end is final */
	ret->usage_known = ret->usage_known && ret->complete;
	if (!ret->complete)
		ai_answer_fail(ret, NULL, "the stream ended before the answer did");
}

void chat_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret)
{
	AUTO_JSON json_t *completion = NULL;

	ret->blocks = json_array();
	if (stream) {
		read_stream(raw, len, ret);
		return;
	}
	completion = ai_json_answer(raw, len);
	if (completion)
		read_whole(completion, ret);
	else
		ai_answer_fail(ret, NULL, "the provider's answer is no JSON");
}
