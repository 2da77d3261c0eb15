/* test_host_screen.c - what reaches a person's terminal, and what is taken back at the end */
#include "work/host_screen.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* What passes of a text, whole and cut at every place. */
static void assert_passes(const char *text, size_t len, const char *expected)
{
	for (size_t cut = 0; cut <= len; cut++) {
		struct host_screen screen = HOST_SCREEN_INIT;
		AUTO(buf_release) struct buf out = BUF_INIT(65536);

		host_screen_pass(&screen, text, cut, &out);
		host_screen_pass(&screen, text + cut, len - cut, &out);
		assert_string_equal(buf_str(&out), expected);
	}
}
#define PASSES(text, expected) assert_passes(text, sizeof(text) - 1, expected)
#define SAME(text) PASSES(text, text)

static void text_and_colours_pass(void **state)
{
	(void)state;
	SAME("plain\r\n\ttext\b\a\177");
	SAME("h\303\244\342\202\254\360\237\230\200");
	SAME("\033[1;31mred\033[m\033[38;2;1;2;3mx\033[4:3m");
	SAME("\033[2J\033[H\033[10;20H\033[K\033[3A\033[?25l\033[?1049h\033[?2004h");
	SAME("\0337\0338\033=\033>\033M\033(0\033(B\016\017");
	SAME("\033[c\033[6n\033[>c\033[?1$p\033[!p\033[2 q\033[>4;2m");
}

static void strings_do_not_pass(void **state)
{
	(void)state;
	PASSES("a\033]0;title\007b", "ab");
	PASSES("a\033]52;c;aGk=\033\\b", "ab");
	PASSES("a\302\2350;title\302\234b", "ab");
	PASSES("a\033P$q\"p\033\\b\033_apc\033\\c\033^pm\033\\d\033Xsos\033\\e", "abcde");
	PASSES("a\302\220q\033\\b\302\237x\302\234c", "abc");
	PASSES("a\033]0;x\033[31mred", "a\033[31mred");
	PASSES("a\033]0;\302\244\xc2\033\\b", "ab");
	PASSES("a\033]0;x\030b", "ab");
}

static void what_would_stay_or_answer_for_others_does_not_pass(void **state)
{
	(void)state;
	PASSES("a\033[21tb\033[8;50;50tc\033[22;0;0td", "abcd");	/* windows, titles */
	PASSES("a\033[5ib\033[?5ic", "abc");				/* printing */
	PASSES("a\033[?3hb\033[?9999hc\033[?25;3hd", "abcd");	/* modes that nobody knows */
	PASSES("a\033[20hb\033[2hc", "abc");
	PASSES("a\033[>1ub\033[=5uc\033[<ud\033[ue", "abcd\033[ue");
	PASSES("a\005b\033%@c\033cd\033 Fe", "abcde");
	PASSES("a\233b\235c\237d", "abcd");				/* bytes, not characters */
	PASSES("a\302\23331mb", "a\033[31mb");
}

static void what_is_no_sequence_harms_nothing(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);
	struct host_screen screen = HOST_SCREEN_INIT;

	(void)state;
	PASSES("\033\033\033[31m", "\033[31m");
	PASSES("\033[3\03331mx", "1mx");
	PASSES("\033[31\r\nm", "\r\n\033[31m");
	PASSES("\303(\342\202", "\303(");
	buf_add_str(&text, "\033[");
	for (int i = 0; i < 1000; i++)
		buf_add_str(&text, "1;");
	buf_add_str(&text, "mx\033]");
	for (int i = 0; i < 70000; i++)
		buf_add_byte(&text, 'y');
	host_screen_pass(&screen, text.data, text.len, &out);
	/* the string that did not end has ended */
	assert_memory_equal(out.data, "xyy", 3);
	assert_true(out.len < 10000);
}

static void assert_left(const char *text, const char *expected)
{
	struct host_screen screen = HOST_SCREEN_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(65536);

	host_screen_pass(&screen, text, strlen(text), &out);
	buf_clear(&out);
	host_screen_leave(&screen, &out);
	assert_string_equal(buf_str(&out), expected);
}

static void what_was_changed_is_taken_back(void **state)
{
	(void)state;
	assert_left("plain", "");
	assert_left("\033[?25l\033[?25h\033[?1049h\033[?1049l\033[?2004h\033[?2004l", "");
	assert_left("\033[?1049h\033[?25l\033[?7l\033[?1000h\033[?1006;2004h",
		    "\033[?7h\033[?1000l\033[?1006l\033[?25h\033[?2004l\033[?1049l");
	assert_left("\033[31m\033[2;5r\033=\033(0\033[4h\033[3 q\033[>4;2m",
		    "\0337\033[r\0338\033[4l\033>\033(B\017\033[0 q\033[>4m\033[m");
	assert_left("\033]0;\033[?25l\007", "\033[?25h");
	assert_left("\033]0;?25l\007", "");
	assert_left("\033[?3h", "");
}

static void modes_come_back_after_a_stop(void **state)
{
	static const char text[] = "\033[?25l\033[?1049h\033=\033[?2004h\033[?2004l";
	struct host_screen screen = HOST_SCREEN_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(65536);

	(void)state;
	host_screen_pass(&screen, text, sizeof(text) - 1, &out);
	buf_clear(&out);
	host_screen_return(&screen, &out);
	assert_string_equal(buf_str(&out), "\033[?1049h\033[?25l\033=");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_colours_pass),
		cmocka_unit_test(strings_do_not_pass),
		cmocka_unit_test(what_would_stay_or_answer_for_others_does_not_pass),
		cmocka_unit_test(what_is_no_sequence_harms_nothing),
		cmocka_unit_test(what_was_changed_is_taken_back),
		cmocka_unit_test(modes_come_back_after_a_stop),
	};

	return cmocka_run_group_tests_name("host screen", tests, NULL, NULL);
}
