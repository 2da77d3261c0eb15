/* test_player.c - the player without a session: cells, its clock, lines and differences, layout */
#include "base/auto.h"
#include "replay/player_bar.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* --- cells */

static const char *drawn(struct canvas *canvas, int row)
{
	static char *text;

	free(text);
	text = canvas_row(canvas, row);
	return text;
}

/* What a text looks like in `width` cells after `skip`. */
static const char *shown(const char *text, size_t len, int width, int skip, bool unicode)
{
	struct canvas *canvas = canvas_new(1, 40, unicode);
	const char *row;

	canvas_put(canvas, 0, 1, width, skip, text, len, player_plain);
	row = drawn(canvas, 0) + 1;
	canvas_free(&canvas);
	return row;
}

#define SHOWN(text) shown(text, sizeof(text) - 1, 30, 0, true)

static void controls_become_visible(void **state)
{
	(void)state;
	assert_string_equal(SHOWN("a\033[2Jb"), "a�[2Jb");
	assert_string_equal(SHOWN("a\0b\rc\nd\177"), "a�b�c�d�");
	assert_string_equal(SHOWN("\xc2\x9b"
				  "2J"), "�2J");
	assert_string_equal(SHOWN("a\xe2\x80\xae"
				  "b\xe2\x80\x8b"
				  "c\xef\xbb\xbf"), "a�b�c�");
	assert_string_equal(SHOWN("\xff\xc0\xaf\xed\xa0\x80"), "������");
}

static void no_cell_ever_holds_a_control_character(void **state)
{
	struct canvas *canvas = canvas_new(2, 30, true);
	uint32_t random = 1;
	int i, j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		char bytes[24];

		for (j = 0; j < (int)sizeof(bytes); j++) {
			random = random * 1103515245 + 12345;
			bytes[j] = (char)(random >> 16);
		}
		canvas_put(canvas, i % 2, i % 7 - 2, 20, i % 5, bytes, sizeof(bytes), player_plain);
		for (j = 0; j < 30; j++) {
			const char *text = canvas_at(canvas, i % 2, j)->text;
			size_t at, len = strlen(text);

			assert_true(len < CANVAS_CELL_SIZE);
			for (at = 0; at < len; at++) {
				assert_true((unsigned char)text[at] >= 0x20 && text[at] != 0x7f);
				if ((unsigned char)text[at] == 0xc2 && at + 1 < len)
					assert_true((unsigned char)text[at + 1] >= 0xa0);
			}
		}
	}
	canvas_free(&canvas);
}

static void wide_characters_accents_and_tabs_take_their_cells(void **state)
{
	struct canvas *canvas = canvas_new(1, 10, true);

	(void)state;
	assert_string_equal(SHOWN("a\tb"), "a       b");
	assert_string_equal(SHOWN("e\xcc\x81t"), "e\xcc\x81t");
	assert_int_equal(canvas_width("a\t中e\xcc\x81", strlen("a\t中e\xcc\x81"), true), 11);
	/* half of one is no character */
	assert_string_equal(shown("中中", 6, 3, 0, true), "中");
	assert_string_equal(shown("中中", 6, 10, 1, true), " 中");
	canvas_print(canvas, 0, 0, 10, "中x", player_plain);
	canvas_print(canvas, 0, 1, 1, "y", player_plain);
	assert_string_equal(drawn(canvas, 0), " yx");
	canvas_print(canvas, 0, 0, 10, "中中", player_plain);
	canvas_print(canvas, 0, 2, 1, "z", player_plain);
	assert_string_equal(drawn(canvas, 0), "中z");
	canvas_free(&canvas);
}

static void without_unicode_all_is_ascii(void **state)
{
	(void)state;
	assert_string_equal(shown("a中\033", 5, 30, 0, false), "a??");
}

static void what_lies_outside_is_left_out(void **state)
{
	struct canvas *canvas = canvas_new(2, 5, true);

	(void)state;
	canvas_print(canvas, 0, 3, 100, "abcdef", player_plain);
	canvas_print(canvas, -1, 0, 5, "x", player_plain);
	canvas_print(canvas, 2, 0, 5, "x", player_plain);
	canvas_print(canvas, 1, -2, 5, "abcdef", player_plain);
	assert_string_equal(drawn(canvas, 0), "   ab");
	assert_string_equal(drawn(canvas, 1), "cde");
	canvas_free(&canvas);
}

