/* test_json_flat.c - the quick reader takes nothing that the other does not, and means the same */
#include "base/json_flat.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static const char *const taken[] = {
	"null", " true ", "false", "0", "-1", "999999999999999999", "-999999999999999999", "\"\"",
	"[]", "{}", "[1,2 , 3]", "{\"b\":1,\"a\":[{\"c\":{}}],\"ab\":null,\"\":2}",
	"\"plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\tz\"",
	"{\"\\n\":\"x\",\"\\t\":\"y\"}", "[\"a\\nb\",\"c\",\"\\\\\"]",
	"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
};

static const char *const declined[] = {
	"", " ", "nul", "truex", "01", "-0", "-", "+1", "1.0", "1e3", "9999999999999999999",
	"\"", "\"\\", "\"\\u0041\"", "\"\\x\"", "\"\n\"", "\"\xc3\"", "\"\xc3(\"", "\"\xc0\xaf\"",
	"\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe0\x80\x80\"", "\"\xff\"", "[", "[1",
	"[1,",
	"[1,]", "[,1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}",
	"{\"a\":1,\"a\":2}", "{\"a\":1 \"b\":2}", "1 2", "[]]", "[}", "{]",
	"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
	"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,"
	"\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1}",
};

/* Taken by both, with the same canonical text. */
static void must_mean_the_same(const struct json_flat *flat, const char *text, size_t len)
{
	AUTO(buf_release) struct buf quick = BUF_INIT(1 << 20);
	AUTO_FREE char *canonical = NULL;
	AUTO_JSON json_t *value = NULL;
	struct err err = ERR_INIT;

	value = json_parse(text, len, "text", &err);
	if (!value)
		fail_msg("%s: %.*s", err.text, (int)len, text);
	canonical = json_canonical(value);
	json_flat_canonical(flat, 0, &quick);
	assert_string_equal(buf_str(&quick), canonical);
}

static void what_is_taken_means_the_same_to_both(void **state)
{
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(taken); i++) {
		if (!json_flat_parse(&flat, taken[i], strlen(taken[i])))
			fail_msg("declined: %s", taken[i]);
		must_mean_the_same(&flat, taken[i], strlen(taken[i]));
	}
}

static void the_rest_is_declined(void **state)
{
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(declined); i++)
		if (json_flat_parse(&flat, declined[i], strlen(declined[i])))
			fail_msg("taken: %s", declined[i]);
	assert_false(json_flat_parse(&flat, "\"a\0b\"", 5));
	assert_false(json_flat_parse(&flat, "[1,2]", 4));
}

/* Bytes changed, left out and doubled at random, in a buffer of exactly the size. */
static void whatever_is_changed_both_agree(void **state)
{
	static const char sample[] =
		"{\"edits\":[{\"ms\":12,\"file\":\"a/\xc3\xa4.c\",\"at\":-3,\"del\":0,\"ins\":"
		"\"x\\n\\\"\"},{\"ok\":true,\"no\":[null,false,{}]}] }";
	static const char bytes[] = "{}[]\",:\\\n 0-9eun.\xc3\xa4\xff";
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;
	uint32_t dice = 1;
	int kept = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		AUTO_FREE char *text = buf_strdup(sample);
		AUTO_FREE char *exact = NULL;
		size_t len = strlen(text);

		for (int changes = round % 3 + 1; changes; changes--) {
			size_t at;

			dice = dice * 1664525 + 1013904223;
			at = (dice >> 8) % len;
			dice = dice * 1664525 + 1013904223;
			if ((dice >> 8) % 4)
				text[at] = bytes[(dice >> 12) % (sizeof(bytes) - 1)];
			else
				memmove(text + at, text + at + 1, len-- - at);
		}
		exact = buf_alloc(len);
		memcpy(exact, text, len);
		if (json_flat_parse(&flat, exact, len)) {
			must_mean_the_same(&flat, exact, len);
			kept++;
		}
	}
	assert_true(kept > 1000);
}

static void members_are_found_by_name(void **state)
{
	static const char text[] = "{\"a\":{\"b\":1},\"b\":[2,{\"c\":3}],\"c\":\"d\"}";
	AUTO(json_flat_release) struct json_flat flat = JSON_FLAT_INIT;

	(void)state;
	assert_true(json_flat_parse(&flat, text, strlen(text)));
	assert_int_equal(flat.nodes[json_flat_member(&flat, 0, "b")].count, 2);
	assert_true(json_flat_is(&flat.nodes[json_flat_member(&flat, 0, "c")], "d"));
	assert_false(json_flat_is(&flat.nodes[json_flat_member(&flat, 0, "c")], "dd"));
	assert_int_equal(flat.nodes[json_flat_member(&flat, json_flat_member(&flat, 0, "a"), "b")]
				 .number, 1);
	assert_int_equal(json_flat_member(&flat, 0, "d"), 0);
	assert_int_equal(json_flat_member(&flat, json_flat_member(&flat, 0, "c"), "d"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_means_the_same_to_both),
		cmocka_unit_test(the_rest_is_declined),
		cmocka_unit_test(whatever_is_changed_both_agree),
		cmocka_unit_test(members_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
