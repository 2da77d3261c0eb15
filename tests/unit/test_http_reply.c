/* test_http_reply.c - answers have the form of their status, and cannot be forged by what is in
 * them */
#include "http_fixture.h"

#define HOST "Host: a\r\n"

static void reply_pieces(struct http_request *request, int64_t length, int count)
{
	http_reply_begin(request, 200, "text/plain", length);
	for (int i = 0; i < count; i++)
		http_reply_data(request, "0123456789", 10);
	http_reply_end(request);
}

/* Each path of the server asks for another answer. */
static void reply_handle(void *arg, struct http_request *request)
{
	const char *path = http_request_path(request);
	struct err err = ERR_INIT;
	char byte[7];
	int64_t got, sum = 0;

	fixture_count(arg);
	if (strcmp(path, "/204") == 0) {
		http_reply(request, 204, NULL, "no body", 7);
	} else if (strcmp(path, "/304") == 0) {
		http_reply_header(request, "ETag", "\"1\"");
		http_reply(request,
			   http_request_matches(request, "If-None-Match", "\"1\"") ? 304 : 200,
			   "text/plain", "body", 4);
	} else if (strcmp(path, "/other") == 0) {
		http_reply_see_other(request, "/there");
	} else if (strcmp(path, "/forged") == 0) {
		http_reply_header(request, "X-Name", "a\r\nSet-Cookie: b=c\r\n\r\nbody");
		http_reply(request, 200, "text/plain", "x", 1);
	} else if (strcmp(path, "/own") == 0) {
		http_reply_header(request, "Content-Security-Policy", "default-src 'self'");
		http_reply_header(request, "Cache-Control", "max-age=1");
		http_reply_header(request, "Set-Cookie", "a=1");
		http_reply_header(request, "Set-Cookie", "b=2");
		http_reply(request, 200, "text/html", "x", 1);
	} else if (strcmp(path, "/twice") == 0) {
		http_reply(request, 200, "text/plain", "first", 5);
		http_reply(request, 500, "text/plain", "second", 6);
		http_reply_json(request, 500, json_object());
	} else if (strcmp(path, "/pieces") == 0) {
		reply_pieces(request, 100, 10);
	} else if (strcmp(path, "/short") == 0) {
		reply_pieces(request, 100, 9);
	} else if (strcmp(path, "/long") == 0) {
		reply_pieces(request, 95, 10);
	} else if (strcmp(path, "/endless") == 0) {
		reply_pieces(request, -1, 10);
	} else if (strcmp(path, "/read") == 0) {
		while ((got = http_request_read(request, byte, sizeof(byte), &err)) > 0)
			sum += got;
		assert_int_equal(got, 0);
		http_reply_json(request, 200, json_pack("{s:i}", "sum", (int)sum));
	} else if (strcmp(path, "/latin") == 0) {
		http_reply_error(request, 400, "code", "not \xff UTF-8", "field");
	} else if (strncmp(path, "/err/", 5) == 0) {
		err_set(&err, (enum err_code)strtol(path + 5, NULL, 10), "it is so");
		http_reply_err(request, &err);
	}
}

static char *get(struct server_fixture *f, const char *method, const char *path, const char *fields)
{
	AUTO_FREE char *request = buf_format("%s %s HTTP/1.1\r\n" HOST "%s\r\n", method, path,
					     fields);

	return ask(f, request);
}

static const char *body_of(const char *answer)
{
	return strstr(answer, "\r\n\r\n") + 4;
}

static void some_answers_have_no_body(void **state)
{
	AUTO_FREE char *none = get(*state, "GET", "/204", "");
	AUTO_FREE char *same = get(*state, "GET", "/304", "If-None-Match: \"0\", \"1\"\r\n");
	AUTO_FREE char *new = get(*state, "GET", "/304", "If-None-Match: \"2\"\r\n");
	AUTO_FREE char *other = get(*state, "POST", "/other", "");

	assert_int_equal(answer_status(none), 204);
	assert_string_equal(body_of(none), "");
	assert_null(strstr(none, "Content-Length"));
	assert_int_equal(answer_status(same), 304);
	assert_string_equal(body_of(same), "");
	assert_non_null(strstr(same, "ETag: \"1\"\r\n"));
	assert_string_equal(body_of(new), "body");
	assert_int_equal(answer_status(other), 303);
	assert_non_null(strstr(other, "Location: /there\r\n"));
	assert_non_null(strstr(other, "Content-Length: 0\r\n"));
}

static void a_value_cannot_end_its_header(void **state)
{
	AUTO_FREE char *answer = get(*state, "GET", "/forged", "");

	assert_non_null(strstr(answer, "X-Name: a  Set-Cookie: b=c    body\r\n"));
	assert_string_equal(body_of(answer), "x");
}

