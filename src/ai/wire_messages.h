/* wire_messages.h - requests of Anthropic's Messages API (see ai_wire.h for the contracts)
 *
 * POST /v1/messages and /v1/messages/count_tokens, versions 2023-06-01 and 2026-10-21. Sampling
 * parameters, which the newer version refuses, are never put in. */
#ifndef TALI_WIRE_MESSAGES_H
#define TALI_WIRE_MESSAGES_H

#include "ai/ai_wire.h"

int wire_messages_read(const char *body, size_t len, struct ai_request *ret, struct err *err);
json_t *wire_messages_build(const struct ai_call *call);
int wire_messages_lower(const char *body, size_t len, int64_t most, struct buf *out,
			struct err *err);

/* The block that a content block of this API is, yours; for messages_answer. */
json_t *wire_messages_block(const json_t *content);

#endif
