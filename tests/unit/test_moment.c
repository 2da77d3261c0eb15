/* test_moment.c - what people write for a moment of a session */
#include "replay/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct span span = { INT64_C(1767225600000), INT64_C(1767229200000) };

static void is_at(const char *text, int64_t after)
{
	struct err err = ERR_INIT;
	struct moment moment;

	if (moment_parse(text, &span, &moment, &err) < 0)
		fail_msg("'%s': %s", text, err.text);
	assert_int_equal(moment.seq, -1);
	if (moment.instant - span.from != after)
		fail_msg("'%s' is at %lld", text, (long long)(moment.instant - span.from));
}

static void is_refused(const char *text)
{
	struct err err = ERR_INIT;
	struct moment moment;

	if (moment_parse(text, &span, &moment, &err) == 0)
		fail_msg("'%s' is taken", text);
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, "is no moment (write 31m"));
}

static void durations_count_from_the_start(void **state)
{
	(void)state;
	is_at("31m", 31 * 60000);
	is_at("1h02m03s", 3723000);
	is_at("90s", 90000);
	is_at("+90s", 90000);
	is_at("1.5s", 1500);
	is_at("0.25m", 15000);
	is_at("1.0009s", 1000);
	is_at("250ms", 250);
	is_at("1m1ms", 60001);
	is_at("0s", 0);
	is_at("2d", 2 * 86400000LL);
}

static void the_player_s_own_clock_is_read(void **state)
{
	(void)state;
	is_at("31:07", 1867000);
	is_at("1:02:03", 3723000);
	is_at("0:00.5", 500);
	is_at("90:00", 5400000);
}

static void times_and_words_are_read(void **state)
{
	(void)state;
	is_at("2026-01-01T00:00:30Z", 30000);
	is_at("2026-01-01T01:00:30+01:00", 30000);
	is_at("2025-12-31T23:59:00Z", -60000);
	is_at("2026-01-01T00:00:30.25Z", 30250);
	is_at("2026-01-01T00:00:30.0019+00:00", 30001);
	is_at("start", 0);
	is_at("end", 3600000);
}

static void a_number_is_an_event(void **state)
{
	struct err err = ERR_INIT;
	struct moment moment;

	(void)state;
	assert_int_equal(moment_parse("#123", &span, &moment, &err), 0);
	assert_int_equal(moment.seq, 123);
	assert_int_equal(moment_parse("#0", &span, &moment, &err), 0);
	assert_int_equal(moment.seq, 0);
}

static void nonsense_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "#", "#-1", "#1x", "#31m", "31", "m", "31q", "31m5", "-5s", "+", "1:2:3:4",
		"1:60", "31:", ":31", "1h:02", "99999999999999999999s", "999999999999999h", "0x10s",
		"1..5s", "1.s", " 31m", "31m ", "1:02.", "#99999999999999999999999", "2026-13-01",
		"999999999999:00:00",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		is_refused(wrong[i]);
}

static void what_is_shown_can_be_read(void **state)
{
	static const int64_t moments[] = { 0, 1000, 59000, 60000, 3599000, 3600000, 360000000 };
	char text[MOMENT_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		is_at(moment_text(moments[i], text), moments[i]);
	assert_string_equal(moment_text(3723999, text), "1:02:03");
	assert_string_equal(moment_text(-61000, text), "-1:01");
	assert_string_equal(moment_text(-999, text), "0:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_count_from_the_start),
		cmocka_unit_test(the_player_s_own_clock_is_read),
		cmocka_unit_test(times_and_words_are_read),
		cmocka_unit_test(a_number_is_an_event),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(what_is_shown_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
