/* terminal_log.h - one direction of a terminal as data of events terminal_in and terminal_out
 *
 * Bytes become chunks {ms, text}, or {ms, base64} where they are not UTF-8; no character is cut in
 * two. What is kept is bounded: take it when it is full, and at the latest after
 * TERMINAL_LOG_MOST_MS. */
#ifndef TALI_TERMINAL_LOG_H
#define TALI_TERMINAL_LOG_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_LOG_BYTES (16 * 1024)
#define TERMINAL_LOG_PIECE 4096
#define TERMINAL_LOG_MOST_MS 2000
#define TERMINAL_LOG_MERGE_MS 5		/* what comes so close together is one chunk */

struct terminal_chunk {
	int64_t at;
	size_t len;
	bool text;
};

struct terminal_log {
	struct buf bytes;		/* of the chunks, and then `held` ones */
	size_t held;			/* the beginning of a character at their end */
	struct terminal_chunk *chunks;
	size_t count, size;
	size_t cost;			/* about their length as JSON */
	int64_t last;			/* when bytes came last */
};

#define TERMINAL_LOG_INIT { .bytes = BUF_INIT(4 * TERMINAL_LOG_BYTES) }
void terminal_log_release(struct terminal_log *log);

/* Adds bytes that came at an instant (ms since the epoch): at most TERMINAL_LOG_PIECE, and only
 * while it is not full. */
void terminal_log_add(struct terminal_log *log, const void *data, size_t len, int64_t at);

bool terminal_log_is_full(const struct terminal_log *log);

/* Instant of the first chunk; -1 when there is none. */
int64_t terminal_log_first(const struct terminal_log *log);

/* All chunks as an event's data, with ms after terminal_log_first; NULL when there is none. The
 * beginning of a character stays for the next time, unless `all` is wanted. Yours. */
json_t *terminal_log_take(struct terminal_log *log, const char *terminal, bool all);

#endif
