/* test_page.c - a page holds what the session holds, and nothing of it can get out of its place */
#include "replay/page.h"

#include "base/utf8.h"
#include "page_session.h"
#include "replay/page_data.h"
#include "replay/page_json.h"
#include "replay/page_plain.h"
#include "replay/page_style.h"
#include "replay/page_table.h"
#include "replay/page_text.h"

/* --- JSON in a page */

static void json_is(const char *bytes, size_t len, const char *wanted)
{
	AUTO(buf_release) struct buf out = BUF_INIT(SIZE_MAX);

	page_json_string(&out, bytes, len);
	assert_string_equal(buf_str(&out), wanted);
}

static void no_text_ends_the_element_it_stands_in(void **state)
{
	(void)state;
	json_is("</script>", 9, "\"\\u003c/script\\u003e\"");
	json_is("<!--&amp;", 9, "\"\\u003c!--\\u0026amp;\"");
	json_is("\xe2\x80\xa8\xe2\x80\xa9", 6, "\"\\u2028\\u2029\"");
	json_is("\"\\\n\t", 4, "\"\\\"\\\\\\n\\t\"");
	json_is("\0\x1b\x7f", 3, "\"\\u0000\\u001b\\u007f\"");
}

static void what_is_not_utf8_is_replaced_byte_by_byte(void **state)
{
	(void)state;
	json_is("a\xff"
		"b",
		3, "\"a\\ufffdb\"");
	json_is("\xc0\xaf", 2, "\"\\ufffd\\ufffd\"");
	json_is("\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"");
	json_is("\xf0\x9f\x98", 3, "\"\\ufffd\\ufffd\\ufffd\"");
	json_is("\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"");
}

/* --- places */

static struct page_place naive_place(const char *bytes, size_t at)
{
	struct page_place place = { 0 };
	size_t i, size;

	for (i = 0; i < at; i += size) {
		size = utf8_char(bytes + i, at - i);
		assert_true(size > 0);
		place.column += size == 4 ? 2 : 1;
		if (bytes[i] == '\n')
			place = (struct page_place){ place.line + 1, 0 };
	}
	return place;
}

static size_t boundary(const struct buf *text, size_t at)
{
	while (at < text->len && utf8_inside(text->data[at]))
		at++;
	return at;
}

static void check_places(const struct page_text *text, const struct buf *bytes, uint32_t *seed)
{
	int i;

	assert_true(page_text_equal(text, buf_str(bytes), bytes->len));
	for (i = 0; i < 3; i++) {
		size_t at = boundary(bytes, next_random(seed) % (bytes->len + 1));
		struct page_place is = page_text_place(text, at);
		struct page_place wanted = naive_place(buf_str(bytes), at);

		assert_int_equal(is.line, wanted.line);
		assert_int_equal(is.column, wanted.column);
	}
}

/* Mostly small edits; now and then much comes or goes at once. */
static void random_change(struct page_text *text, struct buf *bytes, uint32_t *seed)
{
	AUTO(buf_release) struct buf ins = BUF_INIT(SIZE_MAX), next = BUF_INIT(SIZE_MAX);
	size_t at = boundary(bytes, next_random(seed) % (bytes->len + 1));
	size_t most = next_random(seed) % 16 ? 5 : 6000;
	size_t end = boundary(bytes, at + next_random(seed) % (most + 1));
	size_t more = next_random(seed) % 16 ? 2 : next_random(seed) % 1500;

	end = end > bytes->len ? bytes->len : end;
	while (more--)
		buf_add_str(&ins, random_words(seed));
	page_text_edit(text, at, end - at, buf_str(&ins), ins.len);
	buf_add(&next, buf_str(bytes), at);
	buf_add(&next, buf_str(&ins), ins.len);
	buf_add(&next, buf_str(bytes) + end, bytes->len - end);
	buf_clear(bytes);
	buf_add(bytes, buf_str(&next), next.len);
}

static void places_are_lines_and_utf16_units(void **state)
{
	AUTO(page_text_free) struct page_text *text = page_text_new("", 0);
	AUTO(buf_release) struct buf bytes = BUF_INIT(SIZE_MAX);
	uint32_t seed = 4;
	size_t longest = 0;
	int i;

	(void)state;
	for (i = 0; i < 600; i++) {
		random_change(text, &bytes, &seed);
		check_places(text, &bytes, &seed);
		longest = bytes.len > longest ? bytes.len : longest;
	}
	/* many blocks */
	assert_true(longest > 20000);
}

static void a_place_past_the_end_is_the_end(void **state)
{
	AUTO(page_text_free) struct page_text *text = page_text_new("a\nb", 3);
	AUTO(page_text_free) struct page_text *empty = page_text_new("", 0);

	(void)state;
	assert_int_equal(page_text_place(text, 99).line, 1);
	assert_int_equal(page_text_place(text, 99).column, 1);
	assert_int_equal(page_text_place(empty, 5).column, 0);
}

/* --- tables, plain text, styles */

static void equal_items_have_one_number(void **state)
{
	AUTO(page_table_release) struct page_table table = PAGE_TABLE_INIT;
	AUTO(buf_release) struct buf out = BUF_INIT(SIZE_MAX);
	char name[16];
	int i, round;

	(void)state;
	assert_int_equal(page_table_add(&table, "", 0), 0);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 1000; i++) {
			snprintf(name, sizeof(name), "%d", i);
			assert_int_equal(page_table_add(&table, name, strlen(name)), i + 1);
		}
	}
	assert_int_equal(table.count, 1001);
	page_table_write(&table, &out);
	assert_memory_equal(buf_str(&out), "[,0,1,2,", 8);
}

