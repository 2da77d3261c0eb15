/* messages_answer.c - see messages_answer.h
 *
 * A stream is message_start (id, model, usage so far), for each block content_block_start,
 * content_block_delta in any number and content_block_stop, all with its index, then message_delta
 * (why it stopped, usage) and message_stop. ping and error come anywhere, other events may. Deltas
 * are text_delta, thinking_delta, signature_delta, input_json_delta (JSON text, in pieces; none at
 * all is {}) and citations_delta, which is left out. */
#include "ai/messages_answer.h"

#include "ai/ai_blocks.h"
#include "ai/ai_json.h"
#include "ai/answer_parts.h"
#include "ai/answer_stream.h"
#include "ai/wire_messages.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

struct reading {
	struct ai_answer *answer;
	struct answer_parts parts;
	bool final_usage;	/* message_delta had the output tokens */
};

static void take_usage(struct ai_answer *answer, const json_t *usage)
{
	if (!json_is_object(usage))
		return;
	if (!answer->usage_raw)
		answer->usage_raw = json_object();
	ai_usage_merge(answer->usage_raw, usage);
}

/* --- whole */

static void read_whole(const json_t *message, struct ai_answer *ret)
{
	const json_t *part;
	size_t i;

	if (ai_answer_has_error(message)) {
		ai_answer_read_error(ret, json_object_get(message, "error"));
		return;
	}
	if (!json_is_array(json_object_get(message, "content"))) {
		ai_answer_fail(ret, NULL, "the provider's answer is no message");
		return;
	}
	ai_answer_name(ret, message);
	ai_answer_stop(ret, json_object_get(message, "stop_reason"));
	json_array_foreach(json_object_get(message, "content"), i, part)
		json_array_append_new(ret->blocks, wire_messages_block(part));
	take_usage(ret, json_object_get(message, "usage"));
	ret->usage_known = ai_usage_anthropic(ret->usage_raw, &ret->usage);
	ret->complete = true;
}

/* --- a stream */

static struct answer_part *part_at(struct reading *reading, const json_t *event,
				   enum answer_part_kind kind)
{
	int64_t index = ai_json_count(json_object_get(event, "index"), INT32_MAX);

	return answer_parts_at(&reading->parts, index, 0, kind);
}

static void start_block(struct reading *reading, const json_t *event)
{
	const json_t *block = json_object_get(event, "content_block");
	const char *type = json_str(block, "type", "");
	struct answer_part *part;

	if (!strcmp(type, "text")) {
		answer_part_add(part_at(reading, event, ANSWER_PART_TEXT),
				json_object_get(block, "text"));
	} else if (!strcmp(type, "thinking")) {
		answer_part_add(part_at(reading, event, ANSWER_PART_THINKING),
				json_object_get(block, "thinking"));
	} else {
		bool tool = !strcmp(type, "tool_use");

		part = part_at(reading, event, tool ? ANSWER_PART_TOOL : ANSWER_PART_BLOCK);
		if (!part || part->block)
			return;
		buf_add_str(&part->id, json_str(block, "id", ""));
		buf_add_str(&part->name, json_str(block, "name", ""));
		part->block = tool ? json_incref(json_object_get(block, "input")) :
				     ai_blocks_other(block);
	}
}

static void add_delta(struct reading *reading, const json_t *event)
{
	const json_t *delta = json_object_get(event, "delta");
	const char *type = json_str(delta, "type", "");
	struct answer_part *part;

	if (!strcmp(type, "text_delta")) {
		answer_part_add(part_at(reading, event, ANSWER_PART_TEXT),
				json_object_get(delta, "text"));
	} else if (!strcmp(type, "thinking_delta")) {
		answer_part_add(part_at(reading, event, ANSWER_PART_THINKING),
				json_object_get(delta, "thinking"));
	} else if (!strcmp(type, "input_json_delta")) {
		answer_part_add(part_at(reading, event, ANSWER_PART_TOOL),
				json_object_get(delta, "partial_json"));
	} else if (!strcmp(type, "signature_delta")) {
		part = part_at(reading, event, ANSWER_PART_THINKING);
		if (part)
			buf_add_str(&part->signature, json_str(delta, "signature", ""));
	}
}

/* Input of a tool that the provider runs: it comes in pieces to a block that is kept as it came. */
static void stop_block(struct reading *reading, const json_t *event)
{
	struct answer_part *part = part_at(reading, event, ANSWER_PART_TEXT);
	json_t *raw = part ? json_object_get(part->block, "raw") : NULL;

	if (part && part->kind == ANSWER_PART_BLOCK && part->text.len && raw)
		json_object_set_new(raw, "input",
				    ai_blocks_input(buf_str(&part->text), part->text.len));
}

static void take_delta(struct reading *reading, const json_t *event)
{
	const json_t *usage = json_object_get(event, "usage");

	ai_answer_stop(reading->answer, ai_json_at(event, "delta", "stop_reason"));
	take_usage(reading->answer, usage);
	if (ai_json_count(json_object_get(usage, "output_tokens"), AI_USAGE_MAX) >= 0)
		reading->final_usage = true;
}

static void take_event(void *arg, const json_t *event)
{
	struct reading *reading = arg;
	const char *type = json_str(event, "type", "");
	const json_t *message = json_object_get(event, "message");

	if (!strcmp(type, "message_start")) {
		ai_answer_name(reading->answer, message);
		take_usage(reading->answer, json_object_get(message, "usage"));
	} else if (!strcmp(type, "content_block_start")) {
		start_block(reading, event);
	} else if (!strcmp(type, "content_block_delta")) {
		add_delta(reading, event);
	} else if (!strcmp(type, "content_block_stop")) {
		stop_block(reading, event);
	} else if (!strcmp(type, "message_delta")) {
		take_delta(reading, event);
	} else if (!strcmp(type, "message_stop")) {
		reading->answer->complete = true;
	} else if (!strcmp(type, "message")) {
		read_whole(event, reading->answer);
		reading->final_usage = reading->answer->usage_known;
	} else if (ai_answer_has_error(event)) {
		ai_answer_read_error(reading->answer, json_object_get(event, "error"));
	}
}

static void read_stream(const char *raw, size_t len, struct ai_answer *ret)
{
	struct reading reading = { ret, ANSWER_PARTS_INIT, false };

	answer_stream_read(raw, len, ret, take_event, &reading);
	answer_parts_blocks(&reading.parts, ret->blocks);
	answer_parts_release(&reading.parts);
	ret->usage_known = ai_usage_anthropic(ret->usage_raw, &ret->usage) && reading.final_usage;
	if (!ret->complete)
		ai_answer_fail(ret, NULL, "the stream ended before the message did");
}

void messages_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret)
{
	AUTO_JSON json_t *message = NULL;

	ret->blocks = json_array();
	if (stream) {
		read_stream(raw, len, ret);
		return;
	}
	message = ai_json_answer(raw, len);
	if (message)
		read_whole(message, ret);
	else
		ai_answer_fail(ret, NULL, "the provider's answer is no JSON");
}
