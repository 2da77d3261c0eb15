/* test_http_framing.c - heads that can be read in two ways never reach a handler */
#include "http_fixture.h"

#define HOST "Host: tali.test\r\n"

struct framing_case {
	const char *what, *request;
	int status;
};

static const struct framing_case good[] = {
	{ "a plain GET", "GET /a HTTP/1.1\r\n" HOST "\r\n", 200 },
	{ "a body", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", 200 },
	{ "HTTP/1.0 with a host", "GET /a HTTP/1.0\r\n" HOST "\r\n", 200 },
	{ "a port and blanks around values",
	  "GET /a HTTP/1.1\r\nHost:  127.0.0.1:80  \r\nX: y\r\n\r\n", 200 },
	{ "an IPv6 host", "GET /a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200 },
	{ "a value without anything", "GET /a HTTP/1.1\r\nX:\r\n" HOST "\r\n", 200 },
	{ "a query", "GET /a?b=%20&c=+d HTTP/1.1\r\n" HOST "\r\n", 200 },
	{ "a path in UTF-8", "GET /%C3%A4 HTTP/1.1\r\n" HOST "\r\n", 200 },
	{ "a header twice that may be", "GET /a HTTP/1.1\r\n" HOST "Accept: a\r\nAccept: b\r\n\r\n",
	  200 },
};

static const struct framing_case refused[] = {
	{ "Transfer-Encoding twice",
	  "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"
	  "\r\n\r\n0\r\n\r\n",
	  400 },
	{ "Transfer-Encoding of an older version",
	  "POST /a HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
	{ "Transfer-Encoding: gzip, chunked",
	  "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400 },
	{ "Transfer-Encoding and Content-Length",
	  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "0\r\n\r\n",
	  400 },
	{ "Transfer-Encoding: identity",
	  "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
	  400 },
	{ "a blank before the colon of Transfer-Encoding",
	  "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400 },
	{ "Transfer-Encoding: xchunked",
	  "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 400 },
	{ "a blank before a colon", "GET /a HTTP/1.1\r\n" HOST "X : y\r\n\r\n", 400 },
	{ "two lengths that differ",
	  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 40\r\n\r\n", 400 },
	{ "two lengths that agree",
	  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400 },
	{ "a length with a sign", "POST /a HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\nab", 400 },
	{ "a length with letters", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2a\r\n\r\nab",
	  400 },
	{ "a length below nothing", "POST /a HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400 },
	{ "two lengths in one", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2, 2\r\n\r\nab", 400 },
	{ "a length in hexadecimal", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0x2\r\n\r\nab",
	  400 },
	{ "an endless length",
	  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n", 400 },
	{ "an empty length", "POST /a HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400 },
	{ "a body of a GET", "GET /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", 400 },
	{ "no Host", "GET /a HTTP/1.1\r\nX: y\r\n\r\n", 400 },
	{ "no header at all", "GET /a HTTP/1.1\r\n\r\n", 400 },
	{ "two Hosts", "GET /a HTTP/1.1\r\n" HOST "Host: other\r\n\r\n", 400 },
	{ "an empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400 },
	{ "a Host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
	{ "a Host with a user", "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
	{ "a Host with a port that is none", "GET /a HTTP/1.1\r\nHost: a:b\r\n\r\n", 400 },
	{ "a folded line", "GET /a HTTP/1.1\r\n" HOST "X: y\r\n z\r\n\r\n", 400 },
	{ "a folded line that hides a header",
	  "POST /a HTTP/1.1\r\n" HOST "X: y\r\n z\r\nContent-Length: 5\r\n\r\nabcde", 400 },
	{ "a folded line after the request line", "GET /a HTTP/1.1\r\n " HOST "\r\n", 400 },
	{ "line feeds alone", "GET /a HTTP/1.1\nHost: tali.test\n\n", 400 },
	{ "a line feed alone after the request line", "GET /a HTTP/1.1\n" HOST "\r\n", 400 },
	{ "a line feed alone after a header", "GET /a HTTP/1.1\r\nX: y\n" HOST "\r\n", 400 },
	{ "a line feed alone at the end", "GET /a HTTP/1.1\r\n" HOST "\n", 400 },
	{ "an empty line of a line feed alone", "GET /a HTTP/1.1\r\nX: y\r\nHost: a\n\r\n\r\n",
	  400 },
	{ "a carriage return alone", "GET /a HTTP/1.1\r\n" HOST "X: y\rZ: 1\r\n\r\n", 400 },
	{ "a control character in a value", "GET /a HTTP/1.1\r\n" HOST "X: \x01\r\n\r\n", 400 },
	{ "a control character in the path", "GET /\x01 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a byte beyond ASCII in the path", "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a header without a name", "GET /a HTTP/1.1\r\n" HOST ": y\r\n\r\n", 400 },
	{ "a header without a colon", "GET /a HTTP/1.1\r\n" HOST "Xy\r\n\r\n", 400 },
	{ "a name that is no token", "GET /a HTTP/1.1\r\n" HOST "X(y): z\r\n\r\n", 400 },
	{ "two blanks in the request line", "GET  /a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "two blanks before the version", "GET /a  HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "blanks before the method", "  GET /a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "empty lines before the method", "\r\n\r\nGET /a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a method in small letters", "get /a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a method nobody knows", "BREW /a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a method that is not for us", "PROPFIND /a HTTP/1.1\r\n" HOST "\r\n", 501 },
	{ "HTTP/2.0", "GET /a HTTP/2.0\r\n" HOST "\r\n", 505 },
	{ "no version", "GET /a\r\n" HOST "\r\n", 400 },
	{ "an absolute target", "GET http://tali.test/a HTTP/1.1\r\n" HOST "\r\n", 0 },
	{ "a target of stars", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 0 },
	{ "a target of CONNECT", "CONNECT tali.test:80 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "NUL in the path", "GET /a%00b HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a slash in escape", "GET /a%2Fb HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a backslash in escape", "GET /a%5cb HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a backslash", "GET /a\\b HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a line break in escape", "GET /a%0d%0ab HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "an escape that is cut", "GET /a% HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "an escape that is none", "GET /a%zz HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "dots", "GET /a/../b HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "dots in escape", "GET /a/%2e%2E/b HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "one dot", "GET /a/./b HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "dots at the end", "GET /a/.. HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "two slashes", "GET //a HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a path that is not UTF-8", "GET /%c3%28 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a slash in too many bytes", "GET /%c0%af HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "a high control", "GET /%c2%85 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "an escape of the query that is cut", "GET /a?b=%1 HTTP/1.1\r\n" HOST "\r\n", 400 },
	{ "two Origins", "GET /a HTTP/1.1\r\n" HOST "Origin: a\r\nOrigin: b\r\n\r\n", 400 },
	{ "two Cookies", "GET /a HTTP/1.1\r\n" HOST "Cookie: a=1\r\nCookie: a=2\r\n\r\n", 400 },
	{ "two Authorizations",
	  "GET /a HTTP/1.1\r\n" HOST "Authorization: a\r\nauthorization: b\r\n\r\n", 400 },
	{ "an Expect that nobody knows", "POST /a HTTP/1.1\r\n" HOST "Expect: gold\r\n\r\n", 417 },
	{ "the first bytes of TLS", "\x16\x03\x01\x02\x01", 400 },
};

static void heads_in_order_are_handled(void **state)
{
	struct server_fixture *f = *state;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		AUTO_FREE char *answer = ask(f, good[i].request);

		if (answer_status(answer) != good[i].status)
			fail_msg("%s: %s", good[i].what, answer);
		assert_int_equal(fixture_handled(f), i + 1);
	}
}

static void heads_that_are_ambiguous_are_refused(void **state)
{
	struct server_fixture *f = *state;
	unsigned before = fixture_handled(f);

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		/* what stands behind must not be taken for a request */
		AUTO_FREE char *both = buf_format("%sGET /behind HTTP/1.1\r\n" HOST "\r\n",
						  refused[i].request);
		AUTO_FREE char *answer = ask(f, both);

		if (answer_status(answer) != refused[i].status)
			fail_msg("%s: %s", refused[i].what, answer);
		if (fixture_handled(f) != before)
			fail_msg("%s reached the handler", refused[i].what);
		if (answer[0] && !strstr(answer, "Connection: close"))
			fail_msg("%s: the connection stays: %s", refused[i].what, answer);
	}
}

static char *with_headers(unsigned count)
{
	struct buf request = BUF_INIT(1 << 16);

	buf_add_str(&request, "GET /a HTTP/1.1\r\n" HOST);
	for (unsigned i = 1; i < count; i++)
		buf_add_format(&request, "X-%u: y\r\n", i);
	buf_add_str(&request, "\r\n");
	return buf_take(&request);
}

static void more_than_64_headers_are_refused(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *most = with_headers(64), *more = with_headers(65);
	AUTO_FREE char *first = ask(f, most), *second = ask(f, more);

	assert_int_equal(answer_status(first), 200);
	assert_int_equal(answer_status(second), 431);
}

static void a_head_has_at_most_16_kib(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *request = buf_format("GET /a HTTP/1.1\r\n" HOST "X: %017000d\r\n\r\n", 0);
	AUTO_FREE char *answer = ask(f, request);

	assert_int_equal(answer_status(answer), 400);
	assert_int_equal(fixture_handled(f), 0);
}

static void a_path_has_at_most_4_kib(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *most = buf_format("GET /%04095d HTTP/1.1\r\n" HOST "\r\n", 0);
	AUTO_FREE char *more = buf_format("GET /%04096d HTTP/1.1\r\n" HOST "\r\n", 0);
	AUTO_FREE char *first = ask(f, most), *second = ask(f, more);

	assert_int_equal(answer_status(first), 200);
	assert_int_equal(answer_status(second), 414);
}

/* civetweb skips empty lines before a method, and then would parse what an earlier request left in
 * its buffer. */
static void the_next_request_begins_where_the_last_ended(void **state)
{
	struct server_fixture *f = *state;
	unsigned before = fixture_handled(f);
	AUTO_FD int fd = client_open(f);
	AUTO_FREE char *first = NULL, *rest = NULL;

	client_say(fd, "GET /first HTTP/1.1\r\n" HOST "\r\n");
	first = client_answer(fd);
	client_say(fd, "\r\n\r\nGET /second HTTP/1.1\r\n" HOST "\r\n");
	rest = client_rest(fd);
	assert_int_equal(answer_status(first), 200);
	assert_int_equal(fixture_handled(f), before + 1);
	assert_int_not_equal(answer_status(rest), 200);
}

/* What stands in the first line after the request line may have been skipped by somebody in front:
 * the line could have begun with a blank, which cannot be seen any more. */
static void a_length_in_the_first_line_ends_the_connection(void **state)
{
	struct server_fixture *f = *state;
	static const char *const ends[] = { "\r\n", "\r\r", "\n ", "\r ", "\n\r" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		AUTO_FREE char *request = buf_format("POST /a HTTP/1.1%sContent-Length: 2\r\n" HOST
						     "\r\nabGET /behind HTTP/1.1\r\n" HOST "\r\n",
						     ends[i]);
		AUTO_FREE char *answer = ask(f, request);

		assert_non_null(strstr(answer, "Connection: close\r\n"));
		assert_int_equal(fixture_handled(f), i + 1);
	}
}

static void requests_that_come_together_are_answered_in_order(void **state)
{
	struct server_fixture *f = *state;
	AUTO_FREE char *answer = ask(f, "POST /one HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
					"GET /two HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	const char *one = strstr(answer, "\"path\":\"/one\",\"body\":3"),
		   *two = strstr(answer, "\"path\":\"/two\"");

	assert_non_null(one);
	assert_non_null(two);
	assert_true(one < two);
}

static void each_answer_has_the_headers_of_safety(void **state)
{
	static const char *const requests[] = { "GET /a HTTP/1.1\r\n" HOST "\r\n", "XYZ\r\n\r\n",
						"GET /%00 HTTP/1.1\r\n" HOST "\r\n" };
	static const char *const wanted[] = {
		"X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: no-referrer\r\n",
		"Cross-Origin-Opener-Policy: same-origin\r\n", "X-Frame-Options: DENY\r\n",
		"Cross-Origin-Resource-Policy: same-origin\r\n", "Permissions-Policy: ",
		"Content-Security-Policy: default-src 'none'", "Cache-Control: no-store\r\n",
		"Date: ",
	};
	struct server_fixture *f = *state;

	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		AUTO_FREE char *answer = ask(f, requests[i]);

		for (size_t j = 0; j < sizeof(wanted) / sizeof(*wanted); j++)
			if (!strstr(answer, wanted[j]))
				fail_msg("%s is missing in %s", wanted[j], answer);
		assert_null(strstr(answer, "Access-Control-"));
		assert_null(strstr(answer, "Server:"));
	}
}

static int begin(void **state)
{
	struct server_fixture *f = buf_alloc(sizeof(*f));

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
		TEST(heads_in_order_are_handled),
		TEST(heads_that_are_ambiguous_are_refused),
		TEST(more_than_64_headers_are_refused),
		TEST(a_head_has_at_most_16_kib),
		TEST(a_path_has_at_most_4_kib),
		TEST(the_next_request_begins_where_the_last_ended),
		TEST(a_length_in_the_first_line_ends_the_connection),
		TEST(requests_that_come_together_are_answered_in_order),
		TEST(each_answer_has_the_headers_of_safety),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
