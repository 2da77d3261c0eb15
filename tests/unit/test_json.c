/* test_json.c - jansson with limits, canonical text, and the line of a pointer */
#include "base/json.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* --- texts that are refused */

struct refused {
	const char *name, *text;
	size_t len;		/* 0: up to the NUL */
	const char *says;
};

static const struct refused refused[] = {
	{ "an empty text is refused", "", 0, "f.json:1: is empty" },
	{ "a missing comma is refused with its line", "{\n \"a\": 1\n \"b\": 2 }", 0,
	  "f.json:3: '}' expected near '\"b\"'" },
	{ "a duplicate key is refused", "{ \"a\": 1,\n \"a\": 2 }", 0,
	  "f.json:2: duplicate object key near '\"a\"'" },
	{ "a NUL byte is refused with its line", "[1,\n\n\0 2]", 9,
	  "f.json:3: a NUL byte is not allowed" },
	{ "an escaped NUL is refused", "[\"\\u0000\"]", 0, "f.json:1: \\u0000 is not allowed" },
	{ "text after the value is refused", "{} {}", 0,
	  "f.json:1: end of file expected near '{'" },
	{ "a byte order mark is named", "\xef\xbb\xbf{}", 0,
	  "f.json:1: begins with a byte order mark; save it as plain UTF-8" },
	{ "bytes that are not UTF-8 are refused", "[\"\xff\"]", 0,
	  "f.json:1: unable to decode byte 0xff" },
	{ "a number too large is refused", "[1e999]", 0, "f.json:1: real number overflow" },
};

static void is_refused(void **state)
{
	const struct refused *row = *state;
	struct err err = ERR_INIT;
	size_t len = row->len ? row->len : strlen(row->text);

	assert_null(json_parse(row->text, len, "f.json", &err));
	assert_int_equal(err.code, ERR_INPUT);
	if (strncmp(err.text, row->says, strlen(row->says)) != 0)
		fail_msg("says \"%s\", not \"%s\"", err.text, row->says);
}

static void control_characters_do_not_reach_the_message(void **state)
{
	struct err err = ERR_INIT;
	const char *text = "[\033]0;x\007";

	(void)state;
	assert_null(json_parse(text, strlen(text), "f.json", &err));
	for (const char *at = err.text; *at; at++)
		assert_true(*at >= 0x20 && *at < 0x7f);
	assert_non_null(strstr(err.text, "\\x1b"));
}

static void nesting_without_end_is_refused(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(100000);
	struct err err = ERR_INIT;

	(void)state;
	while (buf_add_byte(&text, '['))
		;
	assert_null(json_parse(buf_str(&text), text.len, "f.json", &err));
	assert_int_equal(err.code, ERR_INPUT);
}

static void any_json_value_is_a_text(void **state)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *value = json_parse(" 7\n", 3, "f.json", &err);

	(void)state;
	assert_int_equal(json_integer_value(value), 7);
}

