/* test_http_client.c - calls to a peer that the test plays over raw sockets */
#include "http_fixture.h"

#include "http/http_client.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"

struct client_fixture {
	struct http_client *client;
	int listening;
	uint16_t port;
	char url[64];

	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	struct http_call *call;
	struct buf head, body;
	int status;
	unsigned heads, refused, ended;
	bool refuse;			/* what comes is not taken */
	struct http_call_end end;
	char text[256];
};

static void took_head(void *arg, int status, const struct http_field *fields, size_t count)
{
	struct client_fixture *f = arg;

	pthread_mutex_lock(&f->lock);
	f->status = status;
	f->heads++;
	for (size_t i = 0; i < count; i++)
		buf_add_format(&f->head, "%s=%s;", fields[i].name, fields[i].value);
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static bool took_data(void *arg, const void *data, size_t len)
{
	struct client_fixture *f = arg;
	bool taken;

	pthread_mutex_lock(&f->lock);
	taken = !f->refuse;
	if (taken)
		buf_add(&f->body, data, len);
	else
		f->refused++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return taken;
}

static void took_end(void *arg, const struct http_call_end *end)
{
	struct client_fixture *f = arg;

	pthread_mutex_lock(&f->lock);
	f->end = *end;
	snprintf(f->text, sizeof(f->text), "%s", end->text);
	f->ended++;
	f->call = NULL;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static const struct http_call_events events = { took_head, took_data, took_end, NULL };

static void await(struct client_fixture *f, const unsigned *what, unsigned wanted)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FIXTURE_WAIT_MS / 1000;
	pthread_mutex_lock(&f->lock);
	while (*what < wanted)
		assert_int_equal(pthread_cond_timedwait(&f->changed, &f->lock, &until), 0);
	pthread_mutex_unlock(&f->lock);
}

static int begin(void **state)
{
	struct client_fixture *f = buf_alloc(sizeof(*f));
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	struct err err = ERR_INIT;

	f->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(f->listening, (struct sockaddr *)&address, size) < 0 ||
	    listen(f->listening, 8) < 0 ||
	    getsockname(f->listening, (struct sockaddr *)&address, &size) < 0)
		return -1;
	f->port = ntohs(address.sin_port);
	snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%d/v1/a?b", f->port);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	f->head.limit = f->body.limit = 64 << 20;
	f->client = http_client_open(&err);
	*state = f;
	return f->client ? 0 : -1;
}

static int end(void **state)
{
	struct client_fixture *f = *state;

	http_client_close(&f->client);
	if (f->listening >= 0)
		close(f->listening);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	buf_release(&f->head);
	buf_release(&f->body);
	free(f);
	return 0;
}

static void call(struct client_fixture *f, struct http_call_config config)
{
	struct err err = ERR_INIT;

	config.method = config.method ? config.method : "GET";
	config.url = config.url ? config.url : f->url;
	config.events = &events;
	config.arg = f;
	pthread_mutex_lock(&f->lock);
	buf_clear(&f->head);
	buf_clear(&f->body);
	f->call = http_client_begin(f->client, &config, &err);
	pthread_mutex_unlock(&f->lock);
	if (!f->call)
		fail_msg("%s", err.text);
}

/* The connection of the client, once the request's head is in `in`. */
static int take_request(struct client_fixture *f, struct buf *in)
{
	int fd = accept(f->listening, NULL, NULL);

	assert_true(fd >= 0);
	client_until(fd, in, "\r\n\r\n");
	return fd;
}

/* A call that is answered by `text`, after which the connection is closed. */
static void answered_by(struct client_fixture *f, const char *text,
			enum http_call_result result)
{
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	unsigned ended = f->ended;
	int fd;

	call(f, (struct http_call_config){ 0 });
	fd = take_request(f, &in);
	client_say(fd, text);
	close(fd);
	await(f, &f->ended, ended + 1);
	assert_int_equal(f->end.result, result);
	assert_int_equal(result == HTTP_CALL_DONE, f->text[0] == '\0');
}

