/* foreign_codex.c - see foreign_codex.h */
#include "journal/foreign_codex.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/foreign_talk.h"

#include <inttypes.h>
#include <string.h>

struct session {
	struct foreign_talk talk;
	int64_t first;
	/* for each line with a message of the assistant: what it cost */
	json_t *usage;
	long last_message;
	json_t *tools;			/* id of a call: name of its tool */
	struct buf reasoning;		/* told with the next message */
};

static void session_release(struct session *session)
{
	json_decref(session->usage);
	json_decref(session->tools);
	buf_release(&session->reasoning);
}

/* The item of a line, framed or not. */
static const json_t *item_of(const json_t *line)
{
	const json_t *payload = json_object_get(line, "payload");

	return payload ? payload : line;
}

static bool is_answer(const json_t *item)
{
	return !strcmp(json_str(item, "type", ""), "message") &&
	       !strcmp(json_str(item, "role", ""), "assistant");
}

static void add_usage(struct session *session, const json_t *usage)
{
	static const char *const names[] = { "input_tokens", "output_tokens",
					     "cached_input_tokens" };
	AUTO_FREE char *key = buf_format("%ld", session->last_message);
	json_t *sum = json_object_get(session->usage, key);
	size_t i;

	if (!sum) {
		sum = json_object();
		json_object_set_new(session->usage, key, sum);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_int_t more = json_int(usage, names[i], 0);

		if (more >= 0 && more <= INT32_MAX)
			json_object_set_new(sum, names[i],
					    json_integer(json_int(sum, names[i], 0) + more));
	}
}

static int look_ahead(void *arg, long number, json_t *line, struct err *err)
{
	struct session *session = arg;
	const json_t *item = item_of(line);
	const json_t *usage = json_object_get(json_object_get(item, "info"), "last_token_usage");

	if (!json_is_object(line))
		return err_set(err, ERR_INPUT, "must be a JSON object");
	if (session->first == FOREIGN_NO_TIME)
		session->first = foreign_time(json_object_get(line, "timestamp"));
	if (is_answer(item))
		session->last_message = number;
	if (!strcmp(json_str(item, "type", ""), "token_count") && json_is_object(usage))
		add_usage(session, usage);
	return 0;
}

/* What the program put in front of what was typed. */
static bool is_context(const struct buf *text)
{
	static const char *const starts[] = { "<environment_context>", "<user_instructions>",
					      "# AGENTS.md", "<permissions" };
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(buf_str(text), starts[i], strlen(starts[i])))
			return true;
	return false;
}

static int read_answer(struct session *session, int64_t instant, long number,
		       const struct buf *text, struct err *err)
{
	AUTO_FREE char *key = buf_format("%ld", number);
	const json_t *usage = json_object_get(session->usage, key);
	struct foreign_answer answer = FOREIGN_ANSWER_INIT;
	int result;

	answer.text = buf_str(text);
	answer.text_len = text->len;
	if (session->reasoning.len) {
		answer.reasoning = buf_str(&session->reasoning);
		answer.reasoning_len = session->reasoning.len;
	}
	answer.input_tokens = json_int(usage, "input_tokens", -1);
	answer.output_tokens = json_int(usage, "output_tokens", -1);
	answer.cached_tokens = json_int(usage, "cached_input_tokens", -1);
	result = foreign_talk_answer(&session->talk, instant, &answer, err);
	buf_clear(&session->reasoning);
	return result;
}

static int read_message(struct session *session, int64_t instant, long number, const json_t *item,
			struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(FOREIGN_FILE_MAX);
	const char *role = json_str(item, "role", "");

	foreign_talk_content(json_object_get(item, "content"), &text);
	if (!strcmp(role, "assistant"))
		return read_answer(session, instant, number, &text, err);
	if (!strcmp(role, "user") && !is_context(&text))
		return foreign_talk_prompt(&session->talk, instant, buf_str(&text), text.len, err);
	return foreign_note(session->talk.sink, instant, "system", buf_str(&text), text.len, err);
}

/* Arguments are a text of JSON, an input a text, an action an object. */
static void add_value(const json_t *value, struct buf *out)
{
	AUTO_FREE char *text = NULL;

	if (json_is_string(value) || json_is_array(value)) {
		foreign_talk_content(value, out);
		return;
	}
	text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
	buf_add_str(out, text ? text : "");
}