static void a_file_is_read_with_a_limit(void **state)
{
	struct err err = ERR_INIT;
	AUTO(fs_temp_release) char *dir = fs_temp_dir("tali-json", &err);
	AUTO_FREE char *path = fs_join(dir, "a.json");
	AUTO_JSON json_t *value = NULL;

	(void)state;
	assert_int_equal(fs_write(path, 0600, "{\"a\": 1}", 8, &err), 0);
	value = json_read(path, 8, &err);
	assert_int_equal(json_int(value, "a", 0), 1);
	assert_null(json_read(path, 7, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_null(json_read("/no/such.json", 8, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* --- lines */

static const char LINES[] = "\n"				/* 1 */
			    "{ \"name\": \"a\\\"b{\",\n"	/* 2 */
			    "  \"tests\": [\n"			/* 3 */
			    "    { \"id\": \"one\" },\n"	/* 4 */
			    "    {\n"				/* 5 */
			    "      \"id\":\n"			/* 6 */
			    "        \"two\",\n"		/* 7 */
			    "      \"n\": [1, [2],\n"		/* 8 */
			    "        -3.5e7] } ],\n"		/* 9 */
			    "  \"a/b\": { \"~\": true },\n"	/* 10 */
			    "  \"caf\\u00e9\": null,\n"		/* 11 */
			    "  \"\": 0 }\n";			/* 12 */

static const struct line {
	const char *name, *pointer;
	int line;
} lines[] = {
	{ "the root stands where its brace is", "", 2 },
	{ "a member stands where its key is", "/name", 2 },
	{ "brackets in strings do not count", "/tests", 3 },
	{ "an item stands where it begins", "/tests/0", 4 },
	{ "the second item stands where it begins", "/tests/1", 5 },
	{ "a key stands on its own line, not that of its value", "/tests/1/id", 6 },
	{ "an item behind a nested array is found", "/tests/1/n/2", 9 },
	{ "a slash in a key is ~1", "/a~1b", 10 },
	{ "a tilde in a key is ~0", "/a~1b/~0", 10 },
	{ "an escaped key is found", "/caf\xc3\xa9", 11 },
	{ "an empty key is found", "/", 12 },
	{ "a key that is missing gives 1", "/tests/1/x", 1 },
	{ "an item that is missing gives 1", "/tests/2", 1 },
	{ "an item of an object gives 1", "/a~1b/0", 1 },
	{ "a member of a string gives 1", "/name/x", 1 },
	{ "a word is no index", "/tests/x", 1 },
	{ "a sign is no index", "/tests/+1", 1 },
};

static void has_line(void **state)
{
	const struct line *row = *state;

	assert_int_equal(json_line_of(LINES, row->pointer), row->line);
}

/* --- values */

static void canonical_text_sorts_keys_and_has_no_spaces(void **state)
{
	AUTO_JSON json_t *value = json_pack("{s:i, s:[b, n], s:s}", "b", 1, "a", 1, "\xc3\xa9",
					    "\xc3\xa9/");
	AUTO_FREE char *text = json_canonical(value);

	(void)state;
	assert_string_equal(text, "{\"a\":[true,null],\"b\":1,\"\xc3\xa9\":\"\xc3\xa9/\"}");
}

static void a_real_is_found_at_any_depth(void **state)
{
	AUTO_JSON json_t *with = json_pack("{s:[i, {s:f}]}", "a", 1, "b", 0.5);
	AUTO_JSON json_t *without = json_pack("{s:[i, {s:i}]}", "a", 1, "b", 5);

	(void)state;
	assert_true(json_has_real(with));
	assert_false(json_has_real(without));
}

static void a_member_of_the_wrong_type_gives_the_fallback(void **state)
{
	AUTO_JSON json_t *value = json_pack("{s:s, s:i, s:b}", "s", "x", "i", 3, "b", 1);

	(void)state;
	assert_string_equal(json_str(value, "s", "-"), "x");
	assert_string_equal(json_str(value, "i", "-"), "-");
	assert_int_equal(json_int(value, "i", -1), 3);
	assert_int_equal(json_int(value, "s", -1), -1);
	assert_true(json_flag(value, "b", false));
	assert_true(json_flag(value, "i", true));
	assert_null(json_str(NULL, "s", NULL));
}

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define TEST(function) { #function, function, NULL, NULL, NULL }

int main(void)
{
	static const struct CMUnitTest single[] = {
		TEST(control_characters_do_not_reach_the_message),
		TEST(nesting_without_end_is_refused),
		TEST(any_json_value_is_a_text),
		TEST(a_file_is_read_with_a_limit),
		TEST(canonical_text_sorts_keys_and_has_no_spaces),
		TEST(a_real_is_found_at_any_depth),
		TEST(a_member_of_the_wrong_type_gives_the_fallback),
	};
	struct CMUnitTest tests[LENGTH(single) + LENGTH(refused) + LENGTH(lines)] = { 0 };
	size_t count = LENGTH(single);

	memcpy(tests, single, sizeof(single));
	for (size_t i = 0; i < LENGTH(refused); i++)
		tests[count++] = (struct CMUnitTest){ refused[i].name, is_refused, NULL, NULL,
						      (void *)&refused[i] };
	for (size_t i = 0; i < LENGTH(lines); i++)
		tests[count++] = (struct CMUnitTest){ lines[i].name, has_line, NULL, NULL,
						      (void *)&lines[i] };
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
