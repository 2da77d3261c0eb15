/* ai_delta.h - the text of an answer while it comes, for showing
 *
 * The record is read from the whole answer when it has ended (ai_wire.h); this reads the same
 * stream of events in any of the protocols just far enough to show it. Of a stream that comes to
 * its end as it should the pieces together are what ai_blocks_join makes of its blocks of text. */
#ifndef TALI_AI_DELTA_H
#define TALI_AI_DELTA_H

#include "ai/ai_refusal.h"
#include "ai/sse.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ai_delta {
	enum ai_dialect dialect;
	struct sse events;
	int64_t item, part;	/* where the last piece of text belongs */
	bool has_text;
	struct buf *out;	/* while bytes are added */
};

#define AI_DELTA_INIT(which) { .dialect = (which), .events = SSE_INIT }
void ai_delta_release(struct ai_delta *delta);

/* Reads the next bytes of the stream, split anywhere, and appends the text in them to `out`: valid
 * UTF-8. */
void ai_delta_add(struct ai_delta *delta, const void *bytes, size_t len, struct buf *out);

#endif
