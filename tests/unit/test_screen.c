/* test_screen.c - what a terminal shows, whatever comes out of it, however it is cut or packed */
#include "journal/screen.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OUTPUT_SIZE 128
#define ESC "\x1b"
#define CSI "\x1b["

static struct screen *screen_of(int columns, int rows, const char *output)
{
	struct screen *screen = screen_new(columns, rows);

	screen_feed(screen, output, strlen(output));
	return screen;
}

static void text_is(struct screen *screen, const char *want)
{
	AUTO(buf_release) struct buf text = BUF_INIT(SIZE_MAX);

	screen_text(screen, &text);
	text.data[text.len] = '\0';
	assert_string_equal(text.data, want);
}

/* What a screen of 10 by 4 shows after the output. */
static void shows(const char *output, const char *want)
{
	AUTO(screen_free) struct screen *screen = screen_of(10, 4, output);

	text_is(screen, want);
}

static void output_moves_writes_and_erases(void **state)
{
	(void)state;
	shows("hello", "hello\n\n\n\n");
	shows("a\r\nb\r\nc\r\nd\r\ne", "b\nc\nd\ne\n");
	shows("0123456789ab", "0123456789\nab\n\n\n");
	shows("0123456789\r\nab", "0123456789\nab\n\n\n");
	shows("abc\bX", "abX\n\n\n\n");
	shows("a\tb", "a       b\n\n\n\n");
	shows("abcdef" CSI "3D" CSI "K", "abc\n\n\n\n");
	shows("abcdef" CSI "1;2H" CSI "2P", "adef\n\n\n\n");
	shows("abcdef" CSI "1;2H" CSI "2@", "a  bcdef\n\n\n\n");
	shows("abcdef" CSI "1;2H" CSI "2X", "a  def\n\n\n\n");
	shows("1\r\n2\r\n3" CSI "2;1H" CSI "L", "1\n\n2\n3\n");
	shows("1\r\n2\r\n3" CSI "2;1H" CSI "M", "1\n3\n\n\n");
	shows("x" CSI "3;3Hy" CSI "2J" "z", "\n\n   z\n\n");
	shows("ab" CSI "4b", "abbbbb\n\n\n\n");
	shows("abc" CSI "4h" CSI "1;1HX", "Xabc\n\n\n\n");
	shows(CSI "?7l" "0123456789ab", "012345678b\n\n\n\n");
	shows(ESC "(0" "lqk" ESC "(B" "lqk", "\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90lqk\n\n\n\n");
	shows("a" ESC "7" CSI "3;3Hb" ESC "8" "c", "ac\n\n  b\n\n");
}

static void lines_scroll_within_their_region(void **state)
{
	(void)state;
	shows("1\r\n2\r\n3\r\n4" CSI "2;3r" CSI "3;1H" "\n\nX", "1\n\nX\n4\n");
	shows("1\r\n2\r\n3\r\n4" CSI "2;3r" CSI "2;1H" ESC "M" "X", "1\nX\n2\n4\n");
	shows(CSI "2;3r" CSI "?6h" CSI "1;1HX" CSI "9;1HY", "\nX\nY\n\n");
	shows("1\r\n2\r\n3\r\n4" CSI "3;2r" CSI "S", "2\n3\n4\n\n");
}

static void characters_take_their_width(void **state)
{
	(void)state;
	shows("\xe4\xb8\xad" "a", "\xe4\xb8\xad" "a\n\n\n\n");
	shows("012345678\xe4\xb8\xad", "012345678\n\xe4\xb8\xad\n\n\n");
	shows("e\xcc\x81x", "e\xcc\x81x\n\n\n\n");
	shows("012345678e\xcc\x81x", "012345678e\xcc\x81\nx\n\n\n");
	/* half of a wide one is left when the other is written over */
	shows("\xe4\xb8\xad" CSI "1;2Hx", " x\n\n\n\n");
	shows("\xe4\xb8\xad" CSI "1;1Hx", "x\n\n\n\n");
	shows("\xff\xc3(", "\xef\xbf\xbd\xef\xbf\xbd(\n\n\n\n");
	shows("a\xc2\x9b" "b", "ab\n\n\n\n");
}

static void the_second_screen_comes_and_goes(void **state)
{
	AUTO(screen_free) struct screen *screen = screen_of(10, 4, "shell$ vi");

	(void)state;
	screen_feed(screen, CSI "?1049h" CSI "Hedit", 15);
	assert_true(screen_is_alternate(screen));
	text_is(screen, "edit\n\n\n\n");
	screen_feed(screen, CSI "?1049l!", 9);
	assert_false(screen_is_alternate(screen));
	text_is(screen, "shell$ vi!\n\n\n\n");
}