static void plain_is(const char *bytes, const char *wanted)
{
	AUTO(buf_release) struct buf out = BUF_INIT(SIZE_MAX);

	page_plain_add(&out, bytes, strlen(bytes));
	assert_string_equal(buf_str(&out), wanted);
}

static void escape_sequences_do_not_reach_plain_text(void **state)
{
	(void)state;
	plain_is("\033[1;31mred\033[0m\r\n", "red\n");
	plain_is("\033]0;title\007a\033]52;c;aGk=\033\\b", "ab");
	plain_is("\033P1$r0m\033\\c\033(Bd\0337e", "cde");
	plain_is("10%\r20%\r\n", "10%\n20%\n");
	plain_is("\001\b\x7f\xc2\x9b"
		 "x\t",
		 "x\t");
	/* one that never ends hides nothing */
	plain_is("\033]0;never\nends", "0;never\nends");
	plain_is("\033", "");
	plain_is("\033[", "");
	plain_is("\033[12", "");
}

static void every_colour_can_be_read(void **state)
{
	uint32_t seed = 1, foreground, background;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		AUTO(buf_release) struct buf css = BUF_INIT(256);
		struct screen_style style = {
			.foreground = i % 3 ? SCREEN_RGB | (next_random(&seed) & 0xffffff)
					    : SCREEN_INDEX | (next_random(&seed) & 0xff),
			.background = i % 2 ? SCREEN_RGB | (next_random(&seed) & 0xffffff)
					    : SCREEN_DEFAULT,
			.attributes = next_random(&seed) & 0xff,
		};
		const char *behind;

		page_style_css(&style, &css);
		assert_int_equal(sscanf(buf_str(&css), "color:#%06x", &foreground), 1);
		behind = strstr(buf_str(&css), "background:#");
		background = PAGE_STYLE_BACKGROUND;
		if (behind)
			assert_int_equal(sscanf(behind, "background:#%06x", &background), 1);
		if (page_style_contrast(foreground, background) < 4.5)
			fail_msg("%s", buf_str(&css));
	}
}

/* --- a page */

static char *write_page(struct page_session *s)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	page_session_write(s, out);
	fclose(out);
	return buf_strdup(text);
}

/* The JSON of one block. */
static json_t *block(const char *page, const char *name)
{
	AUTO_FREE char *open = buf_format("id=\"data-%s\">", name);
	const char *from = strstr(page, open), *to;
	struct err err = ERR_INIT;
	json_t *value;

	assert_non_null(from);
	from += strlen(open);
	to = strstr(from, "</script>");
	assert_non_null(to);
	value = json_parse(from, (size_t)(to - from), name, &err);
	must(value ? 0 : -1, &err);
	return value;
}

static size_t count_of(const char *text, const char *word)
{
	size_t count = 0;

	while ((text = strstr(text, word)) != NULL) {
		text += strlen(word);
		count++;
	}
	return count;
}

static int64_t step_int(const json_t *step, size_t i)
{
	return json_integer_value(json_array_get(step, i));
}

/* The n-th step of a code, from 0; NULL when there are not so many. */
static const json_t *step_of(const json_t *steps, enum page_step code, size_t n)
{
	const json_t *step;
	size_t i;

	json_array_foreach(steps, i, step)
		if (step_int(step, 1) == (int64_t)code && n-- == 0)
			return step;
	return NULL;
}

