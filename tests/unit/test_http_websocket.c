/* test_http_websocket.c - handshakes and frames, those of the wrong kind too */
#include "http_fixture.h"

#include "http/http_frame.h"
#include "http/http_websocket.h"
#include "http/sha1.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define UPGRADE "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
#define HANDSHAKE "GET /ws HTTP/1.1\r\nHost: tali.test\r\n" UPGRADE \
	"Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"

struct socket_fixture {
	struct server_fixture base;	/* its lock is for what is below too */
	struct http_websocket *socket;
	unsigned opened, messages, closed;
};

/* Sends back what comes; "much" asks for more than a queue holds, "close" for the end. */
static void opened(void *session, struct http_websocket *socket)
{
	struct socket_fixture *f = session;

	pthread_mutex_lock(&f->base.lock);
	f->socket = socket;
	f->opened++;
	pthread_cond_broadcast(&f->base.changed);
	pthread_mutex_unlock(&f->base.lock);
}

static void message(void *session, enum http_websocket_kind kind, const char *data, size_t len)
{
	struct socket_fixture *f = session;
	static const char much[60000];

	pthread_mutex_lock(&f->base.lock);
	f->messages++;
	pthread_mutex_unlock(&f->base.lock);
	if (len == 5 && memcmp(data, "close", 5) == 0) {
		http_websocket_close(f->socket, 1000);
	} else if (len == 4 && memcmp(data, "much", 4) == 0) {
		unsigned count = 0;

		while (count < 1000 && http_websocket_send(f->socket, HTTP_WEBSOCKET_BINARY, much,
							   sizeof(much)) == 0)
			count++;
		assert_true(count < 1000);
		assert_true(http_websocket_queued(f->socket) <= HTTP_WEBSOCKET_QUEUE_MAX);
	} else {
		http_websocket_send(f->socket, kind, data, len);
	}
}

static void closed(void *session)
{
	struct socket_fixture *f = session;

	pthread_mutex_lock(&f->base.lock);
	f->socket = NULL;
	f->closed++;
	pthread_cond_broadcast(&f->base.changed);
	pthread_mutex_unlock(&f->base.lock);
}

static void socket_handle(void *arg, struct http_request *request)
{
	static const struct http_websocket_events events = { opened, message, closed };

	http_websocket_serve(request, &events, arg);
}

static int begin_with(void **state, int64_t ping_ms, int64_t silent_ms)
{
	struct socket_fixture *f = buf_alloc(sizeof(*f));

	f->base.config.handle = socket_handle;
	f->base.config.streams_max = 2;
	f->base.config.behind_proxy = true;
	f->base.config.ping_ms = ping_ms;
	f->base.config.silent_ms = silent_ms;
	server_begin(&f->base);
	*state = f;
	return 0;
}

static int begin(void **state)
{
	return begin_with(state, 0, 0);
}

static int begin_impatient(void **state)
{
	return begin_with(state, 20, 400);
}

static int begin_with_pings(void **state)
{
	return begin_with(state, 40, 20000);
}

static int end(void **state)
{
	struct socket_fixture *f = *state;

	server_end(&f->base);
	assert_int_equal(f->opened, f->closed);
	free(f);
	return 0;
}

/* A frame of a client, masked. */
static void add_frame(struct buf *out, unsigned first, const void *data, size_t len)
{
	static const uint8_t mask[4] = { 0x12, 0x34, 0x56, 0x78 };

	buf_add_byte(out, (char)first);
	if (len < 126) {
		buf_add_byte(out, (char)(0x80 | len));
	} else if (len < 65536) {
		buf_add_byte(out, (char)(0x80 | 126));
		buf_add_byte(out, (char)(len >> 8));
		buf_add_byte(out, (char)len);
	} else {
		buf_add_byte(out, (char)(0x80 | 127));
		for (int i = 7; i >= 0; i--)
			buf_add_byte(out, (char)(len >> 8 * i));
	}
	buf_add(out, mask, 4);
	for (size_t i = 0; i < len; i++)
		buf_add_byte(out, (char)(((const uint8_t *)data)[i] ^ mask[i & 3]));
}

static void send_frame(int fd, unsigned first, const void *data, size_t len)
{
	AUTO(buf_release) struct buf frame = BUF_INIT(1 << 20);

	add_frame(&frame, first, data, len);
	client_send(fd, frame.data, frame.len);
}

