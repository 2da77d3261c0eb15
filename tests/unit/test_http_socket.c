/* test_http_socket.c - the client's side of a websocket, at our own server and at hostile ones */
#include "http_fixture.h"

#include "http/http_frame.h"
#include "http/http_socket.h"
#include "http/http_websocket.h"

#include <stdlib.h>

/* --- our own server, which sends back what comes */

struct echo {
	struct server_fixture base;
	struct http_websocket *socket;	/* of its thread */
	char authorization[64];
};

static void opened(void *session, struct http_websocket *socket)
{
	((struct echo *)session)->socket = socket;
}

static void message(void *session, enum http_websocket_kind kind, const char *data, size_t len)
{
	struct echo *echo = session;

	if (len == 4 && memcmp(data, "end.", 4) == 0)
		http_websocket_close(echo->socket, 4001);
	else
		http_websocket_send(echo->socket, kind, data, len);
}

static void closed(void *session)
{
	((struct echo *)session)->socket = NULL;
}

static void handle(void *arg, struct http_request *request)
{
	static const struct http_websocket_events events = { opened, message, closed };
	struct echo *echo = arg;

	if (strcmp(http_request_path(request), "/ws") != 0) {
		http_reply_error(request, 409, "state", "the work is not open", NULL);
		return;
	}
	snprintf(echo->authorization, sizeof(echo->authorization), "%s",
		 http_request_header(request, "Authorization"));
	http_websocket_serve(request, &events, echo);
}

static int begin_with(void **state, int64_t ping_ms)
{
	struct echo *echo = buf_alloc(sizeof(*echo));

	echo->base.config.handle = handle;
	echo->base.config.ping_ms = ping_ms;
	server_begin(&echo->base);
	*state = echo;
	return 0;
}

static int begin(void **state)
{
	return begin_with(state, 0);
}

static int begin_with_pings(void **state)
{
	return begin_with(state, 20);
}

static int end(void **state)
{
	struct echo *echo = *state;

	server_end(&echo->base);
	free(echo);
	return 0;
}

/* --- the client */

struct heard {
	struct buf text;		/* all messages */
	unsigned count;
	bool binary;			/* the last one */
	int code;
};

static void take(void *arg, bool binary, const char *data, size_t len)
{
	struct heard *heard = arg;

	buf_add(&heard->text, data, len);
	heard->count++;
	heard->binary = binary;
}

/* One wait and one turn. */
static int turn(struct http_socket *socket, struct heard *heard, struct err *err)
{
	struct pollfd fd = { .fd = http_socket_fd(socket),
			     .events = http_socket_events(socket, true) };
	int wait_ms = http_socket_wait_ms(socket, true);

	assert_true(wait_ms <= 60000);
	poll(&fd, 1, wait_ms);
	return http_socket_turn(socket, true, take, heard, &heard->code, err);
}

static void until_count(struct http_socket *socket, struct heard *heard, unsigned count)
{
	struct err err = ERR_INIT;

	while (heard->count < count)
		if (turn(socket, heard, &err) != 1)
			fail_msg("it ended: %s", err.text);
}

static struct http_socket *open_at(unsigned port, const char *path, int *ret_status,
				   struct err *err)
{
	const struct http_field fields[] = { { "Authorization", "Bearer abc" } };
	AUTO_FREE char *url = buf_format("http://127.0.0.1:%u%s", port, path);

	return http_socket_open(&(struct http_socket_config){ .url = url, .fields = fields,
							      .field_count = 1 },
				ret_status, err);
}

static struct http_socket *open_echo(struct echo *echo)
{
	struct err err = ERR_INIT;
	int status;
	struct http_socket *socket = open_at(http_server_port(echo->base.server), "/ws", &status,
					     &err);

	if (!socket)
		fail_msg("%s", err.text);
	return socket;
}

#define HEARD(name) \
	AUTO(heard_release) struct heard name = { .text = BUF_INIT(4 << 20) }

static void heard_release(struct heard *heard)
{
	buf_release(&heard->text);
}

