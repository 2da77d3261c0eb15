/* assistant_history.c - see assistant_history.h
 *
 * First all events of the own assistant are gathered, then those of the one conversation are read
 * in order. What a prompt event has as blocks is what was new with it; with the answers between
 * them these are the conversation. */
#include "assess/assistant_history.h"

#include "ai/ai_blocks.h"
#include "assess/assistant_fault.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "store/event.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)
#define NOT_DONE "This was not done: the person stopped it."

struct reading {
	struct store *store;
	json_t *events;		/* [{kind, data}] of the own assistant, in order */
	json_t *exchanges;	/* {exchange: true} of its own */
	json_t *conversations;	/* {conversation: true} */
	json_t *results;	/* {call: {ok, text}} of tools since the last answer */
	struct assistant_history *ret;
};

void assistant_history_release(struct assistant_history *history)
{
	free(history->model);
	free(history->last_model);
	json_decref(history->messages);
	json_decref(history->turns);
	*history = (struct assistant_history)ASSISTANT_HISTORY_INIT;
}

/* --- gathering */

static bool is_own(struct reading *reading, const char *kind, const json_t *data)
{
	const char *exchange = json_str(data, "exchange", "");
	const char *conversation = json_str(data, "conversation", "");

	if (!strcmp(kind, "ai_prompt") && json_flag(data, "own", false)) {
		json_object_set_new(reading->exchanges, exchange, json_true());
		json_object_set_new(reading->conversations, conversation, json_true());
		return true;
	}
	if (!strcmp(kind, "ai_response"))
		return json_object_get(reading->exchanges, exchange) != NULL;
	return !strcmp(kind, "ai_tool") &&
	       json_object_get(reading->conversations, conversation) != NULL;
}

static int gather(void *arg, const struct event *event, struct err *err)
{
	struct reading *reading = arg;
	AUTO_JSON json_t *data = NULL;

	if (strncmp(event->kind, "ai_", 3) != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "event", err);
	if (!data)
		return -1;
	if (is_own(reading, event->kind, data))
		json_array_append_new(reading->events, json_pack("{s:s, s:O}", "kind", event->kind,
								 "data", data));
	return 0;
}

/* --- contents */

/* The text of a member, from where it is; yours. NULL on error. */
static char *text_of(struct reading *reading, const json_t *data, const char *name,
		     struct err *err)
{
	const json_t *value = json_object_get(data, name);

	if (json_is_object(value))
		return event_blob_get(reading->store, json_str(value, "blob", ""), NULL, err);
	return buf_strdup(json_is_string(value) ? json_string_value(value) : "");
}

/* The blocks of an event, an array; yours. NULL on error. */
static json_t *blocks_of(struct reading *reading, const json_t *data, struct err *err)
{
	AUTO_FREE char *text = text_of(reading, data, "blocks", err);

	if (!text)
		return NULL;
	return *text ? json_parse(text, strlen(text), "blocks", err) : json_array();
}

static bool is_whole(const json_t *response)
{
	return !json_object_get(response, "cut") && !json_object_get(response, "error") &&
	       json_int(response, "status", 0) / 100 == 2;
}

bool assistant_history_has_code(const json_t *blocks, bool whole)
{
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block)
		if (strstr(json_str(block, "text", ""), "```") ||
		    (whole && !strcmp(json_str(block, "name", ""), "write_file") &&
		     json_is_object(json_object_get(block, "input"))))
			return true;
	return false;
}

/* --- turns, for showing */

static json_t *last_turn(struct reading *reading, const char *role)
{
	json_t *turns = reading->ret->turns;
	json_t *last = json_array_get(turns, json_array_size(turns) - 1);

	if (last && !strcmp(json_str(last, "role", ""), role))
		return last;
	last = json_pack("{s:s, s:s}", "role", role, "text", "");
	if (!strcmp(role, "assistant"))
		json_object_set_new(last, "steps", json_array());
	json_array_append_new(turns, last);
	return last;
}

static void add_text(json_t *turn, const char *more)
{
	const char *text = json_str(turn, "text", "");
	AUTO_FREE char *both = buf_format("%s%s%s", text, *text && *more ? "\n\n" : "", more);

	json_object_set_new(turn, "text", json_string(both));
}

