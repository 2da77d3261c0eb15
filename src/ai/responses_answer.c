/* responses_answer.c - see responses_answer.h
 *
 * Events are named and numbered: response.created; for each item of the output
 * response.output_item.added, .delta and .done of its text, arguments or summary (by output_index
 * and content_index or summary_index), response.output_item.done with all of it; at last
 * response.completed, .incomplete or .failed with the whole response and its usage. "error" ends it
 * anywhere. */
#include "ai/responses_answer.h"

#include "ai/ai_json.h"
#include "ai/answer_parts.h"
#include "ai/answer_stream.h"
#include "ai/wire_responses.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

/* Numbers of the parts of an item (answer_parts.h). */
#define PART_CONTENT 0
#define PART_SUMMARY ((int64_t)1 << 32)

struct reading {
	struct ai_answer *answer;
	struct answer_parts parts;
	json_t *response;	/* the last one that came with an end */
};

/* --- a response, whole */

static void add_block(void *arg, const char *role, json_t *block)
{
	struct ai_answer *answer = arg;

	(void)role;
	json_array_append_new(answer->blocks, block);
}

static void read_output(const json_t *response, struct ai_answer *ret)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(response, "output"), i, item)
		wire_responses_item(item, add_block, ret);
}

/* All but the output. */
static void read_ending(const json_t *response, struct ai_answer *ret)
{
	const json_t *usage = json_object_get(response, "usage");
	const char *status = json_str(response, "status", "");
	const json_t *reason = ai_json_at(response, "incomplete_details", "reason");

	ai_answer_name(ret, response);
	ai_answer_stop(ret, reason && json_is_string(reason) ? reason :
			    json_object_get(response, "status"));
	if (json_is_object(usage)) {
		json_decref(ret->usage_raw);
		ret->usage_raw = json_incref((json_t *)usage);
		ret->usage_known = ai_usage_openai(usage, &ret->usage);
	}
	if (ai_answer_has_error(response))
		ai_answer_read_error(ret, json_object_get(response, "error"));
	else if (!strcmp(status, "failed"))
		ai_answer_fail(ret, "failed", NULL);
	ret->complete = !strcmp(status, "completed") || !strcmp(status, "incomplete") ||
			!strcmp(status, "failed");
}

static void read_whole(const json_t *response, struct ai_answer *ret)
{
	if (json_is_array(json_object_get(response, "output"))) {
		read_output(response, ret);
		read_ending(response, ret);
		/* compatible servers may leave it out; "in_progress" is no end */
		ret->complete |= !json_object_get(response, "status");
		if (!ret->complete)
			ai_answer_fail(ret, NULL, "the response has not ended");
	} else if (ai_answer_has_error(response)) {
		ai_answer_read_error(ret, json_object_get(response, "error"));
	} else {
		ai_answer_fail(ret, NULL, "the provider's answer is no response");
	}
}

/* --- a stream */

static int64_t number(const json_t *event, const char *name)
{
	const json_t *value = json_object_get(event, name);

	return value ? ai_json_count(value, INT32_MAX) : 0;
}

static struct answer_part *part_at(struct reading *reading, const json_t *event,
				   enum answer_part_kind kind)
{
	const json_t *summary = json_object_get(event, "summary_index");
	int64_t part = summary ? number(event, "summary_index") :
				 number(event, "content_index");

	if (part < 0)
		return NULL;
	return answer_parts_at(&reading->parts, number(event, "output_index"),
			       summary ? PART_SUMMARY + part : PART_CONTENT + part, kind);
}

/* A tool begins with its item, which has its names. */
static void start_item(struct reading *reading, const json_t *event)
{
	const json_t *item = json_object_get(event, "item");
	const char *type = json_str(item, "type", "");
	struct answer_part *part;

	if (strcmp(type, "function_call") != 0 && strcmp(type, "custom_tool_call") != 0)
		return;
	part = part_at(reading, event, ANSWER_PART_TOOL);
	if (!part)
		return;
	buf_clear(&part->id);
	buf_clear(&part->name);
	buf_add_str(&part->id, json_str(item, "call_id", json_str(item, "id", "")));
	buf_add_str(&part->name, json_str(item, "name", ""));
	part->raw_input = strcmp(type, "custom_tool_call") == 0;
}

struct finishing {
	struct answer_parts *parts;
	int64_t item, count;
};

static void put_block(void *arg, const char *role, json_t *block)
{
	struct finishing *finishing = arg;
	struct answer_part *part = answer_parts_at(finishing->parts, finishing->item,
						   finishing->count++, ANSWER_PART_BLOCK);

	(void)role;
	if (part)
		part->block = block;
	else
		json_decref(block);
}