static int open_socket(struct socket_fixture *f)
{
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 16);
	int fd = client_open(&f->base);

	client_say(fd, HANDSHAKE "Origin: http://tali.test\r\n\r\n");
	client_until(fd, &in, "\r\n\r\n");
	if (answer_status(in.data) != 101)
		fail_msg("%s", in.data);
	assert_non_null(strstr(in.data, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	return fd;
}

/* The next frame, which must be this one. */
static void expect_frame(int fd, unsigned first, const void *data, size_t len)
{
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20), wanted = BUF_INIT(1 << 20);

	http_frame_add(&wanted, (enum http_frame_opcode)(first & 15), data, len);
	while (in.len < wanted.len) {
		char byte;

		assert_int_equal(recv(fd, &byte, 1, 0), 1);
		buf_add_byte(&in, byte);
	}
	assert_memory_equal(in.data, wanted.data, wanted.len);
}

static void expect_close(int fd, int code)
{
	uint8_t payload[2] = { (uint8_t)(code >> 8), (uint8_t)code };

	expect_frame(fd, 0x88, payload, 2);
}

static void expect_end(int fd)
{
	AUTO_FREE char *rest = client_rest(fd);

	assert_string_equal(rest, "");
}

/* The server says so, and then its place among the streams is free again. */
static void expect_closed(int fd, int code)
{
	expect_close(fd, code);
	shutdown(fd, SHUT_WR);
	expect_end(fd);
}

/* --- handshakes */

static void handshakes_are_checked(void **state)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
		{ "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n", 426 },
		{ "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", 426 },
		{ "POST /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE "Sec-WebSocket-Key: " KEY
		  "\r\nSec-WebSocket-Version: 13\r\n\r\n",
		  426 },
		{ "GET /ws HTTP/1.0\r\nHost: a\r\n" UPGRADE "Sec-WebSocket-Key: " KEY
		  "\r\nSec-WebSocket-Version: 13\r\n\r\n",
		  426 },
		{ "GET /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE "Sec-WebSocket-Key: " KEY
		  "\r\nSec-WebSocket-Version: 8\r\n\r\n",
		  426 },
		{ "GET /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE "Sec-WebSocket-Key: abc\r\n"
		  "Sec-WebSocket-Version: 13\r\n\r\n",
		  400 },
		{ "GET /ws HTTP/1.1\r\nHost: a\r\n" UPGRADE "Sec-WebSocket-Version: 13\r\n\r\n",
		  400 },
		{ HANDSHAKE "Origin: http://evil.test\r\n\r\n", 403 },
		{ HANDSHAKE "Origin: https://tali.test\r\n\r\n", 403 },
		{ HANDSHAKE "Origin: http://tali.test:8080\r\n\r\n", 403 },
		{ HANDSHAKE "Origin: http://tali.test.evil\r\n\r\n", 403 },
		{ HANDSHAKE "Origin: null\r\n\r\n", 403 },
		{ HANDSHAKE "Cookie: tali_c=1\r\n\r\n", 403 },
		{ HANDSHAKE "X-Forwarded-Proto: https\r\nOrigin: http://tali.test\r\n\r\n", 403 },
		{ HANDSHAKE "X-Forwarded-Proto: https\r\nOrigin: https://tali.test\r\n\r\n", 101 },
		{ HANDSHAKE "Cookie: tali_c=1\r\nOrigin: http://TALI.test\r\n\r\n", 101 },
		{ HANDSHAKE "Authorization: Bearer x\r\n\r\n", 101 },
	};
	struct socket_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_FREE char *answer = ask(&f->base, cases[i].request);

		if (answer_status(answer) != cases[i].status)
			fail_msg("%s: %s", cases[i].request, answer);
	}
	assert_int_equal(f->messages, 0);
}

static void sha1_is_that_of_the_standard(void **state)
{
	static const struct {
		const char *text;
		uint8_t begin[4];
	} cases[] = {
		{ "", { 0xda, 0x39, 0xa3, 0xee } },
		{ "abc", { 0xa9, 0x99, 0x3e, 0x36 } },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  { 0x84, 0x98, 0x3e, 0x44 } },
	};
	uint8_t digest[SHA1_SIZE];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		sha1_short(cases[i].text, strlen(cases[i].text), digest);
		assert_memory_equal(digest, cases[i].begin, 4);
	}
}

static void sockets_count_as_streams(void **state)
{
	struct socket_fixture *f = *state;
	int first = open_socket(f), second = open_socket(f);
	AUTO_FREE char *refused = ask(&f->base, HANDSHAKE "Origin: http://tali.test\r\n\r\n");

	assert_int_equal(answer_status(refused), 503);
	assert_non_null(strstr(refused, "Retry-After: "));
	close(first);
	close(second);
}

/* --- frames */

