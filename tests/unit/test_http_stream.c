/* test_http_stream.c - events to one client: order, heartbeats, slow readers, too many, the end */
#include "http_fixture.h"

#include "http/http_mailbox.h"
#include "http/http_stream.h"

#define GET_STREAM "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
#define GET_OF_ONE "GET /stream HTTP/1.1\r\nHost: a\r\nX-Whose: 1\r\n\r\n"
#define BOXES 8

struct stream_fixture {
	struct server_fixture base;	/* its lock is for what is below too */
	struct http_mailbox *boxes[BOXES];
	unsigned begun, ended;
	int heartbeat_ms;
	size_t bytes_most;
};

static void stream_handle(void *arg, struct http_request *request)
{
	struct stream_fixture *f = arg;
	struct http_mailbox *box = http_mailbox_new(f->bytes_most);
	unsigned slot;

	http_request_set_whose(request, http_request_header(request, "X-Whose") ? 1 : 0);
	pthread_mutex_lock(&f->base.lock);
	slot = f->begun++;
	if (slot < BOXES)
		f->boxes[slot] = box;
	pthread_cond_broadcast(&f->base.changed);
	pthread_mutex_unlock(&f->base.lock);
	http_stream_serve(request, box, f->heartbeat_ms);
	pthread_mutex_lock(&f->base.lock);
	if (slot < BOXES)
		f->boxes[slot] = NULL;
	f->ended++;
	pthread_cond_broadcast(&f->base.changed);
	pthread_mutex_unlock(&f->base.lock);
	http_mailbox_free(&box);
}

static void await(struct stream_fixture *f, const unsigned *count, unsigned wanted)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FIXTURE_WAIT_MS / 1000;
	pthread_mutex_lock(&f->base.lock);
	while (*count < wanted)
		assert_int_equal(pthread_cond_timedwait(&f->base.changed, &f->base.lock, &until),
				 0);
	pthread_mutex_unlock(&f->base.lock);
}

static void post(struct stream_fixture *f, unsigned slot, const char *event, const char *json)
{
	pthread_mutex_lock(&f->base.lock);
	assert_non_null(f->boxes[slot]);
	http_mailbox_post(f->boxes[slot], event, json);
	pthread_mutex_unlock(&f->base.lock);
}

/* A client whose head has come. */
static int open_stream_by(struct stream_fixture *f, const char *head, struct buf *in)
{
	int fd = client_open(&f->base);
	unsigned begun;

	pthread_mutex_lock(&f->base.lock);
	begun = f->begun;
	pthread_mutex_unlock(&f->base.lock);
	buf_clear(in);
	client_say(fd, head);
	client_until(fd, in, "\r\n\r\n");
	await(f, &f->begun, begun + 1);
	return fd;
}

static int open_stream(struct stream_fixture *f, struct buf *in)
{
	return open_stream_by(f, GET_STREAM, in);
}

static int begin_with(void **state, int64_t take_ms, unsigned streams_max)
{
	struct stream_fixture *f = buf_alloc(sizeof(*f));

	f->heartbeat_ms = 60000;
	f->bytes_most = 1 << 16;
	f->base.config.handle = stream_handle;
	f->base.config.streams_max = streams_max;
	f->base.config.take_ms = take_ms;
	server_begin(&f->base);
	*state = f;
	return 0;
}

static int begin(void **state)
{
	return begin_with(state, 0, BOXES);
}

static int begin_large(void **state)
{
	return begin_with(state, 0, HTTP_SERVER_STREAMS_EACH + 1);
}

static int begin_with_heartbeats(void **state)
{
	begin(state);
	((struct stream_fixture *)*state)->heartbeat_ms = 30;
	return 0;
}

static int begin_impatient(void **state)
{
	return begin_with(state, 50, BOXES);
}

static int end(void **state)
{
	struct stream_fixture *f = *state;

	server_end(&f->base);
	assert_int_equal(f->begun, f->ended);
	free(f);
	return 0;
}

