/* test_http_server.c - time limits, bodies, the proxy, foreign writes, keeping, draining */
#include "http_fixture.h"

#include <sys/resource.h>
#include <sys/wait.h>

#define HOST "Host: tali.test\r\n"

static int begin_with(void **state, struct http_server_config config)
{
	struct server_fixture *f = buf_alloc(sizeof(*f));

	f->config = config;
	server_begin(f);
	*state = f;
	return 0;
}

static int begin(void **state)
{
	return begin_with(state, (struct http_server_config){ .behind_proxy = true });
}

static int begin_impatient(void **state)
{
	return begin_with(state, (struct http_server_config){ .head_ms = 300, .body_ms = 600,
							      .idle_ms = 300 });
}

static int end(void **state)
{
	server_end(*state);
	free(*state);
	return 0;
}

/* --- slow peers: each of these would last for ever without a limit */

struct dripper {
	int fd;
	const char *text;
	atomic_bool stop;
};

/* A byte every 20 ms, as long as the other side takes it. */
static void *drip(void *arg)
{
	struct dripper *dripper = arg;
	struct pollfd never = { .fd = -1 };

	for (const char *at = dripper->text; !atomic_load(&dripper->stop); at += at[1] != 0) {
		if (send(dripper->fd, at, 1, MSG_NOSIGNAL) < 0)
			break;
		poll(&never, 1, 20);
	}
	return NULL;
}

/* Drips the text (its last byte again and again), and gives what the server said until it closed.
 * */
static char *drip_until_closed(int fd, const char *text)
{
	struct dripper dripper = { .fd = fd, .text = text };
	pthread_t thread;
	char *answer;

	assert_int_equal(pthread_create(&thread, NULL, drip, &dripper), 0);
	answer = client_rest(fd);
	atomic_store(&dripper.stop, true);
	pthread_join(thread, NULL);
	return answer;
}

static void a_dribbled_head_ends(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *answer = drip_until_closed(fd, "GET /a HTTP/1.1\r\n" HOST "X: y");

	assert_int_equal(answer_status(answer), 408);
	assert_int_equal(fixture_handled(f), 0);
}

static void a_dribbled_body_ends(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *answer = NULL;

	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n");
	answer = drip_until_closed(fd, "a");
	assert_int_equal(answer_status(answer), 408);
}

static void a_body_that_stays_away_ends(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *answer = NULL;

	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
	answer = client_rest(fd);
	assert_int_equal(answer_status(answer), 408);
}

static void a_silent_connection_ends(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *answer = client_rest(fd);

	assert_string_equal(answer, "");
}

static void a_connection_waits_not_long_for_its_next_request(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *first = NULL, *rest = NULL;

	client_say(fd, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	first = client_answer(fd);
	rest = client_rest(fd);
	assert_non_null(strstr(first, "Connection: keep-alive"));
	assert_string_equal(rest, "");
}

static void a_body_that_is_cut_is_no_body(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *answer = ask(f,
				     "POST /a HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");

	assert_int_equal(answer_status(answer), 400);
	assert_non_null(strstr(answer, "ended too early"));
}

/* --- bodies */

static void a_large_body_comes_whole(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *body = malloc(1 << 20), *answer = NULL;

	memset(body, 'x', 1 << 20);
	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 1048576\r\n\r\n");
	client_send(fd, body, 1 << 20);
	answer = client_answer(fd);
	assert_non_null(strstr(answer, "\"body\":1048576"));
	assert_non_null(strstr(answer, "Connection: keep-alive"));
}

/* Nothing of it is read, and what it is answered arrives though the client goes on sending. */
static void a_body_beyond_its_limit_is_refused_at_once(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 16);
	static char some[100000];
	socklen_t len = sizeof(int);
	ssize_t got;
	int error;

	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 1000000000\r\n\r\n");
	client_send(fd, some, sizeof(some));
	client_until(fd, &in, "\"too_large\"");
	assert_int_equal(answer_status(in.data), 413);
	assert_non_null(strstr(in.data, "Connection: close"));
	/* and the connection ends in order: a reset could overtake the answer */
	while ((got = recv(fd, some, sizeof(some), 0)) > 0)
		continue;
	assert_int_equal(got, 0);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len), 0);
	assert_int_equal(error, 0);
}

