/* test_compare.c - outputs and answers */
#include "grade/compare.h"
#include "grade/grade_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct compare_pair pair_of(const char *answer, const char *output)
{
	return (struct compare_pair){ output, strlen(output), answer, strlen(answer) };
}

static void assert_exact(const char *answer, const char *output, const char *message)
{
	struct compare_pair pair = pair_of(answer, output);
	char said[COMPARE_MESSAGE_SIZE] = "";

	assert_int_equal(compare_exact(&pair, said), message == NULL);
	assert_string_equal(said, message ? message : "");
}

static void assert_tokens(const char *answer, const char *output, const char *message)
{
	struct compare_pair pair = pair_of(answer, output);
	char said[COMPARE_MESSAGE_SIZE] = "";

	assert_int_equal(compare_tokens(&pair, said), message == NULL);
	assert_string_equal(said, message ? message : "");
}

static bool floats_agree(const char *answer, const char *output, double rel, double abs)
{
	struct compare_pair pair = pair_of(answer, output);
	char said[COMPARE_MESSAGE_SIZE] = "";
	bool same = compare_float(&pair, rel, abs, said);

	assert_int_equal(same, said[0] == '\0');
	return same;
}

static void exact_wants_every_byte(void **state)
{
	(void)state;
	assert_exact("", "", NULL);
	assert_exact("a\nb\n", "a\nb\n", NULL);
	assert_exact("a\nb\n12\n", "a\nb\n13\n", "line 3: expected '12', got '13'");
	assert_exact("a\nb\n", "a\n", "line 2: expected 'b', got the end");
	assert_exact("a\n", "a\nb\n", "line 2: expected the end, got 'b'");
	assert_exact("a\n", "a", "line 1: expected a line feed at the end");
	assert_exact("a", "a\n", "line 1: expected no line feed at the end");
	assert_exact("a b\n", "a  b\n", "line 1: expected 'a b', got 'a  b'");
	assert_exact("a\n", "a\r\n", "line 1: expected 'a', got 'a\\r'");
	assert_exact("a\n\n\n", "a\n\n", "line 3: expected '', got the end");
}

static void exact_sees_bytes_after_a_nul(void **state)
{
	struct compare_pair pair = { "a\0b", 3, "a\0c", 3 };
	char said[COMPARE_MESSAGE_SIZE] = "";

	(void)state;
	assert_false(compare_exact(&pair, said));
	assert_string_equal(said, "line 1: expected 'a\\x00c', got 'a\\x00b'");
}

static void tokens_fold_white_space(void **state)
{
	(void)state;
	assert_tokens("1 2 3", " 1\n2\t3 \n\n", NULL);
	assert_tokens("", " \n", NULL);
	assert_tokens("1 2 3", "1\n2\n4", "line 3: expected '3', got '4'");
	assert_tokens("1 2 3", "1\n2\n", "line 3: expected '3', got the end");
	assert_tokens("1 2", "1\n2\n3", "line 3: expected the end, got '3'");
	assert_tokens("12", "1 2", "line 1: expected '12', got '1'");
	assert_tokens("Yes", "yes", "line 1: expected 'Yes', got 'yes'");
}

static void floats_are_near_by_either_tolerance(void **state)
{
	(void)state;
	assert_true(floats_agree("3.14159 ok", "3.14160 ok", 0, 1e-4));
	assert_false(floats_agree("3.14159 ok", "3.14160 no", 0, 1e-4));
	assert_false(floats_agree("3.14159", "3.14160", 0, 1e-6));
	assert_true(floats_agree("1000000", "1000001", 1e-6, 0));
	assert_false(floats_agree("1000000", "1000002", 1e-6, 0));
	assert_true(floats_agree("0.5", ".5", 0, 0));
	assert_true(floats_agree("1e3", "1000.", 0, 0));
	assert_true(floats_agree("-0", "0", 0, 0));
	assert_true(floats_agree("1 2", "1\n\n2", 0, 0));
}

