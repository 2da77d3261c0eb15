/* tool_fixture.h - tools of an agent, called as a model does */
#ifndef TALI_TOOL_FIXTURE_H
#define TALI_TOOL_FIXTURE_H

#include "assess/agent_tools.h"
#include "ai/ai_blocks.h"
#include "small_task.h"
#include "store/event.h"

struct tool_user {
	struct store *store;
	struct journal_writer *writer;
	const char *assessment_id;
	struct workbench *bench;
};

/* What the model reads; `input` (taken) is any value. Yours. */
static inline char *call_tool(const struct tool_user *user, const char *tool, json_t *input,
			      bool *ret_ok)
{
	AUTO_JSON json_t *owned = input;
	const struct assistant_call call = {
		.assessment_id = user->assessment_id, .conversation = "talk-1",
		.exchange = "exchange-1", .id = "toolu_1", .tool = tool, .input = owned,
		.bench = user->bench, .writer = user->writer,
	};
	struct assistant_result result = { NULL, false };

	agent_tools.run(&call, user->store, &result);
	assert_non_null(result.text);
	assert_true(strlen(result.text) <= AGENT_TOOLS_TEXT_MAX);
	*ret_ok = result.ok;
	return result.text;
}

/* It must work, and its text have these words. */
static inline void assert_does(const struct tool_user *user, const char *tool, json_t *input,
			       const char *words)
{
	bool ok;
	AUTO_FREE char *text = call_tool(user, tool, input, &ok);

	if (!ok || !strstr(text, words))
		fail_msg("%s gave (%s): %s", tool, ok ? "ok" : "refused", text);
}

static inline void assert_refuses(const struct tool_user *user, const char *tool, json_t *input,
				  const char *words)
{
	bool ok;
	AUTO_FREE char *text = call_tool(user, tool, input, &ok);

	if (ok || !strstr(text, words))
		fail_msg("%s gave (%s): %s", tool, ok ? "ok" : "refused", text);
}

static inline json_t *path_input(const char *path)
{
	return json_pack("{s:s}", "path", path);
}

static inline json_t *write_input(const char *path, const char *content)
{
	return json_pack("{s:s, s:s}", "path", path, "content", content);
}

static inline json_t *command_input(const char *command)
{
	return json_pack("{s:s}", "command", command);
}

struct event_count {
	const char *kind, *words;
	int count;
};

static inline int count_event(void *arg, const struct event *event, struct err *err)
{
	struct event_count *wanted = arg;

	(void)err;
	wanted->count += strcmp(event->kind, wanted->kind) == 0 &&
			 strstr(event->data, wanted->words) != NULL;
	return 0;
}

/* Events of a kind whose data has these words. */
static inline int events_with(const struct tool_user *user, const char *kind, const char *words)
{
	struct event_count wanted = { kind, words, 0 };
	struct err err = ERR_INIT;

	must(event_each(user->store, user->assessment_id, 0, count_event, &wanted, &err), &err);
	return wanted.count;
}

/* Paths that lead out, and texts that are none: the same for every bench. */
static inline void try_hostile_files(const struct tool_user *user)
{
	static const char *const paths[] = {
		"../outside", "a/../../outside", "/etc/passwd", "./answer", "a//b", "a/", "..",
		".git/config", "sub/.GIT/hooks/pre-commit", "a\\b", "line\nbreak", "bell\a", "",
	};
	int before = events_with(user, "file", "");

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		assert_refuses(user, "write_file", write_input(paths[i], "x"), "");
		assert_refuses(user, "read_file", path_input(paths[i]), "");
	}
	assert_refuses(user, "write_file",
		       json_pack("{s:s%, s:s}", "path", "answer\0.txt", (size_t)11, "content", "x"),
		       "NUL");
	assert_refuses(user, "write_file",
		       json_pack("{s:s, s:s%}", "path", "answer", "content", "a\0b", (size_t)3),
		       "NUL");
	assert_int_equal(events_with(user, "file", ""), before);
}

static inline char *many(char what, size_t count)
{
	char *text = buf_alloc(count + 1);

	memset(text, what, count);
	return text;
}

/* What no schema lets in. */
static inline void try_hostile_inputs(const struct tool_user *user)
{
	AUTO_FREE char *huge = many('x', 10u << 20);
	AUTO_FREE char *long_path = many('p', 2000);
	AUTO_FREE char *long_name = many('n', 5000);
	int before = events_with(user, "ai_tool", "\"ok\":false");

	assert_refuses(user, "write_file", write_input("huge", huge), "content");
	assert_refuses(user, "write_file", write_input(long_path, "x"), "path");
	assert_refuses(user, "write_file", path_input("answer"), "content");
	assert_refuses(user, "write_file",
		       json_pack("{s:s, s:i}", "path", "answer", "content", 7), "content");
	assert_refuses(user, "write_file", json_pack("{s:s, s:s, s:b}", "path", "answer",
						     "content", "x", "force", 1), "force");
	assert_refuses(user, "read_file", json_pack("{s:[s]}", "path", "answer"), "path");
	assert_refuses(user, "read_file",
		       json_pack("{s:s, s:i}", "path", "answer", "first_line", 0), "first_line");
	assert_refuses(user, "read_file", json_string("{\"path\": \"ans"), "no JSON object");
	assert_refuses(user, "read_file", json_null(), "no JSON object");
	assert_refuses(user, "list_files", json_pack("[i]", 1), "no JSON object");
	assert_refuses(user, "execute_bash", command_input(huge), "command");
	assert_refuses(user, "execute_bash", command_input(""), "command");
	assert_refuses(user, "delete_everything", json_object(), "no such tool");
	assert_refuses(user, "", json_object(), "no such tool");
	assert_refuses(user, "read_file\x1b[2J\n", json_object(), "no such tool");
	assert_refuses(user, long_name, json_object(), "no such tool");
	assert_int_equal(events_with(user, "ai_tool", "\"ok\":false"), before + 16);
	assert_int_equal(events_with(user, "ai_tool", "\\\\x1b[2J\\\\n"), 1);
}

#endif