static void a_body_in_chunks_comes_whole(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *chunk = malloc(400000), *answer = NULL, *rest = NULL;

	memset(chunk, 'x', 400000);
	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
		       "61A80\r\n");
	client_send(fd, chunk, 400000);
	client_say(fd, "\r\n0\r\n\r\nGET /behind HTTP/1.1\r\n" HOST "\r\n");
	answer = client_answer(fd);
	assert_non_null(strstr(answer, "\"body\":400003"));
	/* what stands behind is not taken for a request */
	assert_non_null(strstr(answer, "Connection: close"));
	rest = client_rest(fd);
	assert_string_equal(rest, "");
	assert_int_equal(fixture_handled(f), 1);
}

static void chunks_that_are_none_end_it(void **state)
{
	static const char *const bodies[] = { "3\r\nabcd\r\n0\r\n\r\n", "x\r\nabc\r\n0\r\n\r\n",
					      "-1\r\nabc\r\n0\r\n\r\n", "3\r\nab", "\r\n" };
	static const char head[] = "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
	struct server_fixture *f = *state;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		AUTO_FREE char *request = buf_format("%s%s", head, bodies[i]);
		AUTO_FREE char *answer = ask(f, request);

		if (answer_status(answer) != 400)
			fail_msg("%zu: %s", i, answer);
	}
}

static void chunks_beyond_the_limit_are_refused(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 16);
	static char some[1 << 20];

	client_say(fd, "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 3; i++) {
		client_say(fd, "100000\r\n");
		client_send(fd, some, sizeof(some));
		client_say(fd, "\r\n");
	}
	client_until(fd, &in, "\"too_large\"");
	assert_int_equal(answer_status(in.data), 413);
}

static void a_client_that_asks_before_it_sends_is_told(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 16);
	AUTO_FREE char *answer = NULL;

	client_say(fd,
		   "POST /a HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	client_until(fd, &in, "HTTP/1.1 100 Continue\r\n\r\n");
	client_say(fd, "abc");
	answer = client_answer(fd);
	assert_non_null(strstr(answer, "\"body\":3"));
}

/* --- who asks */

static void the_proxy_says_who_asks(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *last = ask(f, "GET /a HTTP/1.1\r\n" HOST "X-Forwarded-Proto: https\r\n"
				      "X-Forwarded-For: 9.9.9.9, 2001:db8::1\r\n\r\n");
	AUTO_FREE char *none = ask(f, "GET /a HTTP/1.1\r\n" HOST
				      "X-Forwarded-For: 9.9.9.9, me\r\n\r\n");

	assert_non_null(strstr(last, "\"peer\":\"2001:db8::1\",\"secure\":true"));
	assert_non_null(strstr(none, "\"peer\":\"127.0.0.1\",\"secure\":false"));
}

static void without_a_proxy_nobody_is_believed(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *answer = ask(f, "GET /a HTTP/1.1\r\n" HOST "X-Forwarded-Proto: https\r\n"
					"X-Forwarded-For: 9.9.9.9\r\n\r\n");

	assert_non_null(strstr(answer, "\"peer\":\"127.0.0.1\",\"secure\":false"));
}

