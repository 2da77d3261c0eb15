/* ai_kind.h - what a request is for: most of what a coding agent sends is no prompt of a person */
#ifndef TALI_AI_KIND_H
#define TALI_AI_KIND_H

#include "ai/ai_request.h"
#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

enum ai_kind {
	AI_KIND_CHAT,		/* a person said something */
	AI_KIND_TOOL_RESULT,	/* only what tools gave, or what a program put in */
	AI_KIND_TITLE,		/* a name for the conversation */
	AI_KIND_PROBE,		/* whether the model is there */
	AI_KIND_COUNT,		/* count_tokens and its like: not charged */
	AI_KIND_COMPACTION,	/* a summary in place of the history */
	AI_KIND_SUBAGENT	/* asked by an agent, not by a person */
};

/* What path and headers say. */
struct ai_kind_signs {
	bool counts;	/* .../count_tokens, .../input_tokens */
	bool compacts;	/* .../compact */
	bool subagent;	/* x-claude-code-parent-agent-id and its like */
};

/* `added`: the messages that are new (conversation.h); when there are none, because it was asked
 * again, all. What stands behind the last answer among them counts. */
enum ai_kind ai_kind_of(const struct ai_request *request, const json_t *added,
			const struct ai_kind_signs *signs);

/* "chat", "tool_result", ...: the word in the journal. */
const char *ai_kind_name(enum ai_kind kind);

/* Whether it is a message of a person: it counts against a budget of messages. */
bool ai_kind_is_person(enum ai_kind kind);

/* Appends what a person wrote in new messages: texts of the user, without those that a program put
 * in (reminders, the environment, output of commands). */
void ai_kind_prompt(const json_t *added, struct buf *out);

#endif
