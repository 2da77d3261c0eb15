/* ai-provider-http.h - HTTP/1.1 of the fake provider: requests of one connection, answers in pieces
 *
 * Blocking sockets, one thread per connection. Bodies come with Content-Length, 40 MiB at most. An
 * answer is sent one piece late: what was added last waits for the next piece, a flush or the end,
 * so that the ledger can be written before a client has seen the end. */
#ifndef TALI_AI_PROVIDER_HTTP_H
#define TALI_AI_PROVIDER_HTTP_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_BODY_MAX ((size_t)40 << 20)

struct request_header {
	char *name;	/* in lower case */
	char *value;
};

struct request {
	char *method, *path;	/* the path without its query */
	struct request_header headers[100];
	size_t header_count;
	struct buf body;
	bool too_large;		/* the body was not read, and the connection cannot go on */
	bool no_length;		/* as above: a body without Content-Length */
};

#define REQUEST_INIT { .body = BUF_INIT(REQUEST_BODY_MAX) }

void request_release(struct request *request);

/* The value, borrowed, or NULL; `name` in lower case. */
const char *request_header(const struct request *request, const char *name);

/* Reads the next request of the connection; `spare` keeps bytes that came too early (limit: that of
 * a head, 64 KiB, set by the caller). False when the client has gone or speaks no HTTP. */
bool request_read(int fd, struct buf *spare, struct request *request);

enum framing { FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_CLOSE };

struct reply {
	int fd;
	enum framing framing;
	bool drip;		/* each byte is sent for itself */
	bool reset;		/* RST after the first byte of the body */
	bool gone;		/* the client went away */
	bool over;		/* nothing more is sent: ended, cut, or the client is gone */
	bool keep;		/* the connection may carry another request */
	struct buf head;	/* not sent yet; goes with the first byte after it */
	struct buf pending;
};

#define REPLY_INIT(socket) { .fd = (socket), .head = BUF_INIT(4096) }

void reply_release(struct reply *reply);

/* Status line and headers, to be sent with what comes next; `headers` is whole lines with CRLF.
 * `length` counts for FRAMING_LENGTH only. With `slow_ms` the status line is sent at once, and so
 * much time passes. */
void reply_head(struct reply *reply, int status, const char *headers, enum framing framing,
		size_t length, long slow_ms);
/* Sends what was added before, and keeps this for later. Nothing happens once the reply is over. */
void reply_add(struct reply *reply, const void *data, size_t len);
void reply_flush(struct reply *reply);
/* Flushes and lets the time pass, or until the client goes (ms < 0: that alone). */
void reply_wait(struct reply *reply, long ms);
/* Sends the rest, and the end of a chunked body. */
void reply_end(struct reply *reply);
/* Sends what was added, then nothing more: the connection ends without a proper end. */
void reply_cut(struct reply *reply);

#endif