static void steps_tell_edits_in_utf16(void **state)
{
	struct page_session s;
	AUTO_FREE char *page = NULL;
	AUTO_JSON json_t *steps = NULL;
	const json_t *step;

	page_session_start(&s, *state);
	tell_snapshot(&s, "start",
		      world_tree(s.w, "a.txt", "x\n\xf0\x9f\x98\x80\xc3\xa4z\n", NULL));
	s.now += 700;
	tell_edit(&s, "a.txt", 8, 1, "</b>", "paste");
	s.now += 5;
	tell_edit(&s, "a.txt", 2, 0, "\n", "typed");
	page = write_page(&s);
	steps = block(page, "steps");
	step = step_of(steps, PAGE_EDIT, 0);
	assert_int_equal(step_int(step, 0), 700);
	assert_int_equal(step_int(step, 3), 1);
	assert_int_equal(step_int(step, 4), 3);
	assert_string_equal(json_string_value(json_array_get(step, 5)), "</b>");
	assert_int_equal(step_int(step, 6), TEXT_PASTE);
	assert_int_equal(step_int(step, 7), 1);
	assert_int_equal(step_int(step, 8), 4);
	step = step_of(steps, PAGE_EDIT, 1);
	assert_int_equal(step_int(step, 0), 5);
	assert_int_equal(json_array_size(step), 6);
	page_session_release(&s);
}

static void a_hostile_session_stays_in_its_blocks(void **state)
{
	static const char attack[] = "</script><script>x()</script><!--\xe2\x80\xa8";
	struct page_session s;
	AUTO_FREE char *page = NULL;
	AUTO_JSON json_t *messages = NULL;
	struct replay_page_facts facts = { "<i>", "<script>&", "\"><b>", attack, 0, 0 };
	AUTO(timeline_close) struct timeline *timeline = NULL;
	struct err err = ERR_INIT;
	size_t len = 0;
	FILE *out;

	page_session_start(&s, *state);
	tell_snapshot(&s, "start", world_tree(s.w, "</script>", attack, "b", "\xff", NULL));
	tell(&s, "ai_prompt", json_pack("{s:s, s:s}", "conversation", "c", "text", attack));
	tell(&s, "note", json_pack("{s:s}", "text", attack));
	tell_terminal(&s, "t", 80, 3);
	tell_output(&s, "t", attack);
	must(store_commit(s.f->store, &err), &err);
	timeline = timeline_open(s.f->store, s.assessment.id, &s.w->source, &err);
	out = open_memstream(&page, &len);
	must(replay_page_write(timeline, &facts, out, &err), &err);
	fclose(out);
	assert_int_equal(count_of(page, "</script>"), count_of(page, "<script"));
	assert_int_equal(count_of(page, "<script"), 10);
	assert_int_equal(count_of(page, "\xe2\x80\xa8"), 0);
	assert_non_null(strstr(page, "<title>&lt;script&gt;&amp;"));
	messages = block(page, "messages");
	assert_string_equal(json_string_value(json_array_get(json_array_get(messages, 0), 4)),
			    attack);
	page_session_release(&s);
}

static void the_policy_names_the_script_by_its_hash(void **state)
{
	struct page_session s;
	AUTO_FREE char *page = NULL, *base64 = NULL, *named = NULL;
	const char *from, *to;
	struct hash hash;

	page_session_start(&s, *state);
	tell_snapshot(&s, "start", world_tree(s.w, "a", "b", NULL));
	page = write_page(&s);
	from = strstr(page, "<script>") + strlen("<script>");
	to = strstr(from, "</script>");
	hash = hash_of(from, (size_t)(to - from));
	base64 = hash_base64(hash.bytes, sizeof(hash.bytes));
	named = buf_format(
		"content=\"default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-", base64);
	assert_non_null(strstr(page, named));
	assert_null(strstr(page, "unsafe"));
	page_session_release(&s);
}

static void output_within_50_ms_is_one_frame(void **state)
{
	struct page_session s;
	AUTO_FREE char *page = NULL;
	AUTO_JSON json_t *steps = NULL;
	const json_t *step;
	size_t frames = 0, i;

	page_session_start(&s, *state);
	tell_terminal(&s, "t", 80, 3);
	s.now += 1000;
	for (i = 0; i < 100; i++) {
		tell_output(&s, "t", "x");
		s.now += 10;
	}
	page = write_page(&s);
	steps = block(page, "steps");
	json_array_foreach(steps, i, step)
		frames += step_int(step, 1) == PAGE_FRAME;
	assert_in_range(frames, 15, 25);
	assert_non_null(strstr(page, "\"xxxxxxxxxxxxxxxxxxxx"));
	page_session_release(&s);
}

