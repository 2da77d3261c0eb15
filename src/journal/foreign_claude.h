/* foreign_claude.h - sessions of Claude Code (~/.claude/projects/FOLDER/SESSION.jsonl)
 *
 * JSON lines {"type", "timestamp", "sessionId", "isSidechain", "isMeta", "message":{...}}. "user":
 * message.content is the prompt, or parts of which "tool_result" ({tool_use_id, content, is_error})
 * answer calls. "assistant": message is one of the Messages API, told part by part in several lines
 * of the same message.id, each with the usage so far. "summary" has a title. Other types are passed
 * over. */
#ifndef TALI_FOREIGN_CLAUDE_H
#define TALI_FOREIGN_CLAUDE_H

#include "journal/foreign.h"

/* A call and its result are two events ai_tool of the same "call". Lines of other agents
 * (isSidechain) are a conversation of their own. */
foreign_reader foreign_claude_read;

#endif
