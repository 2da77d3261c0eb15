/* ai_script.c - see ai_script.h */
#include "ai/ai_script.h"

#include "ai/ai_blocks.h"
#include "ai/ai_usage.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/schema.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <string.h>

#define ANSWER_MAX (8 * AI_SCRIPT_MAX)
#define PIECE 24		/* bytes of text in one event */

/* --- the file */

json_t *ai_script_parse(const char *text, size_t len, const char *name, struct err *err)
{
	AUTO_JSON json_t *script = NULL;
	struct schema_fault fault;

	if (len > AI_SCRIPT_MAX) {
		err_set(err, ERR_INPUT, "%s: larger than 1 MiB", name);
		return NULL;
	}
	script = json_parse(text, len, name, err);
	if (!script)
		return NULL;
	if (schema_check(schema_named("tali.script-1"), script, &fault, 1)) {
		err_set(err, ERR_INPUT, "%s:%d: %s: %s", name, json_line_of(text, fault.pointer),
			fault.pointer, fault.text);
		return NULL;
	}
	return TAKE(script);
}

json_t *ai_script_read(const char *path, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(AI_SCRIPT_MAX);

	if (fs_read(AT_FDCWD, path, AI_SCRIPT_MAX, &text, err) < 0)
		return NULL;
	return ai_script_parse(buf_str(&text), text.len, path, err);
}

char *ai_script_models(const json_t *script)
{
	struct buf names = BUF_INIT(AI_SCRIPT_MAX);
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(script, "models"), i, name)
		buf_add_format(&names, "%s%s", i ? " " : "", json_string_value(name));
	return buf_take(&names);
}

/* --- which turn */

/* Answers so far, and the text of the last block that has one. */
static size_t count_answers(const json_t *messages, const char **ret_last)
{
	const char *before = "";
	const json_t *message;
	size_t i, count = 0;

	json_array_foreach(messages, i, message) {
		const char *role = json_str(message, "role", "user");

		if (!strcmp(role, "assistant") && strcmp(before, "assistant") != 0)
			count++;
		if (strcmp(role, "assistant") != 0)
			*ret_last = json_str(json_object_get(message, "block"), "text", *ret_last);
		before = role;
	}
	return count;
}

static const json_t *choose_turn(const json_t *script, const json_t *messages)
{
	const json_t *turn, *chosen = NULL;
	const char *last = "";
	size_t answers = count_answers(messages, &last), i, plain = 0;

	json_array_foreach(json_object_get(script, "turns"), i, turn) {
		const char *when = json_str(turn, "when", NULL);

		if (when && strstr(last, when))
			return turn;
		if (!when && plain++ <= answers)
			chosen = turn;
	}
	return chosen;
}

/* --- what a provider would send */

static void add_event(struct buf *out, const char *name, json_t *data)
{
	AUTO_JSON json_t *event = data;
	AUTO_FREE char *text = json_dumps(event, JSON_COMPACT);

	buf_add_format(out, "event: %s\ndata: %s\n\n", name, text ? text : "{}");
}

static void add_delta(struct buf *out, size_t index, const char *type, const char *name,
		      const char *text, size_t len)
{
	add_event(out, "content_block_delta",
		  json_pack("{s:s, s:I, s:{s:s, s:s%}}", "type", "content_block_delta", "index",
			    (json_int_t)index, "delta", "type", type, name, text, len));
}

/* In whole characters. */
static void add_pieces(struct buf *out, size_t index, const char *type, const char *name,
		       const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t len = left < PIECE ? left : PIECE;

		while (len < left && utf8_inside(text[len]))
			len++;
		add_delta(out, index, type, name, text, len);
		text += len;
		left -= len;
	}
}

static void begin_block(struct buf *out, size_t index, json_t *block)
{
	add_event(out, "content_block_start",
		  json_pack("{s:s, s:I, s:o}", "type", "content_block_start", "index",
			    (json_int_t)index, "content_block", block));
}

