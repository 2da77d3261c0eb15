/* test_route.c - routes are found, authorized, run where they say, and counted */
#include "http_fixture.h"

#include "web/log.h"
#include "web/metrics.h"
#include "web/route.h"

#define HOST "Host: a\r\n"

struct route_fixture {
	struct server_fixture base;
	struct router *router;
	pthread_mutex_t lock;		/* of all below */
	unsigned authorized, forgotten, ended;
};

static void *begin_context(void *arg, struct err *err)
{
	(void)err;
	return arg;
}

static void end_context(void *arg, void *context)
{
	(void)arg, (void)context;
}

static void say(struct route_call *call)
{
	http_reply_json(call->request, 200,
			json_pack("{s:s, s:s, s:b}", "route", call->route->pattern, "rest",
				  call->rest, "worker", call->context != NULL));
}

static void take_body(struct route_call *call)
{
	AUTO(buf_release) struct buf body = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	if (http_request_body(call->request, 1 << 20, &body, &err) < 0)
		http_reply_err(call->request, &err);
	else
		http_reply(call->request, 200, "text/plain", body.data, body.len);
}

static void stream_ended(struct route_call *call)
{
	struct route_fixture *f = call->ended_arg;

	pthread_mutex_lock(&f->lock);
	f->ended++;
	pthread_mutex_unlock(&f->lock);
	http_mailbox_free(&call->stream.box);
}

static void open_stream(struct route_call *call)
{
	assert_non_null(call->context);
	call->stream.box = http_mailbox_new(1000);
	http_mailbox_post(call->stream.box, "hello", "1");
	http_mailbox_close(call->stream.box);
	call->ended = stream_ended;
	call->ended_arg = call->arg;
}

static void answer_nothing(struct route_call *call)
{
	(void)call;
}

static void fail_inside(struct route_call *call)
{
	struct err err = ERR_INIT;

	err_set(&err, ERR_ENV, "cannot open /secret/path");
	http_reply_err(call->request, &err);
}

static void say_much(struct route_call *call)
{
	size_t len = 16 << 20;

	http_reply_take(call->request, 200, "text/plain", buf_alloc(len), len);
}

static void send_file(struct route_call *call)
{
	call->file.data = tmpfile();
	assert_non_null(call->file.data);
	assert_int_equal(ftruncate(fileno(call->file.data), 15 << 20), 0);
	call->file.type = "text/plain";
}

static uint64_t whose(struct http_request *request)
{
	return http_request_header(request, "X-Whose") ? 1 : 0;
}

static const struct route first_table[] = {
	{ HTTP_GET, "/quick", ROUTE_QUICK, ROUTE_ANYBODY, say, 0 },
	{ HTTP_GET, "/worker", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 },
	{ HTTP_POST, "/worker", ROUTE_WORKER, ROUTE_ANYBODY, take_body, 100 },
	{ HTTP_GET, "/files/*", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 },
	{ HTTP_GET, "/files/deep/*", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 },
	{ HTTP_PUT, "/files/deep/*", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 },
	{ HTTP_GET, "/files/one", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 },
	{ 0 }
};
static const struct route second_table[] = {
	{ HTTP_GET, "/mine", ROUTE_WORKER, ROUTE_CANDIDATE, say, 0 },
	{ HTTP_GET, "/local", ROUTE_QUICK, ROUTE_LOCAL, say, 0 },
	{ HTTP_GET, "/stream", ROUTE_STREAM, ROUTE_CANDIDATE, open_stream, 0 },
	{ HTTP_GET, "/much", ROUTE_WORKER, ROUTE_ANYBODY, say_much, 0 },
	{ HTTP_GET, "/file", ROUTE_WORKER, ROUTE_ANYBODY, send_file, 0 },
	{ HTTP_GET, "/nothing", ROUTE_WORKER, ROUTE_ANYBODY, answer_nothing, 0 },
	{ HTTP_GET, "/inside", ROUTE_WORKER, ROUTE_ANYBODY, fail_inside, 0 },
	{ 0 }
};
static const struct route *const tables[] = { first_table, second_table, NULL };

