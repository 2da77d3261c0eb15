/* foreign_codex.h - sessions of Codex (~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl)
 *
 * JSON lines {"timestamp", "type", "payload":{...}}. "session_meta" has the id; "turn_context" the
 * model; "response_item" an item of the Responses API: "message" ({role, content}), "reasoning"
 * ({summary, content}), "function_call" ({name, arguments, call_id}), "custom_tool_call" ({name,
 * input, call_id}), "local_shell_call" ({action, call_id}) and their "..._output" ({call_id,
 * output}); "event_msg" of payload.type "token_count" the usage of the last request. Older ones
 * have the items without the frame. Other types are passed over. */
#ifndef TALI_FOREIGN_CODEX_H
#define TALI_FOREIGN_CODEX_H

#include "journal/foreign.h"

/* A call and its result are two events ai_tool of the same "call". Usage is told with the message
 * that came before it. */
foreign_reader foreign_codex_read;

#endif