static void writes_of_other_sites_are_refused(void **state)
{
	static const struct {
		const char *fields;
		int status;
	} cases[] = {
		{ "Sec-Fetch-Site: same-origin\r\nCookie: a=b\r\n", 200 },
		{ "Sec-Fetch-Site: same-origin\r\n", 200 },
		{ "Sec-Fetch-Site: none\r\n", 200 },
		{ "Sec-Fetch-Site: none\r\nCookie: a=b\r\n", 403 },
		{ "Sec-Fetch-Site: cross-site\r\nCookie: a=b\r\n", 403 },
		{ "Sec-Fetch-Site: cross-site\r\n", 403 },
		{ "Sec-Fetch-Site: same-site\r\nCookie: a=b\r\n", 403 },
		{ "Sec-Fetch-Site: cross-site\r\nOrigin: http://tali.test\r\nCookie: a=b\r\n",
		  403 },
		{ "Origin: http://tali.test\r\nCookie: a=b\r\n", 200 },
		{ "Origin: http://tali.test:80\r\nCookie: a=b\r\n", 403 },
		{ "Origin: https://tali.test\r\nCookie: a=b\r\n", 403 },
		{ "Origin: null\r\nCookie: a=b\r\n", 403 },
		{ "Origin: http://evil.test\r\n", 403 },
		{ "Cookie: a=b\r\n", 403 },
		{ "Cookie: a=b\r\nAuthorization: Bearer x\r\n", 403 },
		{ "Authorization: Bearer x\r\n", 200 },
		{ "", 200 },
		{ "X-Forwarded-Proto: https\r\nOrigin: https://tali.test\r\nCookie: a=b\r\n", 200 },
	};
	static const char *const methods[] = { "POST", "PUT", "DELETE", "PATCH" };
	struct server_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_FREE char *request = buf_format("%s /a HTTP/1.1\r\n" HOST "%s\r\n",
						     methods[i % 4], cases[i].fields);
		AUTO_FREE char *answer = ask(f, request);

		if (answer_status(answer) != cases[i].status)
			fail_msg("%s: %s", request, answer);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_FREE char *request = buf_format("GET /a HTTP/1.1\r\n" HOST "%s\r\n",
						     cases[i].fields);
		AUTO_FREE char *answer = ask(f, request);

		assert_int_equal(answer_status(answer), 200);
	}
}

static void the_log_says_what_was_refused(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *first = ask(f,
				    "GET /a HTTP/1.1\r\n" HOST "X-Forwarded-For: 1.2.3.4\r\n\r\n");
	AUTO_FREE char *second = NULL;

	fixture_await_logged(f, 1);
	assert_string_equal(f->last_path, "/a");
	assert_string_equal(f->last_peer, "1.2.3.4");
	assert_string_equal(f->last_refused, "");
	second = ask(f, "GET /a HTTP/1.1\r\n\r\n");
	fixture_await_logged(f, 2);
	assert_int_equal(f->last_status, 400);
	assert_string_not_equal(f->last_refused, "");
}

/* --- keeping and ending */

static void a_connection_is_kept_for_the_next_request(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);

	for (int i = 0; i < 100; i++) {
		AUTO_FREE char *answer = NULL;

		client_say(fd, "GET /a HTTP/1.1\r\n" HOST "\r\n");
		answer = client_answer(fd);
		assert_int_equal(answer_status(answer), 200);
	}
	assert_int_equal(fixture_handled(f), 100);
}

/* 8 streams and 64 more threads: when 40 are taken, the next ones are not kept. */
static void connections_are_not_kept_when_threads_run_short(void **state)
{
	struct server_fixture *f = *state;
	int kept[60];
	unsigned closed = 0;

	for (int i = 0; i < 60; i++) {
		AUTO_FREE char *answer = NULL;

		kept[i] = client_open(f);
		client_say(kept[i], "GET /a HTTP/1.1\r\n" HOST "\r\n");
		answer = client_answer(kept[i]);
		closed += strstr(answer, "Connection: close") != NULL;
	}
	assert_true(closed > 0);
	assert_true(closed < 60);
	for (int i = 0; i < 60; i++)
		close(kept[i]);
}

