/* test_byte_allowance.c - what each session may store in a while; the clock is a number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/byte_allowance.h"

#define MOST 900000	/* as many bytes as there are ms */

static bool is_empty(const struct byte_allowance *allowance)
{
	for (size_t i = 0; i < BYTE_ALLOWANCE_LISTS; i++)
		if (allowance->takers[i])
			return false;
	return true;
}

static void what_was_taken_comes_back(void **state)
{
	struct byte_allowance allowance = { .most = MOST };

	(void)state;
	assert_false(byte_allowance_is_spent(&allowance, "one", 0));
	byte_allowance_take(&allowance, "one", MOST - 1, 0);
	assert_false(byte_allowance_is_spent(&allowance, "one", 0));
	byte_allowance_take(&allowance, "one", 1001, 0);
	assert_true(byte_allowance_is_spent(&allowance, "one", 1000));
	assert_false(byte_allowance_is_spent(&allowance, "one", 1001));
	assert_false(byte_allowance_is_spent(&allowance, "other", 1001));
	assert_false(is_empty(&allowance));
	assert_false(byte_allowance_is_spent(&allowance, "one", 2 * MOST));
	assert_true(is_empty(&allowance));
	byte_allowance_release(&allowance);
}

/* However much it was: after two times the while it is as if nothing had been. */
static void nothing_is_held_against_it_for_long(void **state)
{
	struct byte_allowance allowance = { .most = MOST };

	(void)state;
	for (int i = 0; i < 100; i++)
		byte_allowance_take(&allowance, "one", (int64_t)1 << 40, 5);
	byte_allowance_take(&allowance, "two", 10, 5);
	assert_true(byte_allowance_is_spent(&allowance, "one", 5 + BYTE_ALLOWANCE_MS - 1));
	assert_false(byte_allowance_is_spent(&allowance, "one", 5 + 2 * BYTE_ALLOWANCE_MS));
	byte_allowance_release(&allowance);
	assert_true(is_empty(&allowance));
}

static void without_a_limit_nothing_is_counted(void **state)
{
	struct byte_allowance allowance = { .most = 0 };

	(void)state;
	byte_allowance_take(&allowance, "one", MOST, 0);
	assert_false(byte_allowance_is_spent(&allowance, "one", 0));
	assert_true(is_empty(&allowance));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_taken_comes_back),
		cmocka_unit_test(nothing_is_held_against_it_for_long),
		cmocka_unit_test(without_a_limit_nothing_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