static void add_block(struct buf *out, size_t index, const json_t *block, size_t answers)
{
	const json_t *input = json_object_get(block, "input");
	AUTO_FREE char *arguments =
		input ? json_dumps(input, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	AUTO_FREE char *id = buf_format("toolu_%zu_%zu", answers, index);

	if (ai_blocks_is(block, "text")) {
		begin_block(out, index, json_pack("{s:s, s:s}", "type", "text", "text", ""));
		add_pieces(out, index, "text_delta", "text", json_str(block, "text", ""));
	} else {
		begin_block(out, index, json_pack("{s:s, s:s, s:s, s:{}}", "type", "tool_use",
						  "id", id, "name", json_str(block, "name", ""),
						  "input"));
		add_pieces(out, index, "input_json_delta", "partial_json",
			   arguments ? arguments : "");
	}
	add_event(out, "content_block_stop", json_pack("{s:s, s:I}", "type", "content_block_stop",
						       "index", (json_int_t)index));
}

static json_t *blocks_of(const json_t *turn)
{
	const json_t *answer = json_object_get(turn, "answer");

	if (json_is_array(answer))
		return json_incref((json_t *)answer);
	return json_pack("[{s:s, s:s}]", "type", "text", "text", json_str(turn, "answer", ""));
}

static int64_t floor_of(const json_t *value)
{
	AUTO_FREE char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	return text ? ai_usage_floor(text, strlen(text)) : 0;
}

static const char *stop_of(const json_t *turn, const json_t *blocks)
{
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block)
		if (ai_blocks_is(block, "tool_use"))
			return json_str(turn, "stop", "tool_use");
	return json_str(turn, "stop", "end_turn");
}

static void write_stream(const json_t *turn, const struct ai_request *request, struct buf *out)
{
	AUTO_JSON json_t *blocks = blocks_of(turn);
	const json_t *usage = json_object_get(turn, "usage"), *block;
	const char *last = "";
	size_t answers = count_answers(request->messages, &last), i;

	add_event(out, "message_start",
		  json_pack("{s:s, s:{s:s, s:s, s:s, s:s, s:[], s:n, s:{s:I, s:i}}}", "type",
			    "message_start", "message", "id", "msg_script", "type", "message",
			    "role", "assistant", "model", request->model, "content", "stop_reason",
			    "usage", "input_tokens",
			    json_int(usage, "input_tokens", floor_of(request->messages)),
			    "output_tokens", 0));
	json_array_foreach(blocks, i, block)
		add_block(out, i, block, answers);
	if (json_flag(turn, "cut", false))
		return;
	add_event(out, "message_delta",
		  json_pack("{s:s, s:{s:s}, s:{s:I}}", "type", "message_delta", "delta",
			    "stop_reason", stop_of(turn, blocks), "usage", "output_tokens",
			    json_int(usage, "output_tokens", floor_of(blocks))));
	add_event(out, "message_stop", json_pack("{s:s}", "type", "message_stop"));
}

static void write_error(const json_t *turn, struct buf *out)
{
	AUTO_JSON json_t *error =
		json_pack("{s:s, s:{s:s, s:s}}", "type", "error", "error", "type", "script_error",
			  "message", json_str(turn, "error", "The script fails here."));
	AUTO_FREE char *text = json_dumps(error, JSON_COMPACT);

	buf_add_str(out, text);
}

void ai_script_play_release(struct ai_script_play *play)
{
	buf_release(&play->bytes);
}

void ai_script_answer(const json_t *script, const struct ai_request *request,
		      struct ai_script_play *ret)
{
	const json_t *turn = choose_turn(script, request->messages);
	bool fails = json_object_get(turn, "status") || (json_object_get(turn, "error"));

	*ret = (struct ai_script_play){
		.status = fails ? (int)json_int(turn, "status", 500) : 200, .stream = !fails,
		.cut = json_flag(turn, "cut", false), .bytes = BUF_INIT(ANSWER_MAX),
		.chunk_ms = json_int(turn, "chunk_ms", 0),
	};
	if (fails)
		write_error(turn, &ret->bytes);
	else
		write_stream(turn, request, &ret->bytes);
}

bool ai_script_next(struct ai_script_play *play, const char **ret, size_t *ret_len)
{
	const char *from = buf_str(&play->bytes) + play->at;
	size_t left = play->bytes.len - play->at;
	const char *end = play->stream ? strstr(from, "\n\n") : NULL;

	if (!left)
		return false;
	*ret = from;
	*ret_len = end ? (size_t)(end - from) + 2 : left;
	play->at += *ret_len;
	return true;
}
