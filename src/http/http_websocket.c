/* http_websocket.c - see http_websocket.h */
#include "http/http_websocket.h"

#include "http/http_frame.h"
#include "http/http_internal.h"
#include "http/http_reply.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define CLOSE_MS 2000		/* for the other side to close too */

struct http_websocket {
	struct http_request *request;
	struct http_connection *connection;
	int64_t heard_at, pinged_at;
	int64_t second;			/* in which the frames below came */
	uint64_t frames_before;
	bool peer_closed;

	pthread_mutex_t lock;		/* of all below */
	struct buf queue;
	size_t queue_sent;
	bool closing;			/* the close frame is queued */
	int64_t closing_at;
	bool dead;			/* the peer is gone */
};

/* --- the handshake */

bool http_websocket_is_asked(const struct http_request *request)
{
	const char *connection = http_request_header(request, "Connection");
	const char *upgrade = http_request_header(request, "Upgrade");

	return connection && upgrade && http_target_list_has(connection, "upgrade") &&
	       http_target_list_has(upgrade, "websocket");
}

/* Browsers say where the page came from, and nothing else keeps other sites out. A program that
 * brings its own token, and so no cookie, may leave it out. */
static bool origin_fits(const struct http_request *request)
{
	const char *origin = http_request_header(request, "Origin");

	if (!origin)
		return !http_request_header(request, "Cookie");
	return strcasecmp(origin, http_request_origin(request)) == 0;
}

static int refuse(struct http_request *request, int status, const char *code, const char *why)
{
	http_reply_error(request, status, code, why, NULL);
	return -1;
}

/* 24 characters that end in "==", as 16 bytes in base64 do. */
static bool is_key(const char *key)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return key && strlen(key) == 24 && strspn(key, digits) == 22 &&
	       strcmp(key + 22, "==") == 0;
}

static int check_handshake(struct http_request *request)
{
	const char *version = http_request_header(request, "Sec-WebSocket-Version");

	if (!http_websocket_is_asked(request) || request->method != HTTP_GET ||
	    strcmp(request->head.version, "1.1") != 0) {
		http_reply_header(request, "Upgrade", "websocket");
		return refuse(request, 426, "upgrade", "this is a websocket");
	}
	if (!version || strcmp(version, "13") != 0) {
		http_reply_header(request, "Sec-WebSocket-Version", "13");
		return refuse(request, 426, "upgrade", "the version of the websocket must be 13");
	}
	if (!is_key(http_request_header(request, "Sec-WebSocket-Key")))
		return refuse(request, 400, "invalid", "no Sec-WebSocket-Key, or none that is one");
	if (!origin_fits(request))
		return refuse(request, 403, "origin", "the websocket of another site");
	return 0;
}