static void only_finite_decimals_are_numbers(void **state)
{
	(void)state;
	assert_false(floats_agree("1", "nan", 1, 1e300));
	assert_false(floats_agree("1", "inf", 1, 1e300));
	assert_false(floats_agree("1", "1e999", 1, 1e300));
	assert_true(floats_agree("nan", "nan", 0, 0));
	assert_false(floats_agree("8", "0x8", 0, 1));
	assert_false(floats_agree("1", "1.0x", 0, 1));
	assert_false(floats_agree("1", "1e", 0, 1));
	assert_false(floats_agree("1", ".", 10, 10));
	assert_false(floats_agree("1", "+", 10, 10));
	assert_false(floats_agree("1", "", 10, 10));
}

static void a_message_is_short_and_printable(void **state)
{
	static char big[100000];
	struct compare_pair pair = { big, sizeof(big), "x", 1 };
	char said[COMPARE_MESSAGE_SIZE];

	(void)state;
	memset(big, 0x1b, sizeof(big));
	assert_false(compare_tokens(&pair, said));
	assert_non_null(strstr(said, "...'"));
	for (const char *at = said; *at; at++)
		assert_true(*at >= ' ' && *at <= '~');
	assert_false(compare_exact(&pair, said));
	assert_true(strlen(said) < COMPARE_MESSAGE_SIZE);
	for (const char *at = said; *at; at++)
		assert_true(*at >= ' ' && *at <= '~');
}

static void a_difference_far_to_the_right_is_shown(void **state)
{
	static char left[5001], right[5001];
	struct compare_pair pair = { right, 5000, left, 5000 };
	char said[COMPARE_MESSAGE_SIZE];

	(void)state;
	memset(left, 'a', 5000);
	memset(right, 'a', 5000);
	left[4000] = 'L';
	right[4000] = 'R';
	assert_false(compare_exact(&pair, said));
	assert_non_null(strchr(said, 'L'));
	assert_non_null(strchr(said, 'R'));
}

static bool kattis_agrees(const char *answer, const char *output, struct compare_kattis rule)
{
	struct compare_pair pair = pair_of(answer, output);
	char said[COMPARE_MESSAGE_SIZE] = "";
	bool same = compare_kattis(&pair, &rule, said);

	assert_true(same == (*said == '\0'));
	return same;
}

static void kattis_folds_white_space_and_the_case_of_ascii(void **state)
{
	const struct compare_kattis plain = { 0 }, sensitive = { .case_sensitive = true };

	(void)state;
	assert_true(kattis_agrees("Yes 1\n", "  yES\t\v\f\r\n1", plain));
	assert_false(kattis_agrees("yes 1", "yes 1 1", plain));
	assert_false(kattis_agrees("yes 1 1", "yes 1", plain));
	assert_false(kattis_agrees("yes", "", plain));
	assert_true(kattis_agrees("", " \n", plain));
	assert_false(kattis_agrees("\xc3\x84", "\xc3\xa4", plain));
	assert_false(kattis_agrees("[", "{", plain));
	assert_false(kattis_agrees("Yes", "yes", sensitive));
	assert_true(kattis_agrees("Yes", "Yes\n", sensitive));
	assert_false(kattis_agrees("1.0", "1", plain));
}

static void kattis_can_want_the_same_white_space(void **state)
{
	const struct compare_kattis rule = { .space_sensitive = true };

	(void)state;
	assert_true(kattis_agrees(" a  B\n", " A  b\n", rule));
	assert_false(kattis_agrees("a b\n", "a  b\n", rule));
	assert_false(kattis_agrees("a  b\n", "a b\n", rule));
	assert_false(kattis_agrees("a b\n", "a\tb\n", rule));
	assert_false(kattis_agrees("a b\n", "a b", rule));
	assert_false(kattis_agrees("a b", "a b\n", rule));
	assert_false(kattis_agrees("a b", " a b", rule));
	assert_false(kattis_agrees("", "\n", rule));
}

static void kattis_takes_numbers_within_a_tolerance(void **state)
{
	const struct compare_kattis rel = { .has_tolerance = true, .rel = 1e-3 };
	const struct compare_kattis abs = { .has_tolerance = true, .abs = 1e-3 };
	const struct compare_kattis both = { .has_tolerance = true, .rel = 1e-3, .abs = 1e-3 };
	const struct compare_kattis none = { .has_tolerance = true };

	(void)state;
	assert_true(kattis_agrees("1000", "1001", rel));
	assert_false(kattis_agrees("1000", "1001.1", rel));
	assert_false(kattis_agrees("0", "0.0001", rel));
	assert_true(kattis_agrees("0", "1E-4", abs));
	assert_false(kattis_agrees("1000", "1001", abs));
	assert_true(kattis_agrees("1000 0", "1001 .0001", both));
	assert_true(kattis_agrees("1", "1.", none));
	assert_false(kattis_agrees("1", "one", both));
	assert_true(kattis_agrees("one 1", "ONE 1", both));
	assert_false(kattis_agrees("inf", "1e9", both));
	assert_false(kattis_agrees("1", "0x1", both));
	assert_false(kattis_agrees("1", "nan", both));
}