/* The step that waits for a result, of those with this id that came last: some servers give all
 * calls the same one. NULL: all have theirs. */
static json_t *find_step(struct reading *reading, const char *call)
{
	const json_t *turns = reading->ret->turns;
	json_t *step;
	size_t i;

	for (size_t at = json_array_size(turns); at-- > 0;) {
		bool known = false;

		json_array_foreach(json_object_get(json_array_get(turns, at), "steps"), i, step) {
			if (strcmp(json_str(step, "call", ""), call) != 0)
				continue;
			if (!json_object_get(step, "ok"))
				return step;
			known = true;
		}
		if (known)
			return NULL;
	}
	return NULL;
}

static void end_step(struct reading *reading, const char *call, bool ok, const char *text)
{
	json_t *step = find_step(reading, call);

	json_object_set_new(reading->results, call, json_pack("{s:b, s:s}", "ok", ok, "text",
							      text));
	if (!step)
		return;
	json_object_set_new(step, "ok", json_boolean(ok));
	json_object_set_new(step, "text", json_string(text));
}

static void show_answer(struct reading *reading, const json_t *data, const json_t *blocks)
{
	json_t *turn = last_turn(reading, "assistant"), *steps = json_object_get(turn, "steps");
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const char *cut = json_str(data, "cut", "");
	const json_t *block;
	size_t i;

	json_object_del(turn, "error");
	ai_blocks_join(blocks, "text", &text);
	add_text(turn, buf_str(&text));
	json_object_set_new(turn, "model", json_string(json_str(data, "model",
						reading->ret->model ? reading->ret->model : "")));
	json_object_set(turn, "exchange", json_object_get(data, "exchange"));
	if (!strcmp(cut, "client"))
		json_object_set_new(turn, "stop", json_string("stopped"));
	else if (json_object_get(data, "stop"))
		json_object_set(turn, "stop", json_object_get(data, "stop"));
	if (!is_whole(data) && strcmp(cut, "client") != 0)
		json_object_set_new(turn, "error", json_string(assistant_fault_sentence(
						(int)json_int(data, "status", 0))));
	json_array_foreach(blocks, i, block)
		if (ai_blocks_is(block, "tool_use"))
			json_array_append_new(steps, json_pack("{s:O, s:O, s:O}", "call",
					      json_object_get(block, "id"), "tool",
					      json_object_get(block, "name"), "input",
					      json_object_get(block, "input")));
}

/* --- one event of the conversation */

static bool has_result(const json_t *messages, const char *call)
{
	const json_t *message;
	size_t i;

	json_array_foreach(messages, i, message) {
		const json_t *block = json_object_get(message, "block");

		if (ai_blocks_is(block, "tool_result") && !strcmp(json_str(block, "id", ""), call))
			return true;
	}
	return false;
}

/* A model refuses a conversation in which a tool that it called has no result at once: those of the
 * last answer get theirs, but for what `added` brings. A turn that was stopped brings none. */
static void end_calls(struct reading *reading, const json_t *added)
{
	json_t *messages = reading->ret->messages;
	size_t count = json_array_size(messages), from = count;

	while (from && !strcmp(json_str(json_array_get(messages, from - 1), "role", ""),
			       "assistant"))
		from--;
	for (; from < count; from++) {
		const json_t *block = json_object_get(json_array_get(messages, from), "block");
		const char *id = json_str(block, "id", "");
		const json_t *result = json_object_get(reading->results, id);

		if (ai_blocks_is(block, "tool_use") && !has_result(added, id))
			ai_blocks_add(messages, "user",
				      ai_blocks_tool_result(id, json_str(result, "text", NOT_DONE),
							    !json_flag(result, "ok", false)));
	}
}

static int take_prompt(struct reading *reading, const json_t *data, struct err *err)
{
	AUTO_JSON json_t *added = blocks_of(reading, data, err);
	AUTO_FREE char *text = added ? text_of(reading, data, "text", err) : NULL;
	const json_t *message;
	size_t i;

	if (!text)
		return -1;
	end_calls(reading, added);
	json_array_extend(reading->ret->messages, added);
	json_array_foreach(added, i, message) {
		const json_t *block = json_object_get(message, "block");

		if (ai_blocks_is(block, "tool_result"))
			end_step(reading, json_str(block, "id", ""),
				 !json_flag(block, "error", false), json_str(block, "text", ""));
	}
	free(reading->ret->model);
	reading->ret->model = buf_strdup(json_str(data, "model", ""));
	if (*text) {
		json_t *turn = json_pack("{s:s, s:s}", "role", "user", "text", text);

		if (json_object_get(data, "files"))
			json_object_set(turn, "files", json_object_get(data, "files"));
		json_array_append_new(reading->ret->turns, turn);
	}
	return 0;
}