static int answer_handshake(struct http_request *request)
{
	char *accept = http_frame_accept(http_request_header(request, "Sec-WebSocket-Key"));
	struct buf text = BUF_INIT(512);
	int silent_ms = (int)http_server_limits(request->server)->silent_ms, result;

	buf_add_format(&text, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
			      "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
	free(accept);
	request->keep = false;
	request->stream = true;
	request->status = 101;
	request->answer = HTTP_ANSWER_DONE;
	setsockopt(request->connection->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent_ms,
		   sizeof(silent_ms));
	result = http_connection_send(request->connection, text.data, text.len, NULL, 0,
				      http_connection_now() + CLOSE_MS);
	buf_release(&text);
	return result;
}

/* --- sending: frames queue, whoever has the lock sends what the peer takes */

static void send_queue(struct http_websocket *socket)
{
	while (socket->queue_sent < socket->queue.len && !socket->dead) {
		ssize_t sent = send(socket->connection->fd, socket->queue.data + socket->queue_sent,
				    socket->queue.len - socket->queue_sent,
				    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			socket->queue_sent += (size_t)sent;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			socket->dead = true;
	}
	if (socket->queue_sent == socket->queue.len) {
		socket->queue_sent = 0;
		buf_clear(&socket->queue);
		if (socket->queue.size > 16384)
			buf_release(&socket->queue);
	} else if (socket->queue_sent > socket->queue.len / 2) {
		socket->queue.len -= socket->queue_sent;
		memmove(socket->queue.data, socket->queue.data + socket->queue_sent,
			socket->queue.len);
		socket->queue_sent = 0;
	}
}

static int queue_frame(struct http_websocket *socket, enum http_frame_opcode opcode,
		       const void *data, size_t len)
{
	if (socket->closing || socket->dead ||
	    socket->queue.len - socket->queue_sent + len + 10 > HTTP_WEBSOCKET_QUEUE_MAX)
		return -1;
	http_frame_add(&socket->queue, opcode, data, len);
	send_queue(socket);
	if (socket->queue.len || socket->dead)
		http_connection_wake(socket->connection);
	return 0;
}

int http_websocket_send(struct http_websocket *socket, enum http_websocket_kind kind,
			const void *data, size_t len)
{
	int result;

	pthread_mutex_lock(&socket->lock);
	result = queue_frame(socket, (enum http_frame_opcode)kind, data, len);
	if (result == 0)
		socket->request->sent += (int64_t)len;
	pthread_mutex_unlock(&socket->lock);
	return result;
}

size_t http_websocket_queued(struct http_websocket *socket)
{
	size_t queued;

	pthread_mutex_lock(&socket->lock);
	queued = socket->queue.len - socket->queue_sent;
	pthread_mutex_unlock(&socket->lock);
	return queued;
}

void http_websocket_close(struct http_websocket *socket, int code)
{
	char payload[2] = { (char)(code >> 8), (char)code };

	pthread_mutex_lock(&socket->lock);
	if (!socket->closing) {
		/* a queue that is full of what will never be read makes no difference */
		if (queue_frame(socket, HTTP_FRAME_CLOSE, payload, code == 1005 ? 0 : 2) < 0)
			socket->dead = true;
		socket->closing = true;
		socket->closing_at = http_connection_now();
		http_connection_wake(socket->connection);
	}
	pthread_mutex_unlock(&socket->lock);
}

/* --- reading */

static void take_control(struct http_websocket *socket, const struct http_frame_reader *reader)
{
	if (reader->opcode == HTTP_FRAME_PING) {
		pthread_mutex_lock(&socket->lock);
		queue_frame(socket, HTTP_FRAME_PONG, reader->data, reader->len);
		pthread_mutex_unlock(&socket->lock);
	} else if (reader->opcode == HTTP_FRAME_CLOSE) {
		socket->peer_closed = true;
		http_websocket_close(socket, http_frame_close_code(reader->data, reader->len));
	}
}

/* Whether there were more frames in this second than anybody needs. */
static bool is_flood(struct http_websocket *socket, const struct http_frame_reader *reader)
{
	int64_t second = http_connection_now() / 1000;

	if (second != socket->second) {
		socket->second = second;
		socket->frames_before = reader->frames;
	}
	return reader->frames - socket->frames_before > HTTP_WEBSOCKET_FRAMES_PER_S;
}

static bool is_closing(struct http_websocket *socket)
{
	bool closing;

	pthread_mutex_lock(&socket->lock);
	closing = socket->closing;
	pthread_mutex_unlock(&socket->lock);
	return closing;
}

static void take_bytes(struct http_websocket *socket, struct http_frame_reader *reader,
		       const char *data, size_t len, const struct http_websocket_events *events,
		       void *session)
{
	while (len > 0 && !socket->peer_closed) {
		size_t used;
		int found = http_frame_read(reader, data, len, &used);

		data += used;
		len -= used;
		if (found < 0) {
			http_websocket_close(socket, reader->fault);
			socket->peer_closed = true;
		} else if (is_flood(socket, reader)) {
			http_websocket_close(socket, 1008);
			socket->peer_closed = true;
		} else if (found && reader->opcode >= HTTP_FRAME_CLOSE) {
			take_control(socket, reader);
		} else if (found && !is_closing(socket)) {
			events->message(session, (enum http_websocket_kind)reader->opcode,
					reader->data, reader->len);
		}
	}
}

/* One read of what is there; false when the peer is gone. */
static bool read_some(struct http_websocket *socket, struct http_frame_reader *reader,
		      const struct http_websocket_events *events, void *session)
{
	char data[4096];
	ssize_t got = recv(socket->connection->fd, data, sizeof(data), MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	if (got == 0)
		return false;
	socket->heard_at = http_connection_now();
	socket->request->taken += got;
	take_bytes(socket, reader, data, (size_t)got, events, session);
	return true;
}

/* --- the loop */

/* What to wait for, and until when; false when it is over. */
static bool look(struct http_websocket *socket, int *ret_events, int64_t *ret_until)
{
	const struct http_server_config *limits = http_server_limits(socket->request->server);
	int64_t now = http_connection_now();
	bool more;

	if (now - socket->heard_at >= limits->silent_ms)
		return false;
	pthread_mutex_lock(&socket->lock);
	if (!socket->closing && now - socket->pinged_at >= limits->ping_ms &&
	    now - socket->heard_at >= limits->ping_ms) {
		queue_frame(socket, HTTP_FRAME_PING, NULL, 0);
		socket->pinged_at = now;
	}
	send_queue(socket);
	*ret_events = (socket->peer_closed ? 0 : POLLIN) | (socket->queue.len ? POLLOUT : 0);
	*ret_until = now + limits->ping_ms;
	more = !socket->dead;
	if (socket->closing) {
		*ret_until = socket->closing_at + CLOSE_MS;
		if (now >= *ret_until || (socket->peer_closed && !socket->queue.len))
			more = false;
	}
	pthread_mutex_unlock(&socket->lock);
	return more;
}

static void pump(struct http_websocket *socket, const struct http_websocket_events *events,
		 void *session)
{
	struct http_frame_reader reader;
	int64_t until;
	int wanted;

	http_frame_reader_init(&reader, HTTP_WEBSOCKET_MESSAGE_MAX);
	while (look(socket, &wanted, &until)) {
		int ready = http_connection_wait(socket->connection, wanted, until);

		if (http_server_is_draining(socket->request->server))
			http_websocket_close(socket, 1001);
		if (ready & POLLIN && !read_some(socket, &reader, events, session))
			break;
		if (ready & (POLLERR | POLLHUP) || (ready & POLLRDHUP && !(ready & POLLIN)))
			break;
	}
	http_frame_reader_release(&reader);
}

static int enter(struct http_request *request)
{
	if (check_handshake(request) < 0)
		return -1;
	if (http_server_enter_stream(request, HTTP_STREAM_WEBSOCKET)) {
		if (request->connection->wake >= 0 ||
		    http_connection_watch(request->connection) == 0)
			return 0;
		http_server_leave_stream(request);
	}
	http_reply_header(request, "Retry-After", "5");
	return refuse(request, 503, "busy", "too many streams are open");
}

int http_websocket_serve(struct http_request *request, const struct http_websocket_events *events,
			 void *session)
{
	struct http_websocket socket = {
		.request = request, .connection = request->connection,
		.heard_at = http_connection_now(), .pinged_at = http_connection_now(),
		.queue = BUF_INIT(SIZE_MAX / 2),
	};

	if (request->answer != HTTP_ANSWER_NONE || enter(request) < 0)
		return -1;
	pthread_mutex_init(&socket.lock, NULL);
	if (answer_handshake(request) == 0) {
		events->opened(session, &socket);
		pump(&socket, events, session);
		events->closed(session);
	}
	http_server_leave_stream(request);
	/* nobody sends any more; what the last one did is seen behind the lock */
	pthread_mutex_lock(&socket.lock);
	buf_release(&socket.queue);
	pthread_mutex_unlock(&socket.lock);
	pthread_mutex_destroy(&socket.lock);
	return 0;
}
