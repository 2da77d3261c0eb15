/* test_ai_guard.c - secrets in any spelling are found, wherever a stream is split */
#include "ai/ai_guard.h"

#include "ai_fixture.h"

#define AUTO_GUARD AUTO(ai_guard_free) struct ai_guard
#define AUTO_STREAM AUTO(ai_guard_stream_free) struct ai_guard_stream

#define SECRET \
	"def test_total():\n    assert ring_total([3, 4, 5], start=1) == 13, \"off by one\"\n"

static struct ai_guard *make_guard(void)
{
	struct ai_guard *guard = ai_guard_new();

	assert_true(ai_guard_add_canary(guard, "tali-7F3Q-kx91-zz"));
	ai_guard_add_secret(guard, SECRET, strlen(SECRET));
	return guard;
}

static const char *const hits[] = {
	"tali-7F3Q-kx91-zz",
	"It says TALI 7f3q KX91 ZZ there",
	"t.a.l.i.7.f.3.q.k.x.9.1.z.z",
	"tali7\xe2\x80\x8b" "f3qk\xc2\xadx91zz",
	"\xef\xbd\x94\xef\xbd\x81li-7f3q-kx91-zz",			/* full width t, a */
	"\xf0\x9d\x90\xad" "ali-7f3q-kx91-zz",				/* mathematical bold t */
	"\n\ntali\n\n7f3q\n\nkx91\n\nzz\n\n",
	SECRET,
	"assert ring_total([3, 4, 5], start=1) == 13",
	"ASSERT  RING_TOTAL( [ 3 ,4,5 ]\n, START = 1 )",
	"assert ring\xc2\xa0total 3 4 5 start 1",
	"assert r\xe2\x80\x8bing_total 3 4 5 start \xef\xbc\x91",
	"words before assert ring total 3 4 5 start 1 words behind",
};

static const char *const harmless[] = {
	"",
	"tali-7F3Q-kx91",
	"assert ring_total([3, 4, 5], start=2)",
	"assert total ring 3 4 5 start 1",
	"assert ring_totals([3, 4, 5], start=1)",
	"Use a ring buffer and add up its values.",
};

static void secrets_are_found_in_any_spelling(void **state)
{
	AUTO_GUARD *guard = make_guard();

	(void)state;
	for (size_t i = 0; i < LENGTH(hits); i++)
		if (!ai_guard_hits(guard, hits[i], strlen(hits[i])))
			fail_msg("not found: %s", hits[i]);
	for (size_t i = 0; i < LENGTH(harmless); i++)
		if (ai_guard_hits(guard, harmless[i], strlen(harmless[i])))
			fail_msg("found: %s", harmless[i]);
}

/* What a reader of a stream sees; *ret_hit: it was stopped. */
static char *shown(const struct ai_guard *guard, const char *text, size_t len, size_t piece,
		   bool *ret_hit)
{
	AUTO_STREAM *stream = ai_guard_stream_new(guard);
	struct buf out = BUF_INIT(1 << 20);

	*ret_hit = false;
	for (size_t at = 0; at < len && !*ret_hit; at += piece)
		*ret_hit = !ai_guard_stream_add(stream, text + at,
						len - at < piece ? len - at : piece, &out);
	if (!ai_guard_stream_end(stream, &out))
		*ret_hit = true;
	return buf_take(&out);
}

static char *padded(const char *text)
{
	struct buf out = BUF_INIT(100000);

	for (int i = 0; i < 60; i++)
		buf_add_format(&out, "word%d ", i);
	buf_add_str(&out, text);
	for (int i = 0; i < 60; i++)
		buf_add_format(&out, " other%d", i);
	return buf_take(&out);
}

static void where_a_stream_is_split_makes_no_difference(void **state)
{
	AUTO_GUARD *guard = make_guard();

	(void)state;
	for (size_t i = 0; i < LENGTH(hits) + LENGTH(harmless); i++) {
		bool secret = i < LENGTH(hits), hit;
		AUTO_FREE char *text = padded(secret ? hits[i] : harmless[i - LENGTH(hits)]);

		for (size_t piece = 1; piece < 12; piece++) {
			AUTO_FREE char *got = shown(guard, text, strlen(text), piece, &hit);

			assert_int_equal(hit, secret);
			if (!secret)
				assert_string_equal(got, text);
			else if (strncmp(got, text, strlen(got)) != 0)
				fail_msg("shown: %s", got);
		}
	}
}

