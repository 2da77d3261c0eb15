/* http_stream.c - see http_stream.h */
#include "http/http_stream.h"

#include "base/rand.h"
#include "http/http_internal.h"
#include "http/http_reply.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define SILENT_MS 45000		/* for the kernel of a peer to acknowledge what is sent */
#define RETRY_MS 3000		/* within which clients come back, spread */

static void wake_connection(void *connection)
{
	http_connection_wake(connection);
}

static int64_t take_until(const struct http_request *request)
{
	return http_connection_now() + http_server_limits(request->server)->take_ms;
}

static int send_events(struct http_request *request, const struct buf *events)
{
	if (http_connection_send(request->connection, events->data, events->len, NULL, 0,
				 take_until(request)) < 0)
		return -1;
	request->sent += (int64_t)events->len;
	return 0;
}

static void say_bye(struct http_request *request)
{
	struct buf event = BUF_INIT(128);
	uint16_t spread;

	rand_bytes(&spread, sizeof(spread));
	buf_add_format(&event, "event: bye\ndata: {\"retry_ms\":%d}\n\n",
		       500 + spread % RETRY_MS);
	send_events(request, &event);
	buf_release(&event);
}

static int begin(struct http_request *request)
{
	struct buf head = BUF_INIT(16384);
	int silent_ms = SILENT_MS, result;

	http_reply_header(request, "X-Accel-Buffering", "no");
	request->keep = false;
	request->stream = true;
	http_reply_head(request, 200, "text/event-stream", -1, &head);
	request->answer = HTTP_ANSWER_DONE;
	setsockopt(request->connection->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent_ms,
		   sizeof(silent_ms));
	result = http_connection_send(request->connection, head.data, head.len, NULL, 0,
				      take_until(request));
	buf_release(&head);
	return result;
}

/* Until the box is closed, the peer is gone, or the server drains. */
static void pump(struct http_request *request, struct http_mailbox *box, int heartbeat_ms)
{
	static const struct buf comment = { .data = (char *)":\n\n", .len = 3 };
	struct buf events = BUF_INIT(SIZE_MAX / 2);
	int64_t sent_at = http_connection_now();
	bool more = true, gone = false;

	while (more && !gone && !http_server_is_draining(request->server)) {
		int64_t beat = sent_at + heartbeat_ms;

		more = http_mailbox_take(box, &events);
		if (events.len == 0 && more) {
			gone = http_connection_wait(request->connection, 0, beat) != 0;
			if (gone || http_connection_now() < beat)
				continue;
		}
		gone = send_events(request, events.len ? &events : &comment) < 0;
		sent_at = http_connection_now();
	}
	if (!gone && http_server_is_draining(request->server)) {
		http_mailbox_take(box, &events);
		if (send_events(request, &events) == 0)
			say_bye(request);
	}
	buf_release(&events);
}

int http_stream_serve(struct http_request *request, struct http_mailbox *box, int heartbeat_ms)
{
	if (request->answer != HTTP_ANSWER_NONE)
		return -1;
	if (!http_server_enter_stream(request, HTTP_STREAM_EVENTS)) {
		http_reply_header(request, "Retry-After", "5");
		http_reply_error(request, 503, "busy", "too many streams are open", NULL);
		return -1;
	}
	if (request->connection->wake < 0 && http_connection_watch(request->connection) < 0) {
		http_reply_header(request, "Retry-After", "5");
		http_reply_error(request, 503, "busy", "no descriptor is left", NULL);
		http_server_leave_stream(request);
		return -1;
	}
	http_mailbox_watch(box, wake_connection, request->connection);
	if (begin(request) == 0)
		pump(request, box, heartbeat_ms);
	http_mailbox_watch(box, NULL, NULL);
	http_server_leave_stream(request);
	return 0;
}
