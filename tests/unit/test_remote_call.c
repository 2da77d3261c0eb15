/* test_remote_call.c - asking a server that may be anybody */
#include "http_fixture.h"

#include "work/remote_call.h"

#include <stdlib.h>

struct fake {
	struct remote remote;
	int listening;
	const char *answer;	/* what is written to whoever asks */
	size_t answer_len;
	char asked[4096];	/* by the last */
	pthread_t thread;
};

/* Each connection is read up to the end of the head, answered, and closed. */
static void *serve(void *arg)
{
	struct fake *fake = arg;
	int fd;

	while ((fd = accept(fake->listening, NULL, NULL)) >= 0) {
		size_t len = 0;
		ssize_t got;

		while (len < sizeof(fake->asked) - 1 &&
		       (got = recv(fd, fake->asked + len, sizeof(fake->asked) - 1 - len, 0)) > 0) {
			len += (size_t)got;
			fake->asked[len] = '\0';
			if (strstr(fake->asked, "\r\n\r\n"))
				break;
		}
		client_send(fd, fake->answer, fake->answer_len);
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

static int begin(void **state)
{
	struct fake *fake = buf_alloc(sizeof(*fake));
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	AUTO_FREE char *link = NULL;
	struct err err = ERR_INIT;

	fake->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fake->listening, (struct sockaddr *)&address, size) < 0 ||
	    listen(fake->listening, 8) < 0 ||
	    getsockname(fake->listening, (struct sockaddr *)&address, &size) < 0 ||
	    pthread_create(&fake->thread, NULL, serve, fake) != 0)
		return -1;
	link = buf_format("http://127.0.0.1:%d/t/sesame", ntohs(address.sin_port));
	*state = fake;
	return remote_open_link(link, &fake->remote, &err);
}

static int end(void **state)
{
	struct fake *fake = *state;

	remote_close(&fake->remote);
	shutdown(fake->listening, SHUT_RDWR);
	pthread_join(fake->thread, NULL);
	close(fake->listening);
	free(fake);
	return 0;
}

static char *answer_of(const char *status, const char *body)
{
	return buf_format("HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body),
			  body);
}

static json_t *get(struct fake *fake, const char *answer, int *ret_status, struct err *err)
{
	fake->answer = answer;
	fake->answer_len = strlen(answer);
	return remote_json(&fake->remote, "GET", "/api/v1/session", NULL, ret_status, err);
}

static void refused(struct fake *fake, const char *status_line, const char *body,
		    enum err_code code, const char *words)
{
	AUTO_FREE char *answer = answer_of(status_line, body);
	struct err err = ERR_INIT;
	int status = -1;

	assert_null(get(fake, answer, &status, &err));
	assert_int_equal(status, strtol(status_line, NULL, 10));
	assert_int_equal(err.code, code);
	if (!strstr(err.text, words))
		fail_msg("'%s' is not in: %s", words, err.text);
	assert_null(strstr(err.text, "sesame"));
}

static void the_token_is_in_the_head_alone(void **state)
{
	struct fake *fake = *state;
	AUTO_FREE char *answer = answer_of("200 OK", "{\"a\":1}");
	struct err err = ERR_INIT;
	int status;
	AUTO_JSON json_t *root = get(fake, answer, &status, &err);

	assert_non_null(root);
	assert_int_equal(status, 200);
	assert_int_equal(json_integer_value(json_object_get(root, "a")), 1);
	assert_non_null(strstr(fake->asked, "GET /api/v1/session HTTP/1.1\r\n"));
	assert_non_null(strstr(fake->asked, "\r\nAuthorization: Bearer sesame\r\n"));
	assert_null(strstr(strstr(fake->asked, "sesame") + 1, "sesame"));
}

static void refusals_have_codes_and_the_words_of_the_server(void **state)
{
	const char *said = "{\"error\": {\"code\": \"state\", \"message\": \"time is up\"}}";

	refused(*state, "401 Unauthorized", said, ERR_NOT_FOUND, "does not know this link");
	refused(*state, "403 Forbidden", said, ERR_STATE, "time is up");
	refused(*state, "409 Conflict", said, ERR_STATE, "time is up");
	refused(*state, "410 Gone", said, ERR_STATE, "time is up");
	refused(*state, "412 Failed", said, ERR_STATE, "time is up");
	refused(*state, "400 Bad", said, ERR_INPUT, "time is up");
	refused(*state, "404 Not Found", said, ERR_INPUT, "time is up");
	refused(*state, "429 Too Many", said, ERR_ENV, "time is up");
	refused(*state, "503 Busy", said, ERR_ENV, "time is up");
	refused(*state, "500 No", "<html>", ERR_ENV, "status 500");
}