static void a_draining_server_takes_no_requests(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *answer = NULL;

	http_server_drain(f->server);
	answer = ask(f, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(answer_status(answer), 503);
	assert_non_null(strstr(answer, "Retry-After: "));
	assert_int_equal(fixture_handled(f), 0);
}

/* server_end, behind each test, would wait for ever if one of these held it up. */
static void a_server_ends_whatever_its_clients_do(void **state)
{
	struct server_fixture *f = *state;
	struct http_server_stats stats;
	int fds[12];

	for (int i = 0; i < 12; i++) {
		fds[i] = client_open(f);
		if (i % 3 == 1)
			client_say(fds[i], "GET /a HT");
		if (i % 3 == 2)
			client_say(fds[i],
				   "POST /a HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc");
	}
	do
		http_server_stats(f->server, &stats);
	while (stats.connections < 12);
	http_server_stop(&f->server, 0);
	for (int i = 0; i < 12; i++) {
		AUTO_FREE char *rest = client_rest(fds[i]);

		assert_int_not_equal(answer_status(rest), 200);
		close(fds[i]);
	}
}

static void answer_much(void *arg, struct http_request *request)
{
	size_t len = 64 << 20;

	fixture_count(arg);
	http_reply_take(request, 200, "text/plain", buf_alloc(len), len);
}

static int begin_much(void **state)
{
	return begin_with(state, (struct http_server_config){ .handle = answer_much });
}

/* Else the server would wait for minutes. */
static void a_client_that_takes_nothing_is_cut_off_at_the_end(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);

	client_say(fd, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	client_until(fd, &in, "\r\n\r\n");
	http_server_stop(&f->server, 0);
	assert_int_equal(f->handled, 1);
}

static void an_address_that_is_taken_is_an_error(void **state)
{
	struct server_fixture *f = *state;
	struct http_server_config config = f->config;
	char listen[32];
	struct err err = ERR_INIT;

	snprintf(listen, sizeof(listen), "127.0.0.1:%u", http_server_port(f->server));
	config.listen = listen;
	assert_null(http_server_start(&config, &err));
	assert_int_equal(err.code, ERR_ENV);
}

/* In a process of its own, whose memory ends before the stacks of all threads have a place. */
__attribute__((unused)) static void without_its_threads_it_does_not_start(void **state)
{
	struct http_server_config config = { .listen = "127.0.0.1:0", .streams_max = 20000,
					     .handle = echo_handle };
	struct rlimit memory = { 1 << 30, 1 << 30 };
	struct err err = ERR_INIT;
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_AS, &memory);
		if (http_server_start(&config, &err))
			_exit(1);
		_exit(err.code == ERR_ENV && strstr(err.text, "cannot start 20064 threads") ? 0
											    : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void addresses_are_checked(void **state)
{
	static const char *const wrong[] = { "", "8080", ":8080", "localhost:80", "127.0.0.1",
					     "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:80s",
					     "127.0.0.1:-1", "[::1]:80", "1.2.3:80", "80,443:1" };
	bool loopback;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct err err = ERR_INIT;

		if (http_server_address(wrong[i], &loopback, &err) == 0)
			fail_msg("%s was taken", wrong[i]);
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_int_equal(http_server_address("127.1.2.3:0", &loopback, NULL), 0);
	assert_true(loopback);
	assert_int_equal(http_server_address("0.0.0.0:8080", &loopback, NULL), 0);
	assert_false(loopback);
}

static int begin_alone(void **state)
{
	return begin_with(state, (struct http_server_config){ 0 });
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define SLOW(name) cmocka_unit_test_setup_teardown(name, begin_impatient, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SLOW(a_dribbled_head_ends),
		SLOW(a_dribbled_body_ends),
		SLOW(a_body_that_stays_away_ends),
		SLOW(a_silent_connection_ends),
		SLOW(a_connection_waits_not_long_for_its_next_request),
		TEST(a_body_that_is_cut_is_no_body),
		TEST(a_large_body_comes_whole),
		TEST(a_body_beyond_its_limit_is_refused_at_once),
		TEST(a_body_in_chunks_comes_whole),
		TEST(chunks_that_are_none_end_it),
		TEST(chunks_beyond_the_limit_are_refused),
		TEST(a_client_that_asks_before_it_sends_is_told),
		TEST(the_proxy_says_who_asks),
		cmocka_unit_test_setup_teardown(without_a_proxy_nobody_is_believed, begin_alone,
						end),
		TEST(writes_of_other_sites_are_refused),
		TEST(the_log_says_what_was_refused),
		TEST(a_connection_is_kept_for_the_next_request),
		TEST(connections_are_not_kept_when_threads_run_short),
		TEST(a_draining_server_takes_no_requests),
		TEST(a_server_ends_whatever_its_clients_do),
		cmocka_unit_test_setup_teardown(a_client_that_takes_nothing_is_cut_off_at_the_end,
						begin_much, end),
		TEST(an_address_that_is_taken_is_an_error),
		cmocka_unit_test(addresses_are_checked),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
		/* these take more memory than that */
		cmocka_unit_test(without_its_threads_it_does_not_start),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