static void a_row_of_very_many_colours_has_few_pieces(void **state)
{
	struct page_session s;
	AUTO(buf_release) struct buf all = BUF_INIT(SIZE_MAX), text = BUF_INIT(SIZE_MAX);
	AUTO_FREE char *page = NULL;
	AUTO_JSON json_t *rows = NULL;
	const json_t *row;
	size_t i;

	page_session_start(&s, *state);
	tell_terminal(&s, "t", 1000, 3);
	for (i = 0; i < 999; i++)
		buf_add_format(&all, "\033[38;5;%zum%c", 16 + i % 200, (char)('a' + i % 26));
	tell_output(&s, "t", buf_str(&all));
	page = write_page(&s);
	rows = block(page, "rows");
	row = json_array_get(rows, json_array_size(rows) - 1);
	assert_int_equal(json_array_size(row), 2 * PAGE_RUNS_MAX);
	for (i = 0; i < json_array_size(row); i += 2)
		buf_add_str(&text, json_string_value(json_array_get(row, i)));
	assert_int_equal(text.len, 999);
	assert_int_equal(text.data[998], 'a' + 998 % 26);
	page_session_release(&s);
}

static void frames_that_take_much_are_further_apart(void **state)
{
	struct page_session s;
	AUTO(page_data_release) struct page_data data = { .steps = PAGE_STEPS_INIT(0, 0) };
	AUTO(timeline_close) struct timeline *timeline = NULL;
	struct err err = ERR_INIT;
	uint32_t seed = 1;
	int i, row;

	page_session_start(&s, *state);
	tell_terminal(&s, "t", 1000, 100);
	for (i = 0; i < 66; i++) {
		AUTO(buf_release) struct buf all = BUF_INIT(SIZE_MAX);

		for (row = 0; row < 100; row++) {
			while (all.len < (size_t)(row + 1) * 900)
				buf_add_format(&all, "%u ", next_random(&seed));
			buf_add_str(&all, "\r\n");
		}
		tell(&s, "terminal_out",
		     json_pack("{s:s, s:[{s:s}]}", "terminal", "t", "chunks", "text",
			       buf_str(&all)));
		s.now += 50;
	}
	must(store_commit(s.f->store, &err), &err);
	timeline = timeline_open(s.f->store, s.assessment.id, &s.w->source, &err);
	must(page_data_read(&data, timeline, 0, 0, &err), &err);
	/* of 5.9 MB that were printed */
	assert_in_range(data.screens.rows.bytes.len, 4500000, 5500000);
	page_session_release(&s);
}

static void what_is_too_large_is_left_out_and_the_rest_stays(void **state)
{
	struct page_session s;
	AUTO(page_data_release) struct page_data data = { .steps = PAGE_STEPS_INIT(0, 0) };
	AUTO_FREE char *big = buf_alloc(900001);
	struct world_tree *tree;
	struct err err = ERR_INIT;
	AUTO(timeline_close) struct timeline *timeline = NULL;
	int i;

	memset(big, 'a', 900000);
	page_session_start(&s, *state);
	tree = world_tree_new(s.w);
	for (i = 0; i < 80; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%02d", i);
		world_tree_add(s.w, tree, name, big, 900000);
	}
	world_tree_add(s.w, tree, "z", "small", 5);
	tell_snapshot(&s, "start", tree->id);
	tell_edit(&s, "f79", 5, 1, "not seen", "typed");
	tell_edit(&s, "z", 5, 0, " and seen", "typed");
	must(store_commit(s.f->store, &err), &err);
	timeline = timeline_open(s.f->store, s.assessment.id, &s.w->source, &err);
	must(page_data_read(&data, timeline, 0, 0, &err), &err);
	assert_in_range(data.steps.out.len, PAGE_TEXTS_MAX - (1 << 20), PAGE_TEXTS_MAX + (1 << 20));
	assert_non_null(strstr(buf_str(&data.steps.out), "small"));
	assert_non_null(strstr(buf_str(&data.steps.out), " and seen"));
	assert_null(strstr(buf_str(&data.steps.out), "not seen"));
	page_session_release(&s);
}

