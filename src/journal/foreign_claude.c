/* foreign_claude.c - see foreign_claude.h */
#include "journal/foreign_claude.h"

#include "base/auto.h"
#include "base/json.h"
#include "journal/foreign_talk.h"

#include <string.h>

struct session {
	const struct foreign_sink *sink;
	struct foreign_recording *recording;
	struct foreign_talk main, side;
	int64_t first;
	json_t *usage;		/* id of a message: its last usage, until it was told */
	json_t *tools;		/* id of a call: name of its tool */
};

static void session_release(struct session *session)
{
	json_decref(session->usage);
	json_decref(session->tools);
}

/* First of all: how much each message cost in the end, and when it all began. */
static int look_ahead(void *arg, long number, json_t *line, struct err *err)
{
	struct session *session = arg;
	const json_t *message = json_object_get(line, "message");
	const char *id = json_str(message, "id", NULL);
	json_t *usage = json_object_get(message, "usage");

	(void)number;
	if (!json_is_object(line))
		return err_set(err, ERR_INPUT, "must be a JSON object");
	if (id && json_is_object(usage))
		json_object_set(session->usage, id, usage);
	if (session->first == FOREIGN_NO_TIME)
		session->first = foreign_time(json_object_get(line, "timestamp"));
	return 0;
}

static json_int_t count_of(const json_t *usage, const char *key)
{
	json_int_t value = json_int(usage, key, -1);

	return value < 0 || value > INT32_MAX ? -1 : value;
}

/* What was read from the cache and written to it was input too. */
static void tell_usage(struct session *session, const char *id, struct foreign_answer *answer)
{
	const json_t *usage = json_object_get(session->usage, id);
	json_int_t read = count_of(usage, "cache_read_input_tokens");
	json_int_t made = count_of(usage, "cache_creation_input_tokens");

	answer->input_tokens = count_of(usage, "input_tokens");
	if (answer->input_tokens >= 0)
		answer->input_tokens += (read > 0 ? read : 0) + (made > 0 ? made : 0);
	answer->output_tokens = count_of(usage, "output_tokens");
	answer->cached_tokens = read;
	json_object_del(session->usage, id);
}

static int read_call(struct session *session, struct foreign_talk *talk, int64_t instant,
		     const json_t *part, struct err *err)
{
	AUTO(buf_release) struct buf arguments = BUF_INIT(FOREIGN_FILE_MAX);
	const json_t *input = json_object_get(part, "input");
	AUTO_FREE char *text = input ? json_dumps(input, JSON_COMPACT | JSON_SORT_KEYS |
							 JSON_ENCODE_ANY) : NULL;
	const char *id = json_str(part, "id", NULL);
	struct foreign_use use = { .ok = -1 };

	use.tool = foreign_word(part, "name");
	use.call = foreign_word(part, "id");
	if (id && use.tool)
		json_object_set(session->tools, id, use.tool);
	buf_add_str(&arguments, text ? text : "");
	if (text)
		use.arguments = &arguments;
	return foreign_talk_use(talk, instant, &use, err);
}

static int read_result(struct session *session, struct foreign_talk *talk, int64_t instant,
		       const json_t *part, struct err *err)
{
	AUTO(buf_release) struct buf result = BUF_INIT(FOREIGN_FILE_MAX);
	json_t *tool = json_object_get(session->tools, json_str(part, "tool_use_id", ""));
	struct foreign_use use = { .ok = !json_flag(part, "is_error", false) };

	foreign_talk_content(json_object_get(part, "content"), &result);
	use.tool = json_incref(tool);
	use.call = foreign_word(part, "tool_use_id");
	use.result = &result;
	return foreign_talk_use(talk, instant, &use, err);
}

static int read_user(struct session *session, struct foreign_talk *talk, int64_t instant,
		     const json_t *line, struct err *err)
{
	const json_t *content = json_object_get(json_object_get(line, "message"), "content");
	AUTO(buf_release) struct buf text = BUF_INIT(FOREIGN_FILE_MAX);
	AUTO_JSON json_t *rest = json_array();
	json_t *part;
	size_t i;

	json_array_foreach(content, i, part) {
		if (strcmp(json_str(part, "type", ""), "tool_result") != 0)
			json_array_append(rest, part);
		else if (read_result(session, talk, instant, part, err) < 0)
			return -1;
	}
	foreign_talk_content(json_is_array(content) ? rest : content, &text);
	if (!text.len)
		return 0;
	if (json_flag(line, "isMeta", false))	/* not typed by anybody */
		return foreign_note(session->sink, instant, "system", buf_str(&text), text.len,
				    err);
	return foreign_talk_prompt(talk, instant, buf_str(&text), text.len, err);
}

