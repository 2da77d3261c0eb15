/* http_internal.h - what the files of src/http know of a request and its server */
#ifndef TALI_HTTP_INTERNAL_H
#define TALI_HTTP_INTERNAL_H

#include "base/buf.h"
#include "http/http_connection.h"
#include "http/http_framing.h"
#include "http/http_server.h"
#include "http/http_target.h"

#include <pthread.h>

struct mg_connection;

/* What holds a thread for as long as the client takes. */
enum http_stream_kind {
	HTTP_STREAM_EVENTS,
	HTTP_STREAM_WEBSOCKET,
	HTTP_STREAM_FILE,		/* is not one of the streams that are counted together */
	HTTP_STREAM_KINDS
};

/* An answer that waits to be sent, or how far one is. */
enum http_answer_state {
	HTTP_ANSWER_NONE,
	HTTP_ANSWER_KEPT,	/* whole, not sent yet */
	HTTP_ANSWER_PIECES,	/* http_reply_begin was called */
	HTTP_ANSWER_DONE
};

struct http_request {
	struct http_server *server;
	struct http_connection *connection;
	struct mg_connection *civetweb;
	pthread_t thread;		/* of the request, not of a worker */

	struct http_head head;
	enum http_method method;
	bool has_method;		/* false: the head made no sense */
	char path[HTTP_TARGET_PATH_MAX + 1];
	char peer[48], *origin;
	bool secure, forwarded, keep, stream;
	const char *route;
	uint64_t whose;
	enum http_stream_kind kind;	/* while it is a stream; and the next one of the server's */
	struct http_request *next_stream;
	char **texts;			/* decoded values that were asked for */
	size_t text_count;

	int64_t length, taken;		/* of the body: announced, read from the connection */
	int64_t body_until;		/* 0: reading has not begun */
	struct buf body;		/* what http_request_fetch read, until somebody takes it */
	size_t body_given;		/* of it, by http_request_read */
	bool fetched;
	int64_t reserved;		/* bytes of the server's room for bodies */
	int fault_status;		/* 413 or 408 after a body that could not be read */

	enum http_answer_state answer;
	int status;
	struct buf extra;		/* headers of the handler */
	bool own_policy, own_cache;
	struct buf reply;		/* HTTP_ANSWER_KEPT: the body */
	char reply_type[96];		/* "": none */
	int64_t piece_left;		/* HTTP_ANSWER_PIECES; -1 unknown */
	bool broken;			/* the peer is gone, or the answer was cut short */
	int64_t sent;			/* bytes of bodies, events and frames */
};

/* Room for bodies that are in memory at the same time, beyond small ones. */
#define HTTP_BODIES_MAX (256 << 20)
#define HTTP_BODY_SMALL (1 << 20)

bool http_server_is_draining(const struct http_server *server);
/* Counts a stream, or says that there are too many: of all, or of who asks. The request stays where
 * it is until it leaves. */
bool http_server_enter_stream(struct http_request *request, enum http_stream_kind kind);
void http_server_leave_stream(struct http_request *request);
/* Whether the connection may wait for another request. */
bool http_server_may_keep(struct http_server *server);
bool http_server_reserve(struct http_server *server, int64_t bytes);	/* negative: give back */
/* Its limits in time, none of them 0. */
const struct http_server_config *http_server_limits(const struct http_server *server);

/* Takes the texts of a head in order apart. NULL, or why it is refused. */
const char *http_request_open(struct http_request *request, bool behind_proxy, int *ret_status);
void http_request_release(struct http_request *request);
/* Sends what was kept; called on the request thread. */
void http_reply_flush(struct http_request *request);
/* Status line and headers of an answer, for those that send it themselves. `length` -1: none. */
void http_reply_head(struct http_request *request, int status, const char *content_type,
		     int64_t length, struct buf *out);

#endif
