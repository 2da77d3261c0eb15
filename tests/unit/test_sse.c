/* test_sse.c - event streams, in one piece and split anywhere */
#include "ai/sse.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* One line for each event: NAME|DATA|, its flags, and its bytes. */
static void note(void *arg, const struct sse_event *event)
{
	struct buf *out = arg;

	assert_int_equal(strlen(event->data), event->len);
	buf_add_format(out, "%s|%s|%s%s%llu-%llu\n", event->name, event->data,
		       event->open ? "open " : "", event->cut ? "cut " : "",
		       (unsigned long long)event->begin, (unsigned long long)event->end);
}

static char *events_of(const char *text, size_t len, size_t piece)
{
	AUTO(sse_release) struct sse sse = SSE_INIT;
	struct buf out = BUF_INIT(1 << 20);

	for (size_t at = 0; at < len; at += piece)
		sse_add(&sse, text + at, len - at < piece ? len - at : piece, note, &out);
	sse_end(&sse, note, &out);
	return buf_take(&out);
}

struct sse_case {
	const char *text, *want;
};

static const struct sse_case cases[] = {
	{ "", "" },
	{ "data: a\n\n", "|a|0-9\n" },
	{ "event: ping\ndata: {}\n\ndata: b\n\n", "ping|{}|0-22\n|b|22-31\n" },
	{ "data:a\n\n", "|a|0-8\n" },
	{ "data:  a\n\n", "| a|0-10\n" },
	{ "data: a\ndata: b\n\n", "|a\nb|0-17\n" },
	{ "data\n\n", "||0-6\n" },
	{ "\xef\xbb\xbf" "data: a\n\n", "|a|0-12\n" },
	{ ": comment\n\ndata: a\n\n", "|a|11-20\n" },
	{ "id: 7\nretry: 10\nother: x\ndata: a\n\n", "|a|0-34\n" },
	{ "event: gone\n\ndata: a\n\n", "|a|13-22\n" },
	{ "event: x\nevent: y\ndata: a\n\n", "y|a|0-27\n" },
	{ "\n\n\ndata: a\n\n", "|a|3-12\n" },
	{ "data: a", "|a|open 0-7\n" },
	{ "data: a\n", "|a|open 0-8\n" },
	{ "data: \xff\n\n", "|\xff|0-9\n" },
};

static void each_form_gives_its_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		AUTO_FREE char *got = events_of(cases[i].text, strlen(cases[i].text), SIZE_MAX / 2);

		assert_string_equal(got, cases[i].want);
	}
}

static void where_it_is_split_makes_no_difference(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		for (size_t piece = 1; piece < 7; piece++) {
			AUTO_FREE char *got = events_of(cases[i].text, strlen(cases[i].text),
							piece);

			assert_string_equal(got, cases[i].want);
		}
	}
}

/* The second half of a CR LF belongs to the event before, or leads the next: both are harmless. */
static void all_line_ends_are_the_same(void **state)
{
	static const char *const forms[] = {
		"event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n",
		"event: a\rdata: 1\r\revent: b\rdata: 2\r\r",
		"event: a\rdata: 1\n\revent: b\r\ndata: 2\r\n\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		for (size_t piece = 1; piece < 9; piece++) {
			AUTO_FREE char *got = events_of(forms[i], strlen(forms[i]), piece);

			assert_true(strncmp(got, "a|1|0-", 6) == 0);
			assert_non_null(strstr(got, "\nb|2|"));
			assert_null(strstr(got, "open"));
		}
	}
}

static void what_is_too_long_is_cut_and_says_so(void **state)
{
	AUTO(sse_release) struct sse sse = SSE_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(4 << 20);
	static char filler[1000];

	(void)state;
	memset(filler, 'x', sizeof(filler));
	sse_add(&sse, "data: ", 6, note, &out);
	for (size_t i = 0; i < 3000; i++)
		sse_add(&sse, filler, sizeof(filler), note, &out);
	sse_add(&sse, "\n\ndata: next\n\n", 14, note, &out);
	assert_non_null(strstr(buf_str(&out), "|cut 0-3000008\n|next|3000008-3000020\n"));
	assert_true(out.len < SSE_EVENT_MAX + 200);
}

static void between_events_is_known(void **state)
{
	AUTO(sse_release) struct sse sse = SSE_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(1000);
	const char *text = "data: a\n\n";

	(void)state;
	assert_true(sse_between(&sse));
	for (size_t i = 0; text[i]; i++) {
		sse_add(&sse, &text[i], 1, note, &out);
		assert_int_equal(sse_between(&sse), text[i + 1] == '\0');
	}
	sse_add(&sse, "event: x\n", 9, note, &out);
	assert_false(sse_between(&sse));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_gives_its_events),
		cmocka_unit_test(where_it_is_split_makes_no_difference),
		cmocka_unit_test(all_line_ends_are_the_same),
		cmocka_unit_test(what_is_too_long_is_cut_and_says_so),
		cmocka_unit_test(between_events_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
