/* wire_chat.h - requests of OpenAI's Chat Completions API and of servers that are compatible
 * (see ai_wire.h for the contracts) */
#ifndef TALI_WIRE_CHAT_H
#define TALI_WIRE_CHAT_H

#include "ai/ai_wire.h"

int wire_chat_read(const char *body, size_t len, struct ai_request *ret, struct err *err);
json_t *wire_chat_build(const struct ai_call *call);
int wire_chat_lower(const char *body, size_t len, int64_t most, struct buf *out, struct err *err);

/* Whether the data of an event is the chunk that has the usage and no choice: a client that did not
 * ask for it must not get it. */
bool wire_chat_is_usage(const char *data, size_t len);

/* --- for chat_answer: what a message of the role "assistant" holds */

/* Appends the texts of a content (a string, or parts) and of what was refused. */
void wire_chat_text(const json_t *message, struct buf *out);
/* What the model thought, by any of the names in use; NULL or borrowed. */
const json_t *wire_chat_thought(const json_t *message);
/* The block of an entry of tool_calls; yours. */
json_t *wire_chat_call(const json_t *call);

#endif