static void gather(const json_t *content, struct buf *text, struct buf *reasoning)
{
	const json_t *part;
	size_t i;

	if (json_is_string(content))
		foreign_talk_content(content, text);
	json_array_foreach(content, i, part) {
		const json_t *thinking = json_object_get(part, "thinking");

		if (!strcmp(json_str(part, "type", ""), "text"))
			foreign_talk_content(json_object_get(part, "text"), text);
		else if (json_is_string(thinking))
			foreign_talk_content(thinking, reasoning);
	}
}

static int read_assistant(struct session *session, struct foreign_talk *talk, int64_t instant,
			  const json_t *line, struct err *err)
{
	const json_t *message = json_object_get(line, "message");
	const json_t *content = json_object_get(message, "content"), *part;
	AUTO(buf_release) struct buf text = BUF_INIT(FOREIGN_FILE_MAX);
	AUTO(buf_release) struct buf reasoning = BUF_INIT(FOREIGN_FILE_MAX);
	struct foreign_answer answer = FOREIGN_ANSWER_INIT;
	const char *id = json_str(message, "id", "");
	size_t i;

	if (json_str(message, "model", "<")[0] != '<' &&	/* "<synthetic>" is none */
	    foreign_talk_model(talk, instant, foreign_word(message, "model"), err) < 0)
		return -1;
	gather(content, &text, &reasoning);
	if (text.len || reasoning.len || json_object_get(session->usage, id)) {
		tell_usage(session, id, &answer);
		answer.text = buf_str(&text);
		answer.text_len = text.len;
		answer.reasoning = reasoning.len ? buf_str(&reasoning) : NULL;
		answer.reasoning_len = reasoning.len;
		answer.stop = foreign_word(message, "stop_reason");
		if (foreign_talk_answer(talk, instant, &answer, err) < 0)
			return -1;
	}
	json_array_foreach(content, i, part)
		if (!strcmp(json_str(part, "type", ""), "tool_use") &&
		    read_call(session, talk, instant, part, err) < 0)
			return -1;
	return 0;
}

static int read_line(void *arg, long number, json_t *line, struct err *err)
{
	struct session *session = arg;
	struct foreign_talk *talk =
		json_flag(line, "isSidechain", false) ? &session->side : &session->main;
	int64_t instant = foreign_time(json_object_get(line, "timestamp"));
	const char *type = json_str(line, "type", "");

	(void)number;
	if (!talk->conversation[0]) {
		AUTO_FREE char *name = buf_format("%s%s", talk == &session->side ? "side-" : "",
						  json_str(line, "sessionId", "main"));

		foreign_talk_name(talk, name);
	}
	if (!strcmp(type, "user"))
		return read_user(session, talk, instant, line, err);
	if (!strcmp(type, "assistant"))
		return read_assistant(session, talk, instant, line, err);
	if (!strcmp(type, "summary") && !session->recording->title) {
		AUTO_JSON json_t *title = foreign_word(line, "summary");

		session->recording->title = buf_strdup(json_string_value(title));
	}
	return 0;
}

int foreign_claude_read(const char *text, size_t len, const struct foreign_options *options,
			const struct foreign_sink *sink, struct foreign_recording *ret,
			struct err *err)
{
	AUTO(session_release) struct session session = {
		.sink = sink, .recording = ret, .main.sink = sink, .side.sink = sink,
		.first = FOREIGN_NO_TIME, .usage = json_object(), .tools = json_object(),
	};

	(void)options;
	if (foreign_each_line(text, len, false, look_ahead, &session, err) < 0)
		return -1;
	ret->absolute = session.first != FOREIGN_NO_TIME;
	if (foreign_each_line(text, len, false, read_line, &session, err) < 0)
		return -1;
	if (!session.main.said && !session.side.said)
		return err_set(err, ERR_INPUT, "holds no session of Claude Code");
	return 0;
}
