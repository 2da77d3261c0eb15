/* http_socket.h - a websocket (RFC 6455) to another server, for a loop that polls
 *
 * libcurl makes the connection (http and https, certificates verified, no proxy, no redirect);
 * handshake and frames are ours. Whoever answers is not trusted: head and messages have limits,
 * frames with a mask, reserved bits, unknown opcodes or lengths that are not in their shortest form
 * and text that is not UTF-8 end the connection. Each frame of ours has a new random mask. A peer
 * that was not heard of for 20 s is pinged, and is gone after 60 s. One thread. */
#ifndef TALI_HTTP_SOCKET_H
#define TALI_HTTP_SOCKET_H

#include "base/buf.h"
#include "base/err.h"
#include "http/http_client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_SOCKET_HEAD_MAX ((size_t)16 << 10)		/* bytes of the answer to the handshake */
#define HTTP_SOCKET_MESSAGE_MAX ((size_t)256 << 10)	/* that comes; beyond: 1009 */
#define HTTP_SOCKET_QUEUE_MAX ((size_t)256 << 10)	/* bytes of ours that wait for the peer */

struct http_socket;

struct http_socket_config {
	const char *url;		/* http:// or https://, without blanks */
	const struct http_field *fields;	/* more of the request; no control characters */
	size_t field_count;
	const char *ca_file;		/* instead of the system's certificates; or NULL */
	int64_t open_ms, ping_ms, silent_ms;	/* 0: 15 s, 20 s, 60 s */
};

/* Connects and shakes hands, waiting for it. NULL: ERR_ENV when it could not be reached or answered
 * nonsense; ERR_STATE when it answered that it will not (*ret_status says how; else that is 0);
 * ERR_INPUT for an address or a field that cannot be sent. */
struct http_socket *http_socket_open(const struct http_socket_config *config, int *ret_status,
				     struct err *err);
/* At once; a close frame is sent as far as it goes without waiting. */
void http_socket_free(struct http_socket **socket);

/* What to poll for; and for how many milliseconds at most. `more` as for the turn that follows. */
int http_socket_fd(const struct http_socket *socket);
short http_socket_events(const struct http_socket *socket, bool more);
int http_socket_wait_ms(const struct http_socket *socket, bool more);

typedef void http_socket_fn(void *arg, bool binary, const char *data, size_t len);

/* Sends what the peer takes, pings, and, when `more` (else the peer has to wait), reads what is
 * there and gives each message to `fn`; never waits. 1: it goes on; 0: closed, *ret_code says why
 * (1000 done, 1006 without a word, ...); -1: ERR_ENV, the peer is gone or broke the protocol. */
int http_socket_turn(struct http_socket *socket, bool more, http_socket_fn *fn, void *arg,
		     int *ret_code, struct err *err);

/* Queues a message. -1: it is too long, so much waits already, or the socket is closing. */
int http_socket_send(struct http_socket *socket, bool binary, const void *data, size_t len);
/* Whether a head, up to the end of its last line, is that of a server that takes up the websocket
 * which was asked for with `key`. -1 as http_socket_open. For tests. */
int http_socket_check_head(const struct buf *head, const char *key, int *ret_status,
			   struct err *err);
/* How much of ours waits for the peer. */
size_t http_socket_queued(const struct http_socket *socket);
/* Says that it is over; the turns after it wait for the peer to say so too, 2 s at most. */
void http_socket_close(struct http_socket *socket, int code);

#endif
