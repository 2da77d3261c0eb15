/* foreign_atif.h - ATIF, the Agent Trajectory Interchange Format 1.x (Harbor)
 *
 * One JSON object: {"schema_version":"ATIF-v1.7", "session_id", "agent":{"name", "version",
 * "model_name"}, "steps":[{"step_id", "timestamp", "source":"user"|"agent"|"system", "model_name",
 * "message", "reasoning_content", "tool_calls":[{"tool_call_id", "function_name", "arguments"}],
 * "observation":{"results":[{"source_call_id", "content"}]}, "metrics":{"prompt_tokens",
 * "completion_tokens", "cached_tokens", "cost_usd"}}]}. */
#ifndef TALI_FOREIGN_ATIF_H
#define TALI_FOREIGN_ATIF_H

#include "journal/foreign.h"

/* Steps of users become prompts, of agents answers and tools, of the system notes. */
foreign_reader foreign_atif_read;

#endif
