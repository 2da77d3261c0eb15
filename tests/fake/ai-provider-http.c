/* ai-provider-http.c - HTTP/1.1 of the fake provider: requests of one connection, answers in pieces
 */
#include "ai-provider-http.h"
#include "base/auto.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

void request_release(struct request *request)
{
	for (size_t i = 0; i < request->header_count; i++) {
		free(request->headers[i].name);
		free(request->headers[i].value);
	}
	free(request->method);
	free(request->path);
	buf_release(&request->body);
}

const char *request_header(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (strcmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

/* --- reading */

static bool receive(int fd, struct buf *into)
{
	char bytes[65536];
	ssize_t got;

	do
		got = recv(fd, bytes, sizeof(bytes), 0);
	while (got < 0 && errno == EINTR);
	return got > 0 && buf_add(into, bytes, (size_t)got);
}

static void drop_front(struct buf *buf, size_t len)
{
	memmove(buf->data, buf->data + len, buf->len - len + 1);
	buf->len -= len;
}

static bool read_first_line(char *line, struct request *request)
{
	char *path = strchr(line, ' '), *version = path ? strchr(path + 1, ' ') : NULL;

	if (!version || strncmp(version, " HTTP/1.", 8) != 0)
		return false;
	*path++ = *version = '\0';
	path[strcspn(path, "?")] = '\0';
	request->method = buf_strdup(line);
	request->path = buf_strdup(path);
	return true;
}

static bool read_header(char *line, struct request *request)
{
	char *colon = strchr(line, ':');
	struct request_header *header = &request->headers[request->header_count];

	if (!colon || request->header_count == sizeof(request->headers) / sizeof(*header))
		return false;
	*colon++ = '\0';
	for (char *c = line; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	header->name = buf_strdup(line);
	header->value = buf_strdup(colon + strspn(colon, " \t"));
	request->header_count++;
	return true;
}

static bool read_head(char *head, struct request *request)
{
	char *rest = head, *line = strsep(&rest, "\n");
	bool first = true;

	for (; line; line = strsep(&rest, "\n")) {
		line[strcspn(line, "\r")] = '\0';
		if (!first && !*line)
			break;
		if (!(first ? read_first_line(line, request) : read_header(line, request)))
			return false;
		first = false;
	}
	return true;
}

static bool read_body(int fd, struct buf *spare, struct request *request)
{
	const char *length = request_header(request, "content-length");
	const char *expect = request_header(request, "expect");
	size_t want = length ? strtoul(length, NULL, 10) : 0, have;

	request->no_length = request_header(request, "transfer-encoding") != NULL;
	request->too_large = want > REQUEST_BODY_MAX;
	if (request->no_length || request->too_large)
		return true;
	if (expect && strcasecmp(expect, "100-continue") == 0 &&
	    send(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) != 25)
		return false;
	have = spare->len < want ? spare->len : want;
	buf_add(&request->body, buf_str(spare), have);
	if (have)
		drop_front(spare, have);
	/* one byte more than what is wanted is of the next request: clients here wait */
	while (request->body.len < want)
		if (!receive(fd, &request->body))
			return false;
	return request->body.len == want;
}

bool request_read(int fd, struct buf *spare, struct request *request)
{
	AUTO_FREE char *head = NULL;
	char *end;

	while (!(end = strstr(buf_str(spare), "\r\n\r\n")))
		if (!receive(fd, spare))
			return false;
	end[2] = '\0';
	head = buf_strdup(spare->data);
	drop_front(spare, (size_t)(end - spare->data) + 4);
	return read_head(head, request) && read_body(fd, spare, request);
}

/* --- answering */

void reply_release(struct reply *reply)
{
	buf_release(&reply->head);
	buf_release(&reply->pending);
}

static void send_all(struct reply *reply, const char *data, size_t len)
{
	while (len && !reply->over) {
		ssize_t sent = send(reply->fd, data, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0) {
			reply->gone = reply->over = true;
			return;
		}
		data += sent;
		len -= (size_t)sent;
	}
}

static void send_framed(struct reply *reply, const char *data, size_t len, bool last)
{
	struct buf frame = BUF_INIT(0);

	frame.limit = reply->head.len + len + 64;
	buf_add(&frame, buf_str(&reply->head), reply->head.len);
	buf_clear(&reply->head);
	if (len && reply->framing == FRAMING_CHUNKED)
		buf_add_format(&frame, "%zx\r\n", len);
	buf_add(&frame, data, len);
	if (len && reply->framing == FRAMING_CHUNKED)
		buf_add_str(&frame, "\r\n");
	if (last && reply->framing == FRAMING_CHUNKED)
		buf_add_str(&frame, "0\r\n\r\n");
	send_all(reply, buf_str(&frame), frame.len);
	buf_release(&frame);
}

static void send_reset(struct reply *reply)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	send_framed(reply, reply->pending.data, 1, false);
	setsockopt(reply->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	reply->over = true;
	reply->keep = false;
}

static void send_pending(struct reply *reply, bool last)
{
	struct buf *pending = &reply->pending;

	if (reply->reset && pending->len && !reply->over)
		send_reset(reply);
	for (size_t i = 0; reply->drip && i + 1 < pending->len && !reply->over; i++)
		send_framed(reply, pending->data + i, 1, false);
	if (reply->drip && pending->len > 1)
		send_framed(reply, pending->data + pending->len - 1, 1, last);
	else
		send_framed(reply, buf_str(pending), pending->len, last);
	buf_clear(pending);
}

void reply_head(struct reply *reply, int status, const char *headers, enum framing framing,
		size_t length, long slow_ms)
{
	struct buf *head = &reply->head;

	if (framing == FRAMING_CLOSE)
		reply->keep = false;
	reply->framing = framing;
	buf_add_format(head, "HTTP/1.1 %d %s\r\n", status, status < 400 ? "OK" : "Refused");
	if (slow_ms > 0) {
		send_all(reply, buf_str(head), head->len);
		buf_clear(head);
		reply_wait(reply, slow_ms);
	}
	buf_add_str(head, headers);
	if (framing == FRAMING_LENGTH)
		buf_add_format(head, "Content-Length: %zu\r\n", length);
	if (framing == FRAMING_CHUNKED)
		buf_add_str(head, "Transfer-Encoding: chunked\r\n");
	buf_add_str(head, reply->keep ? "\r\n" : "Connection: close\r\n\r\n");
}

void reply_add(struct reply *reply, const void *data, size_t len)
{
	reply_flush(reply);
	if (!reply->over) {
		reply->pending.limit = len + 1;
		buf_add(&reply->pending, data, len);
	}
}

static bool has_gone(struct reply *reply, int ms)
{
	struct pollfd poll_fd = { .fd = reply->fd, .events = POLLRDHUP };

	if (poll(&poll_fd, 1, ms) == 1)
		reply->gone = reply->over = true;
	return reply->gone;
}

void reply_flush(struct reply *reply)
{
	if (!reply->over && !has_gone(reply, 0) && reply->pending.len + reply->head.len)
		send_pending(reply, false);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void reply_wait(struct reply *reply, long ms)
{
	long end = now_ms() + ms;

	reply_flush(reply);
	while (!reply->over && (ms < 0 || now_ms() < end))
		has_gone(reply, ms < 0 ? -1 : (int)(end - now_ms() > 0 ? end - now_ms() : 0));
}

void reply_end(struct reply *reply)
{
	if (!reply->over)
		send_pending(reply, true);
	if (reply->gone)
		reply->keep = false;
	reply->over = true;
}

void reply_cut(struct reply *reply)
{
	reply_flush(reply);
	reply->over = true;
	reply->keep = false;
}
