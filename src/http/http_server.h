/* http_server.h - the HTTP/1.1 server: civetweb behind an interface of our own
 *
 * civetweb accepts connections, has a thread for each, and reads the head of a request. From there
 * all is ours, on that thread (100 KiB of stack: no git, no SQLite, no large array): the head is
 * checked byte by byte as it stood on the wire (http_framing), the target is decoded (http_target),
 * and `handle` is called. What is ambiguous is refused before, with its connection closed.
 *
 * A thread is held by an open connection, so that there are `streams_max` + HTTP_SERVER_SPARE of
 * them; streams and websockets beyond `streams_max` get 503 with Retry-After, and connections are
 * not kept alive when threads run short. IPv4 over plain TCP only: TLS is the proxy's. */
#ifndef TALI_HTTP_SERVER_H
#define TALI_HTTP_SERVER_H

#include "base/err.h"
#include "http/http_request.h"

#include <stdbool.h>
#include <stdint.h>

#define HTTP_SERVER_SPARE 64		/* threads beside those of streams */
#define HTTP_SERVER_STREAMS_MAX 20000
#define HTTP_SERVER_STREAMS_EACH 128	/* of one http_request_whose, websockets among them */
#define HTTP_SERVER_FILES_EACH 4	/* that are sent to one */

/* One request that ended; texts are borrowed for the call. */
struct http_log {
	const char *method;		/* "GET", or "-" when the head was no HTTP */
	const char *path;		/* decoded, without the query; "-" likewise */
	const char *route;		/* as http_request_set_route said, or NULL */
	const char *peer;		/* address of the client, as http_request_peer */
	const char *refused;		/* why it never reached `handle`, or NULL */
	bool stream;			/* of events, or a websocket: took as long as it was open */
	int status;			/* 0: the peer went away before an answer */
	int64_t bytes_in, bytes_out;	/* of bodies, frames and events */
	int64_t duration_us;		/* from the complete head to the last byte */
};

struct http_server_config {
	const char *listen;		/* "127.0.0.1:8080"; port 0: any that is free */
	bool behind_proxy;		/* believe X-Forwarded-For and -Proto of a loopback peer */
	unsigned streams_max;		/* open streams and websockets together */
	int64_t head_ms, body_ms;	/* whole head, whole body; 0: 10 s, 60 s */
	int64_t idle_ms;		/* between two requests of a connection; 0: 20 s */
	int64_t take_ms;		/* for a peer to take what a stream sends; 0: 10 s */
	/* a websocket that is silent so long is pinged, or ended; 0: 20 s, 60 s */
	int64_t ping_ms, silent_ms;
	/* Answers the request by one of the functions of http_reply, http_stream or http_websocket;
	 * one that was not answered becomes a 500. */
	void (*handle)(void *arg, struct http_request *request);
	void (*log)(void *arg, const struct http_log *line);	/* same thread; may be NULL */
	void *arg;
};

struct http_server_stats {
	unsigned connections;		/* open, those of streams among them */
	unsigned streams, websockets;
	unsigned threads, streams_max;
	uint64_t refused;		/* requests that never reached `handle` */
};

struct http_server;

/* Listens and serves until it is stopped. The configuration is copied, its strings too. NULL on
 * error: ERR_INPUT (an address that is none), ERR_ENV (it is taken, or threads were refused). */
struct http_server *http_server_start(const struct http_server_config *config, struct err *err);

uint16_t http_server_port(const struct http_server *server);
void http_server_stats(const struct http_server *server, struct http_server_stats *ret);

/* From now on each request is answered 503 and its connection closed, each stream gets the event
 * "bye" and each websocket a close frame, and both end. Returns at once; any thread. */
void http_server_drain(struct http_server *server);

/* Drains, waits at most `wait_ms` for requests that are being handled, ends all connections and
 * threads. Takes up to 2 s more; `handle` must have come back by then. */
void http_server_stop(struct http_server **server, int64_t wait_ms);

/* Whether "ADDRESS:PORT" is well formed, and whether the address is a loopback one. */
int http_server_address(const char *listen, bool *ret_loopback, struct err *err);

#endif
