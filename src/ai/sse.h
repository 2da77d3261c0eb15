/* sse.h - the events of a text/event-stream, from bytes that come in any pieces
 *
 * Lines end in CR, LF or CR LF, mixed as one likes, and may be split anywhere; a byte order mark at
 * the beginning, comments and unknown fields are skipped; an event ends with an empty line and is
 * one only when it has data (WHATWG HTML, "Server-sent events"). Bytes are not checked for UTF-8.
 *
 * Places count the bytes of the whole stream, so that who passes it on knows where an event of its
 * own may stand, and which bytes to leave out to drop one. */
#ifndef TALI_SSE_H
#define TALI_SSE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSE_EVENT_MAX ((size_t)1 << 20)	/* bytes of data, or of a line: what is more is dropped */
#define SSE_NAME_MAX ((size_t)128)

/* One event; all borrowed until the callback returns. */
struct sse_event {
	const char *name;	/* "" when it has none */
	const char *data;	/* `len` bytes and a NUL */
	size_t len;
	bool cut;		/* longer than SSE_EVENT_MAX: the rest is missing */
	bool open;		/* the stream ended before the empty line (sse_end) */
	uint64_t begin, end;	/* its bytes: behind the event before, with the empty line */
};

struct sse {
	struct buf line, data, name;
	uint64_t place;		/* bytes read */
	uint64_t begin;		/* where the event that is being read begins */
	bool has_data, started;
	bool after_cr;		/* a LF that follows belongs to the line before */
};

#define SSE_INIT { .line = BUF_INIT(SSE_EVENT_MAX + 16), .data = BUF_INIT(SSE_EVENT_MAX), \
		   .name = BUF_INIT(SSE_NAME_MAX) }

typedef void sse_fn(void *arg, const struct sse_event *event);

void sse_release(struct sse *sse);

/* Reads the next bytes and calls `fn` for each event that ends in them. */
void sse_add(struct sse *sse, const void *bytes, size_t len, sse_fn *fn, void *arg);

/* The stream has ended: an event whose empty line is missing is given too, as `open`. */
void sse_end(struct sse *sse, sse_fn *fn, void *arg);

/* Whether nothing of an event stands behind the last one: here another may be put in. */
bool sse_between(const struct sse *sse);

#endif
