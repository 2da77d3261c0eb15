/* test_text_diff.c - the edits between two texts make one of the other, and are small */
#include "workspace/text_diff.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The old text while the edits are applied to it, and what they were. */
struct applied {
	struct buf text, told;
	size_t edits, bytes, end;
};

static void applied_release(struct applied *applied)
{
	buf_release(&applied->text);
	buf_release(&applied->told);
}

static int apply(void *arg, const struct text_delta *delta, struct err *err)
{
	struct applied *applied = arg;
	struct buf next = BUF_INIT(SIZE_MAX);
	struct buf *text = &applied->text;

	(void)err;
	assert_true(delta->del || delta->len);
	assert_true(delta->at + delta->del <= text->len);
	/* in order, and never beginning where the last one ended */
	assert_true(!applied->edits || delta->at > applied->end);
	assert_true(utf8_valid(text->data, delta->at));
	assert_true(utf8_valid(text->data + delta->at, delta->del));
	assert_true(utf8_valid(delta->ins, delta->len));
	applied->end = delta->at + delta->len;
	buf_add(&next, text->data, delta->at);
	buf_add(&next, delta->ins, delta->len);
	buf_add(&next, text->data + delta->at + delta->del, text->len - delta->at - delta->del);
	buf_release(text);
	*text = next;
	buf_add_format(&applied->told, "%zu-%zu+%.*s;", delta->at, delta->del, (int)delta->len,
		       delta->ins);
	applied->edits++;
	applied->bytes += delta->del + delta->len;
	return 0;
}

