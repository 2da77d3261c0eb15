/* test_http_target.c - paths, queries, cookies and lists are taken apart in one way */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/http_target.h"

#include <stdio.h>
#include <string.h>

static void paths_are_decoded(void **state)
{
	static const char *const cases[][2] = {
		{ "/", "/" }, { "/a/b", "/a/b" }, { "/a/", "/a/" }, { "/a%20b", "/a b" },
		{ "/%41%7e%25", "/A~%" }, { "/a+b", "/a+b" }, { "/%C3%BC", "/\xc3\xbc" },
		{ "/...", "/..." }, { "/.a/b..", "/.a/b.." }, { "/a;b=c", "/a;b=c" },
		{ "/%E2%80%AE", "/\xe2\x80\xae" }, { "/%C2%A0", "/\xc2\xa0" },
	};
	char path[HTTP_TARGET_PATH_MAX + 1];
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(http_target_path(cases[i][0], path, &status));
		assert_string_equal(path, cases[i][1]);
	}
}

static void paths_of_two_meanings_are_refused(void **state)
{
	static const char *const cases[] = {
		"", "a", "*", "http://a/", "//", "/a//b", "/.", "/..", "/./a", "/a/..", "/%2e",
		"/a/%2E%2e/b", "/%2f", "/a%5Cb", "/\\", "/%00", "/%0a", "/%7f", "/%", "/%4",
		"/%4g", "/%-1", "/a b", "/\x7f", "/\xc3\xbc", "/%ff", "/%ed%a0%80", "/%c2%80",
		"/a#b",
	};
	char path[HTTP_TARGET_PATH_MAX + 1];
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!http_target_path(cases[i], path, &status))
			fail_msg("'%s' became '%s'", cases[i], path);
		assert_int_equal(status, 400);
	}
}

static void queries_are_looked_through(void **state)
{
	static const struct {
		const char *query, *name, *value;
	} cases[] = {
		{ "a=1&b=2", "b", "2" }, { "a=1&a=2", "a", "1" }, { "a", "a", "" },
		{ "a=", "a", "" }, { "&&a=b&", "a", "b" }, { "ab=1", "a", NULL },
		{ "a=b=c", "a", "b=c" }, { "a=+%2B%26", "a", " +&" }, { "%61=1", "a", "1" },
		{ "a%3D1=2", "a=1", "2" }, { "", "a", NULL }, { "=1", "", "1" },
		{ "a=%ff", "a", NULL }, { "a=%00", "a", NULL }, { "a=%C3%BC", "a", "\xc3\xbc" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf value = BUF_INIT(100);
		bool found = http_target_query(cases[i].query, cases[i].name, &value);

		assert_int_equal(found, cases[i].value != NULL);
		if (found)
			assert_string_equal(buf_str(&value), cases[i].value);
		buf_release(&value);
	}
	assert_true(http_target_query_fits("a=%20&b=\"<>|"));
	assert_false(http_target_query_fits("a=%2"));
	assert_false(http_target_query_fits("a=%zz"));
	assert_false(http_target_query_fits("a=\xc3"));
	assert_false(http_target_query_fits("a= "));
}

static void cookies_are_found_by_name(void **state)
{
	static const struct {
		const char *header, *name, *value;
	} cases[] = {
		{ "a=1; b=2", "a", "1" }, { "a=1; b=2", "b", "2" }, { "a=1;b=2", "b", "2" },
		{ "a=\"x y\"", "a", "x y" }, { "a=1; a=2", "a", "1" }, { "ba=1", "a", NULL },
		{ "a", "a", NULL }, { "a=", "a", "" }, { "b=a=1", "a", NULL },
		{ " ;; a=1 ; ", "a", "1" }, { "A=1", "a", NULL }, { "", "a", NULL },
		{ "b=\"a=1; c\"", "c\"", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = 0;
		const char *value = http_target_cookie(cases[i].header, cases[i].name, &len);

		if (!cases[i].value) {
			assert_null(value);
			continue;
		}
		assert_non_null(value);
		assert_int_equal(len, strlen(cases[i].value));
		assert_memory_equal(value, cases[i].value, len);
	}
}

static void lists_hold_words_and_tags(void **state)
{
	(void)state;
	assert_true(http_target_list_has("keep-alive, Upgrade", "upgrade"));
	assert_false(http_target_list_has("keep-alive, Upgraded", "upgrade"));
	assert_false(http_target_list_has("", "upgrade"));
	assert_true(http_target_list_has(" ,,upgrade ,", "upgrade"));
	assert_true(http_target_etag_matches("\"1\", W/\"2\"", "\"2\""));
	assert_true(http_target_etag_matches("*", "\"2\""));
	assert_false(http_target_etag_matches("\"12\"", "\"2\""));
	assert_false(http_target_etag_matches("2", "\"2\""));
}

static void the_last_of_the_forwarded_counts(void **state)
{
	static const char *const cases[][2] = {
		{ "1.2.3.4", "1.2.3.4" }, { "9.9.9.9, 1.2.3.4", "1.2.3.4" }, { "::1", "::1" },
		{ "1.2.3.4, evil", NULL }, { "", NULL }, { "1.2.3.4:80", NULL }, { "[::1]", NULL },
		{ "1.2.3.4 5", NULL }, { "a, 1.2.3.4 ,", "1.2.3.4" },
		{ "0000000000000000000000000000000000000000000000000000000001.2.3.4", NULL },
	};
	char out[48];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool found = http_target_forwarded(cases[i][0], out, sizeof(out));

		assert_int_equal(found, cases[i][1] != NULL);
		if (found)
			assert_string_equal(out, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_decoded),
		cmocka_unit_test(paths_of_two_meanings_are_refused),
		cmocka_unit_test(queries_are_looked_through),
		cmocka_unit_test(cookies_are_found_by_name),
		cmocka_unit_test(lists_hold_words_and_tags),
		cmocka_unit_test(the_last_of_the_forwarded_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
