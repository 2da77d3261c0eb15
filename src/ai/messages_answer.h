/* messages_answer.h - answers of Anthropic's Messages API, whole and as a stream */
#ifndef TALI_MESSAGES_ANSWER_H
#define TALI_MESSAGES_ANSWER_H

#include "ai/ai_answer.h"

#include <stdbool.h>
#include <stddef.h>

/* See read_answer in ai_wire.h. In a stream counts of usage are cumulative: the last one wins, and
 * what message_delta does not say stays as message_start had it. */
void messages_answer_read(const char *raw, size_t len, bool stream, struct ai_answer *ret);

#endif
