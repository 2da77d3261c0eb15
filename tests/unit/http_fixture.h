/* http_fixture.h - a server in the process of the test, and raw sockets to it
 *
 * A test gives its handler to server_begin. What goes over a socket is written by hand; reading
 * ends at a time limit that only a broken server meets. */
#ifndef TALI_HTTP_FIXTURE_H
#define TALI_HTTP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "base/buf.h"
#include "http/http_connection.h"
#include "http/http_reply.h"
#include "http/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIXTURE_WAIT_MS 20000

struct server_fixture {
	struct http_server *server;
	struct http_server_config config;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	unsigned handled;		/* requests that came to the handler */
	unsigned logged;
	int last_status;
	char last_refused[128], last_path[128], last_peer[64];
};

static void fixture_log(void *arg, const struct http_log *line)
{
	struct server_fixture *f = arg;

	pthread_mutex_lock(&f->lock);
	f->logged++;
	f->last_status = line->status;
	snprintf(f->last_refused, sizeof(f->last_refused), "%s",
		 line->refused ? line->refused : "");
	snprintf(f->last_path, sizeof(f->last_path), "%s", line->path);
	snprintf(f->last_peer, sizeof(f->last_peer), "%s", line->peer);
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static inline void fixture_count(struct server_fixture *f)
{
	pthread_mutex_lock(&f->lock);
	f->handled++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static inline unsigned fixture_handled(struct server_fixture *f)
{
	unsigned handled;

	pthread_mutex_lock(&f->lock);
	handled = f->handled;
	pthread_mutex_unlock(&f->lock);
	return handled;
}

/* Waits until `count` requests have ended. */
static inline void fixture_await_logged(struct server_fixture *f, unsigned count)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FIXTURE_WAIT_MS / 1000;
	pthread_mutex_lock(&f->lock);
	while (f->logged < count)
		assert_int_equal(pthread_cond_timedwait(&f->changed, &f->lock, &until), 0);
	pthread_mutex_unlock(&f->lock);
}

/* Answers with what of the request was understood. */
static inline void echo_handle(void *arg, struct http_request *request)
{
	struct server_fixture *f = arg;
	AUTO(buf_release) struct buf body = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	fixture_count(f);
	if (http_request_body(request, 1 << 20, &body, &err) < 0) {
		http_reply_err(request, &err);
		return;
	}
	http_reply_json(request, 200,
			json_pack("{s:s, s:s, s:i, s:s, s:b}", "method",
				  http_method_text(http_request_method(request)), "path",
				  http_request_path(request), "body", (int)body.len, "peer",
				  http_request_peer(request), "secure",
				  http_request_is_secure(request)));
}

/* `f->config` may be filled in before; handler echo_handle when there is none. */
static inline void server_begin(struct server_fixture *f)
{
	struct err err = ERR_INIT;

	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	if (!f->config.handle)
		f->config.handle = echo_handle;
	if (!f->config.streams_max)
		f->config.streams_max = 8;
	f->config.listen = "127.0.0.1:0";
	f->config.log = fixture_log;
	f->config.arg = f;
	f->server = http_server_start(&f->config, &err);
	if (!f->server)
		fail_msg("%s", err.text);
}

static inline void server_end(struct server_fixture *f)
{
	http_server_stop(&f->server, 5000);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
}

static inline int client_open(const struct server_fixture *f)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(http_server_port(f->server)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void client_send(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent < 0)	/* the server has closed: that shows when reading */
			return;
		at += sent;
		len -= (size_t)sent;
	}
}

static inline void client_say(int fd, const char *text)
{
	client_send(fd, text, strlen(text));
}

/* Waits for more bytes; 0 at the end, -1 after the time. */
static inline ssize_t client_more(int fd, struct buf *in, int wait_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char data[4096];
	ssize_t got;

	if (poll(&ready, 1, wait_ms) <= 0)
		return -1;
	got = recv(fd, data, sizeof(data), 0);
	if (got > 0)
		buf_add(in, data, (size_t)got);
	return got > 0 ? got : 0;
}

/* All until the server closes. */
static inline char *client_rest(int fd)
{
	struct buf in = BUF_INIT(16 << 20);
	ssize_t got;

	while ((got = client_more(fd, &in, FIXTURE_WAIT_MS)) > 0)
		continue;
	if (got < 0)
		fail_msg("the server neither answered nor closed: %s", buf_str(&in));
	return buf_take(&in);
}

/* Until the text is there; fails when the server closes before. */
static inline void client_until(int fd, struct buf *in, const char *text)
{
	while (!in->data || !memmem(in->data, in->len, text, strlen(text)))
		if (client_more(fd, in, FIXTURE_WAIT_MS) <= 0)
			fail_msg("'%s' did not come: %s", text, buf_str(in));
}

/* A whole answer of a connection that stays: head, and as many bytes as it says. */
static inline char *client_answer(int fd)
{
	struct buf in = BUF_INIT(16 << 20);
	const char *length;
	size_t need;

	client_until(fd, &in, "\r\n\r\n");
	length = strstr(buf_str(&in), "Content-Length: ");
	need = (size_t)(strstr(in.data, "\r\n\r\n") + 4 - in.data);
	if (length)
		need += (size_t)strtol(length + 16, NULL, 10);
	while (in.len < need)
		if (client_more(fd, &in, FIXTURE_WAIT_MS) <= 0)
			fail_msg("an answer was cut: %s", in.data);
	assert_int_equal(in.len, need);
	return buf_take(&in);
}

static inline int answer_status(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

/* One request on a connection of its own, closed afterwards: the answer, yours. */
static inline char *ask(const struct server_fixture *f, const char *request)
{
	AUTO_FD int fd = client_open(f);

	client_say(fd, request);
	shutdown(fd, SHUT_WR);
	return client_rest(fd);
}

#endif