static void a_request_is_sent_as_it_is_given(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	const struct http_field fields[] = { { "Authorization", "Bearer x" }, { "X-Empty", "" },
					     { "Content-Type", "application/json" },
					     { "Accept", NULL } };
	int fd;

	call(f, (struct http_call_config){ .method = "POST", .fields = fields, .field_count = 4,
					   .body = "{\"a\":\"\\u0000\"}", .body_len = 14 });
	fd = take_request(f, &in);
	client_until(fd, &in, "{\"a\":\"\\u0000\"}");
	assert_memory_equal(in.data, "POST /v1/a?b HTTP/1.1\r\nHost: 127.0.0.1:", 39);
	assert_non_null(strstr(in.data, "Authorization: Bearer x\r\n"));
	assert_non_null(strstr(in.data, "X-Empty:\r\n"));
	assert_non_null(strstr(in.data, "Accept-Encoding: identity\r\n"));
	assert_non_null(strstr(in.data, "Content-Length: 14\r\n"));
	assert_null(strstr(in.data, "Accept: "));
	assert_null(strstr(in.data, "Expect"));
	assert_null(strstr(in.data, "User-Agent"));
	client_say(fd, "HTTP/1.1 429 Slow\r\nRetry-After: 3 \r\nA:b\r\nContent-Length: 2\r\n"
		       "\r\nno");
	await(f, &f->ended, 1);
	assert_int_equal(f->status, 429);
	assert_int_equal(f->end.status, 429);
	assert_int_equal(f->end.result, HTTP_CALL_DONE);
	assert_string_equal(buf_str(&f->head), "Retry-After=3;A=b;Content-Length=2;");
	assert_string_equal(buf_str(&f->body), "no");
	assert_true(f->end.first_byte_us > 0 && f->end.total_us >= f->end.first_byte_us);
	close(fd);
}

static void bytes_are_told_as_they_come(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd;

	call(f, (struct http_call_config){ 0 });
	fd = take_request(f, &in);
	client_say(fd, "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n");
	await(f, &f->heads, 1);
	assert_string_equal(buf_str(&f->head), "Transfer-Encoding=chunked;");
	client_say(fd, "3\r\none\r\n");
	pthread_mutex_lock(&f->lock);
	while (f->body.len < 3)
		pthread_cond_wait(&f->changed, &f->lock);
	assert_memory_equal(f->body.data, "one", 3);
	pthread_mutex_unlock(&f->lock);
	client_say(fd, "3\r\ntwo\r\n0\r\nTrailer: late\r\n\r\n");
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_DONE);
	assert_int_equal(f->heads, 1);
	assert_string_equal(buf_str(&f->body), "onetwo");
	close(fd);
}

static void a_connection_is_used_again(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd;

	call(f, (struct http_call_config){ 0 });
	fd = take_request(f, &in);
	client_say(fd, OK_HEAD "ok");
	await(f, &f->ended, 1);
	assert_false(f->end.reused);
	buf_clear(&in);
	call(f, (struct http_call_config){ 0 });
	client_until(fd, &in, "\r\n\r\n");
	client_say(fd, OK_HEAD "ok");
	await(f, &f->ended, 2);
	assert_true(f->end.reused);
	close(fd);
}

static void a_redirect_is_an_answer(void **state)
{
	struct client_fixture *f = *state;

	answered_by(f, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
		       "Content-Length: 0\r\n\r\n",
		    HTTP_CALL_DONE);
	assert_int_equal(f->end.status, 302);
}

static void what_breaks_off_is_cut(void **state)
{
	struct client_fixture *f = *state;
	AUTO_FREE char *long_head = buf_alloc(2 * HTTP_CLIENT_HEAD_MAX);

	answered_by(f, "", HTTP_CALL_CUT);
	assert_int_equal(f->end.status, 0);
	answered_by(f, "HTTP/1.1 200 OK\r\nContent-Le", HTTP_CALL_CUT);
	answered_by(f, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", HTTP_CALL_CUT);
	assert_int_equal(f->end.status, 200);
	assert_string_equal(buf_str(&f->body), "ab");
	answered_by(f, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		    HTTP_CALL_CUT);
	answered_by(f, "no head at all", HTTP_CALL_CUT);
	snprintf(long_head, 100, "HTTP/1.1 200 OK\r\n");
	for (size_t at = 17; at < 2 * HTTP_CLIENT_HEAD_MAX - 101; at += 100)
		snprintf(long_head + at, 101, "A:%096d\r\n", 0);
	answered_by(f, long_head, HTTP_CALL_CUT);
	assert_string_equal(f->text, "the head of the answer is too long");
}

static void an_answer_without_a_length_ends_with_the_connection(void **state)
{
	struct client_fixture *f = *state;

	answered_by(f, "HTTP/1.1 200 OK\r\n\r\nall", HTTP_CALL_DONE);
	assert_string_equal(buf_str(&f->body), "all");
}

static void nobody_there_is_unreached(void **state)
{
	struct client_fixture *f = *state;

	close(f->listening);
	f->listening = -1;
	call(f, (struct http_call_config){ 0 });
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_UNREACHED);
	assert_null(strstr(f->text, "127.0.0.1"));
}

