/* test_prompt_match.c - prompts of two accounts, paired */
#include "assess/prompt_match.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool add(struct prompt_list *list, const char *text, int64_t instant)
{
	return prompt_list_add(list, text, strlen(text), 7, instant);
}

static size_t paired(const struct prompt_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].paired;
	return count;
}

static void assert_same(const char *one, const char *other, bool same)
{
	AUTO(prompt_list_release) struct prompt_list left = PROMPT_LIST_INIT;
	AUTO(prompt_list_release) struct prompt_list right = PROMPT_LIST_INIT;

	assert_true(add(&left, one, 1));
	assert_true(add(&right, other, 2));
	prompt_match(&left, &right);
	assert_int_equal(paired(&left), same);
	assert_int_equal(paired(&right), same);
}

static void blanks_make_no_difference(void **state)
{
	(void)state;
	assert_same("Why does  it\r\n\tfail?", "\n Why does it fail? ", true);
	assert_same("Why does it fail?", "Why does it fail", false);
	assert_same("a b", "ab", false);
	assert_same("caf\xc3\xa9", "cafe", false);
}

static void what_programs_put_in_makes_no_difference(void **state)
{
	(void)state;
	assert_same("<system-reminder>x\ny</system-reminder>\nFix it"
		    "<system-reminder></system-reminder>", "Fix it", true);
	assert_same("Fix <system-reminder> it", "Fix it", false);
}

static void what_is_of_a_program_is_no_prompt(void **state)
{
	AUTO(prompt_list_release) struct prompt_list list = PROMPT_LIST_INIT;

	(void)state;
	assert_false(add(&list, "", 1));
	assert_false(add(&list, " \n\t", 1));
	assert_false(add(&list, "<system-reminder>only</system-reminder>", 1));
	assert_false(add(&list, "<command-name>/clear</command-name>", 1));
	assert_false(add(&list, "<environment_context>\n</environment_context>", 1));
	assert_int_equal(list.count, 0);
}

static void what_was_copied_counts_once(void **state)
{
	AUTO(prompt_list_release) struct prompt_list list = PROMPT_LIST_INIT;

	(void)state;
	assert_true(add(&list, "again", 5));
	assert_false(add(&list, "again", 5));
	assert_true(add(&list, "again", 6));
	assert_true(add(&list, "again", 0));
	assert_true(add(&list, "again", 0));
	assert_int_equal(list.count, 4);
}

static void each_is_paired_once_the_first_with_the_first(void **state)
{
	AUTO(prompt_list_release) struct prompt_list left = PROMPT_LIST_INIT;
	AUTO(prompt_list_release) struct prompt_list right = PROMPT_LIST_INIT;
	static const char *const one[] = { "a", "b", "a", "c", "a" };
	static const char *const other[] = { "a", "d", "a", "b" };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_true(add(&left, one[i], 0));
	for (size_t i = 0; i < 4; i++)
		assert_true(add(&right, other[i], 0));
	prompt_match(&left, &right);
	assert_int_equal(paired(&left), 3);
	assert_int_equal(paired(&right), 3);
	assert_true(left.items[0].paired && left.items[2].paired && !left.items[4].paired);
	assert_false(left.items[3].paired);
	assert_false(right.items[1].paired);
}

static void what_is_asked_again_is_spare(void **state)
{
	AUTO(prompt_list_release) struct prompt_list left = PROMPT_LIST_INIT;
	AUTO(prompt_list_release) struct prompt_list right = PROMPT_LIST_INIT;

	(void)state;
	assert_true(add(&left, "a", 1));
	snprintf(left.items[0].conversation, sizeof(left.items->conversation), "one");
	assert_true(add(&left, "b", 2));
	snprintf(left.items[1].conversation, sizeof(left.items->conversation), "two");
	prompt_list_repeat(&left, "one");
	prompt_list_repeat(&left, "one");
	assert_int_equal(left.count, 4);
	assert_true(left.items[2].spare && left.items[3].spare);
	assert_true(add(&right, "a", 0) && add(&right, "a", 0));
	prompt_match(&left, &right);
	assert_int_equal(paired(&right), 2);
	assert_true(left.items[0].paired && !left.items[0].spare);
}

static void excerpts_are_cut_between_characters(void **state)
{
	AUTO(prompt_list_release) struct prompt_list list = PROMPT_LIST_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(1000);
	const char *excerpt;

	(void)state;
	buf_add_byte(&text, 'x');
	while (text.len < 400)
		buf_add_str(&text, "\xe2\x82\xac");
	assert_true(add(&list, buf_str(&text), 0));
	excerpt = list.items[0].excerpt;
	assert_int_equal(strlen(excerpt), 1 + 79 * 3 + 3);
	assert_string_equal(excerpt + strlen(excerpt) - 6, "\xe2\x82\xac\xe2\x80\xa6");
}

static void nothing_is_paired_with_nothing(void **state)
{
	AUTO(prompt_list_release) struct prompt_list left = PROMPT_LIST_INIT;
	AUTO(prompt_list_release) struct prompt_list right = PROMPT_LIST_INIT;

	(void)state;
	prompt_match(&left, &right);
	assert_true(add(&left, "a", 0));
	prompt_match(&left, &right);
	assert_int_equal(paired(&left), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_make_no_difference),
		cmocka_unit_test(what_programs_put_in_makes_no_difference),
		cmocka_unit_test(what_is_of_a_program_is_no_prompt),
		cmocka_unit_test(what_was_copied_counts_once),
		cmocka_unit_test(each_is_paired_once_the_first_with_the_first),
		cmocka_unit_test(what_is_asked_again_is_spare),
		cmocka_unit_test(excerpts_are_cut_between_characters),
		cmocka_unit_test(nothing_is_paired_with_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