static void messages_go_and_come_back(void **state)
{
	AUTO(http_socket_free) struct http_socket *socket = open_echo(*state);
	struct echo *echo = *state;
	static char large[60000];
	HEARD(heard);

	assert_string_equal(echo->authorization, "Bearer abc");
	assert_int_equal(http_socket_send(socket, false, "gr\xc3\xbc\xc3\x9f", 6), 0);
	until_count(socket, &heard, 1);
	assert_false(heard.binary);
	assert_string_equal(buf_str(&heard.text), "gr\xc3\xbc\xc3\x9f");
	memset(large, 'x', sizeof(large));
	buf_clear(&heard.text);
	for (int i = 0; i < 3; i++)
		assert_int_equal(http_socket_send(socket, true, large, sizeof(large)), 0);
	until_count(socket, &heard, 4);
	assert_true(heard.binary);
	assert_int_equal(heard.text.len, 3 * sizeof(large));
	assert_int_equal(http_socket_queued(socket), 0);
}

static void a_queue_has_an_end(void **state)
{
	AUTO(http_socket_free) struct http_socket *socket = open_echo(*state);
	static char large[60000];
	int sent = 0;

	while (http_socket_send(socket, true, large, sizeof(large)) == 0)
		sent++;
	assert_int_equal(sent, HTTP_SOCKET_QUEUE_MAX / sizeof(large));
}

static void both_sides_can_close(void **state)
{
	struct err err = ERR_INIT;
	int result;
	HEARD(heard);

	for (int ours = 0; ours < 2; ours++) {
		AUTO(http_socket_free) struct http_socket *socket = open_echo(*state);

		if (ours)
			http_socket_close(socket, 1000);
		else
			http_socket_send(socket, false, "end.", 4);
		while ((result = turn(socket, &heard, &err)) == 1)
			continue;
		assert_int_equal(result, 0);
		assert_int_equal(heard.code, ours ? 1000 : 4001);
		assert_int_equal(http_socket_send(socket, false, "a", 1), -1);
	}
}

/* The server hangs up on whoever does not answer its pings. */
static void pings_are_answered(void **state)
{
	AUTO(http_socket_free) struct http_socket *socket = open_echo(*state);
	int64_t until = http_connection_now() + 200;
	struct err err = ERR_INIT;
	HEARD(heard);

	while (http_connection_now() < until)
		assert_int_equal(turn(socket, &heard, &err), 1);
	http_socket_send(socket, false, "still", 5);
	until_count(socket, &heard, 1);
}

static void a_refusal_has_its_status(void **state)
{
	struct echo *echo = *state;
	struct err err = ERR_INIT;
	int status;

	assert_null(open_at(http_server_port(echo->base.server), "/other", &status, &err));
	assert_int_equal(status, 409);
	assert_int_equal(err.code, ERR_STATE);
}

static void what_cannot_be_sent_is_refused(void **state)
{
	static const struct http_field bad = { "Authorization", "Bearer a\r\nX: y" };
	struct http_socket_config config = { .url = "http://127.0.0.1:1/" };
	struct echo *echo = *state;
	AUTO_FREE char *url = buf_format("http://127.0.0.1:%d/ws",
					 http_server_port(echo->base.server));
	struct err err = ERR_INIT;
	int status;

	assert_null(http_socket_open(&config, &status, &err));
	assert_int_equal(err.code, ERR_ENV);
	config.url = "ftp://127.0.0.1/";
	assert_null(http_socket_open(&config, &status, &err));
	config = (struct http_socket_config){ .url = url, .fields = &bad, .field_count = 1 };
	assert_null(http_socket_open(&config, &status, &err));
	assert_int_equal(err.code, ERR_INPUT);
}

/* --- hostile servers: one connection, one answer */

struct hostile {
	int listening;
	unsigned port;
	const char *head;		/* "@" is the right Sec-WebSocket-Accept */
	const char *frames;
	size_t len;
	bool stays;			/* does not hang up by itself */
	pthread_t thread;
};

