/* http_client.h - calls to other servers: libcurl's multi interface on one thread of its own
 *
 * A call sends one request and is told the answer as it comes. Connections are kept and used again.
 * HTTP/1.1 over http and https alone; certificates are verified; no redirect is followed (a 3xx is
 * an answer like others); no proxy and no credentials of the environment or of files; bytes come as
 * they are sent (nothing is decompressed, `Accept-Encoding: identity`). Headers of requests are
 * never part of an error. */
#ifndef TALI_HTTP_CLIENT_H
#define TALI_HTTP_CLIENT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_CLIENT_HEAD_MAX (64 << 10)	/* bytes of the head of an answer; beyond: the call fails */

struct http_client;
struct http_call;

/* Starts the thread. NULL: ERR_ENV. */
struct http_client *http_client_open(struct err *err);
/* Aborts what runs (each call is told its end), ends the thread. No other function may run. */
void http_client_close(struct http_client **client);

/* The fields of a head as they came, in their order; borrowed. */
struct http_field {
	const char *name, *value;	/* without blanks around it */
};

enum http_call_result {
	HTTP_CALL_DONE = 1,	/* the answer came to its proper end */
	HTTP_CALL_UNREACHED,	/* no connection: name, network, refused; nothing was sent */
	HTTP_CALL_UNTRUSTED,	/* TLS: certificate or handshake */
	HTTP_CALL_SILENT,	/* first_byte_ms or idle_ms passed */
	HTTP_CALL_CUT,		/* the connection broke, or what came is no HTTP */
	HTTP_CALL_ABORTED,	/* by http_call_abort, or the client was closed */
};

struct http_call_end {
	enum http_call_result result;
	const char *text;	/* a sentence for logs, without addresses and secrets;
				 * "" when it is done; borrowed */
	int status;		/* 0: no head came */
	bool sent;		/* all of the request went there */
	bool reused;		/* over a connection that was open already */
	int64_t connect_us, first_byte_us, total_us;	/* since the call began */
};

/* Called on the client's thread; must be quick and must not wait. */
struct http_call_events {
	/* The head of the answer is complete (those of status 1xx are not told). May be NULL. */
	void (*head)(void *arg, int status, const struct http_field *fields, size_t count);
	/* The next bytes of the body. False: not now; nothing was taken, they come again after
	 * http_call_resume. */
	bool (*data)(void *arg, const void *data, size_t len);
	/* The last that is told, always once. Then the call is gone. */
	void (*end)(void *arg, const struct http_call_end *end);
	/* After some of the first two, and no `end`: no more is there for now. May be NULL. */
	void (*lull)(void *arg);
};

struct http_call_config {
	const char *method;		/* "GET", "POST"; sent as it is */
	const char *url;		/* http:// or https:// */
	const struct http_field *fields;	/* a NULL value: this field is not sent */
	size_t field_count;
	const void *body;		/* borrowed until `end`; NULL: none */
	size_t body_len;
	int64_t connect_ms, first_byte_ms, idle_ms;	/* 0: 10 s, 120 s, 240 s. The second begins
					 * when the request was sent, the third with each byte */
	int64_t total_ms;		/* 0: no limit */
	const char *ca_file;		/* instead of the system's certificates; or NULL */
	const struct http_call_events *events;
	void *arg;
};

/* Begins a call. The configuration is copied, but for `events` and the body. NULL: it was not begun
 * and nothing is told. ERR_INPUT: a URL that is none, or of another scheme, or with credentials; a
 * field with control characters. ERR_ENV. Any thread. */
struct http_call *http_client_begin(struct http_client *client,
				    const struct http_call_config *config, struct err *err);

/* Both only before `end` has been told, which the caller sees to by a lock of his own that his
 * `end` takes, too. Any thread; they return at once. */
void http_call_resume(struct http_call *call);
void http_call_abort(struct http_call *call);

#endif
