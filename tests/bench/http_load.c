/* http_load.c - see http_load.h */
#include "http_load.h"

#include "measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 256

struct http_load {
	uint16_t port;
	struct http_load_calls calls;
	int poll;
	bool stop;
	struct http_load_client **clients;
	size_t count;
};

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, errno ? strerror(errno) : "failed");
	exit(1);
}

static void *grow(void *old, size_t size)
{
	void *grown = realloc(old, size);

	if (!grown)
		abort();
	return grown;
}

struct http_load *http_load_new(uint16_t port, const struct http_load_calls *calls)
{
	struct http_load *load = grow(NULL, sizeof(*load));

	*load = (struct http_load){ .port = port, .calls = *calls };
	load->poll = epoll_create1(EPOLL_CLOEXEC);
	if (load->poll < 0)
		die("epoll_create1");
	return load;
}

void http_load_free(struct http_load *load)
{
	for (size_t i = 0; i < load->count; i++) {
		http_load_close(load->clients[i]);
		free(load->clients[i]->in);
		free(load->clients[i]->out);
		free(load->clients[i]);
	}
	free(load->clients);
	close(load->poll);
	free(load);
}

static void watch(struct http_load_client *client, int operation)
{
	struct epoll_event event = {
		.events = EPOLLIN | (client->out_len ? EPOLLOUT : 0), .data.ptr = client,
	};

	if (epoll_ctl(client->load->poll, operation, client->fd, &event) < 0)
		die("epoll_ctl");
}

struct http_load_client *http_load_connect(struct http_load *load, void *user)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(load->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct http_load_client *client = calloc(1, sizeof(*client));
	int one = 1;

	if (!client)
		abort();
	client->load = load;
	client->user = user;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("connect");
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	load->clients = grow(load->clients, (load->count + 1) * sizeof(client));
	load->clients[load->count++] = client;
	watch(client, EPOLL_CTL_ADD);
	return client;
}

void http_load_close(struct http_load_client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	client->in_len = client->out_len = 0;
	client->in_stream = client->in_socket = false;
}

static void push(struct http_load_client *client, const char *data, size_t len)
{
	bool waited = client->out_len > 0;

	while (len > 0 && !waited) {
		ssize_t sent = send(client->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && errno == EAGAIN)
			break;
		if (sent < 0)	/* its end is seen when reading */
			return;
		data += sent;
		len -= (size_t)sent;
	}
	if (len == 0)
		return;
	if (client->out_len + len > client->out_size) {
		client->out_size = (client->out_len + len) * 2;
		client->out = grow(client->out, client->out_size);
	}
	memcpy(client->out + client->out_len, data, len);
	client->out_len += len;
	if (!waited)
		watch(client, EPOLL_CTL_MOD);
}

void http_load_send(struct http_load_client *client, const void *data, size_t len)
{
	if (client->fd < 0)
		die("a request for a closed connection");
	push(client, data, len);
}

/* The mask that frames of clients must have is 0 here. */
static void push_frame(struct http_load_client *client, int opcode, const char *data, size_t len)
{
	char frame[6 + 125] = { (char)(0x80 | opcode), (char)(0x80 | len) };

	if (len > 125)
		die("a long message");
	if (len)
		memcpy(frame + 6, data, len);
	push(client, frame, 6 + len);
}

void http_load_message(struct http_load_client *client, const char *data, size_t len)
{
	push_frame(client, 2, data, len);
}

static void push_rest(struct http_load_client *client)
{
	ssize_t sent = send(client->fd, client->out, client->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent <= 0)
		return;
	client->out_len -= (size_t)sent;
	memmove(client->out, client->out + sent, client->out_len);
	if (client->out_len == 0)
		watch(client, EPOLL_CTL_MOD);
}

static void drop(struct http_load_client *client, size_t len)
{
	client->in_len -= len;
	memmove(client->in, client->in + len, client->in_len);
}

/* The head that ends at `end` was read: what it announces. */
static size_t body_length(const struct http_load_client *client, const char *end)
{
	const char *field = memmem(client->in, (size_t)(end - client->in), "Content-Length: ", 16);

	return field ? (size_t)strtoul(field + 16, NULL, 10) : 0;
}

const char *http_load_header(const struct http_load_client *client, const char *name,
			     const char *end, char *ret, size_t size)
{
	const char *field = memmem(client->in, client->head_len, name, strlen(name));
	size_t len = 0;

	ret[0] = '\0';
	if (!field)
		return ret;
	field += strlen(name);
	while (field[len] != '\r' && !strchr(end, field[len]))
		len++;
	if (len < size)
		snprintf(ret, size, "%.*s", (int)len, field);
	return ret;
}