static void say_head(int fd, const char *head, const char *request)
{
	const char *key = strstr(request, "Sec-WebSocket-Key: ") + 19;
	AUTO_FREE char *only = strndup(key, 24), *accept = http_frame_accept(only);
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);

	for (; *head; head++)
		if (*head == '@')
			buf_add_str(&out, accept);
		else
			buf_add_byte(&out, *head);
	client_send(fd, out.data, out.len);
}

static void *run_hostile(void *arg)
{
	struct hostile *hostile = arg;
	AUTO_FD int fd = accept(hostile->listening, NULL, NULL);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);

	client_until(fd, &in, "\r\n\r\n");
	say_head(fd, hostile->head, in.data);
	client_send(fd, hostile->frames, hostile->len);
	if (!hostile->stays)
		shutdown(fd, SHUT_WR);
	while (client_more(fd, &in, FIXTURE_WAIT_MS) > 0)
		buf_clear(&in);
	return NULL;
}

static void start_hostile(struct hostile *hostile)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	hostile->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(hostile->listening, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(hostile->listening, 1), 0);
	getsockname(hostile->listening, (struct sockaddr *)&address, &len);
	hostile->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&hostile->thread, NULL, run_hostile, hostile), 0);
}

static void end_hostile(struct hostile *hostile)
{
	pthread_join(hostile->thread, NULL);
	close(hostile->listening);
}

#define SWITCH "HTTP/1.1 101 Switching Protocols\r\n"
#define RIGHT SWITCH "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: @\r\n"

static void bad_handshakes_are_refused(void **state)
{
	static const char *const heads[] = {
		"SSH-2.0-nobody\r\n\r\n",
		"HTTP/1.1 1010 Switching\r\n\r\n",
		SWITCH "\r\n",
		SWITCH "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		SWITCH "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		       "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
		SWITCH "Connection: Upgrade\r\nSec-WebSocket-Accept: @\r\n\r\n",
		SWITCH "Upgrade: websocket\r\nSec-WebSocket-Accept: @\r\n\r\n",
		RIGHT "Sec-WebSocket-Accept: @\r\n\r\n",
		RIGHT "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
		RIGHT "Sec-WebSocket-Protocol: chat\r\n\r\n",
		RIGHT "half a head",
		"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
	};
	struct err err = ERR_INIT;
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct hostile hostile = { .head = heads[i] };
		struct http_socket *socket;

		start_hostile(&hostile);
		socket = open_at(hostile.port, "/", &status, &err);
		if (socket)
			fail_msg("taken: %s", heads[i]);
		assert_int_equal(status, strstr(heads[i], " 302 ") ? 302 : 0);
		end_hostile(&hostile);
	}
}

static void an_endless_head_is_refused(void **state)
{
	AUTO(buf_release) struct buf head = BUF_INIT(1 << 20);
	struct hostile hostile = { .stays = true };
	struct err err = ERR_INIT;
	int status;

	(void)state;
	buf_add_str(&head, SWITCH);
	while (head.len < 3 * HTTP_SOCKET_HEAD_MAX)
		buf_add_str(&head, "X-More: and more\r\n");
	hostile.head = buf_str(&head);
	start_hostile(&hostile);
	assert_null(open_at(hostile.port, "/", &status, &err));
	assert_non_null(strstr(err.text, "too long"));
	end_hostile(&hostile);
}

static void a_silent_server_is_given_up(void **state)
{
	struct hostile hostile = { .head = SWITCH, .stays = true };
	struct err err = ERR_INIT;
	AUTO_FREE char *url = NULL;
	int status;

	(void)state;
	start_hostile(&hostile);
	url = buf_format("http://127.0.0.1:%u/", hostile.port);
	assert_null(http_socket_open(&(struct http_socket_config){ .url = url, .open_ms = 100 },
				     &status, &err));
	assert_int_equal(err.code, ERR_ENV);
	end_hostile(&hostile);
}