static void events_come_in_order(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FD int fd = open_stream(f, &in);

	assert_non_null(strstr(in.data, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(in.data, "X-Accel-Buffering: no\r\n"));
	assert_non_null(strstr(in.data, "Cache-Control: no-store\r\n"));
	buf_clear(&in);
	post(f, 0, "state", "{\"a\":1}");
	client_until(fd, &in, "event: state\ndata: {\"a\":1}\n\n");
	buf_clear(&in);
	for (int i = 0; i < 1000; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		post(f, 0, "n", text);
	}
	client_until(fd, &in, "data: 999\n\n");
	for (int i = 0; i < 1000; i++) {
		char text[40];

		snprintf(text, sizeof(text), "event: n\ndata: %d\n\n", i);
		assert_non_null(strstr(in.data, text));
	}
}

static void a_line_break_begins_no_event(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FD int fd = open_stream(f, &in);

	post(f, 0, "text", "a\n\nevent: forged\r\rdata: b\r\nc");
	client_until(fd, &in, "event: text\ndata: a\ndata: \ndata: event: forged\ndata: \n"
			      "data: data: b\ndata: c\n\n");
}

static void heartbeats_come_when_nothing_else_does(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FD int fd = open_stream(f, &in);

	client_until(fd, &in, ":\n\n:\n\n:\n\n");
}

static void a_closed_box_ends_its_stream_after_what_is_in_it(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FD int fd = open_stream(f, &in);
	AUTO_FREE char *rest = NULL;

	pthread_mutex_lock(&f->base.lock);
	http_mailbox_post(f->boxes[0], "last", "1");
	http_mailbox_close(f->boxes[0]);
	http_mailbox_close(f->boxes[0]);
	http_mailbox_post(f->boxes[0], "late", "2");
	pthread_mutex_unlock(&f->base.lock);
	rest = client_rest(fd);
	buf_add_str(&in, rest);
	assert_non_null(strstr(in.data, "event: last\ndata: 1\n\n"));
	assert_null(strstr(in.data, "late"));
	await(f, &f->ended, 1);
}

/* Without an event, and long before a heartbeat. */
static void a_peer_that_goes_away_ends_its_stream(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd = open_stream(f, &in);

	close(fd);
	await(f, &f->ended, 1);
	fd = open_stream(f, &in);
	shutdown(fd, SHUT_WR);
	await(f, &f->ended, 2);
	close(fd);
}

static void streams_beyond_the_most_are_told_to_come_later(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fds[BOXES];
	AUTO_FREE char *refused = NULL;
	struct http_server_stats stats;

	for (int i = 0; i < BOXES; i++)
		fds[i] = open_stream(f, &in);
	refused = ask(&f->base, GET_STREAM);
	assert_int_equal(answer_status(refused), 503);
	assert_non_null(strstr(refused, "Retry-After: "));
	http_server_stats(f->base.server, &stats);
	assert_int_equal(stats.streams, BOXES);
	close(fds[0]);
	await(f, &f->ended, 2);
	fds[0] = open_stream(f, &in);
	for (int i = 0; i < BOXES; i++)
		close(fds[i]);
}

static void nobody_has_all_streams(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FREE char *refused = NULL;
	int fds[HTTP_SERVER_STREAMS_EACH];

	for (int i = 0; i < HTTP_SERVER_STREAMS_EACH; i++)
		fds[i] = open_stream_by(f, GET_OF_ONE, &in);
	refused = ask(&f->base, GET_OF_ONE);
	assert_int_equal(answer_status(refused), 503);
	close(open_stream(f, &in));
	close(fds[0]);
	await(f, &f->ended, 3);
	fds[0] = open_stream_by(f, GET_OF_ONE, &in);
	for (int i = 0; i < HTTP_SERVER_STREAMS_EACH; i++)
		close(fds[i]);
}

/* The box is small, and the client reads only when all was posted. */
static void a_slow_reader_is_told_to_begin_anew(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(64 << 20);
	AUTO_FD int fd = open_stream(f, &in);
	AUTO_FREE char *much = malloc(60001);

	memset(much, 'x', 60000);
	much[60000] = '\0';
	for (int i = 0; i < 400; i++)
		post(f, 0, "much", much);
	client_until(fd, &in, "event: reset\ndata: {}\n\n");
	/* what is posted while it is not read yet is dropped as well, and told once more */
	for (const char *again = NULL; !again; again = strstr(in.data, "event: again\ndata: 1\n")) {
		buf_clear(&in);
		post(f, 0, "again", "1");
		while (in.len < 20 || strcmp(in.data + in.len - 2, "\n\n") != 0)
			assert_true(client_more(fd, &in, FIXTURE_WAIT_MS) > 0);
	}
}

/* What does not fit into the buffers of the two ends waits, and not for ever. */
static void a_client_that_never_reads_is_let_go(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(64 << 20);
	AUTO_FD int fd = open_stream(f, &in);
	AUTO_FREE char *much = malloc(60001);
	bool gone = false;

	memset(much, 'x', 60000);
	much[60000] = '\0';
	while (!gone) {
		pthread_mutex_lock(&f->base.lock);
		gone = f->ended == 1;
		if (f->boxes[0])
			http_mailbox_post(f->boxes[0], "much", much);
		pthread_mutex_unlock(&f->base.lock);
	}
	fixture_await_logged(&f->base, 1);
}

static void a_mailbox_keeps_its_bytes(void **state)
{
	struct http_mailbox *box = http_mailbox_new(64);
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);

	(void)state;
	http_mailbox_post(box, "a", "1");
	http_mailbox_post(box, "b", "0123456789012345678901234567890123456789012345678901234567");
	http_mailbox_post(box, "c", "3");
	assert_true(http_mailbox_take(box, &out));
	assert_string_equal(buf_str(&out), "event: reset\ndata: {}\n\n");
	http_mailbox_post(box, "d", "4");
	assert_true(http_mailbox_take(box, &out));
	assert_string_equal(buf_str(&out), "event: d\ndata: 4\n\n");
	http_mailbox_close(box);
	assert_false(http_mailbox_take(box, &out));
	http_mailbox_free(&box);
}

