/* ai_kind.c - see ai_kind.h */
#include "ai/ai_kind.h"

#include "ai/ai_blocks.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

/* How texts begin that programs put between those of a person. */
static const char *const of_programs[] = {
	"<system-reminder>",	  "<environment_context>", "<user_instructions>",
	"# AGENTS.md",		  "<permissions",	   "<local-command-",
	"<command-name>",	  "<command-message>",	   "<bash-input>",
	"<bash-stdout>",	  "<turn_aborted>",	   "Caveat: The messages below",
	"[Request interrupted by", "<INSTRUCTIONS>",	   "<user_shell_command>",
};

/* What is in the instructions of calls for a title or a summary. */
static const char *const for_titles[] = { "title generator", "generate a title", "title for the",
					  "title for this", "new conversation topic" };
static const char *const for_summaries[] = {
	"Your task is to create a detailed summary of the conversation",
	"CONTEXT CHECKPOINT COMPACTION",
	"summarize this partial conversation",
};

static const char *after_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

static bool is_of_program(const char *text)
{
	text = after_blanks(text);
	for (size_t i = 0; i < sizeof(of_programs) / sizeof(of_programs[0]); i++)
		if (strncmp(text, of_programs[i], strlen(of_programs[i])) == 0)
			return true;
	return false;
}

static bool has_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

/* The text of a message when a person may have written it, else NULL. */
static const char *personal(const json_t *message)
{
	const json_t *block = json_object_get(message, "block");
	const char *text = json_str(block, "text", "");

	if (strcmp(json_str(message, "role", ""), "user") != 0 || !ai_blocks_is(block, "text") ||
	    !*after_blanks(text) || is_of_program(text))
		return NULL;
	return text;
}

void ai_kind_prompt(const json_t *added, struct buf *out)
{
	const json_t *message;
	size_t i, before = out->len;

	json_array_foreach(added, i, message) {
		const char *text = personal(message);

		if (!text)
			continue;
		if (out->len > before)
			buf_add_str(out, "\n\n");
		buf_add_str(out, text);
	}
}

/* The messages behind the last of the assistant's; yours. */
static json_t *last_turn(const json_t *messages)
{
	json_t *turn = json_array();
	size_t from = json_array_size(messages);

	while (from && strcmp(json_str(json_array_get(messages, from - 1), "role", ""),
			      "assistant") != 0)
		from--;
	for (; from < json_array_size(messages); from++)
		json_array_append(turn, json_array_get(messages, from));
	return turn;
}

static bool is_title(const struct ai_request *request)
{
	const json_t *properties = json_object_get(request->format, "properties");
	AUTO(buf_release) struct buf system = BUF_INIT(TEXT_MAX);

	if (json_array_size(request->tools))
		return false;
	if (json_object_get(properties, "title") || json_object_get(properties, "isNewTopic"))
		return true;
	ai_blocks_join(request->system, "text", &system);
	return has_one_of(buf_str(&system), for_titles, sizeof(for_titles) / sizeof(for_titles[0]));
}

enum ai_kind ai_kind_of(const struct ai_request *request, const json_t *added,
			const struct ai_kind_signs *signs)
{
	AUTO_JSON json_t *turn = last_turn(json_array_size(added) ? added : request->messages);
	AUTO(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	if (signs->counts)
		return AI_KIND_COUNT;
	if (signs->compacts)
		return AI_KIND_COMPACTION;
	if (request->max_output == 1)
		return AI_KIND_PROBE;
	if (is_title(request))
		return AI_KIND_TITLE;
	ai_kind_prompt(turn, &text);
	if (has_one_of(buf_str(&text), for_summaries,
		       sizeof(for_summaries) / sizeof(for_summaries[0])))
		return AI_KIND_COMPACTION;
	if (signs->subagent)
		return AI_KIND_SUBAGENT;
	return text.len ? AI_KIND_CHAT : AI_KIND_TOOL_RESULT;
}

const char *ai_kind_name(enum ai_kind kind)
{
	static const char *const names[] = {
		[AI_KIND_CHAT] = "chat",	     [AI_KIND_TOOL_RESULT] = "tool_result",
		[AI_KIND_TITLE] = "title",	     [AI_KIND_PROBE] = "probe",
		[AI_KIND_COUNT] = "count",	     [AI_KIND_COMPACTION] = "compaction",
		[AI_KIND_SUBAGENT] = "subagent",
	};

	return names[kind];
}

bool ai_kind_is_person(enum ai_kind kind)
{
	return kind == AI_KIND_CHAT;
}