static void check(struct applied *applied, const char *before, size_t before_len, const char *after,
		  size_t after_len)
{
	struct err err = ERR_INIT;

	*applied = (struct applied){ .text = BUF_INIT(SIZE_MAX), .told = BUF_INIT(SIZE_MAX) };
	buf_add(&applied->text, before, before_len);
	if (text_diff(before, before_len, after, after_len, apply, applied, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(applied->text.len, after_len);
	assert_memory_equal(buf_str(&applied->text), after, after_len);
}

static void edits_are(const char *before, const char *after, const char *told)
{
	AUTO(applied_release) struct applied applied;

	check(&applied, before, strlen(before), after, strlen(after));
	assert_string_equal(buf_str(&applied.told), told);
}

static void edits_are_as_small_as_the_change(void **state)
{
	(void)state;
	edits_are("", "", "");
	edits_are("same\n", "same\n", "");
	edits_are("", "new\n", "0-0+new\n;");
	edits_are("old\n", "", "0-4+;");
	edits_are("let a = 1\n", "let b = 1\n", "4-1+b;");
	edits_are("a\nb\nc\n", "a\nB\nc\n", "2-1+B;");
	edits_are("aa", "aaa", "2-0+a;");
	edits_are("no end", "no end\n", "6-0+\n;");
}

static void lines_apart_are_edits_apart(void **state)
{
	(void)state;
	edits_are("one\ntwo\nthree\nfour\n", "oNe\ntwo\nthree\nfoUr\n", "1-1+N;16-1+U;");
	edits_are("1\n2\n3\n4\n5\n", "2\n3\n4\n5\n6\n", "0-2+;8-0+6\n;");
	edits_are("1\n2\n3", "0\n2\n4", "0-1+0;4-1+4;");
}

static void characters_are_never_cut(void **state)
{
	(void)state;
	/* the first and the last bytes are the same in both */
	edits_are("\xc3\xa4", "\xc3\xb6", "0-2+\xc3\xb6;");
	edits_are("\xc3\xa4", "\xc4\xa4", "0-2+\xc4\xa4;");
	edits_are("x\xf0\x9f\x98\x80y", "x\xf0\x9f\x98\x81y", "1-4+\xf0\x9f\x98\x81;");
	edits_are("\xc3\xa4\n-\n\xc3\xa4\n", "\xc3\xb6\n-\n\xc3\xb6\n",
		  "0-2+\xc3\xb6;5-2+\xc3\xb6;");
}

/* A small generator, so that a failure comes again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void add_random(struct buf *text, uint32_t *seed, unsigned words)
{
	static const char *const list[] = { "a", "b", "\n", "\n", "ab\n", "\xc3\xa4", "\xc3\xb6",
					    "\xe2\x82\xac", "\xf0\x9f\x98\x80", " ", "\r\n" };

	while (words--)
		buf_add_str(text, list[next_random(seed) % (sizeof(list) / sizeof(*list))]);
}

/* One with some of its parts replaced. */
static void add_changed(struct buf *out, const struct buf *text, uint32_t *seed)
{
	size_t at, len;

	for (at = 0; at < text->len; at += len) {
		len = utf8_char(text->data + at, text->len - at);
		if (next_random(seed) % 10 == 0)
			add_random(out, seed, next_random(seed) % 3);
		else
			buf_add(out, text->data + at, len);
	}
}

static void random_texts_become_each_other(void **state)
{
	uint32_t seed = 4;
	int round;

	(void)state;
	for (round = 0; round < 3000; round++) {
		AUTO(buf_release) struct buf before = BUF_INIT(SIZE_MAX);
		AUTO(buf_release) struct buf after = BUF_INIT(SIZE_MAX);
		AUTO(applied_release) struct applied applied;

		add_random(&before, &seed, next_random(&seed) % 60);
		if (round % 3)
			add_changed(&after, &before, &seed);
		else
			add_random(&after, &seed, next_random(&seed) % 60);
		check(&applied, buf_str(&before), before.len, buf_str(&after), after.len);
	}
}

static void what_is_too_large_to_compare_is_one_edit(void **state)
{
	AUTO(buf_release) struct buf before = BUF_INIT(SIZE_MAX), after = BUF_INIT(SIZE_MAX);
	AUTO(applied_release) struct applied applied;
	int line;

	(void)state;
	for (line = 0; line < 200000; line++) {
		buf_add_format(&before, "old %d\n", line);
		buf_add_format(&after, "new %d\n", line);
	}
	assert_true(before.len > TEXT_DIFF_MAX);
	check(&applied, before.data, before.len, after.data, after.len);
	assert_int_equal(applied.edits, 1);
}

/* It must not take long either: no line is there twice, and their order is turned around. */
static void lines_in_another_order_are_found(void **state)
{
	AUTO(buf_release) struct buf before = BUF_INIT(SIZE_MAX), after = BUF_INIT(SIZE_MAX);
	AUTO(applied_release) struct applied applied;
	int line;

	(void)state;
	for (line = 0; line < 100000; line++) {
		buf_add_format(&before, "%d\n", line);
		buf_add_format(&after, "%d\n", 99999 - line);
	}
	check(&applied, before.data, before.len, after.data, after.len);
}

/* Each line is in both many times: the search gives up, and what it tells is still true. */
static void what_differs_too_much_is_found_in_time(void **state)
{
	AUTO(buf_release) struct buf before = BUF_INIT(SIZE_MAX), after = BUF_INIT(SIZE_MAX);
	AUTO(applied_release) struct applied applied;
	uint32_t seed = 9;
	int line;

	(void)state;
	for (line = 0; line < 400000; line++) {
		buf_add_format(&before, "%u\n", next_random(&seed) % 7);
		buf_add_format(&after, "%u\n", next_random(&seed) % 7);
	}
	check(&applied, before.data, before.len, after.data, after.len);
}

static size_t edited_bytes(const struct buf *before, const struct buf *after)
{
	AUTO(applied_release) struct applied applied;

	check(&applied, buf_str(before), before->len, buf_str(after), after->len);
	return applied.bytes;
}

/* Lines of one byte each: the edits are a shortest way, which is as long as the longest common
 * subsequence says. */
static void the_fewest_lines_are_changed(void **state)
{
	uint32_t seed = 11;

	(void)state;
	for (int round = 0; round < 500; round++) {
		AUTO(buf_release) struct buf before = BUF_INIT(SIZE_MAX);
		AUTO(buf_release) struct buf after = BUF_INIT(SIZE_MAX);
		int longest[31][31] = { { 0 } }, old = (int)(next_random(&seed) % 30);
		int new = (int)(next_random(&seed) % 30);

		for (int i = 0; i < old; i++)
			buf_add_format(&before, "%c\n", 'a' + next_random(&seed) % 4);
		for (int i = 0; i < new; i++)
			buf_add_format(&after, "%c\n", 'a' + next_random(&seed) % 4);
		for (int i = 1; i <= old; i++)
			for (int j = 1; j <= new; j++)
				longest[i][j] =
					before.data[2 * i - 2] == after.data[2 * j - 2]
						? longest[i - 1][j - 1] + 1
					: longest[i - 1][j] > longest[i][j - 1]
						? longest[i - 1][j]
						: longest[i][j - 1];
		/* within a hunk, bytes that both have are left alone */
		assert_true(edited_bytes(&before, &after) <=
			    2 * (size_t)(old + new - 2 * longest[old][new]));
	}
}

static void only_text_is_followed(void **state)
{
	AUTO_FREE char *large = buf_alloc(TEXT_DIFF_MAX + 2);

	(void)state;
	memset(large, 'a', TEXT_DIFF_MAX + 1);
	assert_true(text_diff_fits("", 0));
	assert_true(text_diff_fits("\xc3\xa4\n", 3));
	assert_false(text_diff_fits("a\0b", 3));
	assert_false(text_diff_fits("\xc3", 1));
	assert_true(text_diff_fits(large, TEXT_DIFF_MAX));
	assert_false(text_diff_fits(large, TEXT_DIFF_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_are_as_small_as_the_change),
		cmocka_unit_test(lines_apart_are_edits_apart),
		cmocka_unit_test(characters_are_never_cut),
		cmocka_unit_test(random_texts_become_each_other),
		cmocka_unit_test(what_is_too_large_to_compare_is_one_edit),
		cmocka_unit_test(lines_in_another_order_are_found),
		cmocka_unit_test(what_differs_too_much_is_found_in_time),
		cmocka_unit_test(the_fewest_lines_are_changed),
		cmocka_unit_test(only_text_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
