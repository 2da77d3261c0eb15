/* wire_responses.h - requests of OpenAI's Responses API (see ai_wire.h for the contracts)
 *
 * tali makes no calls of its own in it; Codex speaks no other. */
#ifndef TALI_WIRE_RESPONSES_H
#define TALI_WIRE_RESPONSES_H

#include "ai/ai_wire.h"

int wire_responses_read(const char *body, size_t len, struct ai_request *ret, struct err *err);
int wire_responses_lower(const char *body, size_t len, int64_t most, struct buf *out,
			 struct err *err);

typedef void wire_responses_fn(void *arg, const char *role, json_t *block);

/* Calls `fn` for each block of an item of input or output; the block is the callee's. Items are
 * messages, calls of tools and their results, what was thought; others are "other" blocks, of the
 * role "assistant" unless they say otherwise. */
void wire_responses_item(const json_t *item, wire_responses_fn *fn, void *arg);

#endif
