/* test_ai_json.c - JSON of clients and models: what is mended, what is refused */
#include "ai/ai_json.h"

#include "ai_fixture.h"

struct mended {
	const char *text, *want;
};

static const struct mended answers[] = {
	{ "{'a': 1, 'a': 2}", "{'a': 2}" },
	{ "['a\\u0000b']", "['a\xef\xbf\xbd" "b']" },
	{ "['\\ud83d\\ude00']", "['\xf0\x9f\x98\x80']" },
	{ "['\\ud83d']", "['\xef\xbf\xbd']" },
	{ "['\\ud83dx\\ude00']", "['\xef\xbf\xbdx\xef\xbf\xbd']" },
	{ "['\\uD83D\\uDE00\\uDE00']", "['\xf0\x9f\x98\x80\xef\xbf\xbd']" },
	{ "['\\\\ud83d']", "['\\\\ud83d']" },
	{ "['a\xff\xfe']", "['a\xef\xbf\xbd\xef\xbf\xbd']" },
	{ "['\xe2\x82']", "['\xef\xbf\xbd\xef\xbf\xbd']" },
	{ "[18446744073709551615, -1]", "[18446744073709551615.0, -1]" },
	{ "[999999999999999999, 0.1234567890123456789012]",
	  "[999999999999999999, 0.1234567890123456789012]" },
	{ "'1234567890123456789012'", "'1234567890123456789012'" },
	{ "null", "null" },
};

static void what_a_model_wrote_is_mended(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(answers); i++) {
		AUTO_FREE char *text = quoted(answers[i].text);
		AUTO_JSON json_t *value = ai_json_answer(text, strlen(text));

		assert_json(value, answers[i].want);
	}
}

static void what_is_no_json_is_nothing(void **state)
{
	static const char *const texts[] = { "", "{", "{]", "'", "'\\", "'\\u12", "<html>", "1 2",
					     "-", "[1e999]", "'\\u0g00'" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		AUTO_FREE char *text = quoted(texts[i]);

		assert_null(ai_json_answer(text, strlen(text)));
	}
	assert_null(ai_json_answer("[\0]", 3));
}

/* `depth` arrays within each other, in an object. */
static char *nested(size_t depth)
{
	struct buf out = BUF_INIT(SIZE_MAX / 2);

	buf_add_str(&out, "{\"a\":");
	for (size_t i = 0; i < depth; i++)
		buf_add_byte(&out, '[');
	for (size_t i = 0; i < depth; i++)
		buf_add_byte(&out, ']');
	buf_add_byte(&out, '}');
	return buf_take(&out);
}

static void nesting_is_bounded(void **state)
{
	AUTO_FREE char *most = nested(AI_JSON_DEPTH - 1), *more = nested(AI_JSON_DEPTH);
	AUTO_FREE char *far = nested(1000000);
	struct err err = ERR_INIT;
	AUTO_JSON json_t *value = ai_json_answer(most, strlen(most));

	(void)state;
	assert_non_null(value);
	assert_null(ai_json_answer(more, strlen(more)));
	assert_null(ai_json_answer(far, strlen(far)));
	assert_null(ai_json_request(more, strlen(more), &err));
	assert_non_null(strstr(err.text, "nested more than 128 deep"));
	assert_int_equal(err.code, ERR_INPUT);
}

/* `count` values in the array of an object, which are two more. */
static char *listed(size_t count)
{
	struct buf out = BUF_INIT(SIZE_MAX / 2);

	buf_add_str(&out, "{\"a\":[1");
	for (size_t i = 1; i < count; i++)
		buf_add_str(&out, ",1");
	buf_add_str(&out, "]}");
	return buf_take(&out);
}

static void values_are_bounded(void **state)
{
	AUTO_FREE char *most = listed(AI_JSON_VALUES - 1), *more = listed(AI_JSON_VALUES);
	struct err err = ERR_INIT;
	AUTO_JSON json_t *value = ai_json_request(most, strlen(most), &err);

	(void)state;
	assert_non_null(value);
	assert_null(ai_json_answer(more, strlen(more)));
	assert_null(ai_json_request(more, strlen(more), &err));
	assert_non_null(strstr(err.text, "more than 200000 values"));
	assert_int_equal(err.code, ERR_INPUT);
}

static void brackets_in_texts_are_no_nesting(void **state)
{
	AUTO(buf_release) struct buf out = BUF_INIT(10000);
	AUTO_JSON json_t *value = NULL;

	(void)state;
	buf_add_str(&out, "[\"\\\"");
	for (int i = 0; i < 1000; i++)
		buf_add_byte(&out, '[');
	buf_add_str(&out, "\"]");
	value = ai_json_answer(buf_str(&out), out.len);
	assert_non_null(value);
}

static void a_request_is_read_in_one_way_only(void **state)
{
	static const struct mended refused[] = {
		{ "{'a':1,'a':2}", "duplicate" },
		{ "{'\\u0061':1,'a':2}", "duplicate" },
		{ "[1]", "no JSON object" },
		{ "{'a':'\xff'}", "not valid JSON" },
		{ "{'a':1} x", "not valid JSON" },
		{ "", "not valid JSON" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		AUTO_FREE char *text = quoted(refused[i].text);
		struct err err = ERR_INIT;

		assert_null(ai_json_request(text, strlen(text), &err));
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, refused[i].want))
			fail_msg("%s: %s", text, err.text);
	}
}

static void counts_are_whole_and_not_below_nothing(void **state)
{
	AUTO_JSON json_t *list = parsed("[0, 7, 7.0, 100, 101, -1, 7.5, 1e300, '7', null, -0.0]");
	static const int64_t want[] = { 0, 7, 7, 100, -1, -1, -1, -1, -1, -1, 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(want); i++)
		assert_int_equal(ai_json_count(json_array_get(list, i), 100), want[i]);
	assert_int_equal(ai_json_count(NULL, 100), -1);
}

static struct hash hash_text(const char *text)
{
	AUTO_JSON json_t *value = parsed(text);
	struct hash_stream stream;

	hash_stream_init(&stream);
	ai_json_hash(value, &stream);
	return hash_stream_end(&stream);
}

static void hashes_tell_values_apart_but_for_cache_marks(void **state)
{
	static const char *const values[] = {
		"null", "true", "false", "0", "1", "1.0", "''", "'a'", "'1'", "[]", "{}", "[[]]",
		"['a','b']", "['ab']", "['a',['b']]", "[['a'],'b']", "{'a':'b'}", "{'a':1,'b':2}",
		"{'b':2,'a':1}", "{'a':{'b':1}}", "{'a':{},'b':1}", "[null]",
	};
	struct hash plain = hash_text("{'a':[{'b':1}],'c':2}");
	struct hash marked = hash_text("{'a':[{'cache_control':{},'b':1}],'cache_control':1,"
				       "'c':2}");

	(void)state;
	assert_true(hash_equal(&plain, &marked));
	for (size_t i = 0; i < LENGTH(values); i++) {
		for (size_t j = 0; j < LENGTH(values); j++) {
			struct hash a = hash_text(values[i]), b = hash_text(values[j]);

			assert_int_equal(!!hash_equal(&a, &b), i == j);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_model_wrote_is_mended),
		cmocka_unit_test(what_is_no_json_is_nothing),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(values_are_bounded),
		cmocka_unit_test(brackets_in_texts_are_no_nesting),
		cmocka_unit_test(a_request_is_read_in_one_way_only),
		cmocka_unit_test(counts_are_whole_and_not_below_nothing),
		cmocka_unit_test(hashes_tell_values_apart_but_for_cache_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
