/* test_clock.c - times and durations as people write them, and as we write them */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define REFUSED INT64_MIN
#define NOON 1795176000000LL	/* 2026-11-20T12:00:00Z */
#define DAY 86400000LL

struct row {
	const char *text;
	int64_t ms;
};

static const struct row times[] = {
	{ "2026-11-20T12:00:00Z", NOON }, { "2026-11-20t12:00:00z", NOON },
	{ "2026-11-20 12:00:00Z", NOON }, { "2026-11-20T12:00Z", NOON },
	{ "2026-11-20T14:00:00+02:00", NOON }, { "2026-11-20T06:30:00-05:30", NOON },
	{ "2026-11-20T12:00:00.999Z", NOON }, { "2026-11-20", NOON - DAY / 2 },
	{ "2026-11-21T00:00:00+12:00", NOON }, { "1970-01-01", 0 },
	{ "2024-02-29", 1709164800000LL }, { "2100-03-01", 4107542400000LL },
	{ "2023-02-29", REFUSED }, { "2100-02-29", REFUSED }, { "2026-04-31", REFUSED },
	{ "2026-13-01", REFUSED }, { "2026-00-10", REFUSED }, { "2026-01-00", REFUSED },
	{ "1969-12-31", REFUSED }, { "2026-11-20T24:00:00Z", REFUSED },
	{ "2026-11-20T12:60:00Z", REFUSED }, { "2026-11-20T12:00:00", REFUSED },
	{ "2026-11-20T12:00:00+2", REFUSED }, { "2026-11-20T12:00:00+24:00", REFUSED },
	{ "2026-11-20T12:00:00+02:60", REFUSED }, { "2026-11-20T12:00:00+-2:00", REFUSED },
	{ "2026-11-20T12:00:00+02:00x", REFUSED }, { "2026-11-20T12:00:00Zx", REFUSED },
	{ "2026-11-20T", REFUSED }, { "2026-11-20Z", REFUSED }, { "2026-11-20x", REFUSED },
	{ "2026-11", REFUSED }, { "tomorrow", REFUSED }, { "", REFUSED },
};

static const struct row durations[] = {
	{ "90s", 90000 }, { "60m", 3600000 }, { "1h30m", 5400000 }, { "7d", 7 * DAY },
	{ "2w", 14 * DAY }, { "45", 2700000 }, { "0s", 0 }, { "1d1h1m1s", DAY + 3661000 },
	{ "3650d", 3650 * DAY }, { "3651d", REFUSED }, { "3650d1s", REFUSED },
	{ "521w", 521 * 7 * DAY }, { "522w", REFUSED }, { "1h30", REFUSED }, { "", REFUSED },
	{ "h", REFUSED }, { "-5m", REFUSED }, { "+5m", REFUSED }, { " 5m", REFUSED },
	{ "5m ", REFUSED }, { "1.5h", REFUSED }, { "5x", REFUSED }, { "5M", REFUSED },
	{ "5ms", REFUSED }, { "9223372036854775807s", REFUSED },
	{ "99999999999999999999w", REFUSED },
};

static void check(const struct row *rows, size_t count,
		  int (*parse)(const char *text, int64_t *ret_ms, struct err *err))
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct err err = ERR_INIT;
		int64_t ms = REFUSED;

		if (parse(rows[i].text, &ms, &err) < 0) {
			assert_int_equal(err.code, ERR_INPUT);
			assert_int_equal(ms, REFUSED);
		}
		if (ms != rows[i].ms)
			fail_msg("'%s' is %lld", rows[i].text, (long long)ms);
	}
}

static void times_are_read(void **state)
{
	(void)state;
	check(times, LENGTH(times), clock_parse_time);
}

static void durations_are_read(void **state)
{
	(void)state;
	check(durations, LENGTH(durations), clock_parse_duration);
}

static void a_moment_is_a_time_or_a_duration_from_now(void **state)
{
	struct err err = ERR_INIT;
	int64_t ms = 0;

	(void)state;
	assert_int_equal(clock_parse_moment("1h", NOON, &ms, &err), 0);
	assert_int_equal(ms, NOON + 3600000);
	assert_int_equal(clock_parse_moment("2026-11-20T12:00:00Z", 5, &ms, &err), 0);
	assert_int_equal(ms, NOON);
	assert_int_equal(clock_parse_moment("soon", NOON, &ms, &err), -1);
	assert_string_equal(err.text, "'soon' is not a time (write 2026-01-31T09:00:00Z)");
}

static void times_are_written(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	assert_string_equal(clock_text(NOON + 999, text), "2026-11-20T12:00:00Z");
	assert_string_equal(clock_text_ms(NOON + 7, text), "2026-11-20T12:00:00.007Z");
	assert_string_equal(clock_text(0, text), "1970-01-01T00:00:00Z");
}

static void durations_are_written_in_two_units_at_most(void **state)
{
	static const struct row rows[] = {
		{ "0 s", 0 }, { "0 s", 999 }, { "45 s", 45000 }, { "1 min", 60000 },
		{ "1 min 1 s", 61000 }, { "1 h", 3600000 }, { "1 h", 3659000 },
		{ "1 h 5 min", 3900000 }, { "1 d 1 h", DAY + 3661000 }, { "14 d", 14 * DAY },
	};
	char text[CLOCK_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++)
		assert_string_equal(clock_duration_text(rows[i].ms, text), rows[i].text);
}

static void what_is_written_is_read_again(void **state)
{
	int64_t ms;

	(void)state;
	for (ms = 0; ms < 4102444800000LL; ms += 86399000LL * 37) {
		struct err err = ERR_INIT;
		char text[CLOCK_TEXT_SIZE];
		int64_t again = -1;

		assert_int_equal(clock_parse_time(clock_text(ms, text), &again, &err), 0);
		assert_int_equal(again, ms);
	}
}

static void the_clock_is_moved_by_its_offset(void **state)
{
	const struct clock here = { 0 }, later = { .offset_ms = DAY };
	int64_t before = clock_now(&here);
	int64_t moved = clock_now(&later);
	int64_t after = clock_now(&here);

	(void)state;
	assert_true(moved >= before + DAY && moved <= after + DAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(durations_are_read),
		cmocka_unit_test(a_moment_is_a_time_or_a_duration_from_now),
		cmocka_unit_test(times_are_written),
		cmocka_unit_test(durations_are_written_in_two_units_at_most),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(the_clock_is_moved_by_its_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