/* What is on the way to a server must not end a session, nor make its client drop anything. */
static void refusals_of_others_may_be_asked_again(void **state)
{
	refused(*state, "400 Bad Request", "<html>", ERR_ENV, "not as a tali server");
	refused(*state, "403 Forbidden", "<html>log in to the hotel's network", ERR_ENV, "403");
	refused(*state, "404 Not Found", "", ERR_ENV, "status 404");
	refused(*state, "409 Conflict", "{\"error\": \"no\"}", ERR_ENV, "status 409");
	refused(*state, "413 Too Large", "<html>nginx", ERR_ENV, "status 413");
}

static void a_body_that_comes_with_a_refusal_can_be_read(void **state)
{
	struct fake *fake = *state;
	AUTO_FREE char *answer = answer_of("409 Conflict", "{\"conflicts\":[]}");
	AUTO(buf_release) struct buf out = BUF_INIT(100);
	const struct remote_ask ask = { .method = "GET", .path = "/" };
	struct err err = ERR_INIT;
	int status;

	fake->answer = answer;
	fake->answer_len = strlen(answer);
	assert_int_equal(remote_bytes(&fake->remote, &ask, &out, &status, &err), -1);
	assert_string_equal(buf_str(&out), "{\"conflicts\":[]}");
}

static void redirects_are_not_followed(void **state)
{
	struct fake *fake = *state;
	struct err err = ERR_INIT;
	int status;

	assert_null(get(fake, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/evil\r\n"
			"Content-Length: 0\r\n\r\n", &status, &err));
	assert_int_equal(err.code, ERR_ENV);
	assert_int_equal(status, 302);
	assert_non_null(strstr(err.text, "not followed"));
	assert_non_null(strstr(fake->asked, "GET /api/v1/session "));
}

static void words_that_would_drive_a_terminal_are_made_harmless(void **state)
{
	refused(*state, "409 Conflict",
		"{\"error\": {\"message\": \"a\\u001b]0;x\\u0007b\\u009b31mc\\nd\"}}", ERR_STATE,
		": a ]0;x b 31mc d");
}

static void long_words_are_cut(void **state)
{
	struct fake *fake = *state;
	AUTO(buf_release) struct buf body = BUF_INIT(100000);
	AUTO_FREE char *answer = NULL;
	struct err err = ERR_INIT;
	int status;

	buf_add_str(&body, "{\"error\": {\"message\": \"");
	for (int i = 0; i < 9000; i++)
		buf_add_str(&body, "\xc3\xa4");
	buf_add_str(&body, "\"}}");
	answer = answer_of("409 Conflict", buf_str(&body));
	assert_null(get(fake, answer, &status, &err));
	assert_int_equal(err.code, ERR_STATE);
	assert_true(strlen(err.text) < 300);
	assert_string_equal(err.text + strlen(err.text) - 5, "\xc3\xa4...");
}

static void an_answer_without_end_is_broken_off(void **state)
{
	struct fake *fake = *state;
	struct err err = ERR_INIT;
	size_t len = REMOTE_ANSWER_MAX + (1 << 20);
	char *flood = buf_alloc(len + 1);
	int status;

	memset(flood, ' ', len);
	memcpy(flood, "HTTP/1.1 200 OK\r\n\r\n", 19);
	assert_null(get(fake, flood, &status, &err));
	free(flood);
	assert_int_equal(err.code, ERR_ENV);
	assert_non_null(strstr(err.text, "longer than"));
}

static void nonsense_may_be_asked_again(void **state)
{
	struct fake *fake = *state;
	AUTO_FREE char *html = answer_of("200 OK", "<html>log in to the hotel's network</html>");
	struct err err = ERR_INIT;
	int status;

	assert_null(get(fake, html, &status, &err));
	assert_int_equal(err.code, ERR_ENV);
	assert_non_null(strstr(err.text, "not the answer of a tali server"));
	assert_null(get(fake, "SSH-2.0-x\r\n", &status, &err));
	assert_int_equal(err.code, ERR_ENV);
	assert_int_equal(status, 0);
}

static void files_have_paths_of_the_api(void **state)
{
	AUTO_FREE char *path = remote_file_path("a b/\xc3\xa4%?#+.txt");

	(void)state;
	assert_string_equal(path, "/api/v1/files/a%20b/%C3%A4%25%3F%23%2B.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_token_is_in_the_head_alone),
		cmocka_unit_test(refusals_have_codes_and_the_words_of_the_server),
		cmocka_unit_test(refusals_of_others_may_be_asked_again),
		cmocka_unit_test(a_body_that_comes_with_a_refusal_can_be_read),
		cmocka_unit_test(redirects_are_not_followed),
		cmocka_unit_test(words_that_would_drive_a_terminal_are_made_harmless),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(an_answer_without_end_is_broken_off),
		cmocka_unit_test(nonsense_may_be_asked_again),
		cmocka_unit_test(files_have_paths_of_the_api),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