static void messages_come_back(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	static char large[65536];

	send_frame(fd, 0x81, "hello", 5);
	expect_frame(fd, 0x81, "hello", 5);
	send_frame(fd, 0x82, "\0\xff", 2);
	expect_frame(fd, 0x82, "\0\xff", 2);
	send_frame(fd, 0x82, NULL, 0);
	expect_frame(fd, 0x82, NULL, 0);
	send_frame(fd, 0x82, large, 126);
	expect_frame(fd, 0x82, large, 126);
	send_frame(fd, 0x82, large, sizeof(large));
	expect_frame(fd, 0x82, large, sizeof(large));
	send_frame(fd, 0x89, "ping", 4);
	expect_frame(fd, 0x8a, "ping", 4);
	send_frame(fd, 0x8a, "whatever", 8);
	send_frame(fd, 0x88, "\x03\xe8", 2);
	expect_close(fd, 1000);
	expect_end(fd);
}

/* With a ping between the fragments, and all of it byte by byte. */
static void fragments_are_put_together(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	AUTO(buf_release) struct buf frames = BUF_INIT(1 << 16);

	add_frame(&frames, 0x01, "gr\xc3", 3);
	add_frame(&frames, 0x00, NULL, 0);
	add_frame(&frames, 0x89, "p", 1);
	add_frame(&frames, 0x80, "\xbc\xc3\x9f", 3);
	for (size_t i = 0; i < frames.len; i++)
		client_send(fd, frames.data + i, 1);
	expect_frame(fd, 0x8a, "p", 1);
	expect_frame(fd, 0x81, "gr\xc3\xbc\xc3\x9f", 6);
	assert_int_equal(f->messages, 1);
}

static void broken_frames_close_the_socket(void **state)
{
	static char large[65537];
	static const struct {
		const char *what;
		unsigned first;
		const char *data;
		size_t len;
		int code;
	} cases[] = {
		{ "a reserved bit", 0xc1, "a", 1, 1002 },
		{ "an opcode nobody knows", 0x83, "a", 1, 1002 },
		{ "a control opcode nobody knows", 0x8b, "a", 1, 1002 },
		{ "a ping in fragments", 0x09, "a", 1, 1002 },
		{ "a ping that is too long", 0x89, large, 126, 1002 },
		{ "a continuation of nothing", 0x80, "a", 1, 1002 },
		{ "text that is not UTF-8", 0x81, "\xff", 1, 1007 },
		{ "a message that is too long", 0x82, large, sizeof(large), 1009 },
		{ "a close code that is none", 0x88, "\x03\xed", 2, 1002 },
		{ "half a close code", 0x88, "\x03", 1, 1002 },
	};
	struct socket_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_FD int fd = open_socket(f);

		send_frame(fd, cases[i].first, cases[i].data, cases[i].len);
		expect_closed(fd, cases[i].code);
		assert_int_equal(f->messages, 0);
	}
}

static void raw_frame_closes(struct socket_fixture *f, const void *bytes, size_t len, int code)
{
	AUTO_FD int fd = open_socket(f);

	client_send(fd, bytes, len);
	expect_closed(fd, code);
	assert_int_equal(f->messages, 0);
}

static void frames_without_mask_close_the_socket(void **state)
{
	raw_frame_closes(*state, "\x81\x01" "a", 3, 1002);
}

/* Nothing is allocated for them: only the header is sent. */
static void gigabytes_are_refused_by_their_header(void **state)
{
	raw_frame_closes(*state, "\x82\xff\0\0\0\0\x7f\xff\0\0mask", 14, 1009);
	raw_frame_closes(*state, "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 14, 1009);
	raw_frame_closes(*state, "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffmask", 14, 1009);
}

static void lengths_have_one_form(void **state)
{
	raw_frame_closes(*state, "\x82\xfe\0\x05maskabcde", 13, 1002);
	raw_frame_closes(*state, "\x82\xff\0\0\0\0\0\0\0\x05maskabcde", 19, 1002);
}

static void fragments_have_a_sum(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	static char part[40000];

	send_frame(fd, 0x02, part, sizeof(part));
	send_frame(fd, 0x80, part, sizeof(part));
	expect_close(fd, 1009);
}

static void a_message_within_a_message_closes_the_socket(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);

	send_frame(fd, 0x01, "a", 1);
	send_frame(fd, 0x81, "b", 1);
	expect_close(fd, 1002);
}

