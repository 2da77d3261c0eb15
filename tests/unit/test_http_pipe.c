/* test_http_pipe.c - answers written by another thread: chunks, room, silence, cuts, the client */
#include "http_fixture.h"

#include "http/http_pipe.h"

#define GET "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
#define BYTES_MOST 1000

struct pipe_fixture {
	struct server_fixture base;	/* its lock is for what is below too */
	struct http_pipe *pipe;
	unsigned served, rooms, gone;
	bool stop;
	int idle_ms;
};

static void count(struct pipe_fixture *f, unsigned *what)
{
	pthread_mutex_lock(&f->base.lock);
	(*what)++;
	pthread_cond_broadcast(&f->base.changed);
	pthread_mutex_unlock(&f->base.lock);
}

static void told_room(void *arg)
{
	struct pipe_fixture *f = arg;

	count(f, &f->rooms);
}

static void told_gone(void *arg)
{
	struct pipe_fixture *f = arg;

	count(f, &f->gone);
}

static void told_idle(void *arg)
{
	struct pipe_fixture *f = arg;

	http_pipe_add(f->pipe, "ping;", 5);
}

static const struct http_pipe_events events = { told_room, told_gone, told_idle };

static void pipe_handle(void *arg, struct http_request *request)
{
	struct pipe_fixture *f = arg;

	http_pipe_serve(request, f->pipe, f->idle_ms);
	count(f, &f->served);
}

static void await(struct pipe_fixture *f, const unsigned *what, unsigned wanted)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FIXTURE_WAIT_MS / 1000;
	pthread_mutex_lock(&f->base.lock);
	while (*what < wanted)
		assert_int_equal(pthread_cond_timedwait(&f->base.changed, &f->base.lock, &until),
				 0);
	pthread_mutex_unlock(&f->base.lock);
}

static int begin(void **state)
{
	struct pipe_fixture *f = buf_alloc(sizeof(*f));

	f->idle_ms = 60000;
	f->base.config.handle = pipe_handle;
	f->pipe = http_pipe_new(BYTES_MOST, &events, f);
	server_begin(&f->base);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct pipe_fixture *f = *state;

	server_end(&f->base);
	http_pipe_free(&f->pipe);
	free(f);
	return 0;
}

static void what_is_written_is_sent_as_it_comes(void **state)
{
	struct pipe_fixture *f = *state;
	struct buf in = BUF_INIT(1 << 20);
	int fd = client_open(&f->base);

	client_say(fd, GET);
	http_pipe_field(f->pipe, "X-Own", "1\r\n2");
	http_pipe_head(f->pipe, 201, "text/plain");
	http_pipe_flush(f->pipe);
	client_until(fd, &in, "\r\n\r\n");
	assert_non_null(strstr(in.data, "HTTP/1.1 201 Created\r\n"));
	assert_non_null(strstr(in.data, "X-Own: 1  2\r\n"));
	assert_non_null(strstr(in.data, "Transfer-Encoding: chunked\r\n"));
	assert_non_null(strstr(in.data, "X-Content-Type-Options: nosniff\r\n"));
	buf_clear(&in);
	assert_true(http_pipe_write(f->pipe, "o", 1));
	assert_true(http_pipe_write(f->pipe, "ne", 2));
	http_pipe_flush(f->pipe);
	client_until(fd, &in, "3\r\none\r\n");
	buf_clear(&in);
	assert_true(http_pipe_write(f->pipe, "2\0two", 5));
	http_pipe_end(f->pipe);
	client_until(fd, &in, "5\r\n2");
	client_until(fd, &in, "0\r\n\r\n");
	await(f, &f->served, 1);
	assert_int_equal(f->gone, 0);
	buf_release(&in);
	close(fd);
}

static void the_connection_is_kept_after_the_end(void **state)
{
	struct pipe_fixture *f = *state;
	struct buf in = BUF_INIT(1 << 20);
	int fd = client_open(&f->base);

	http_pipe_head(f->pipe, 200, "text/plain");
	http_pipe_write(f->pipe, "one", 3);
	http_pipe_end(f->pipe);
	client_say(fd, GET);
	client_until(fd, &in, "3\r\none\r\n0\r\n\r\n");
	client_say(fd, GET);
	await(f, &f->served, 2);
	buf_release(&in);
	close(fd);
}