static void large_numbers_differ_by_less_than_a_double_can_tell(void **state)
{
	const struct compare_kattis abs = { .has_tolerance = true, .abs = 1e-3 };
	volatile long double large = 9007199254740992.0L;

	(void)state;
	if (large + 1 == large)	/* as under valgrind, whose long double is a double */
		skip();
	assert_true(floats_agree("10000000000000.0009", "10000000000000.0010", 0, 1e-3));
	assert_false(floats_agree("10000000000000.0012", "10000000000000.0029", 0, 1e-3));
	assert_false(floats_agree("9007199254740993", "9007199254740992", 0, 0.5));
	assert_true(kattis_agrees("10000000000000.0009", "10000000000000.0010", abs));
	assert_false(kattis_agrees("9007199254740993", "9007199254740992", abs));
	assert_true(floats_agree("0.1", "0.101", 0, 1e-3));
}

static void a_number_is_a_whole_finite_decimal(void **state)
{
	double value = 7;

	(void)state;
	assert_true(compare_number("-12.5e1", 7, &value) && value == -125);
	assert_false(compare_number("", 0, &value) || compare_number("1 ", 2, &value) ||
		     compare_number("1e999", 5, &value) || compare_number("0x1", 3, &value) ||
		     compare_number("1,5", 3, &value));
}

static void assert_clean(const char *text, size_t len, size_t most, const char *want)
{
	char *clean = grade_text_clean(text, len, most);

	if (want)
		assert_string_equal(clean, want);
	else
		assert_null(clean);
	free(clean);
}

static void foreign_text_is_cleaned(void **state)
{
	(void)state;
	assert_clean("a\tb\r\nc \n", 8, 100, "a\tb\nc");
	assert_clean("\x1b[31m\0x", 7, 100, "\xef\xbf\xbd[31m\xef\xbf\xbdx");
	assert_clean("\xff\xc3\xa9\xc3", 4, 100, "\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd");
	assert_clean("\xed\xa0\x80", 3, 100, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_clean("\xc2\x9b"
		     "1m",
		     4, 100,
		     "\xef\xbf\xbd"
		     "1m");
	assert_clean(" \n\n", 3, 100, NULL);
	assert_clean("", 0, 100, NULL);
	assert_clean("0123456789", 10, 10, "0123456789");
	assert_clean("0123456789a", 11, 10, "0123456...");
	assert_clean("012345\xc3\xa9\xc3\xa9\xc3\xa9", 12, 10, "012345...");
}

static void every_place_of_a_word_is_replaced(void **state)
{
	size_t len;
	char *text = grade_text_replace("a/x b/x", 7, "/x", "{report}", &len);

	(void)state;
	assert_string_equal(text, "a{report} b{report}");
	assert_int_equal(len, strlen(text));
	free(text);
	text = grade_text_replace("", 0, "/x", "y", NULL);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_wants_every_byte),
		cmocka_unit_test(exact_sees_bytes_after_a_nul),
		cmocka_unit_test(tokens_fold_white_space),
		cmocka_unit_test(floats_are_near_by_either_tolerance),
		cmocka_unit_test(large_numbers_differ_by_less_than_a_double_can_tell),
		cmocka_unit_test(only_finite_decimals_are_numbers),
		cmocka_unit_test(kattis_folds_white_space_and_the_case_of_ascii),
		cmocka_unit_test(kattis_can_want_the_same_white_space),
		cmocka_unit_test(kattis_takes_numbers_within_a_tolerance),
		cmocka_unit_test(a_number_is_a_whole_finite_decimal),
		cmocka_unit_test(a_message_is_short_and_printable),
		cmocka_unit_test(a_difference_far_to_the_right_is_shown),
		cmocka_unit_test(foreign_text_is_cleaned),
		cmocka_unit_test(every_place_of_a_word_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