/* The item when it is done takes the place of its pieces. */
static void finish_item(struct reading *reading, const json_t *event)
{
	struct finishing finishing = { &reading->parts, number(event, "output_index"), 0 };
	const json_t *item = json_object_get(event, "item");

	if (finishing.item < 0 || !json_is_object(item))
		return;
	answer_parts_drop(&reading->parts, finishing.item);
	wire_responses_item(item, put_block, &finishing);
}

/* Events that add to a text, and that give all of it. */
struct piece {
	const char *name;	/* without ".delta" and ".done" behind it */
	enum answer_part_kind kind;
	const char *whole;	/* the member of .done */
};

static const struct piece pieces[] = {
	{ "response.output_text", ANSWER_PART_TEXT, "text" },
	{ "response.refusal", ANSWER_PART_TEXT, "refusal" },
	{ "response.reasoning_summary_text", ANSWER_PART_THINKING, "text" },
	{ "response.reasoning_text", ANSWER_PART_THINKING, "text" },
	{ "response.function_call_arguments", ANSWER_PART_TOOL, "arguments" },
	{ "response.custom_tool_call_input", ANSWER_PART_TOOL, "input" },
};

static bool take_piece(struct reading *reading, const char *type, const json_t *event)
{
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		const struct piece *piece = &pieces[i];
		size_t len = strlen(piece->name);
		struct answer_part *part;

		if (strncmp(type, piece->name, len) != 0 || type[len] != '.')
			continue;
		part = part_at(reading, event, piece->kind);
		if (!strcmp(type + len, ".delta"))
			answer_part_add(part, json_object_get(event, "delta"));
		else if (!strcmp(type + len, ".done"))
			answer_part_set(part, json_object_get(event, piece->whole));
		return true;
	}
	return false;
}

static void take_response(struct reading *reading, const json_t *response)
{
	const char *status = json_str(response, "status", "");

	ai_answer_name(reading->answer, response);
	if (!strcmp(status, "queued") || !strcmp(status, "in_progress"))
		return;
	json_decref(reading->response);
	reading->response = json_incref((json_t *)response);
}

/* The name of the event says how it ended where the response does not. */
static json_t *with_status(const json_t *response, const char *type)
{
	static const char *const ends[] = { "completed", "incomplete", "failed" };
	json_t *copy = json_copy((json_t *)response);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(type + strlen("response."), ends[i]) &&
		    !json_object_get(copy, "status"))
			json_object_set_new(copy, "status", json_string(ends[i]));
	return copy;
}

static void take_event(void *arg, const json_t *event)
{
	struct reading *reading = arg;
	const char *type = json_str(event, "type", "");
	const json_t *response = json_object_get(event, "response");

	if (!strcmp(type, "error")) {
		/* the error itself, or (as in other APIs) one inside of it */
		ai_answer_read_error(reading->answer, ai_answer_has_error(event) ?
							      json_object_get(event, "error") :
							      event);
	} else if (!strcmp(type, "response.output_item.added")) {
		start_item(reading, event);
	} else if (!strcmp(type, "response.output_item.done")) {
		finish_item(reading, event);
	} else if (take_piece(reading, type, event)) {
		return;
	} else if (json_is_object(response) && strncmp(type, "response.", 9) == 0) {
		AUTO_JSON json_t *copy = with_status(response, type);

		take_response(reading, copy);
	} else if (!strcmp(json_str(event, "object", ""), "response")) {
		take_response(reading, event);
	} else if (ai_answer_has_error(event)) {
		ai_answer_read_error(reading->answer, json_object_get(event, "error"));
	}
}

static void read_stream(const char *raw, size_t len, struct ai_answer *ret)
{
	struct reading reading = { .answer = ret };

	answer_stream_read(raw, len, ret, take_event, &reading);
	if (json_array_size(json_object_get(reading.response, "output")))
		read_output(reading.response, ret);
	else
		answer_parts_blocks(&reading.parts, ret->blocks);
	ret->complete = false;	/* [DONE] is no end here */
	if (reading.response)
		read_ending(reading.response, ret);
	if (!ret->complete)
		ai_answer_fail(ret, NULL, "the stream ended before the response did");
	answer_parts_release(&reading.parts);
	json_decref(reading.response);
}

void responses_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret)
{
	AUTO_JSON json_t *response = NULL;

	ret->blocks = json_array();
	if (stream) {
		read_stream(raw, len, ret);
		return;
	}
	response = ai_json_answer(raw, len);
	if (response)
		read_whole(response, ret);
	else
		ai_answer_fail(ret, NULL, "the provider's answer is no JSON");
}