static void a_peer_without_tls_is_untrusted(void **state)
{
	struct client_fixture *f = *state;
	char url[64];
	int fd;

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", f->port);
	call(f, (struct http_call_config){ .url = url });
	fd = accept(f->listening, NULL, NULL);
	client_say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_UNTRUSTED);
	close(fd);
}

static void silence_ends_a_call(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd;

	call(f, (struct http_call_config){ .first_byte_ms = 150 });
	fd = take_request(f, &in);
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_SILENT);
	assert_string_equal(f->text, "no answer came for too long");
	close(fd);
	call(f, (struct http_call_config){ .idle_ms = 150 });
	fd = take_request(f, &in);
	client_say(fd, OK_HEAD "o");
	await(f, &f->ended, 2);
	assert_int_equal(f->end.result, HTTP_CALL_SILENT);
	assert_string_equal(f->text, "no more bytes came for too long");
	close(fd);
}

static void what_is_not_taken_comes_again(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd;

	f->refuse = true;
	call(f, (struct http_call_config){ .idle_ms = 150 });
	fd = take_request(f, &in);
	client_say(fd, OK_HEAD "ok");
	await(f, &f->refused, 1);
	pthread_mutex_lock(&f->lock);
	f->refuse = false;
	http_call_resume(f->call);
	pthread_mutex_unlock(&f->lock);
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_DONE);
	assert_string_equal(buf_str(&f->body), "ok");
	close(fd);
}

static void an_abort_ends_it_for_the_peer_too(void **state)
{
	struct client_fixture *f = *state;
	AUTO(buf_release) struct buf in = BUF_INIT(1 << 20);
	int fd;

	call(f, (struct http_call_config){ 0 });
	fd = take_request(f, &in);
	client_say(fd, OK_HEAD "o");
	await(f, &f->heads, 1);
	pthread_mutex_lock(&f->lock);
	http_call_abort(f->call);
	pthread_mutex_unlock(&f->lock);
	await(f, &f->ended, 1);
	assert_int_equal(f->end.result, HTTP_CALL_ABORTED);
	assert_int_equal(client_more(fd, &in, FIXTURE_WAIT_MS), 0);
	close(fd);
}

static void closing_ends_all_calls(void **state)
{
	struct client_fixture *f = *state;

	call(f, (struct http_call_config){ 0 });
	call(f, (struct http_call_config){ 0 });
	http_client_close(&f->client);
	assert_int_equal(f->ended, 2);
	assert_int_equal(f->end.result, HTTP_CALL_ABORTED);
}

static void assert_refused(struct client_fixture *f, struct http_call_config config)
{
	struct err err = ERR_INIT;

	config.method = "GET";
	config.events = &events;
	config.arg = f;
	assert_null(http_client_begin(f->client, &config, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_null(strstr(err.text, "secret"));
}

static void what_cannot_be_sent_is_refused(void **state)
{
	struct client_fixture *f = *state;
	const struct http_field breaks[] = { { "A", "secret\r\nB: c" } };
	const struct http_field name[] = { { "A:", "secret" } };
	static const char *const urls[] = { "", "file:///etc/passwd", "ftp://a/", "http://",
					    "http://a:secret@b/", "http://a b/", "gopher://a",
					    "http://a/\nb" };

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		assert_refused(f, (struct http_call_config){ .url = urls[i] });
	assert_refused(f, (struct http_call_config){ .url = f->url, .fields = breaks,
						     .field_count = 1 });
	assert_refused(f, (struct http_call_config){ .url = f->url, .fields = name,
						     .field_count = 1 });
	assert_int_equal(f->ended, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_sent_as_it_is_given),
		TEST(bytes_are_told_as_they_come),
		TEST(a_connection_is_used_again),
		TEST(a_redirect_is_an_answer),
		TEST(what_breaks_off_is_cut),
		TEST(an_answer_without_a_length_ends_with_the_connection),
		TEST(nobody_there_is_unreached),
		TEST(a_peer_without_tls_is_untrusted),
		TEST(silence_ends_a_call),
		TEST(what_is_not_taken_comes_again),
		TEST(an_abort_ends_it_for_the_peer_too),
		TEST(closing_ends_all_calls),
		TEST(what_cannot_be_sent_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
