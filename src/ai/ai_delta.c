/* ai_delta.c - see ai_delta.h */
#include "ai/ai_delta.h"

#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

void ai_delta_release(struct ai_delta *delta)
{
	sse_release(&delta->events);
}

static void add_text(struct ai_delta *delta, int64_t item, int64_t part, const json_t *text)
{
	if (!json_string_length(text) || item < 0)
		return;
	if (delta->has_text && (item != delta->item || part != delta->part))
		buf_add_str(delta->out, "\n\n");
	buf_add(delta->out, json_string_value(text), json_string_length(text));
	delta->item = item;
	delta->part = part;
	delta->has_text = true;
}

static int64_t number(const json_t *event, const char *name)
{
	return ai_json_count(json_object_get(event, name), INT32_MAX);
}

static void take_messages(struct ai_delta *delta, const json_t *event, const char *type)
{
	const json_t *block = json_object_get(event, "content_block");
	const json_t *piece = json_object_get(event, "delta");

	if (!strcmp(type, "content_block_start") && !strcmp(json_str(block, "type", ""), "text"))
		add_text(delta, number(event, "index"), 0, json_object_get(block, "text"));
	else if (!strcmp(type, "content_block_delta") &&
		 !strcmp(json_str(piece, "type", ""), "text_delta"))
		add_text(delta, number(event, "index"), 0, json_object_get(piece, "text"));
}

/* Of the first choice: tali asks for no other. */
static void take_chat(struct ai_delta *delta, const json_t *event)
{
	const json_t *choice = json_array_get(json_object_get(event, "choices"), 0);
	const json_t *piece = json_object_get(choice, "delta");

	if (number(choice, "index") > 0)
		return;
	add_text(delta, 0, 0, json_object_get(piece, "content"));
	add_text(delta, 0, 0, json_object_get(piece, "refusal"));
}

static void take_responses(struct ai_delta *delta, const json_t *event, const char *type)
{
	if (!strcmp(type, "response.output_text.delta") || !strcmp(type, "response.refusal.delta"))
		add_text(delta, number(event, "output_index"), number(event, "content_index"),
			 json_object_get(event, "delta"));
}

static void take_event(void *arg, const struct sse_event *event)
{
	struct ai_delta *delta = arg;
	AUTO_JSON json_t *value = event->cut ? NULL : ai_json_answer(event->data, event->len);
	const char *type = json_str(value, "type", event->name);

	if (!json_is_object(value))
		return;
	if (delta->dialect == AI_DIALECT_MESSAGES)
		take_messages(delta, value, type);
	else if (delta->dialect == AI_DIALECT_CHAT)
		take_chat(delta, value);
	else
		take_responses(delta, value, type);
}

void ai_delta_add(struct ai_delta *delta, const void *bytes, size_t len, struct buf *out)
{
	delta->out = out;
	sse_add(&delta->events, bytes, len, take_event, delta);
	delta->out = NULL;
}