static void title_and_cursor_are_told(void **state)
{
	AUTO(screen_free) struct screen *screen =
		screen_of(10, 4, ESC "]0;my \xc3\xa4 title\x07"
				 ESC "]2;other" ESC "\\ab" CSI "?25l");
	struct screen_cursor cursor = screen_cursor(screen);

	(void)state;
	assert_string_equal(screen_title(screen), "other");
	assert_int_equal(cursor.row, 0);
	assert_int_equal(cursor.column, 2);
	assert_false(cursor.visible);
	text_is(screen, "ab\n\n\n\n");
}

static void rows_are_runs_of_one_style(void **state)
{
	AUTO(screen_free) struct screen *screen = screen_of(
		20, 2, "a" CSI "1;31mbc" CSI "0;38;5;200;48;2;1;2;3md" CSI "m" CSI "4:3me"
		       CSI "38:2::9:8:7mf");
	const struct screen_run *runs;

	(void)state;
	assert_int_equal(screen_row(screen, 1, &runs), 0);
	assert_int_equal(screen_row(screen, 0, &runs), 5);
	assert_string_equal(runs[1].text, "bc");
	assert_int_equal(runs[1].column, 1);
	assert_int_equal(runs[1].width, 2);
	assert_int_equal(runs[1].style.foreground, SCREEN_INDEX | 1);
	assert_int_equal(runs[1].style.attributes, SCREEN_BOLD);
	assert_int_equal(runs[2].style.foreground, SCREEN_INDEX | 200);
	assert_int_equal(runs[2].style.background, SCREEN_RGB | 0x010203);
	assert_int_equal(runs[3].style.attributes, SCREEN_UNDERLINE_CURLY);
	assert_int_equal(runs[3].style.foreground, SCREEN_DEFAULT);
	assert_int_equal(runs[4].style.foreground, SCREEN_RGB | 0x090807);
}

static void a_resize_keeps_the_line_of_the_cursor(void **state)
{
	AUTO(screen_free) struct screen *screen = screen_of(10, 4, "1\r\n2\r\n3\r\n4567");

	(void)state;
	screen_resize(screen, 3, 2);
	text_is(screen, "3\n456\n");
	screen_resize(screen, 10, 3);
	screen_feed(screen, "x", 1);
	assert_int_equal(screen_columns(screen), 10);
	assert_int_equal(screen_rows(screen), 3);
	screen_resize(screen, 0, 100000);
	assert_int_equal(screen_rows(screen), SCREEN_SIDE_MAX);
}

/* --- whatever comes out */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A piece of output as programs write them, and as they do not. */
static size_t random_output(uint32_t *seed, char *out)
{
	static const char *const pieces[] = {
		"hello", "0123456789", "\r\n", "\n", "\b", "\t", "\r", "\x0e", "\x0f", ESC "(0",
		ESC "(B", ESC ")0", ESC "7", ESC "8", ESC "D", ESC "M", ESC "E", ESC "H", ESC "c",
		CSI "?1049h", CSI "?1049l", CSI "?47h", CSI "?47l", CSI "?6h", CSI "?6l",
		CSI "?7h", CSI "?7l", CSI "4h", CSI "4l", CSI "20h", CSI "20l", CSI "?25l",
		CSI "?5h", CSI "?5l", CSI "!p", CSI "g", CSI "3g", CSI "r", CSI "s", CSI "u",
		CSI "1;31m", CSI "0m", CSI "38;5;9m", CSI "48;2;1;2;3m", CSI "38m", CSI "4:3;7m",
		"\xc3\xa4", "\xe4\xb8\xad", "\xcc\x81", "\xf0\x9f\x98\x80", "\xff", "\xe2\x82",
		ESC "]0;title\x07", ESC "]52;c;AAAA\x07", ESC "Pq123" ESC "\\", ESC "#3",
		CSI "?69h", CSI "2;3s", CSI "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18m",
		ESC "n", ESC "N", CSI "c", CSI "6n", CSI "1\"q", ESC, CSI, ESC "]0;", ESC "P",
		"\x18", "\xef\xb8\x8f",
	};
	static const char finals[] = "@ABCDEFGHIJKLMPSTXZ`abdefghjklrm";
	uint32_t r = next_random(seed);

	if (r % 3)
		return (size_t)snprintf(out, OUTPUT_SIZE, "%s",
					pieces[r / 3 % (sizeof(pieces) / sizeof(*pieces))]);
	return (size_t)snprintf(out, OUTPUT_SIZE, CSI "%u;%u%c", next_random(seed) % 14,
				next_random(seed) % 14, finals[r / 3 % (sizeof(finals) - 1)]);
}

static void pack_of(struct screen *screen, struct buf *out)
{
	*out = (struct buf)BUF_INIT(SIZE_MAX);
	screen_pack(screen, out);
}