/* 100 in a second are allowed; they may fall into two seconds, 400 into no more. */
static void a_flood_of_frames_closes_the_socket(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	AUTO(buf_release) struct buf frames = BUF_INIT(1 << 16), in = BUF_INIT(1 << 16);

	for (int i = 0; i < 400; i++)
		add_frame(&frames, 0x82, NULL, 0);
	client_send(fd, frames.data, frames.len);
	client_until(fd, &in, "\x88\x02\x03\xf0");
}

/* --- the end */

static void the_server_may_close(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);

	send_frame(fd, 0x81, "close", 5);
	expect_close(fd, 1000);
	send_frame(fd, 0x88, "\x03\xe8", 2);
	expect_end(fd);
}

static void a_draining_server_goes_away(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);

	send_frame(fd, 0x81, "a", 1);
	expect_frame(fd, 0x81, "a", 1);
	http_server_drain(f->base.server);
	expect_close(fd, 1001);
	send_frame(fd, 0x88, "\x03\xe9", 2);
	expect_end(fd);
}

static void a_slow_peer_has_its_queue_and_no_more(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	AUTO(buf_release) struct buf in = BUF_INIT(64 << 20);

	send_frame(fd, 0x81, "much", 4);
	send_frame(fd, 0x81, "after", 5);
	/* "after" is answered when there is room again, or not at all; the socket lives */
	while (in.len < 1 << 20)
		assert_true(client_more(fd, &in, FIXTURE_WAIT_MS) > 0);
	send_frame(fd, 0x88, "\x03\xe8", 2);
	while (client_more(fd, &in, FIXTURE_WAIT_MS) > 0)
		continue;
	assert_memory_equal(in.data + in.len - 4, "\x88\x02\x03\xe8", 4);
}

/* A laptop that was closed, a network that is gone: nothing comes, and nothing ever ends. */
static void a_peer_that_is_gone_is_noticed(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	AUTO_FREE char *rest = client_rest(fd);

	assert_memory_equal(rest, "\x89\0", 2);
	fixture_await_logged(&f->base, 1);
	assert_int_equal(f->closed, 1);
}

/* A ping comes each time that nothing was heard for a while. */
static void a_peer_that_answers_pings_stays(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	char byte = 0;

	for (int i = 0; i < 10; i++) {
		expect_frame(fd, 0x89, NULL, 0);
		send_frame(fd, 0x8a, NULL, 0);
	}
	send_frame(fd, 0x81, "a", 1);
	while (byte != 'a')	/* another ping may come before */
		assert_int_equal(recv(fd, &byte, 1, 0), 1);
}

struct sender {
	struct socket_fixture *f;
	char byte;
};

static void *send_many(void *arg)
{
	struct sender *sender = arg;
	char data[100];

	memset(data, sender->byte, sizeof(data));
	for (int i = 0; i < 500; i++)
		http_websocket_send(sender->f->socket, HTTP_WEBSOCKET_BINARY, data, sizeof(data));
	return NULL;
}

static void many_may_send_at_once(void **state)
{
	struct socket_fixture *f = *state;
	AUTO_FD int fd = open_socket(f);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	struct sender senders[4];
	pthread_t threads[4];

	send_frame(fd, 0x81, "a", 1);
	expect_frame(fd, 0x81, "a", 1);
	for (int i = 0; i < 4; i++) {
		senders[i] = (struct sender){ f, (char)('a' + i) };
		pthread_create(&threads[i], NULL, send_many, &senders[i]);
	}
	while (in.len < 4 * 500 * 102)
		assert_true(client_more(fd, &in, FIXTURE_WAIT_MS) > 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (size_t at = 0; at < in.len; at += 102) {
		assert_memory_equal(in.data + at, "\x82\x64", 2);
		assert_int_equal(in.data[at + 2], in.data[at + 101]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(handshakes_are_checked),
		cmocka_unit_test(sha1_is_that_of_the_standard),
		TEST(sockets_count_as_streams),
		TEST(messages_come_back),
		TEST(fragments_are_put_together),
		TEST(broken_frames_close_the_socket),
		TEST(frames_without_mask_close_the_socket),
		TEST(gigabytes_are_refused_by_their_header),
		TEST(lengths_have_one_form),
		TEST(fragments_have_a_sum),
		TEST(a_message_within_a_message_closes_the_socket),
		TEST(a_flood_of_frames_closes_the_socket),
		TEST(the_server_may_close),
		TEST(a_draining_server_goes_away),
		TEST(a_slow_peer_has_its_queue_and_no_more),
		TEST(many_may_send_at_once),
		cmocka_unit_test_setup_teardown(a_peer_that_is_gone_is_noticed, begin_impatient,
						end),
		cmocka_unit_test_setup_teardown(a_peer_that_answers_pings_stays, begin_with_pings,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
