/* http_websocket.h - a websocket (RFC 6455) with one client
 *
 * Refused: a foreign Origin, frames without mask, reserved bits, opcodes or lengths that are not in
 * their shortest form, text that is not UTF-8, messages beyond HTTP_WEBSOCKET_MESSAGE_MAX (1009),
 * more than HTTP_WEBSOCKET_FRAMES_PER_S frames in a second (1008). Pings are sent every 20 s; a
 * peer silent for 60 s is gone. Fragments are put together. */
#ifndef TALI_HTTP_WEBSOCKET_H
#define TALI_HTTP_WEBSOCKET_H

#include "http/http_request.h"

#define HTTP_WEBSOCKET_MESSAGE_MAX (64 << 10)
#define HTTP_WEBSOCKET_QUEUE_MAX (1 << 20)	/* bytes that wait for a slow peer */
#define HTTP_WEBSOCKET_FRAMES_PER_S 100

struct http_websocket;

enum http_websocket_kind {
	HTTP_WEBSOCKET_TEXT = 1,
	HTTP_WEBSOCKET_BINARY = 2
};

/* All on the request thread (100 KiB of stack), one after the other. */
struct http_websocket_events {
	/* The connection stands; `socket` may be used, from any thread, until `closed` returns. */
	void (*opened)(void *session, struct http_websocket *socket);
	void (*message)(void *session, enum http_websocket_kind kind, const char *data, size_t len);
	/* It is over; called once after `opened`. */
	void (*closed)(void *session);
};

/* Whether the request asks for a websocket. */
bool http_websocket_is_asked(const struct http_request *request);

/* Checks handshake and Origin, answers it, and holds the thread until either side closes or the
 * server drains. 0 when it ended; -1 when it did not begin (400, 403, 426 or 503 was answered, and
 * none of the events was called). Only on the request thread. */
int http_websocket_serve(struct http_request *request, const struct http_websocket_events *events,
			 void *session);

/* Sends a message, or queues it; never waits. -1 when the queue has no room for it (nothing of it
 * is sent) or the socket is closing. */
int http_websocket_send(struct http_websocket *socket, enum http_websocket_kind kind,
			const void *data, size_t len);
/* Bytes that wait for the peer: for whoever wants to make less when there is much. */
size_t http_websocket_queued(struct http_websocket *socket);
/* Closes with this code (1000 done, 1001 going away, 1008 policy, ...) after what is queued. */
void http_websocket_close(struct http_websocket *socket, int code);

#endif
