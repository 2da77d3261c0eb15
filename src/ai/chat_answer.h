/* chat_answer.h - answers of the Chat Completions API, whole and as a stream */
#ifndef TALI_CHAT_ANSWER_H
#define TALI_CHAT_ANSWER_H

#include "ai/ai_answer.h"

#include <stdbool.h>
#include <stddef.h>

/* See read_answer in ai_wire.h. Blocks are those of all choices, one choice after the other: what
 * was thought, the text, the calls of tools. A refusal is a text, and `stop` is "refusal". A stream
 * is complete with [DONE], or without it when each choice gave a reason to stop, as the SDKs have
 * it. */
void chat_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret);

#endif