/* Gives away an event, or a comment, which has no name. False when more bytes are needed. */
static bool take_event(struct http_load_client *client)
{
	static const char event[] = "event: ", data[] = "\ndata: ";
	char *end = client->in_len ? memmem(client->in, client->in_len, "\n\n", 2) : NULL;
	size_t len;
	char *at;

	if (!end)
		return false;
	len = (size_t)(end + 2 - client->in);
	*end = '\0';
	at = strstr(client->in, data);
	if (at && !strncmp(client->in, event, strlen(event)) && client->load->calls.event) {
		*at = '\0';
		client->load->calls.event(client, client->in + strlen(event), at + strlen(data));
	}
	if (client->fd >= 0)
		drop(client, len);
	return client->fd >= 0;
}

/* Gives away a frame. False when more bytes are needed. */
static bool take_frame(struct http_load_client *client)
{
	const uint8_t *in = (const uint8_t *)client->in;
	size_t head = 2, len;

	if (client->in_len < 10 && (client->in_len < 2 || client->in_len < 2 + (in[1] & 127u)))
		return false;
	len = in[1];
	if (len == 126) {
		head = 4;
		len = (size_t)in[2] << 8 | in[3];
	} else if (len == 127) {
		die("a long frame");
	}
	if (client->in_len < head + len)
		return false;
	if ((in[0] & 15) == 9)
		push_frame(client, 10, client->in + head, len);
	else if ((in[0] & 15) == 2 && client->load->calls.message)
		client->load->calls.message(client, client->in + head, len);
	if (client->fd >= 0)
		drop(client, head + len);
	return client->fd >= 0;
}

/* Gives away one answer, or one event. False when more bytes are needed. */
static bool take(struct http_load_client *client)
{
	const char *end;
	size_t body;

	if (client->in_stream)
		return take_event(client);
	if (client->in_socket)
		return take_frame(client);
	end = client->in_len ? memmem(client->in, client->in_len, "\r\n\r\n", 4) : NULL;
	if (!end)
		return false;
	client->head_len = (size_t)(end + 4 - client->in);
	if (memmem(client->in, client->head_len, "text/event-stream", 17)) {
		client->in_stream = true;
		drop(client, client->head_len);
		return true;
	}
	if (!strncmp(client->in, "HTTP/1.1 101 ", 13)) {
		client->in_socket = true;
		drop(client, client->head_len);
		if (client->load->calls.message)
			client->load->calls.message(client, NULL, 0);
		return true;
	}
	body = body_length(client, end);
	if (client->in_len < client->head_len + body)
		return false;
	if (memmem(client->in, client->head_len, "\r\nConnection: close\r\n", 21))
		http_load_close(client);
	client->load->calls.answer(client, (int)strtol(client->in + 9, NULL, 10),
				   client->in + client->head_len, body);
	if (client->fd >= 0)
		drop(client, client->head_len + body);
	return client->fd >= 0;
}

static void pull(struct http_load_client *client)
{
	ssize_t got;

	if (client->in_size - client->in_len < 4096) {
		client->in_size = client->in_size * 2 + 8192;
		client->in = grow(client->in, client->in_size);
	}
	got = recv(client->fd, client->in + client->in_len, client->in_size - client->in_len,
		   MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		if (!client->load->calls.closed) {
			errno = 0;
			die("a connection was closed by the server");
		}
		http_load_close(client);
		client->load->calls.closed(client);
		return;
	}
	client->in_len += (size_t)got;
	while (take(client))
		continue;
}

void http_load_stop(struct http_load *load)
{
	load->stop = true;
}

void http_load_run(struct http_load *load, double until, int tick_ms)
{
	struct epoll_event events[EVENTS];
	double next_tick = measure_now();

	load->stop = false;
	while (!load->stop && measure_now() < until) {
		double now = measure_now();
		int wait_ms, count;

		if (load->calls.tick && now >= next_tick) {
			load->calls.tick(load->calls.arg);
			next_tick += tick_ms;
		}
		wait_ms = (int)((load->calls.tick && next_tick < until ? next_tick : until) - now) +
			  1;
		count = epoll_wait(load->poll, events, EVENTS, wait_ms < 0 ? 0 : wait_ms);
		for (int i = 0; i < count; i++) {
			struct http_load_client *client = events[i].data.ptr;

			if (client->fd >= 0 && events[i].events & EPOLLOUT)
				push_rest(client);
			if (client->fd >= 0 && events[i].events & ~(unsigned)EPOLLOUT)
				pull(client);
		}
	}
}