/* Of an answer that broke off only its text: its tools were not called, thoughts not signed. */
static int take_response(struct reading *reading, const json_t *data, struct err *err)
{
	AUTO_JSON json_t *blocks = blocks_of(reading, data, err);
	AUTO_JSON json_t *kept = json_array();
	json_t *block;
	size_t i;

	if (!blocks)
		return -1;
	json_object_clear(reading->results);
	json_array_foreach(blocks, i, block)
		if (is_whole(data) || ai_blocks_is(block, "text"))
			json_array_append(kept, block);
	json_array_foreach(kept, i, block)
		ai_blocks_add(reading->ret->messages, "assistant", json_incref(block));
	show_answer(reading, data, kept);
	return 0;
}

static int take_tool(struct reading *reading, const json_t *data, struct err *err)
{
	AUTO_FREE char *text = text_of(reading, data, "result", err);

	if (!text)
		return -1;
	end_step(reading, json_str(data, "call", ""), json_flag(data, "ok", false), text);
	return 0;
}

/* What holds for all conversations. */
static int take_any(struct reading *reading, const char *kind, const json_t *data,
		    struct err *err)
{
	struct assistant_history *ret = reading->ret;
	AUTO_JSON json_t *blocks = NULL;

	if (!strcmp(kind, "ai_prompt")) {
		free(ret->last_model);
		ret->last_model = buf_strdup(json_str(data, "model", ""));
	}
	if (strcmp(kind, "ai_response") != 0)
		return 0;
	ret->planted |= json_flag(data, "planted", false);
	blocks = blocks_of(reading, data, err);
	ret->code_answers += assistant_history_has_code(blocks, is_whole(data));
	return blocks ? 0 : -1;
}

static int take_event(struct reading *reading, const json_t *event, struct err *err)
{
	const char *kind = json_str(event, "kind", "");
	const json_t *data = json_object_get(event, "data");

	if (take_any(reading, kind, data, err) < 0)
		return -1;
	if (strcmp(json_str(data, "conversation", ""), reading->ret->conversation) != 0)
		return 0;
	if (!strcmp(kind, "ai_prompt"))
		return take_prompt(reading, data, err);
	if (!strcmp(kind, "ai_response"))
		return take_response(reading, data, err);
	return take_tool(reading, data, err);
}

/* --- the whole */

static void choose(struct reading *reading, const char *conversation)
{
	const json_t *event;
	size_t i;

	json_array_foreach(reading->events, i, event)
		if (!conversation && !strcmp(json_str(event, "kind", ""), "ai_prompt"))
			snprintf(reading->ret->conversation, sizeof(reading->ret->conversation),
				 "%s", json_str(json_object_get(event, "data"), "conversation",
						""));
	if (conversation && json_object_get(reading->conversations, conversation))
		snprintf(reading->ret->conversation, sizeof(reading->ret->conversation), "%s",
			 conversation);
}

int assistant_history_read(struct store *store, const char *assessment_id,
			   const char *conversation, struct assistant_history *ret,
			   struct err *err)
{
	AUTO_JSON json_t *events = json_array();
	AUTO_JSON json_t *exchanges = json_object();
	AUTO_JSON json_t *conversations = json_object();
	AUTO_JSON json_t *results = json_object();
	struct reading reading = { store, events, exchanges, conversations, results, ret };
	const json_t *event;
	size_t i;

	*ret = (struct assistant_history){ .messages = json_array(), .turns = json_array() };
	if (event_each_mark(store, assessment_id, gather, &reading, err) < 0)
		return -1;
	choose(&reading, conversation);
	json_array_foreach(events, i, event)
		if (take_event(&reading, event, err) < 0)
			return -1;
	end_calls(&reading, NULL);
	return 0;
}