static void a_server_that_ends_says_bye(void **state)
{
	struct stream_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	AUTO_FD int fd = open_stream(f, &in);
	AUTO_FREE char *rest = NULL;

	post(f, 0, "before", "1");
	http_server_drain(f->base.server);
	rest = client_rest(fd);
	buf_add_str(&in, rest);
	assert_non_null(strstr(in.data, "event: before\ndata: 1\n\n"));
	assert_non_null(strstr(in.data, "event: bye\ndata: {\"retry_ms\":"));
}

struct poster {
	struct stream_fixture *f;
	unsigned slot, thread;
};

static void *post_many(void *arg)
{
	struct poster *poster = arg;

	for (int i = 0; i < 300; i++) {
		char text[32];

		snprintf(text, sizeof(text), "[%u,%d]", poster->thread, i);
		post(poster->f, poster->slot, "p", text);
	}
	return NULL;
}

/* Four threads to each of four streams. */
static void many_may_post_at_once(void **state)
{
	struct stream_fixture *f = *state;
	struct poster posters[16];
	pthread_t threads[16];
	struct buf in[4];
	int fds[4];

	for (unsigned i = 0; i < 4; i++) {
		in[i] = (struct buf)BUF_INIT(1 << 20);
		fds[i] = open_stream(f, &in[i]);
	}
	for (unsigned i = 0; i < 16; i++) {
		posters[i] = (struct poster){ f, i % 4, i / 4 };
		pthread_create(&threads[i], NULL, post_many, &posters[i]);
	}
	for (unsigned i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < 4; i++) {
		post(f, i, "end", "1");
		client_until(fds[i], &in[i], "event: end\n");
		for (unsigned thread = 0; thread < 4; thread++) {
			char text[32];

			snprintf(text, sizeof(text), "[%u,299]", thread);
			assert_non_null(strstr(in[i].data, text));
		}
		close(fds[i]);
		buf_release(&in[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(events_come_in_order),
		TEST(a_line_break_begins_no_event),
		cmocka_unit_test_setup_teardown(heartbeats_come_when_nothing_else_does,
						begin_with_heartbeats, end),
		TEST(a_closed_box_ends_its_stream_after_what_is_in_it),
		TEST(a_peer_that_goes_away_ends_its_stream),
		TEST(streams_beyond_the_most_are_told_to_come_later),
		cmocka_unit_test_setup_teardown(nobody_has_all_streams, begin_large, end),
		TEST(a_slow_reader_is_told_to_begin_anew),
		cmocka_unit_test_setup_teardown(a_client_that_never_reads_is_let_go,
						begin_impatient, end),
		cmocka_unit_test(a_mailbox_keeps_its_bytes),
		TEST(a_server_that_ends_says_bye),
		TEST(many_may_post_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