static void the_clock_runs_from_the_first_snapshot_to_the_submission(void **state)
{
	struct page_session s;
	AUTO_FREE char *page = NULL;
	AUTO_JSON json_t *facts = NULL, *events = NULL;

	page_session_start(&s, *state);
	s.now += 3 * INT64_C(86400000);
	tell_snapshot(&s, "start", world_tree(s.w, "a", "b", NULL));
	s.now += 60000;
	tell(&s, "submit", json_pack("{s:s, s:s, s:b}", "commit", "", "tree", "", "automatic", 0));
	s.now += 86400000;
	tell(&s, "note", json_pack("{s:s}", "text", "much later"));
	page = write_page(&s);
	facts = block(page, "facts");
	events = block(page, "events");
	assert_int_equal(json_int(facts, "duration", -1), 60000);
	/* invitation, snapshot, submission, note: in the page at its ends, with their own times */
	assert_int_equal(json_array_size(events), 4);
	assert_int_equal(step_int(json_array_get(events, 0), 0), 0);
	assert_int_equal(step_int(json_array_get(events, 0), 5), -3 * INT64_C(86400000));
	assert_int_equal(step_int(json_array_get(events, 3), 0), 60000);
	assert_int_equal(step_int(json_array_get(events, 3), 5), 86460000);
	page_session_release(&s);
}

static void nothing_is_written_of_a_session_that_cannot_be_read(void **state)
{
	struct replay_page_facts facts = { 0 };
	struct page_session s;
	AUTO(timeline_close) struct timeline *timeline = NULL;
	AUTO_FREE char *page = NULL;
	struct err err = ERR_INIT;
	size_t len = 0;
	FILE *out = open_memstream(&page, &len);

	page_session_start(&s, *state);
	tell_snapshot(&s, "start", world_tree(s.w, "a", "b", NULL));
	world_event(s.w, "edit", edit("gone", 0, 0, "x", "typed"));
	s.w->event.time = s.now;
	memset(s.w->event.hash, '0', HASH_HEX_SIZE - 1);
	must(event_add(s.f->store, s.assessment.id, &s.w->event, &err), &err);
	must(store_commit(s.f->store, &err), &err);
	timeline = timeline_open(s.f->store, s.assessment.id, &s.w->source, &err);
	assert_int_equal(replay_page_write(timeline, &facts, out, &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	assert_non_null(strstr(err.text, "event 2 (edit)"));
	fclose(out);
	assert_int_equal(len, 0);
	page_session_release(&s);
}

static void a_full_disk_is_told(void **state)
{
	struct replay_page_facts facts = { 0 };
	struct page_session s;
	AUTO(timeline_close) struct timeline *timeline = NULL;
	AUTO_FILE FILE *full = fopen("/dev/full", "w");
	struct err err = ERR_INIT;

	assert_non_null(full);
	page_session_start(&s, *state);
	tell_snapshot(&s, "start", world_tree(s.w, "a", "b", NULL));
	must(store_commit(s.f->store, &err), &err);
	timeline = timeline_open(s.f->store, s.assessment.id, &s.w->source, &err);
	assert_int_equal(replay_page_write(timeline, &facts, full, &err), -1);
	assert_int_equal(err.code, ERR_ENV);
	page_session_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_text_ends_the_element_it_stands_in),
		cmocka_unit_test(what_is_not_utf8_is_replaced_byte_by_byte),
		cmocka_unit_test(places_are_lines_and_utf16_units),
		cmocka_unit_test(a_place_past_the_end_is_the_end),
		cmocka_unit_test(equal_items_have_one_number),
		cmocka_unit_test(escape_sequences_do_not_reach_plain_text),
		cmocka_unit_test(every_colour_can_be_read),
		WITH_STORE(steps_tell_edits_in_utf16),
		WITH_STORE(a_hostile_session_stays_in_its_blocks),
		WITH_STORE(the_policy_names_the_script_by_its_hash),
		WITH_STORE(output_within_50_ms_is_one_frame),
		WITH_STORE(a_row_of_very_many_colours_has_few_pieces),
		WITH_STORE(frames_that_take_much_are_further_apart),
		WITH_STORE(what_is_too_large_is_left_out_and_the_rest_stays),
		WITH_STORE(the_clock_runs_from_the_first_snapshot_to_the_submission),
		WITH_STORE(nothing_is_written_of_a_session_that_cannot_be_read),
		WITH_STORE(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