static void policy_and_cache_may_be_other_ones(void **state)
{
	AUTO_FREE char *answer = get(*state, "GET", "/own", "");

	assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'self'\r\n"));
	assert_null(strstr(answer, "'none'"));
	assert_non_null(strstr(answer, "Cache-Control: max-age=1\r\n"));
	assert_null(strstr(answer, "no-store"));
	assert_non_null(strstr(answer, "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
	assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
}

static void the_first_answer_counts(void **state)
{
	AUTO_FREE char *answer = get(*state, "GET", "/twice", "");

	assert_int_equal(answer_status(answer), 200);
	assert_string_equal(body_of(answer), "first");
}

static void pieces_make_the_length_they_said(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int kept = client_open(f);
	AUTO_FREE char *whole = NULL, *again = NULL, *endless = NULL, *head = NULL;

	client_say(kept, "GET /pieces HTTP/1.1\r\n" HOST "\r\n");
	whole = client_answer(kept);
	assert_int_equal(strlen(body_of(whole)), 100);
	client_say(kept, "GET /long HTTP/1.1\r\n" HOST "\r\n");
	again = client_answer(kept);
	assert_int_equal(strlen(body_of(again)), 95);
	endless = get(f, "GET", "/endless", "");
	assert_int_equal(strlen(body_of(endless)), 100);
	assert_non_null(strstr(endless, "Connection: close\r\n"));
	head = get(f, "HEAD", "/pieces", "");
	assert_string_equal(body_of(head), "");
}

/* The client can tell, as fewer bytes came than were announced. */
static void pieces_that_are_missing_end_the_connection(void **state)
{
	AUTO_FREE char *answer = get(*state, "GET", "/short", "");

	assert_non_null(strstr(answer, "Content-Length: 100\r\n"));
	assert_int_equal(strlen(body_of(answer)), 90);
}

static void a_body_may_be_read_in_pieces(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FD int fd = client_open(f);

	for (int i = 0; i < 3; i++) {
		AUTO_FREE char *request = buf_format("POST /read HTTP/1.1\r\n" HOST
						     "Content-Length: 30000\r\n\r\n%030000d", 0);
		AUTO_FREE char *answer = NULL;

		client_say(fd, request);
		answer = client_answer(fd);
		assert_string_equal(body_of(answer), "{\"sum\":30000}");
	}
}

static void errors_have_their_status(void **state)
{
	static const struct {
		enum err_code code;
		int status;
		const char *body;
	} cases[] = {
		{ ERR_USAGE, 400, "{\"error\":{\"code\":\"invalid\",\"message\":\"it is so\"}}" },
		{ ERR_INPUT, 400, "{\"error\":{\"code\":\"invalid\",\"message\":\"it is so\"}}" },
		{ ERR_NOT_FOUND, 404,
		  "{\"error\":{\"code\":\"not_found\",\"message\":\"it is so\"}}" },
		{ ERR_STATE, 409, "{\"error\":{\"code\":\"state\",\"message\":\"it is so\"}}" },
		{ ERR_ENV, 503, "\"code\":\"unavailable\"" },
		{ ERR_INTEGRITY, 500, "\"code\":\"integrity\"" },
	};
	AUTO_FREE char *latin = get(*state, "GET", "/latin", "");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[16];
		AUTO_FREE char *answer = NULL;

		snprintf(path, sizeof(path), "/err/%d", (int)cases[i].code);
		answer = get(*state, "GET", path, "");
		assert_int_equal(answer_status(answer), cases[i].status);
		assert_non_null(strstr(answer, cases[i].body));
		assert_int_equal(strstr(answer, "it is so") != NULL, cases[i].status < 500);
	}
	assert_non_null(strstr(latin, "{\"error\":{\"code\":\"code\",\"message\":\"Bad Request\","
				      "\"field\":\"field\"}}"));
}

static int begin(void **state)
{
	struct server_fixture *f = buf_alloc(sizeof(*f));

	f->config.handle = reply_handle;
	server_begin(f);
	*state = f;
	return 0;
}

static int end(void **state)
{
	server_end(*state);
	free(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(some_answers_have_no_body),
		TEST(a_value_cannot_end_its_header),
		TEST(policy_and_cache_may_be_other_ones),
		TEST(the_first_answer_counts),
		TEST(pieces_make_the_length_they_said),
		TEST(pieces_that_are_missing_end_the_connection),
		TEST(a_body_may_be_read_in_pieces),
		TEST(errors_have_their_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