static void a_cut_answer_has_no_end(void **state)
{
	struct pipe_fixture *f = *state;
	AUTO_FREE char *in = NULL;
	int fd = client_open(&f->base);

	http_pipe_head(f->pipe, 200, "text/plain");
	http_pipe_write(f->pipe, "one", 3);
	http_pipe_cut(f->pipe);
	client_say(fd, GET);
	in = client_rest(fd);
	assert_non_null(strstr(in, "3\r\none\r\n"));
	assert_null(strstr(in, "0\r\n\r\n"));
	close(fd);
}

static void an_older_client_gets_bytes_until_the_connection_ends(void **state)
{
	struct pipe_fixture *f = *state;
	AUTO_FREE char *in = NULL;
	int fd = client_open(&f->base);

	http_pipe_head(f->pipe, 200, "text/plain");
	http_pipe_write(f->pipe, "one", 3);
	http_pipe_end(f->pipe);
	client_say(fd, "GET /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
	in = client_rest(fd);
	assert_null(strstr(in, "chunked"));
	assert_non_null(strstr(in, "\r\n\r\none"));
	close(fd);
}

/* More than sockets hold: the writer is told to wait, and when to go on. */
static void a_slow_client_makes_the_writer_wait(void **state)
{
	struct pipe_fixture *f = *state;
	struct buf in = BUF_INIT(64 << 20);
	char piece[BYTES_MOST / 2] = { 0 };
	int fd = client_open(&f->base);
	unsigned rooms = 0, sent = 0;

	client_say(fd, GET);
	http_pipe_head(f->pipe, 200, "text/plain");
	while (sent < 40000) {
		if (http_pipe_write(f->pipe, piece, sizeof(piece))) {
			sent++;
			continue;
		}
		while (client_more(fd, &in, 0) > 0)
			continue;
		await(f, &f->rooms, ++rooms);
	}
	http_pipe_end(f->pipe);
	client_until(fd, &in, "\r\n0\r\n\r\n");
	assert_true(rooms > 0);
	assert_true(in.len > (size_t)sent * sizeof(piece));
	buf_release(&in);
	close(fd);
}

static void silence_is_filled(void **state)
{
	struct pipe_fixture *f = *state;
	struct buf in = BUF_INIT(1 << 20);
	int fd = client_open(&f->base);

	f->idle_ms = 20;
	client_say(fd, GET);
	http_pipe_head(f->pipe, 200, "text/plain");
	http_pipe_flush(f->pipe);
	client_until(fd, &in, "ping;\r\n5\r\nping;\r\n");
	http_pipe_end(f->pipe);
	client_until(fd, &in, "0\r\n\r\n");
	buf_release(&in);
	close(fd);
}

static void a_client_that_goes_away_is_told(void **state)
{
	struct pipe_fixture *f = *state;
	struct buf in = BUF_INIT(1 << 20);
	int fd = client_open(&f->base);

	client_say(fd, GET);
	http_pipe_head(f->pipe, 200, "text/plain");
	http_pipe_flush(f->pipe);
	client_until(fd, &in, "\r\n\r\n");
	close(fd);
	await(f, &f->gone, 1);
	await(f, &f->served, 1);
	assert_true(http_pipe_write(f->pipe, "dropped", 7));
	buf_release(&in);
}

static void one_that_goes_before_the_head_is_told_too(void **state)
{
	struct pipe_fixture *f = *state;
	int fd = client_open(&f->base);

	client_say(fd, GET);
	close(fd);
	await(f, &f->gone, 1);
}

static void an_end_without_a_head_is_an_error(void **state)
{
	struct pipe_fixture *f = *state;
	AUTO_FREE char *in = NULL;
	int fd = client_open(&f->base);

	http_pipe_end(f->pipe);
	client_say(fd, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	in = client_rest(fd);
	assert_memory_equal(in, "HTTP/1.1 500 ", 13);
	assert_int_equal(f->gone, 0);
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_sent_as_it_comes),
		TEST(the_connection_is_kept_after_the_end),
		TEST(a_cut_answer_has_no_end),
		TEST(an_older_client_gets_bytes_until_the_connection_ends),
		TEST(a_slow_client_makes_the_writer_wait),
		TEST(silence_is_filled),
		TEST(a_client_that_goes_away_is_told),
		TEST(one_that_goes_before_the_head_is_told_too),
		TEST(an_end_without_a_head_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