static void nothing_of_a_secret_is_shown(void **state)
{
	AUTO_GUARD *guard = make_guard();
	AUTO_FREE char *text = padded("tali-7F3Q-kx91-zz");
	bool hit;

	(void)state;
	for (size_t piece = 1; piece < 700; piece += 13) {
		AUTO_FREE char *got = shown(guard, text, strlen(text), piece, &hit);

		assert_true(hit);
		assert_null(strstr(got, "tali"));
	}
}

static void characters_without_width_do_not_push_a_secret_out(void **state)
{
	AUTO_GUARD *guard = make_guard();
	AUTO(buf_release) struct buf text = BUF_INIT(100000);
	AUTO_FREE char *got = NULL;
	const char *canary = "tali7f3qkx91zz";
	bool hit;

	(void)state;
	for (size_t i = 0; canary[i]; i++) {
		buf_add_byte(&text, canary[i]);
		for (int j = 0; j < 300; j++)
			buf_add_str(&text, j % 2 ? "\xe2\x80\x8b" : "\xe2\x80\x8d");
	}
	got = shown(guard, buf_str(&text), text.len, 7, &hit);
	assert_true(hit);
	assert_string_equal(got, "");
}

static void about_two_hundred_characters_are_held_back(void **state)
{
	AUTO_GUARD *guard = make_guard();
	AUTO_STREAM *stream = ai_guard_stream_new(guard);
	AUTO(buf_release) struct buf out = BUF_INIT(10000);

	(void)state;
	for (size_t i = 1; i <= 1000; i++) {
		assert_true(ai_guard_stream_add(stream, "\xc3\xa4", 2, &out));
		assert_int_equal(out.len, i > AI_GUARD_HOLD ? 2 * (i - AI_GUARD_HOLD) : 0);
	}
	assert_true(ai_guard_stream_end(stream, &out));
	assert_int_equal(out.len, 2000);
}

static void half_a_character_at_the_end_is_given_as_it_is(void **state)
{
	AUTO_GUARD *guard = make_guard();
	AUTO_FREE char *got = NULL;
	bool hit;

	(void)state;
	got = shown(guard, "a\xe2\x82", 3, 1, &hit);
	assert_false(hit);
	assert_string_equal(got, "a\xe2\x82");
}

static void what_anybody_may_read_is_no_secret(void **state)
{
	AUTO_GUARD *guard = make_guard();
	const char *statement = "For instance: assert ring_total([3, 4, 5], start=1) == 13";

	(void)state;
	assert_true(ai_guard_hits(guard, statement, strlen(statement)));
	ai_guard_add_public(guard, statement, strlen(statement));
	assert_false(ai_guard_hits(guard, statement, strlen(statement)));
	assert_true(ai_guard_hits(guard, SECRET, strlen(SECRET)));
}

static void canaries_must_be_long_enough(void **state)
{
	AUTO_GUARD *guard = ai_guard_new();
	AUTO_FREE char *longer = buf_alloc(AI_GUARD_CANARY_MAX + 2);

	(void)state;
	assert_false(ai_guard_add_canary(guard, ""));
	assert_false(ai_guard_add_canary(guard, "a-b-c-d-e-f-g"));
	assert_true(ai_guard_add_canary(guard, "a-b-c-d-e-f-g-h"));
	memset(longer, 'x', AI_GUARD_CANARY_MAX + 1);
	assert_false(ai_guard_add_canary(guard, longer));
	assert_true(ai_guard_add_canary(guard, longer + 1));
	assert_true(ai_guard_hits(guard, longer, strlen(longer)));
}

static void rows_of_the_same_words_are_no_secret(void **state)
{
	AUTO_GUARD *guard = ai_guard_new();
	const char *zeros = "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0";

	(void)state;
	ai_guard_add_secret(guard, zeros, strlen(zeros));
	assert_false(ai_guard_hits(guard, zeros, strlen(zeros)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_found_in_any_spelling),
		cmocka_unit_test(where_a_stream_is_split_makes_no_difference),
		cmocka_unit_test(nothing_of_a_secret_is_shown),
		cmocka_unit_test(characters_without_width_do_not_push_a_secret_out),
		cmocka_unit_test(about_two_hundred_characters_are_held_back),
		cmocka_unit_test(half_a_character_at_the_end_is_given_as_it_is),
		cmocka_unit_test(what_anybody_may_read_is_no_secret),
		cmocka_unit_test(canaries_must_be_long_enough),
		cmocka_unit_test(rows_of_the_same_words_are_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