static struct screen *packed_and_back(struct screen *screen)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(0);
	struct unpack in = { .bad = false };
	struct screen *back;

	pack_of(screen, &packed);
	in.at = (uint8_t *)packed.data;
	in.end = in.at + packed.len;
	back = screen_unpack(&in);
	assert_non_null(back);
	assert_ptr_equal(in.at, in.end);
	return back;
}

static void same(struct screen *a, struct screen *b, uint32_t seed, int step)
{
	AUTO(buf_release) struct buf first = BUF_INIT(0), second = BUF_INIT(0);
	AUTO(buf_release) struct buf text_a = BUF_INIT(SIZE_MAX), text_b = BUF_INIT(SIZE_MAX);

	pack_of(a, &first);
	pack_of(b, &second);
	if (first.len == second.len && !memcmp(first.data, second.data, first.len))
		return;
	screen_text(a, &text_a);
	screen_text(b, &text_b);
	fail_msg("seed %u, step %d:\n%s--- and ---\n%s", seed, step, text_a.data, text_b.data);
}

/* Packed and unpacked again and again, against one that just goes on. */
static void what_was_packed_goes_on_the_same(void **state)
{
	uint32_t first;

	(void)state;
	for (first = 1; first <= 400; first++) {
		int columns = 2 + (int)(first % 12), rows = 1 + (int)(first % 7), step;
		AUTO(screen_free) struct screen *a = screen_new(columns, rows);
		AUTO(screen_free) struct screen *b = screen_new(columns, rows);
		uint32_t seed = first * 7919;

		for (step = 0; step < 150; step++) {
			char output[OUTPUT_SIZE];
			size_t len = random_output(&seed, output);
			struct screen *back;

			screen_feed(a, output, len);
			screen_feed(b, output, len);
			if (next_random(&seed) % 40 == 0) {
				columns = 2 + (int)(next_random(&seed) % 12);
				rows = 1 + (int)(next_random(&seed) % 7);
				screen_resize(a, columns, rows);
				screen_resize(b, columns, rows);
			}
			back = packed_and_back(b);
			screen_free(&b);
			b = back;
			same(a, b, first, step);
		}
	}
}

static void where_output_is_cut_does_not_matter(void **state)
{
	uint32_t first;

	(void)state;
	for (first = 1; first <= 200; first++) {
		AUTO(screen_free) struct screen *whole = screen_new(9, 5);
		AUTO(screen_free) struct screen *cut = screen_new(9, 5);
		AUTO(buf_release) struct buf all = BUF_INIT(SIZE_MAX);
		uint32_t seed = first;
		size_t i;

		for (i = 0; i < 80; i++) {
			char output[OUTPUT_SIZE];

			buf_add(&all, output, random_output(&seed, output));
		}
		screen_feed(whole, all.data, all.len);
		for (i = 0; i < all.len; i++)
			screen_feed(cut, all.data + i, 1);
		same(whole, cut, first, 0);
	}
}

/* Each of these once ended libvterm, or made it take time or memory without end. */
static void hostile_output_costs_no_more_than_its_length(void **state)
{
	AUTO(screen_free) struct screen *screen = screen_new(80, 24);
	AUTO(buf_release) struct buf packed = BUF_INIT(0);
	int i;

	(void)state;
	screen_feed(screen, CSI "99999999999999999999b", 23);
	screen_feed(screen, CSI "2147483647;2147483647H" CSI "99999999L" CSI "-5A", 40);
	screen_feed(screen, ESC "]", 2);
	for (i = 0; i < 1000000; i++)
		screen_feed(screen, "0;AAAAAAAA", 10);
	screen_feed(screen, "\x07" CSI, 3);
	for (i = 0; i < 1000000; i++)
		screen_feed(screen, "1;", 2);
	screen_feed(screen, "m" ESC "P", 3);
	for (i = 0; i < 1000000; i++)
		screen_feed(screen, "q", 1);
	screen_feed(screen, ESC "\\a", 3);
	for (i = 0; i < 300000; i++)
		screen_feed(screen, "\xcc\x81", 2);
	screen_feed(screen, ESC "7", 2);
	screen_resize(screen, 2, 1);
	screen_feed(screen, ESC "8\xe4\xb8\xad\xe4\xb8\xad" CSI "1;1r" CSI "S", 17);
	pack_of(screen, &packed);
	assert_true(packed.len < 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_moves_writes_and_erases),
		cmocka_unit_test(lines_scroll_within_their_region),
		cmocka_unit_test(characters_take_their_width),
		cmocka_unit_test(the_second_screen_comes_and_goes),
		cmocka_unit_test(title_and_cursor_are_told),
		cmocka_unit_test(rows_are_runs_of_one_style),
		cmocka_unit_test(a_resize_keeps_the_line_of_the_cursor),
		cmocka_unit_test(what_was_packed_goes_on_the_same),
		cmocka_unit_test(where_output_is_cut_does_not_matter),
		cmocka_unit_test(hostile_output_costs_no_more_than_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
