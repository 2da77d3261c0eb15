/* test_remote_stream.c - the events of a server that may be anybody */
#include "http_fixture.h"

#include "base/json.h"
#include "work/remote_stream.h"

#include <stdlib.h>

#define MANY 12000		/* events of MANY_LEN bytes: far more than may wait */
#define MANY_LEN 1000

struct fake {
	struct server_fixture base;
	struct remote remote;
	char authorization[64], body[256];
};

static void many(struct http_request *request)
{
	static char pad[MANY_LEN];

	memset(pad, 'x', sizeof(pad) - 1);
	for (int i = 0; i < MANY; i++) {
		AUTO_FREE char *event = buf_format("event: n\ndata: {\"i\":%d,\"p\":\"%s\"}\n\n", i,
						   pad);

		if (http_reply_data(request, event, strlen(event)) < 0)
			return;
	}
}

static void endless(struct http_request *request)
{
	static char pad[65536];

	memset(pad, 'x', sizeof(pad));
	http_reply_data(request, "data: ", 6);
	while (http_reply_data(request, pad, sizeof(pad)) == 0)
		continue;
}

static void handle(void *arg, struct http_request *request)
{
	static const char few[] = ": hello\n\nevent: one\ndata: {\"a\":1}\n\ndata: no json\n\n"
				  "event: \x1b[2Jlong-long-long-long-long-long-long-long-long-long-"
				  "long-long\ndata: {}\n\nevent: half\ndata: {}\n";
	const char *path = http_request_path(request);
	struct fake *fake = arg;
	AUTO(buf_release) struct buf body = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;

	http_request_body(request, 1 << 16, &body, &err);
	snprintf(fake->body, sizeof(fake->body), "%s", buf_str(&body));
	snprintf(fake->authorization, sizeof(fake->authorization), "%s",
		 http_request_header(request, "Authorization"));
	if (!strcmp(path, "/refused")) {
		http_reply_error(request, 409, "state", "the \x1b[2J work is not open", NULL);
		return;
	}
	if (!strcmp(path, "/away")) {
		http_reply_header(request, "Location", "http://127.0.0.1:1/");
		http_reply(request, 307, NULL, NULL, 0);
		return;
	}
	http_reply_begin(request, 200, !strcmp(path, "/page") ? "text/html" : "text/event-stream",
			 -1);
	if (!strcmp(path, "/few"))
		http_reply_data(request, few, sizeof(few) - 1);
	else if (!strcmp(path, "/many"))
		many(request);
	else
		endless(request);
	http_reply_end(request);
}

static int begin(void **state)
{
	struct fake *fake = buf_alloc(sizeof(*fake));
	struct err err = ERR_INIT;

	fake->base.config.handle = handle;
	server_begin(&fake->base);
	fake->remote.state.server = buf_format("http://127.0.0.1:%d",
					       http_server_port(fake->base.server));
	fake->remote.state.token = buf_strdup("sesame");
	fake->remote.client = http_client_open(&err);
	assert_non_null(fake->remote.client);
	*state = fake;
	return 0;
}

static int end(void **state)
{
	struct fake *fake = *state;

	remote_close(&fake->remote);
	server_end(&fake->base);
	free(fake);
	return 0;
}

static struct remote_stream *open_at(struct fake *fake, const char *path, const json_t *body)
{
	struct err err = ERR_INIT;
	struct remote_stream *stream = remote_stream_open(&fake->remote, body ? "POST" : "GET",
							  path, body, &err);

	if (!stream)
		fail_msg("%s", err.text);
	return stream;
}

/* What no event comes for. */
static void expect_error(struct fake *fake, const char *path, enum err_code code, const char *text)
{
	AUTO(remote_stream_close) struct remote_stream *stream = open_at(fake, path, NULL);
	char name[REMOTE_STREAM_NAME_MAX];
	struct err err = ERR_INIT;
	json_t *data = NULL;

	assert_int_equal(remote_stream_wait(stream, name, &data, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text) || strchr(err.text, '\x1b'))
		fail_msg("%s", err.text);
}

static void events_come_in_order_until_the_end(void **state)
{
	struct fake *fake = *state;
	AUTO_JSON json_t *body = json_pack("{s:s}", "text", "hello");
	AUTO(remote_stream_close) struct remote_stream *stream = open_at(fake, "/few", body);
	char name[REMOTE_STREAM_NAME_MAX];
	struct err err = ERR_INIT;
	json_t *data = NULL;

	assert_int_equal(remote_stream_wait(stream, name, &data, &err), 1);
	assert_string_equal(name, "one");
	assert_int_equal(json_int(data, "a", 0), 1);
	json_decref(data);
	assert_int_equal(remote_stream_wait(stream, name, &data, &err), 1);
	assert_string_equal(name, "");
	assert_null(data);
	assert_int_equal(remote_stream_wait(stream, name, &data, &err), 1);
	assert_true(strlen(name) < REMOTE_STREAM_NAME_MAX);
	json_decref(data);
	assert_int_equal(remote_stream_wait(stream, name, &data, &err), -1);
	assert_int_equal(err.code, ERR_NONE);
	assert_int_equal(remote_stream_status(stream), 200);
	assert_string_equal(fake->authorization, "Bearer sesame");
	assert_string_equal(fake->body, "{\"text\":\"hello\"}");
}

static void a_slow_reader_makes_the_server_wait(void **state)
{
	AUTO(remote_stream_close) struct remote_stream *stream = open_at(*state, "/many", NULL);
	char name[REMOTE_STREAM_NAME_MAX];
	struct err err = ERR_INIT;
	int i, got = 1;

	for (i = 0; got == 1; i++) {
		AUTO_JSON json_t *data = NULL;

		got = remote_stream_wait(stream, name, &data, &err);
		if (got == 1)
			assert_int_equal(json_int(data, "i", -1), i);
	}
	assert_int_equal(i - 1, MANY);
	assert_int_equal(err.code, ERR_NONE);
}

static void what_is_no_stream_is_an_error(void **state)
{
	expect_error(*state, "/refused", ERR_STATE, "work is not open");
	expect_error(*state, "/away", ERR_ENV, "elsewhere");
	expect_error(*state, "/page", ERR_ENV, "more than it may");
}

static void an_event_without_an_end_is_an_error(void **state)
{
	expect_error(*state, "/endless", ERR_ENV, "more than it may");
}

static void it_can_be_left_at_any_time(void **state)
{
	for (int i = 0; i < 20; i++) {
		AUTO(remote_stream_close) struct remote_stream *stream =
			open_at(*state, i % 2 ? "/many" : "/endless", NULL);
		char name[REMOTE_STREAM_NAME_MAX];
		AUTO_JSON json_t *data = NULL;
		struct err err = ERR_INIT;

		remote_stream_next(stream, name, &data, &err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_come_in_order_until_the_end, begin, end),
		cmocka_unit_test_setup_teardown(a_slow_reader_makes_the_server_wait, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_stream_is_an_error, begin, end),
		cmocka_unit_test_setup_teardown(an_event_without_an_end_is_an_error, begin, end),
		cmocka_unit_test_setup_teardown(it_can_be_left_at_any_time, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
