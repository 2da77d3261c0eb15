/* http_connection.h - the open connections of a server, and their sockets
 *
 * civetweb tells nobody which descriptor a connection has, yet without it a body that drips in has
 * no end, a stream learns that its peer is gone only when it writes, and frames cannot be read
 * within limits. The descriptor is found by its two ends: only one socket of a process can have
 * this peer and this port. civetweb still opens and closes it. */
#ifndef TALI_HTTP_CONNECTION_H
#define TALI_HTTP_CONNECTION_H

#include "base/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HTTP_CONNECTION_SEND_MS 30000	/* for one answer, or a piece of one */

struct http_connections;

struct http_connection {
	struct http_connections *all;
	struct http_connection *next, *before;
	int fd;				/* -1 until it is found */
	int wake;			/* an eventfd once others may wake it; else -1 */
	bool again;			/* it had a request already */
	int64_t since;			/* when it began to wait for the head */
	_Atomic int64_t read_until;	/* when reading is cut; 0: not now */
	atomic_bool cut;		/* it was */
	char peer[48];			/* numeric address, "" until it is found */
};

/* Starts the thread that cuts what reads for too long. NULL: ERR_ENV. */
struct http_connections *http_connections_open(struct err *err);
/* No connection may be left. */
void http_connections_close(struct http_connections **all);
unsigned http_connections_count(struct http_connections *all);
/* Makes all that wait look up (http_connection_wait), or ends all: nothing comes in or goes out,
 * and those that come later end at once. */
void http_connections_wake(struct http_connections *all);
void http_connections_end(struct http_connections *all);

/* Makes a thread that waits in poll(2) for new connections on this port look up, at once and from
 * then on each time: there will be no more. */
void http_connections_refuse(uint16_t port);

/* One whose socket is not known yet. */
struct http_connection *http_connection_open(struct http_connections *all);
/* Finds the socket, once. -1 when there is none with this peer and port of ours any more. */
int http_connection_find(struct http_connection *connection, const char *peer, int peer_port,
			 int own_port);
/* Before the socket is closed. */
void http_connection_close(struct http_connection *connection);

/* Nothing comes in or goes out from now on. */
void http_connection_end(struct http_connection *connection);
/* Nothing goes out any more; what still comes is dropped for a moment, so that an answer to a
 * request that was not read to its end is not lost by a reset. */
void http_connection_linger(struct http_connection *connection);

/* Sends two pieces as one. -1 when the peer is gone or did not take all by then. */
int http_connection_send(struct http_connection *connection, const void *data, size_t len,
			 const void *more, size_t more_len, int64_t until);

/* Sends what the socket takes without waiting: how much, 0 when it is full, -1 when the peer is
 * gone. One thread at a time. */
ssize_t http_connection_offer(struct http_connection *connection, const void *data, size_t len);

/* Makes http_connection_wait possible. -1 when there is no descriptor for it. */
int http_connection_watch(struct http_connection *connection);
/* From any thread, while the connection is open: the waiter looks up. */
void http_connection_wake(struct http_connection *connection);
/* Waits until `events` of poll(2) on the socket, or the wake, or then. What poll said of the
 * socket; 0 for the others. POLLHUP, POLLERR and POLLRDHUP are always told. */
int http_connection_wait(struct http_connection *connection, int events, int64_t until);

/* Milliseconds of the monotonic clock, which the times above are of. */
int64_t http_connection_now(void);

#endif