/* --- clock */

static struct player_clock clock_of(const struct timeline_gap *gaps, size_t count)
{
	return (struct player_clock){ .from = 1000, .to = 101000, .at = 1000, .speed = 1,
				      .playing = true, .skip_idle = true, .gaps = gaps,
				      .gap_count = count };
}

static void time_goes_by_at_each_speed(void **state)
{
	static const int64_t passed[] = { 500, 1000, 2000, 4000, 8000, 16000 };
	struct player_clock clock = clock_of(NULL, 0);
	int i;

	(void)state;
	player_clock_change_speed(&clock, -100);
	for (i = 0; i < PLAYER_SPEEDS; i++) {
		player_clock_set(&clock, 1000);
		assert_true(player_clock_advance(&clock, 1000));
		assert_int_equal(player_clock_now(&clock), 1000 + passed[i]);
		player_clock_change_speed(&clock, 1);
	}
	assert_string_equal(player_clock_speed(&clock), "16");
	clock.playing = false;
	assert_false(player_clock_advance(&clock, 1000));
}

static void a_gap_takes_half_a_second(void **state)
{
	static const struct timeline_gap gaps[] = { { 2000, 5000 }, { 11000, 71000 } };
	struct player_clock clock = clock_of(gaps, 2);

	(void)state;
	/* three seconds are no gap yet */
	player_clock_advance(&clock, 10000);
	assert_int_equal(player_clock_now(&clock), 11000);
	player_clock_advance(&clock, 250);
	assert_int_equal(player_clock_now(&clock), 41000);
	player_clock_advance(&clock, 250);
	assert_int_equal(player_clock_now(&clock), 71000);
	player_clock_advance(&clock, 1000);
	assert_int_equal(player_clock_now(&clock), 72000);
	/* from its middle, at double speed, and out of it in one go */
	player_clock_set(&clock, 41000);
	player_clock_change_speed(&clock, 1);
	player_clock_advance(&clock, 125 + 1000);
	assert_int_equal(player_clock_now(&clock), 73000);
	clock.skip_idle = false;
	player_clock_set(&clock, 41000);
	player_clock_advance(&clock, 1000);
	assert_int_equal(player_clock_now(&clock), 43000);
}

static void small_steps_add_up(void **state)
{
	static const struct timeline_gap gaps[] = { { 2000, 62000 } };
	struct player_clock once = clock_of(gaps, 1), often = clock_of(gaps, 1);
	int i;

	(void)state;
	player_clock_advance(&once, 2000);
	for (i = 0; i < 6000; i++)
		player_clock_advance(&often, 1.0 / 3);
	assert_true(player_clock_now(&once) - player_clock_now(&often) <= 1 &&
		    player_clock_now(&often) - player_clock_now(&once) <= 1);
}

static void it_stops_at_the_end_and_begins_again(void **state)
{
	struct player_clock clock = clock_of(NULL, 0);

	(void)state;
	assert_true(player_clock_advance(&clock, 1e9));
	assert_int_equal(player_clock_now(&clock), 101000);
	assert_false(clock.playing);
	player_clock_toggle(&clock);
	assert_true(clock.playing);
	assert_int_equal(player_clock_now(&clock), 1000);
	player_clock_set(&clock, INT64_MAX / 2);
	assert_int_equal(player_clock_now(&clock), 101000);
	player_clock_set(&clock, -5);
	assert_int_equal(player_clock_now(&clock), 1000);
}

/* --- lines */

/* "NUMBER SIGN text|" of each line */
static const char *told(const struct player_lines *lines)
{
	static struct buf text = BUF_INIT(65536);
	size_t i;

	buf_clear(&text);
	for (i = 0; i < lines->count; i++)
		buf_add_format(&text, "%d%c%.*s|", lines->list[i].number, lines->list[i].sign,
			       (int)lines->list[i].len, lines->text.data + lines->list[i].at);
	return buf_str(&text);
}

static const char *diff(const char *before, const char *after)
{
	AUTO(player_lines_release) struct player_lines lines = PLAYER_LINES_INIT;
	struct err err = ERR_INIT;

	if (player_lines_add_diff(&lines, before, strlen(before), after, strlen(after), &err) < 0)
		fail_msg("%s", err.text);
	return told(&lines);
}