static bool authorize(struct route_call *call)
{
	struct route_fixture *f = call->arg;
	const char *token = http_request_bearer(call->request);

	if (!token || strcmp(token, "right") != 0) {
		http_reply_error(call->request, 401, "who", "who are you?", NULL);
		return false;
	}
	pthread_mutex_lock(&f->lock);
	f->authorized++;
	pthread_mutex_unlock(&f->lock);
	return true;
}

static void forget(struct route_call *call)
{
	struct route_fixture *f = call->arg;

	pthread_mutex_lock(&f->lock);
	f->forgotten++;
	pthread_mutex_unlock(&f->lock);
}

static void answer(void *arg, struct http_request *request)
{
	struct route_fixture *f = arg;

	route_answer(f->router, request);
}

static void begin_pool(struct route_config *config)
{
	struct worker_config workers = { .threads = 2, .queue_most = 10, .begin = begin_context,
					 .end = end_context, .arg = config };
	struct err err = ERR_INIT;

	config->workers = worker_start(&workers, &err);
	assert_non_null(config->workers);
}

static struct worker_pool *pool;

static int begin(void **state)
{
	struct route_fixture *f = buf_alloc(sizeof(*f));
	struct route_config config = { .tables = tables, .authorize = authorize, .forget = forget,
				       .whose = whose, .arg = f };
	struct err err = ERR_INIT;

	pthread_mutex_init(&f->lock, NULL);
	begin_pool(&config);
	pool = config.workers;
	f->router = route_open(&config, &err);
	assert_non_null(f->router);
	f->base.config.handle = answer;
	server_begin(&f->base);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct route_fixture *f = *state;

	server_end(&f->base);
	worker_stop(&pool);
	route_close(&f->router);
	assert_int_equal(f->authorized, f->forgotten);
	free(f);
	return 0;
}

static void the_longest_pattern_wins(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *text;
	} cases[] = {
		{ "/quick", 200, "{\"route\":\"/quick\",\"rest\":\"\",\"worker\":false}" },
		{ "/worker", 200, "\"worker\":true" },
		{ "/files/a/b", 200, "{\"route\":\"/files/*\",\"rest\":\"a/b\",\"worker\":true}" },
		{ "/files/deep/x", 200, "{\"route\":\"/files/deep/*\",\"rest\":\"x\"" },
		{ "/files/one", 200, "{\"route\":\"/files/one\",\"rest\":\"\"" },
		{ "/files/", 404, "not_found" }, { "/files", 404, "" }, { "/", 404, "" },
		{ "/quick/", 404, "" }, { "/Quick", 404, "" }, { "/quickly", 404, "" },
		{ "/files/deep/", 200, "{\"route\":\"/files/*\",\"rest\":\"deep/\"" },
	};
	struct route_fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_FREE char *request = buf_format("GET %s HTTP/1.1\r\n" HOST "\r\n",
						     cases[i].path);
		AUTO_FREE char *got = ask(&f->base, request);

		if (answer_status(got) != cases[i].status || !strstr(got, cases[i].text))
			fail_msg("%s: %s", cases[i].path, got);
	}
}

static void other_methods_are_named(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *put = ask(&f->base, "PUT /worker HTTP/1.1\r\n" HOST "\r\n");
	AUTO_FREE char *stream = ask(&f->base, "HEAD /stream HTTP/1.1\r\n" HOST "\r\n");
	AUTO_FREE char *options = ask(&f->base,
				      "OPTIONS /quick HTTP/1.1\r\n" HOST "Origin: http://b\r\n"
				      "Access-Control-Request-Method: POST\r\n\r\n");

	assert_int_equal(answer_status(put), 405);
	assert_non_null(strstr(put, "Allow: GET, HEAD, POST\r\n"));
	assert_int_equal(answer_status(stream), 405);
	assert_non_null(strstr(stream, "Allow: GET\r\n"));
	assert_int_equal(answer_status(options), 405);
	assert_null(strstr(options, "Access-Control"));
}

