/* http-peer.c - a server of src/http for what is in front of it: answers, streams, echoes
 *
 *	http-peer [STREAMS]
 *
 * Prints its port, then serves until standard input ends.
 *	/who	{"peer":..,"secure":..,"path":..}
 *	/body	how many bytes came
 *	/stream	an event at once, then one more after each second
 *	/socket	a websocket that sends back what it gets */
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "http/http_reply.h"
#include "http/http_server.h"
#include "http/http_stream.h"
#include "http/http_websocket.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void answer_who(struct http_request *request)
{
	http_reply_json(request, 200,
			json_pack("{s:s, s:b, s:s}", "peer", http_request_peer(request), "secure",
				  http_request_is_secure(request), "path",
				  http_request_path(request)));
}

static void answer_body(struct http_request *request)
{
	struct buf body = BUF_INIT(0);
	struct err err = ERR_INIT;

	if (http_request_body(request, 64 << 20, &body, &err) < 0)
		http_reply_err(request, &err);
	else
		http_reply_json(request, 200, json_pack("{s:i}", "bytes", (int)body.len));
	buf_release(&body);
}

struct ticker {
	struct http_mailbox *box;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool end;
};

static void *tick(void *arg)
{
	struct ticker *ticker = arg;
	struct timespec next;

	pthread_mutex_lock(&ticker->lock);
	clock_gettime(CLOCK_REALTIME, &next);
	for (int i = 1; !ticker->end; i++) {
		char text[16];

		next.tv_sec++;
		pthread_cond_timedwait(&ticker->ended, &ticker->lock, &next);
		snprintf(text, sizeof(text), "%d", i);
		http_mailbox_post(ticker->box, "tick", text);
	}
	pthread_mutex_unlock(&ticker->lock);
	return NULL;
}

static void serve_stream(struct http_request *request)
{
	struct ticker ticker = { .box = http_mailbox_new(1 << 16),
				 .lock = PTHREAD_MUTEX_INITIALIZER,
				 .ended = PTHREAD_COND_INITIALIZER };
	pthread_t thread;

	http_mailbox_post(ticker.box, "hello", "{}");
	if (pthread_create(&thread, NULL, tick, &ticker) != 0)
		abort();
	http_stream_serve(request, ticker.box, 15000);
	pthread_mutex_lock(&ticker.lock);
	ticker.end = true;
	pthread_cond_signal(&ticker.ended);
	pthread_mutex_unlock(&ticker.lock);
	pthread_join(thread, NULL);
	http_mailbox_free(&ticker.box);
}

struct echo {
	struct http_websocket *socket;
};

static void echo_opened(void *session, struct http_websocket *socket)
{
	((struct echo *)session)->socket = socket;
}

static void echo_message(void *session, enum http_websocket_kind kind, const char *data, size_t len)
{
	http_websocket_send(((struct echo *)session)->socket, kind, data, len);
}

static void echo_closed(void *session)
{
	((struct echo *)session)->socket = NULL;
}

static void handle(void *arg, struct http_request *request)
{
	static const struct http_websocket_events events = { echo_opened, echo_message,
							     echo_closed };
	const char *path = http_request_path(request);
	struct echo echo = { NULL };

	(void)arg;
	if (strcmp(path, "/body") == 0)
		answer_body(request);
	else if (strcmp(path, "/stream") == 0)
		serve_stream(request);
	else if (strcmp(path, "/socket") == 0)
		http_websocket_serve(request, &events, &echo);
	else
		answer_who(request);
}

int main(int argc, char **argv)
{
	struct http_server_config config = { .listen = "127.0.0.1:0", .behind_proxy = true,
					     .handle = handle };
	struct err err = ERR_INIT;
	struct http_server *server;
	char byte;

	config.streams_max = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20;
	hash_init();
	server = http_server_start(&config, &err);
	if (!server) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	printf("%u\n", http_server_port(server));
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	http_server_stop(&server, 2000);
	return 0;
}
