/* http_load.h - many HTTP clients in one thread: what the bench programs put on a server
 *
 * Each connection sends what it is told and gets whole answers, or the events of a stream or the
 * messages of a websocket as they come. Loopback only. A failure ends the program with a line on
 * stderr. */
#ifndef TALI_HTTP_LOAD_H
#define TALI_HTTP_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_load;

struct http_load_client {
	struct http_load *load;
	int fd;				/* -1: closed */
	void *user;			/* of the caller */
	bool in_stream;			/* what comes now belongs to an event stream */
	bool in_socket;			/* it is a websocket now */
	char *in;
	size_t in_len, in_size;
	size_t head_len;		/* of the answer at the beginning of `in` */
	char *out;			/* what the socket did not take yet */
	size_t out_len, out_size;
};

struct http_load_calls {
	/* A whole answer; `body` only during the call, and so is http_load_header. When the answer
	 * said that it is the last one, the connection is closed by now. */
	void (*answer)(struct http_load_client *client, int status, const char *body, size_t len);
	/* An event of a stream: its name and its one line of data; may be NULL. */
	void (*event)(struct http_load_client *client, const char *name, const char *data);
	/* A websocket is open (data NULL), or a message of it; may be NULL. Pings are answered. */
	void (*message)(struct http_load_client *client, const char *data, size_t len);
	/* The server closed; NULL: that is a failure. */
	void (*closed)(struct http_load_client *client);
	/* Every tick_ms (see http_load_run); may be NULL. */
	void (*tick)(void *arg);
	void *arg;
};

struct http_load *http_load_new(uint16_t port, const struct http_load_calls *calls);
void http_load_free(struct http_load *load);

/* A connection to the port; stays until http_load_free or http_load_close. */
struct http_load_client *http_load_connect(struct http_load *load, void *user);
void http_load_send(struct http_load_client *client, const void *data, size_t len);
/* A binary message of a websocket, at most 125 bytes. */
void http_load_message(struct http_load_client *client, const char *data, size_t len);
void http_load_close(struct http_load_client *client);

/* A field of the answer, with its name as the server writes it ("Set-Cookie: "), up to the first of
 * `end` or its end; "" when there is none or no room. */
const char *http_load_header(const struct http_load_client *client, const char *name,
			     const char *end, char *ret, size_t size);

/* Lets all of them work until then (milliseconds of measure_now), or until http_load_stop. */
void http_load_run(struct http_load *load, double until, int tick_ms);
void http_load_stop(struct http_load *load);

#endif