static int read_call(struct session *session, int64_t instant, const json_t *item, const char *key,
		     struct err *err)
{
	AUTO(buf_release) struct buf arguments = BUF_INIT(FOREIGN_FILE_MAX);
	const char *id = json_str(item, "call_id", NULL);
	struct foreign_use use = { .arguments = &arguments, .ok = -1 };

	add_value(json_object_get(item, key), &arguments);
	use.tool = foreign_word(item, "name");
	if (!use.tool)
		use.tool = json_string("shell");
	use.call = foreign_word(item, "call_id");
	if (id)
		json_object_set(session->tools, id, use.tool);
	return foreign_talk_use(&session->talk, instant, &use, err);
}

static int read_output(struct session *session, int64_t instant, const json_t *item,
		       struct err *err)
{
	AUTO(buf_release) struct buf result = BUF_INIT(FOREIGN_FILE_MAX);
	const json_t *output = json_object_get(item, "output");
	const json_t *content = json_object_get(output, "content");
	const json_t *success = json_object_get(output, "success");
	json_t *tool = json_object_get(session->tools, json_str(item, "call_id", ""));
	struct foreign_use use = { .result = &result, .ok = -1 };

	add_value(content ? content : output, &result);
	if (json_is_boolean(success))
		use.ok = json_is_true(success);
	use.tool = json_incref(tool);
	use.call = foreign_word(item, "call_id");
	return foreign_talk_use(&session->talk, instant, &use, err);
}

static int read_line(void *arg, long number, json_t *line, struct err *err)
{
	struct session *session = arg;
	const json_t *item = item_of(line);
	const char *frame = json_str(line, "type", ""), *type = json_str(item, "type", "");
	int64_t instant = foreign_time(json_object_get(line, "timestamp"));

	if (!strcmp(frame, "turn_context"))
		return foreign_talk_model(&session->talk, instant, foreign_word(item, "model"),
					  err);
	if (item != line && strcmp(frame, "response_item") != 0)
		return 0;
	if (!strcmp(type, "message"))
		return read_message(session, instant, number, item, err);
	if (!strcmp(type, "reasoning")) {
		foreign_talk_content(json_object_get(item, "summary"), &session->reasoning);
		foreign_talk_content(json_object_get(item, "content"), &session->reasoning);
	}
	if (!strcmp(type, "function_call"))
		return read_call(session, instant, item, "arguments", err);
	if (!strcmp(type, "custom_tool_call"))
		return read_call(session, instant, item, "input", err);
	if (!strcmp(type, "local_shell_call"))
		return read_call(session, instant, item, "action", err);
	if (!strcmp(type, "function_call_output") || !strcmp(type, "custom_tool_call_output") ||
	    !strcmp(type, "local_shell_call_output"))
		return read_output(session, instant, item, err);
	return 0;
}

static int find_name(void *arg, long number, json_t *line, struct err *err)
{
	struct session *session = arg;
	const char *frame = json_str(line, "type", NULL);

	(void)number, (void)err;
	if (!session->talk.conversation[0] && (!frame || !strcmp(frame, "session_meta")))
		foreign_talk_name(&session->talk, json_str(item_of(line), "id", ""));
	return 0;
}

int foreign_codex_read(const char *text, size_t len, const struct foreign_options *options,
		       const struct foreign_sink *sink, struct foreign_recording *ret,
		       struct err *err)
{
	AUTO(session_release) struct session session = {
		.talk.sink = sink, .first = FOREIGN_NO_TIME, .usage = json_object(),
		.tools = json_object(), .reasoning = BUF_INIT(FOREIGN_FILE_MAX),
	};

	(void)options;
	if (foreign_each_line(text, len, false, look_ahead, &session, err) < 0 ||
	    foreign_each_line(text, len, false, find_name, &session, err) < 0)
		return -1;
	if (!session.talk.conversation[0])
		foreign_talk_name(&session.talk, "");
	ret->absolute = session.first != FOREIGN_NO_TIME;
	if (foreign_each_line(text, len, false, read_line, &session, err) < 0)
		return -1;
	if (!session.talk.said)
		return err_set(err, ERR_INPUT, "holds no session of Codex");
	return 0;
}
