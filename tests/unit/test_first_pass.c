/* test_first_pass.c - when cases first pass, on made-up sessions: one letter per event and case */
#include "replay/first_pass.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A case: after event n it passes when outcome[n] is 'x'; '.' fails, ' ' is not told at all. */
struct course {
	const char *outcomes[4];
	int asked;
	int64_t breaks;		/* after this event; 0: nowhere */
};

static int tests_at(void *arg, int64_t seq,
		    void (*tell)(void *tell_arg, const char *id, bool passed), void *tell_arg,
		    struct err *err)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	struct course *course = arg;
	int i;

	if (course->breaks && seq == course->breaks)
		return err_set(err, ERR_ENV, "no sandbox");
	course->asked++;
	for (i = 0; i < 4 && course->outcomes[i]; i++)
		if (course->outcomes[i][seq] != ' ')
			tell(tell_arg, names[i], course->outcomes[i][seq] == 'x');
	return 0;
}

/* Every event but those divisible by five, which are where the work was saved. */
static int changes(void *arg, int64_t after, int64_t until, int64_t **ret, size_t *ret_count,
		   struct err *err)
{
	int64_t seq;

	(void)arg;
	(void)err;
	*ret = buf_alloc(64 * sizeof(**ret));
	for (seq = after + 1; seq <= until; seq++)
		if (seq % 5)
			(*ret)[(*ret_count)++] = seq;
	return 0;
}

static int find(struct course *course, const int64_t *points, size_t count,
		struct first_passes *ret, struct err *err)
{
	struct first_pass_ask ask = { course, tests_at, changes };

	return first_pass_find(&ask, points, count, ret, err);
}

static const int64_t points[] = { 0, 5, 10 };

static void is(const struct first_pass *one, const char *id, int64_t seq, bool passes, bool at_end)
{
	assert_string_equal(one->id, id);
	assert_int_equal(one->seq, seq);
	assert_int_equal(one->passes, passes);
	assert_int_equal(one->at_end, at_end);
}

static void the_event_that_made_it_pass_is_found(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	struct course course = { .outcomes = { "...xxxxxxxx", "........xxx", ".........xx" } };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(find(&course, points, 3, &passes, &err), 0);
	assert_int_equal(passes.count, 3);
	is(&passes.list[0], "a", 3, true, true);
	is(&passes.list[1], "b", 8, true, true);
	is(&passes.list[2], "c", 9, true, true);
}

static void what_passes_at_the_start_was_made_by_nobody(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	struct course course = { .outcomes = { "xxxxxxxxxx.", "..........." } };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(find(&course, points, 3, &passes, &err), 0);
	is(&passes.list[0], "a", -1, true, false);
	is(&passes.list[1], "b", -1, false, false);
	assert_int_equal(course.asked, 3);
}

static void a_case_that_comes_and_goes_has_a_passing_edge(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	struct course course = { .outcomes = { ".x.x.x.....", ".xx.xx....." } };
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(find(&course, points, 3, &passes, &err), 0);
	for (i = 0; i < passes.count; i++) {
		int64_t seq = passes.list[i].seq;

		assert_true(seq > 0 && seq <= 5);
		assert_int_equal(course.outcomes[i][seq], 'x');
		assert_false(passes.list[i].at_end);
	}
}

static void a_case_that_is_not_told_does_not_pass(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	struct course course = { .outcomes = { "       xxx ", "xxxxxxxxxx " } };
	struct course second = { .outcomes = { "       xxxx" } };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(find(&course, points, 3, &passes, &err), 0);
	assert_int_equal(passes.count, 1);	/* `a` was told at no point */
	is(&passes.list[0], "b", -1, true, false);
	first_passes_release(&passes);
	assert_int_equal(find(&second, points, 3, &passes, &err), 0);
	is(&passes.list[0], "a", 7, true, true);
}

static void few_trees_are_asked_for(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	char outcome[61];
	int64_t far[] = { 0, 59 };
	struct course course = { .outcomes = { outcome } };
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 60; i++)
		outcome[i] = i < 37 ? '.' : 'x';
	outcome[60] = '\0';
	assert_int_equal(find(&course, far, 2, &passes, &err), 0);
	is(&passes.list[0], "a", 37, true, true);
	assert_true(course.asked <= 2 + 6);
}

static void a_failing_sandbox_is_an_error(void **state)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	int64_t with_bad[] = { 0, 13 };
	struct course course = { .outcomes = { "...........................x" }, .breaks = 13 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(find(&course, with_bad, 2, &passes, &err), -1);
	assert_int_equal(err.code, ERR_ENV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_event_that_made_it_pass_is_found),
		cmocka_unit_test(what_passes_at_the_start_was_made_by_nobody),
		cmocka_unit_test(a_case_that_comes_and_goes_has_a_passing_edge),
		cmocka_unit_test(a_case_that_is_not_told_does_not_pass),
		cmocka_unit_test(few_trees_are_asked_for),
		cmocka_unit_test(a_failing_sandbox_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
