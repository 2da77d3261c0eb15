/* test_wording.c - lists, words, terms, repetitions, and prompts as points */
#include "score/wording.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/prompt_quality.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_items(const char *text, uint32_t items)
{
	assert_int_equal(wording_items(text, strlen(text)), items);
}

static void lists_are_counted_by_their_marks(void **state)
{
	(void)state;
	assert_items("", 0);
	assert_items("a plan", 0);
	assert_items("- a\n* b\n + c", 3);
	assert_items("1. a\n2) b\n10. c\n1999. d", 3);
	assert_items("[ ] a\n[x] b", 2);
	assert_items("- \n-\n---\n- .", 0);
	assert_items("-5 is no item\n1.5 neither", 0);
	assert_items("\t- \xc3\xa4", 1);
	assert_items("- a\n ```diff\n- old\n+ new\n```\n- b", 2);
	assert_items("```total(x)``` fails:\n- a\n- b", 2);
}

static bool has(const char *text, const char *word)
{
	return wording_has(text, strlen(text), word);
}

static void words_stand_alone(void **state)
{
	(void)state;
	assert_true(has("a Remainder.", "remainder"));
	assert_false(has("remainders", "remainder"));
	assert_false(has("the_remainder", "remainder"));
	assert_false(has("", "x"));
	assert_true(has("xx x", "x"));
	assert_int_equal(wording_count("d'o\xc3\xb9 \xe4\xbd\xa0\xe5\xa5\xbd, 1_2", 18), 4);
}

static void add(void *arg, const char *term)
{
	buf_add_format(arg, "%s ", term);
}

static void terms_are_code_and_what_is_said_twice(void **state)
{
	AUTO(buf_release) struct buf terms = BUF_INIT(1000);

	(void)state;
	wording_terms("Write `split(total)` in `bill.py`.\n\nThe remainder goes first, no "
		      "remainder is lost. Values should be exact; the output should too. `x` `12`",
		      40, add, &terms);
	assert_string_equal(buf_str(&terms), "split total bill remainder ");
	buf_clear(&terms);
	wording_terms("`one_a` `two_b` `three_c`", 2, add, &terms);
	assert_string_equal(buf_str(&terms), "one_a two_b ");
	buf_clear(&terms);
	wording_terms("`never closed", 40, add, &terms);
	assert_string_equal(buf_str(&terms), "never closed ");
}

static void shingles_are_the_same_in_any_case(void **state)
{
	const char *a = "One two three four five six seven eight", *b = "one TWO three, four five "
									"six seven eight nine";
	size_t count_a, count_b;
	AUTO_FREE uint64_t *of_a = wording_shingles(a, strlen(a), &count_a);
	AUTO_FREE uint64_t *of_b = wording_shingles(b, strlen(b), &count_b);

	(void)state;
	assert_int_equal(count_a, 1);
	assert_int_equal(count_b, 2);
	assert_true(of_a[0] == of_b[0] && of_b[0] != of_b[1]);
	free(of_a);
	of_a = wording_shingles("few", 3, &count_a);
	assert_int_equal(count_a, 0);
}

static void what_others_said_is_not_ones_own(void **state)
{
	AUTO(number_map_release) struct number_map known = NUMBER_MAP_INIT;
	const char *said = "- the `one` is Two\n- three four five six seven";
	size_t count;
	AUTO_FREE uint64_t *runs = wording_shingles(said, strlen(said), &count);
	AUTO_FREE char *own = NULL, *part = NULL;

	(void)state;
	for (size_t i = 0; i < count; i++)
		number_map_place(&known, runs[i], NULL);
	own = wording_own("do: the one is two, three four five six seven. now", 50, &known);
	assert_string_equal(own, "do:               ,                          . now");
	part = wording_own("- three four five six seven, mine", 33, &known);
	assert_string_equal(part, "- three four five six seven, mine");
}

/* --- prompts */

static char path[] = "src/bill.py";
static struct fact_path paths[] = { { path, PATH_CODE } };
static const struct facts facts = { .paths = paths, .path_count = 1 };

static struct prompt_quality quality(const char *text)
{
	return prompt_quality(&facts, text, strlen(text));
}

static void a_bare_prompt_has_no_points(void **state)
{
	(void)state;
	assert_int_equal(quality("fix it").value, 0);
	assert_int_equal(quality("").value, 0);
	assert_int_equal(quality("please please please please please please").value, 0);
}

#define FULL                                                                                       \
	"In bill.py `split` must return shares that sum to the total, when people is 3 it should " \
	"give the first one more, without floats. It fails:\n```\nAssertionError: 33 == 34\n```"

static void a_prompt_that_says_all_has_ten(void **state)
{
	struct prompt_quality all = quality(FULL);

	(void)state;
	assert_int_equal(all.parts[PROMPT_PLACE], 2);
	assert_int_equal(all.parts[PROMPT_EXPECTED], 2);
	assert_int_equal(all.parts[PROMPT_CONSTRAINTS], 1);
	assert_int_equal(all.parts[PROMPT_EVIDENCE], 2);
	assert_int_equal(all.parts[PROMPT_LENGTH], 2);
	assert_int_equal(all.parts[PROMPT_NOT_BARE], 1);
	assert_int_equal(all.value, 10);
}

/* Padding buys nothing but the points of length, and too much of it costs them. */
static void padding_moves_a_prompt_by_three_points_at_most(void **state)
{
	AUTO(buf_release) struct buf padded = BUF_INIT(1 << 20);
	int before = quality("fix it").value, after;

	(void)state;
	buf_add_str(&padded, "fix it ");
	for (int i = 0; i < 100; i++)
		buf_add_format(&padded, "dear%d ", i % 9);
	after = quality(buf_str(&padded)).value;
	assert_true(after - before <= 3);
	for (int i = 0; i < 2000; i++)
		buf_add_str(&padded, "dear ");
	assert_true(quality(buf_str(&padded)).value <= after - 2);
}

static void renaming_what_is_named_moves_nothing(void **state)
{
	char name[] = "lib/invoice.py";
	struct fact_path other[] = { { name, PATH_CODE } };
	const struct facts renamed = { .paths = other, .path_count = 1 };
	const char *text = "In invoice.py `divide` must return shares that sum to the total, when "
			   "heads is 3 it should give the first one more, without floats. It "
			   "fails:\n```\nAssertionError: 33 == 34\n```";

	(void)state;
	assert_int_equal(prompt_quality(&renamed, text, strlen(text)).value,
			 quality(FULL).value);
}

static void any_bytes_are_a_prompt(void **state)
{
	char text[512];

	(void)state;
	for (int i = 0; i < 512; i++)
		text[i] = (char)(i * 7);
	assert_in_range(prompt_quality(&facts, text, sizeof(text)).value, 0, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_counted_by_their_marks),
		cmocka_unit_test(words_stand_alone),
		cmocka_unit_test(terms_are_code_and_what_is_said_twice),
		cmocka_unit_test(shingles_are_the_same_in_any_case),
		cmocka_unit_test(what_others_said_is_not_ones_own),
		cmocka_unit_test(a_bare_prompt_has_no_points),
		cmocka_unit_test(a_prompt_that_says_all_has_ten),
		cmocka_unit_test(padding_moves_a_prompt_by_three_points_at_most),
		cmocka_unit_test(renaming_what_is_named_moves_nothing),
		cmocka_unit_test(any_bytes_are_a_prompt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