static void broken_frames_end_it(void **state)
{
	static char long_message[10] = { (char)0x82, 127, 0, 0, 0, 0, 1, 0, 0, 0 };
	static const struct {
		const char *what, *frames;
		size_t len;
	} cases[] = {
		{ "a mask", "\x81\x81\x01\x02\x03\x04\x60", 7 },
		{ "a reserved bit", "\xc1\x01\x61", 3 },
		{ "an opcode nobody knows", "\x83\x01\x61", 3 },
		{ "a ping in fragments", "\x09\x00", 2 },
		{ "a continuation of nothing", "\x80\x01\x61", 3 },
		{ "text that is not UTF-8", "\x81\x01\xff", 3 },
		{ "a length in the wrong form", "\x82\x7e\x00\x01\x61", 5 },
		{ "a message that is too long", long_message, sizeof(long_message) },
		{ "an end without a word", "\x82\x05\x61", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct hostile hostile = { .head = RIGHT "\r\n", .frames = cases[i].frames,
					   .len = cases[i].len };
		AUTO(http_socket_free) struct http_socket *socket = NULL;
		struct err err = ERR_INIT;
		int status, result;
		HEARD(heard);

		start_hostile(&hostile);
		socket = open_at(hostile.port, "/", &status, &err);
		assert_non_null(socket);
		while ((result = turn(socket, &heard, &err)) == 1)
			continue;
		if (result != -1 || heard.count)
			fail_msg("taken: %s", cases[i].what);
		http_socket_free(&socket);
		end_hostile(&hostile);
	}
}

/* In one piece with the head, and a ping between the fragments. */
static void frames_may_come_with_the_head(void **state)
{
	static const char frames[] = "\x01\x02he\x89\x01p\x80\x03llo\x88\x02\x03\xe9";
	struct hostile hostile = { .head = RIGHT "\r\n", .frames = frames,
				   .len = sizeof(frames) - 1, .stays = true };
	AUTO(http_socket_free) struct http_socket *socket = NULL;
	struct err err = ERR_INIT;
	int status, result;
	HEARD(heard);

	(void)state;
	start_hostile(&hostile);
	socket = open_at(hostile.port, "/", &status, &err);
	assert_non_null(socket);
	while ((result = turn(socket, &heard, &err)) == 1)
		continue;
	assert_int_equal(result, 0);
	assert_int_equal(heard.code, 1001);
	assert_string_equal(buf_str(&heard.text), "hello");
	http_socket_free(&socket);
	end_hostile(&hostile);
}

static void a_server_that_says_nothing_is_gone(void **state)
{
	struct hostile hostile = { .head = RIGHT "\r\n", .stays = true };
	AUTO(http_socket_free) struct http_socket *socket = NULL;
	struct err err = ERR_INIT;
	AUTO_FREE char *url = NULL;
	int status, result;
	HEARD(heard);

	(void)state;
	start_hostile(&hostile);
	url = buf_format("http://127.0.0.1:%u/", hostile.port);
	socket = http_socket_open(&(struct http_socket_config){ .url = url, .ping_ms = 20,
								.silent_ms = 100 },
				  &status, &err);
	assert_non_null(socket);
	while ((result = turn(socket, &heard, &err)) == 1)
		continue;
	assert_int_equal(result, -1);
	assert_non_null(strstr(err.text, "silent"));
	http_socket_free(&socket);
	end_hostile(&hostile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(messages_go_and_come_back, begin, end),
		cmocka_unit_test_setup_teardown(a_queue_has_an_end, begin, end),
		cmocka_unit_test_setup_teardown(both_sides_can_close, begin, end),
		cmocka_unit_test_setup_teardown(pings_are_answered, begin_with_pings, end),
		cmocka_unit_test_setup_teardown(a_refusal_has_its_status, begin, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_sent_is_refused, begin, end),
		cmocka_unit_test(bad_handshakes_are_refused),
		cmocka_unit_test(an_endless_head_is_refused),
		cmocka_unit_test(a_silent_server_is_given_up),
		cmocka_unit_test(broken_frames_end_it),
		cmocka_unit_test(frames_may_come_with_the_head),
		cmocka_unit_test(a_server_that_says_nothing_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