static void differences_are_whole_lines(void **state)
{
	(void)state;
	assert_string_equal(diff("a\nb\nc\n", "a\nb\nc\n"), "");
	assert_string_equal(diff("a\nbxd\nc\n", "a\nbyd\nc\n"), "1 a|0-bxd|2+byd|3 c|");
	assert_string_equal(diff("a\nc\n", "a\nb\nc\n"), "1 a|2+b|3 c|");
	assert_string_equal(diff("a\nb\nc\n", "a\nc\n"), "1 a|0-b|2 c|");
	assert_string_equal(diff("", "a\nb\n"), "1+a|2+b|");
	assert_string_equal(diff("a\nb\n", ""), "0-a|0-b|");
	assert_string_equal(diff("a", "a\nb"), "0-a|1+a|2+b|");
	assert_string_equal(diff("a\nb\n", "x\nb\n"), "0-a|1+x|2 b|");
	assert_string_equal(diff("one two three\n", "One two Three\n"),
			    "0-one two three|1+One two Three|");
}

static void far_lines_are_left_out(void **state)
{
	(void)state;
	assert_string_equal(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n"),
			    "0 ...|2 2|3 3|4 4|0-5|5+X|6 6|7 7|8 8|0 ...|");
	assert_string_equal(diff("a\n1\n2\n3\n4\n5\n6\n7\nz\n", "A\n1\n2\n3\n4\n5\n6\n7\nZ\n"),
			    "0-a|1+A|2 1|3 2|4 3|0 ...|6 5|7 6|8 7|0-z|9+Z|");
	assert_string_equal(diff("a\n1\n2\nz\n", "A\n1\n2\nZ\n"),
			    "0-a|1+A|2 1|3 2|0-z|4+Z|");
}

/* The lines with '+' and ' ' are the new text, wherever nothing is left out. */
static void random_differences_hold_the_new_text(void **state)
{
	uint32_t random = 7;
	int round;

	(void)state;
	for (round = 0; round < 3000; round++) {
		AUTO(player_lines_release) struct player_lines lines = PLAYER_LINES_INIT;
		struct buf texts[2] = { BUF_INIT(1000), BUF_INIT(1000) };
		struct err err = ERR_INIT;
		int side, i, number = 0;
		size_t j;

		for (side = 0; side < 2; side++)
			for (i = 0; i < 12; i++) {
				random = random * 1103515245 + 12345;
				buf_add_byte(&texts[side], "ab\n\nc"[(random >> 16) % 5]);
			}
		assert_int_equal(player_lines_add_diff(&lines, texts[0].data, texts[0].len,
						       texts[1].data, texts[1].len, &err), 0);
		for (j = 0; j < lines.count; j++) {
			const struct player_line *line = &lines.list[j];

			if (!line->number)
				continue;
			assert_true(line->number > number);
			number = line->number;
			/* it is that line of the new text */
			for (i = 1, side = 0; i < number; i++)
				side += (int)strcspn(texts[1].data + side, "\n") + 1;
			assert_int_equal(strcspn(texts[1].data + side, "\n"), line->len);
			assert_memory_equal(texts[1].data + side, lines.text.data + line->at,
					    line->len);
		}
		buf_release(&texts[0]);
		buf_release(&texts[1]);
	}
}

static void long_lines_are_wrapped_at_words(void **state)
{
	AUTO(player_lines_release) struct player_lines lines = PLAYER_LINES_INIT;
	const char *text = "the quick brown fox\n\nabcdefghijklmnop\nend\n";

	(void)state;
	player_lines_add_wrapped(&lines, text, strlen(text), 12, 2, true, player_plain);
	assert_string_equal(told(&lines), "0   the quick |0   brown fox|0   |0   abcdefghij|"
					  "0   klmnop|0   end|");
}