static void HEAD_is_GET_without_its_body(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *head = ask(&f->base, "HEAD /worker HTTP/1.1\r\n" HOST "\r\n");

	assert_int_equal(answer_status(head), 200);
	assert_non_null(strstr(head, "Content-Length: 43\r\n"));
	assert_string_equal(strstr(head, "\r\n\r\n"), "\r\n\r\n");
}

static void bodies_are_read_up_to_what_the_route_takes(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *most = buf_format("POST /worker HTTP/1.1\r\n" HOST
					  "Content-Length: 100\r\n\r\n%0100d", 0);
	AUTO_FREE char *more = buf_format("POST /worker HTTP/1.1\r\n" HOST
					  "Content-Length: 101\r\n\r\n%0101d", 0);
	AUTO_FREE char *first = ask(&f->base, most), *second = ask(&f->base, more);

	assert_int_equal(answer_status(first), 200);
	assert_non_null(strstr(first, "Content-Length: 100\r\n"));
	assert_int_equal(answer_status(second), 413);
}

static void who_is_not_let_in_comes_to_no_handler(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *nobody = ask(&f->base, "GET /mine HTTP/1.1\r\n" HOST "\r\n");
	AUTO_FREE char *wrong = ask(&f->base, "GET /mine HTTP/1.1\r\n" HOST
					      "Authorization: Bearer wrong\r\n\r\n");
	AUTO_FREE char *right = ask(&f->base, "GET /mine HTTP/1.1\r\n" HOST
					      "Authorization: Bearer right\r\n\r\n");
	AUTO_FREE char *local = ask(&f->base, "GET /local HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
	AUTO_FREE char *rebound = ask(&f->base, "GET /local HTTP/1.1\r\nHost: a.test:1\r\n\r\n");
	AUTO_FREE char *forwarded = ask(&f->base, "GET /local HTTP/1.1\r\nHost: localhost\r\n"
						  "X-Forwarded-For: 1.2.3.4\r\n\r\n");

	assert_int_equal(answer_status(nobody), 401);
	assert_int_equal(answer_status(wrong), 401);
	assert_int_equal(answer_status(right), 200);
	assert_int_equal(answer_status(local), 200);
	assert_int_equal(answer_status(rebound), 404);
	assert_int_equal(answer_status(forwarded), 404);
	assert_int_equal(f->authorized, 1);
}

static void a_stream_is_opened_by_a_worker(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *refused = ask(&f->base, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	AUTO_FD int fd = client_open(&f->base);
	AUTO_FREE char *stream = NULL;

	client_say(fd, "GET /stream HTTP/1.1\r\n" HOST "Authorization: Bearer right\r\n\r\n");
	stream = client_rest(fd);
	assert_int_equal(answer_status(refused), 401);
	assert_int_equal(answer_status(stream), 200);
	assert_non_null(strstr(stream, "event: hello\ndata: 1\n\n"));
	fixture_await_logged(&f->base, 2);
	assert_int_equal(f->ended, 1);
}

/* A client that reads no more than the head. */
static int begin_to_read(struct route_fixture *f, const char *request)
{
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 16);
	int fd = client_open(&f->base);

	client_say(fd, request);
	client_until(fd, &in, "\r\n\r\n");
	return fd;
}

/* There are two workers. */
static void a_client_that_takes_nothing_holds_no_worker(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *got = NULL;
	int fds[6];

	for (int i = 0; i < 6; i++)
		fds[i] = begin_to_read(f, i % 2 ? "GET /file HTTP/1.1\r\n" HOST "\r\n" :
						  "GET /much HTTP/1.1\r\n" HOST "\r\n");
	got = ask(&f->base, "GET /worker HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(answer_status(got), 200);
	for (int i = 0; i < 6; i++)
		close(fds[i]);
}

static void a_file_comes_whole_and_few_at_a_time(void **state)
{
	static const char request[] = "GET /file HTTP/1.1\r\n" HOST "X-Whose: 1\r\n\r\n";
	struct route_fixture *f = *state;
	AUTO_FREE char *whole = ask(&f->base, request);
	AUTO_FREE char *refused = NULL;
	int fds[HTTP_SERVER_FILES_EACH];

	assert_non_null(strstr(whole, "Content-Length: 15728640\r\n"));
	fixture_await_logged(&f->base, 1);
	for (int i = 0; i < HTTP_SERVER_FILES_EACH; i++)
		fds[i] = begin_to_read(f, request);
	refused = ask(&f->base, request);
	assert_int_equal(answer_status(refused), 503);
	assert_non_null(strstr(refused, "Retry-After: "));
	for (int i = 0; i < HTTP_SERVER_FILES_EACH; i++)
		close(fds[i]);
}

static void what_went_wrong_inside_stays_inside(void **state)
{
	struct route_fixture *f = *state;
	AUTO_FREE char *nothing = ask(&f->base, "GET /nothing HTTP/1.1\r\n" HOST "\r\n");
	AUTO_FREE char *inside = ask(&f->base, "GET /inside HTTP/1.1\r\n" HOST "\r\n");

	assert_int_equal(answer_status(nothing), 500);
	assert_int_equal(answer_status(inside), 503);
	assert_non_null(strstr(inside, "Retry-After: "));
	assert_null(strstr(inside, "secret"));
}

static void tables_without_authorization_are_refused(void **state)
{
	static const struct route wrong[][3] = {
		{ { HTTP_GET, "/a", ROUTE_QUICK, (enum route_who)0, say, 0 }, { 0 } },
		{ { HTTP_GET, "/a", (enum route_place)0, ROUTE_ANYBODY, say, 0 }, { 0 } },
		{ { HTTP_GET, "/a", ROUTE_QUICK, ROUTE_ANYBODY, NULL, 0 }, { 0 } },
		{ { HTTP_GET, "a", ROUTE_QUICK, ROUTE_ANYBODY, say, 0 }, { 0 } },
		{ { HTTP_GET, "/a*", ROUTE_QUICK, ROUTE_ANYBODY, say, 0 }, { 0 } },
		{ { HTTP_GET, "/*/a", ROUTE_QUICK, ROUTE_ANYBODY, say, 0 }, { 0 } },
		{ { HTTP_GET, "/a", ROUTE_QUICK, ROUTE_ANYBODY, say, 0 },
		  { HTTP_GET, "/a", ROUTE_WORKER, ROUTE_ANYBODY, say, 0 }, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const struct route *const list[] = { wrong[i], NULL };
		struct route_config config = { .tables = list };
		struct err err = ERR_INIT;

		assert_null(route_open(&config, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
}

/* --- log and metrics */

static char *logged(enum log_format format, const struct http_log *line)
{
	static const struct clock clock = { .fixed_ms = 1764151200123 };
	struct log log = { .format = format, .clock = &clock };
	struct buf text = BUF_INIT(1 << 16);
	int ends[2];
	char data[4096];
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	log.fd = ends[1];
	log_request(&log, line);
	close(ends[1]);
	while ((got = read(ends[0], data, sizeof(data))) > 0)
		buf_add(&text, data, (size_t)got);
	close(ends[0]);
	return buf_take(&text);
}

static void a_line_of_the_log_holds_no_secret(void **state)
{
	static const struct http_log line = {
		.method = "GET", .path = "/t/0123456789", .route = "/t/*", .peer = "1.2.3.4",
		.status = 303, .bytes_out = 5, .duration_us = 1234,
	};
	static const struct http_log odd = { .method = "GET", .path = "/\"\x7f\xff", .peer = "::1",
					     .refused = "why", .status = 400 };
	AUTO_FREE char *json = logged(LOG_JSON, &line), *text = logged(LOG_TEXT, &line);
	AUTO_FREE char *none = logged(LOG_NONE, &line), *escaped = logged(LOG_JSON, &odd);

	(void)state;
	assert_string_equal(json, "{\"time\":\"2025-11-26T10:00:00.123Z\",\"event\":\"request\","
				  "\"method\":\"GET\",\"path\":\"/t/...\",\"route\":\"/t/*\","
				  "\"status\":303,\"ms\":1.234,\"in\":0,\"out\":5,"
				  "\"peer\":\"1.2.3.4\"}\n");
	assert_string_equal(text, "2025-11-26T10:00:00.123Z 1.2.3.4 303 GET \"/t/...\" 1.234ms\n");
	assert_string_equal(none, "");
	assert_non_null(strstr(escaped, "\"path\":\"/\\\"\\u007f\\ufffd\""));
	assert_non_null(strstr(escaped, "\"refused\":\"why\"}\n"));
}

static void requests_are_counted_by_route_and_status(void **state)
{
	struct metrics *metrics = metrics_new();
	struct http_log line = {
		.method = "GET", .route = "/a", .status = 200, .duration_us = 700
	};
	struct http_server_stats http = { .streams = 3 };
	struct worker_stats workers = { .busy = 2 };
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);

	(void)state;
	metrics_count(metrics, &line);
	line.duration_us = 99000000;
	metrics_count(metrics, &line);
	line.status = 404;
	line.stream = true;
	metrics_count(metrics, &line);
	line.route = NULL;
	metrics_count(metrics, &line);
	for (int status = 500; status < 600; status++) {
		line.status = status;
		metrics_count(metrics, &line);
	}
	metrics_write(metrics, &http, &workers, &text);
	assert_non_null(strstr(text.data, "tali_requests_total{route=\"/a\",method=\"GET\","
					  "status=\"200\"} 2\n"));
	assert_non_null(strstr(text.data, "route=\"/a\",method=\"GET\",status=\"404\"} 1\n"));
	assert_non_null(strstr(text.data, "route=\"\",method=\"GET\",status=\"404\"} 1\n"));
	assert_non_null(strstr(text.data, "{route=\"/a\",method=\"GET\",le=\"0.0005\"} 0\n"));
	assert_non_null(strstr(text.data, "{route=\"/a\",method=\"GET\",le=\"0.001\"} 1\n"));
	assert_non_null(strstr(text.data, "{route=\"/a\",method=\"GET\",le=\"5\"} 1\n"));
	assert_non_null(strstr(text.data, "{route=\"/a\",method=\"GET\",le=\"+Inf\"} 2\n"));
	assert_non_null(
		strstr(text.data, "tali_request_seconds_count{route=\"/a\",method=\"GET\"} 2\n"));
	assert_non_null(strstr(text.data, "\ntali_streams 3\n"));
	assert_non_null(strstr(text.data, "\ntali_workers_busy 2\n"));
	metrics_free(&metrics);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_longest_pattern_wins),
		TEST(other_methods_are_named),
		TEST(HEAD_is_GET_without_its_body),
		TEST(bodies_are_read_up_to_what_the_route_takes),
		TEST(who_is_not_let_in_comes_to_no_handler),
		TEST(a_stream_is_opened_by_a_worker),
		TEST(a_client_that_takes_nothing_holds_no_worker),
		TEST(a_file_comes_whole_and_few_at_a_time),
		TEST(what_went_wrong_inside_stays_inside),
		cmocka_unit_test(tables_without_authorization_are_refused),
		cmocka_unit_test(a_line_of_the_log_holds_no_secret),
		cmocka_unit_test(requests_are_counted_by_route_and_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
