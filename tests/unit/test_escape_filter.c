/* test_escape_filter.c - what a terminal may show comes out, what attacks it does not */
#include "replay/escape_filter.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SAME(text) { text, text }
#define LEN(text) (sizeof(text) - 1)

struct sample {
	const char *in, *out;
};

static void check(const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct escape_filter filter = ESCAPE_FILTER_INIT;
		AUTO(buf_release) struct buf out = BUF_INIT(65536);

		escape_filter_feed(&filter, samples[i].in, strlen(samples[i].in), &out);
		if (strcmp(buf_str(&out), samples[i].out) != 0)
			fail_msg("sample %zu: %s", i, buf_str(&out));
	}
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

static void what_a_program_shows_comes_out_as_it_was(void **state)
{
	static const struct sample samples[] = {
		SAME("plain text\r\n\ttab\b"), SAME("h\u00e9llo \u20ac \U0001f600"),
		SAME("\033[m\033[0;1;31mred\033[38;2;1;2;3m\033[38:2::1:2:3m\033[4:3m"),
		SAME("\033[H\033[2J\033[K\033[1;24r\033[10;20H\033[3A\033[5X\033[2@\033[P\033[L"),
		SAME("\033[?25l\033[?1049h\033[?7;25h\033[4h\033[4l"),
		SAME("\0337\0338\033M\033D\033E"),
		SAME("\033[s\033[u\033[2S\033[T\033[5b"),
	};

	(void)state;
	CHECK(samples);
}

static void strings_to_the_terminal_are_left_out(void **state)
{
	static const struct sample samples[] = {
		{ "a\033]0;title\007b", "ab" }, { "a\033]2;title\033\\b", "ab" },
		{ "a\033]8;;http://evil\033\\link\033]8;;\033\\b", "alinkb" },
		{ "a\033]52;c;ZXZpbA==\007b", "ab" }, { "a\033P$q\"p\033\\b", "ab" },
		{ "a\033_Gpayload\033\\b", "ab" }, { "a\033^private\033\\b", "ab" },
		{ "a\033Xstart\033\\b", "ab" }, { "a\302\2350;title\302\234b", "ab" },
		{ "a\302\220q\033\\b", "ab" },
		{ "a\302\237x\302\234b", "ab" },
		{ "a\302\236x\007b", "ab" },
		{ "a\302\230x\030b", "ab" }, { "a\033]0;unfinished", "a" },
		{ "a\033]0;t\033[31mred", "a\033[31mred" }, { "a\033]0;\xff\xfe\007b", "ab" },
		{ "a\033]0;\033]1;x\007b", "ab" },
	};

	(void)state;
	CHECK(samples);
}

static void questions_and_window_operations_are_left_out(void **state)
{
	static const struct sample samples[] = {
		{ "a\033[c\033[>c\033[=c\033[5n\033[6n\033[?6nb", "ab" }, { "a\005b", "ab" },
		{ "a\033[21t\033[8;999;999tb", "ab" }, { "a\033[?1$p\033[!p\033[\"qb", "ab" },
		{ "a\033[?1000h\033[?1006h\033[?2004h\033[?1h\033[?3hb", "ab" },
		{ "a\033[?25;1000;7hb", "a\033[?25;7hb" }, { "a\033[3Jb", "ab" },
		{ "a\033[>4;2m\033[<u\033[=1u\033[1ub", "ab" }, { "a\033[ q\033[2 qb", "ab" },
		{ "a\033=b\033>c\033Hd\033#8e\033%Gf\033 Fg\033Zh", "abcdefgh" },
		{ "a\007b\177c", "abc" },
		{ "a\302\233cb", "ab" },
		{ "a\302\23331mb", "a\033[31mb" },
		{ "a\302\205b\302\204c", "a\033Eb\033Dc" },
		{ "a\033[99999999999999999999Ab", "ab" },
		{ "a\033[1;2;3Ab", "ab" },
		{ "a\033[31\030mb", "amb" },
		{ "a\033[31\nmb", "a\n\033[31mb" },
		{ "a\033[31\u20acmb", "a\u20acmb" }, { "a\033\033[31mb", "a\033[31mb" },
		{ "a\033(Bb\033*0c\013d", "abc\nd" },
	};

	(void)state;
	CHECK(samples);
}

static void line_drawing_becomes_the_lines(void **state)
{
	static const struct sample samples[] = {
		{ "\033(0lqk\033(Blqk", "\u250c\u2500\u2510lqk" },
		{ "\033)0a\016x\017x", "a\u2502x" },
		{ "\033(0q\033cq", "\u2500\033[0m\033[r\033[H\033[2Jq" },
	};

	(void)state;
	CHECK(samples);
}

static void bytes_that_are_no_UTF_8_are_replaced(void **state)
{
	static const struct sample samples[] = {
		{ "a\xff" "b", "a\ufffdb" },
		{ "a\xe2\x82" "b", "a\ufffdb" },
		{ "a\x9b" "31mb", "a\ufffd31mb" },
		{ "\xc0\x80", "\ufffd\ufffd" }, { "\xed\xa0\x80x", "\ufffdx" },
		{ "\xf4\x90\x80\x80x", "\ufffdx" }, { "\xe0\x80\x9b" "0c", "\ufffd0c" },
		{ "\xe2\x82\033[31m", "\ufffd\033[31m" },
	};

	(void)state;
	CHECK(samples);
}

static void what_one_piece_begins_the_next_ends(void **state)
{
	static const char *const pieces[] = { "a\033", "[3", "1m\xe2", "\x82", "\xac\033]0;ti",
					      "tle\033", "\\b\xc2", "\x9b", "2", "Jc" };
	struct escape_filter filter = ESCAPE_FILTER_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(65536);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		escape_filter_feed(&filter, pieces[i], strlen(pieces[i]), &out);
	assert_string_equal(buf_str(&out), "a\033[31m\u20acb\033[2Jc");
}

static void a_NUL_is_left_out(void **state)
{
	struct escape_filter filter = ESCAPE_FILTER_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(65536);

	(void)state;
	escape_filter_feed(&filter, "a\0b\033[\0" "1m", LEN("a\0b\033[\0" "1m"), &out);
	assert_string_equal(buf_str(&out), "ab\033[1m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_program_shows_comes_out_as_it_was),
		cmocka_unit_test(strings_to_the_terminal_are_left_out),
		cmocka_unit_test(questions_and_window_operations_are_left_out),
		cmocka_unit_test(line_drawing_becomes_the_lines),
		cmocka_unit_test(bytes_that_are_no_UTF_8_are_replaced),
		cmocka_unit_test(what_one_piece_begins_the_next_ends),
		cmocka_unit_test(a_NUL_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