static void scrolling_keeps_the_focus_in_sight(void **state)
{
	AUTO(player_lines_release) struct player_lines lines = PLAYER_LINES_INIT;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		player_lines_print(&lines, player_plain, "%d", i);
	lines.focus = 50;
	player_lines_settle(&lines, 10, true);
	assert_int_equal(lines.top, 45);
	lines.focus = 54;
	player_lines_settle(&lines, 10, true);
	assert_int_equal(lines.top, 45);
	lines.top = 1000;
	player_lines_settle(&lines, 10, false);
	assert_int_equal(lines.top, 90);
	lines.top = -3;
	player_lines_settle(&lines, 200, false);
	assert_int_equal(lines.top, 0);
}

/* --- layout, scrubber, words */

static void parts_fill_the_window_and_do_not_overlap(void **state)
{
	int rows, columns;

	(void)state;
	for (rows = 1; rows < 80; rows++) {
		for (columns = 1; columns < 250; columns += 7) {
			struct player_layout at = player_layout(rows, columns);

			assert_int_equal(at.fits, rows >= 6 && columns >= 20);
			if (!at.fits)
				continue;
			assert_true(at.status < at.tabs && at.tabs < at.pane);
			assert_int_equal(at.pane + at.pane_rows, at.scrubber);
			assert_int_equal(at.scrubber + 1, at.hint);
			assert_int_equal(at.hint + 1, rows);
			if (at.side_columns)
				assert_true(at.pane_columns < at.side_column);
			assert_true(at.side_column + at.side_columns <= columns);
		}
	}
	assert_int_equal(player_layout(24, 80).side_columns, 0);
	assert_int_equal(player_layout(24, 80).pane_rows, 20);
}

static void the_scrubber_shows_the_mark_that_tells_most(void **state)
{
	static const struct timeline_mark marks[] = {
		{ .instant = 1000, .kind = "snapshot" }, { .instant = 51000, .kind = "focus" },
		{ .instant = 51001, .kind = "test" }, { .instant = 51002, .kind = "run" },
		{ .instant = 90000, .kind = "status" }, { .instant = 101000, .kind = "submit" },
	};
	struct player player = { .clock = clock_of(NULL, 0), .marks = marks, .mark_count = 6 };
	char text[21];

	(void)state;
	player.clock.at = 31000;
	player_scrubber_text(&player, 20, text);
	assert_string_equal(text, "s=====#---t--------h");
	assert_int_equal(player_scrubber_cell(&player.clock, -100, 20), 0);
	assert_int_equal(player_scrubber_cell(&player.clock, INT64_MAX / 4, 20), 19);
	player.clock.to = player.clock.from;
	assert_int_equal(player_scrubber_cell(&player.clock, 5, 20), 0);
}

static void words_are_found_in_any_case_unless_they_have_capitals(void **state)
{
	(void)state;
	assert_int_equal(player_find_count("Foo foo FOO", 11, "foo"), 3);
	assert_int_equal(player_find_count("Foo foo FOO", 11, "Foo"), 1);
	assert_int_equal(player_find_count("aaaa", 4, "aa"), 3);
	assert_int_equal(player_find_count("AaAa", 4, "aA"), 1);
	assert_int_equal(player_find_count("a\0needle", 8, "needle"), 1);
	assert_int_equal(player_find_count("abc", 3, "abcd"), 0);
	assert_int_equal(player_find_count("abc", 3, ""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls_become_visible),
		cmocka_unit_test(no_cell_ever_holds_a_control_character),
		cmocka_unit_test(wide_characters_accents_and_tabs_take_their_cells),
		cmocka_unit_test(without_unicode_all_is_ascii),
		cmocka_unit_test(what_lies_outside_is_left_out),
		cmocka_unit_test(time_goes_by_at_each_speed),
		cmocka_unit_test(a_gap_takes_half_a_second),
		cmocka_unit_test(small_steps_add_up),
		cmocka_unit_test(it_stops_at_the_end_and_begins_again),
		cmocka_unit_test(differences_are_whole_lines),
		cmocka_unit_test(far_lines_are_left_out),
		cmocka_unit_test(random_differences_hold_the_new_text),
		cmocka_unit_test(long_lines_are_wrapped_at_words),
		cmocka_unit_test(scrolling_keeps_the_focus_in_sight),
		cmocka_unit_test(parts_fill_the_window_and_do_not_overlap),
		cmocka_unit_test(the_scrubber_shows_the_mark_that_tells_most),
		cmocka_unit_test(words_are_found_in_any_case_unless_they_have_capitals),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
