/* test_progress.c - the text of the bar: numbers, width, and what goes first for want of room */
#include "base/progress.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void expect(const struct progress_state *state, unsigned columns, const char *expected)
{
	AUTO(buf_release) struct buf text = BUF_INIT(1024);
	unsigned width = progress_text(state, columns, false, &text);

	assert_string_equal(buf_str(&text), expected);
	assert_int_equal(width, strlen(expected));
}

static void all_of_it_is_told_in_the_width_of_the_terminal(void **state)
{
	struct progress_state s = { "grading", 45, 100, 0, 12000 };

	(void)state;
	expect(&s, 62, "grading [#########............]  45/100  45%  0:12  left 0:14");
	expect(&s, 61, "grading [#########...........]  45/100  45%  0:12  left 0:14");
	expect(&s, 500, "grading [######################............................]"
			"  45/100  45%  0:12  left 0:14");
}

static void with_less_room_the_least_important_goes_first(void **state)
{
	struct progress_state s = { "grading", 45, 100, 0, 12000 };

	(void)state;
	expect(&s, 49, "grading [###.....]  45/100  45%  0:12  left 0:14");
	expect(&s, 48, "grading  45/100  45%  0:12  left 0:14");
	expect(&s, 38, "grading  45/100  45%  0:12  left 0:14");
	expect(&s, 37, "grading  45/100  45%  0:12");
	expect(&s, 26, "grading  45/100  45%");
	expect(&s, 20, "grading  45/100");
	expect(&s, 15, "45/100  45%");
	expect(&s, 7, "45/100");
	expect(&s, 6, "");
	expect(&s, 0, "");
}

static void it_is_always_narrower_than_the_terminal(void **state)
{
	struct progress_state s = { "a very long name of what is being done", 4000000000u,
				    4294967295u, 1, 360000000000000 };

	(void)state;
	for (unsigned columns = 0; columns < 300; columns++) {
		AUTO(buf_release) struct buf text = BUF_INIT(1024);
		unsigned width = progress_text(&s, columns, false, &text);

		assert_int_equal(width, text.len);
		assert_true(columns ? width < columns : width == 0);
	}
}

static void the_time_left_is_by_what_was_done_since(void **state)
{
	struct progress_state none = { "x", 0, 4, 0, 9000 };
	struct progress_state resumed = { "x", 60, 100, 50, 10000 };
	struct progress_state idle = { "x", 50, 100, 50, 3725000 };
	struct progress_state all = { "x", 4, 4, 0, 61000 };

	(void)state;
	expect(&none, 29, "x  0/4  0%  0:09  left -:--");
	expect(&resumed, 34, "x  60/100  60%  0:10  left 0:40");
	expect(&idle, 36, "x  50/100  50%  1:02:05  left -:--");
	expect(&all, 30, "x  4/4  100%  1:01  left 0:00");
}

static void nothing_to_do_is_all_of_it(void **state)
{
	struct progress_state s = { "x", 0, 0, 0, 0 };

	(void)state;
	expect(&s, 41, "x [########]  0/0  100%  0:00  left 0:00");
}

static void colour_changes_no_width(void **state)
{
	struct progress_state s = { "x", 1, 2, 0, 1000 };
	AUTO(buf_release) struct buf text = BUF_INIT(1024);

	(void)state;
	assert_int_equal(progress_text(&s, 40, true, &text), 39);
	assert_string_equal(buf_str(&text), "x [\033[32m####\033[0m....]"
					    "  1/2  50%  0:01  left 0:01");
}

static void what_is_no_ascii_is_not_drawn(void **state)
{
	struct progress_state s = { "a\033[2J\xc3\xa4", 1, 2, 0, 0 };

	(void)state;
	expect(&s, 14, "a?[2J??  1/2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_told_in_the_width_of_the_terminal),
		cmocka_unit_test(with_less_room_the_least_important_goes_first),
		cmocka_unit_test(it_is_always_narrower_than_the_terminal),
		cmocka_unit_test(the_time_left_is_by_what_was_done_since),
		cmocka_unit_test(nothing_to_do_is_all_of_it),
		cmocka_unit_test(colour_changes_no_width),
		cmocka_unit_test(what_is_no_ascii_is_not_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
