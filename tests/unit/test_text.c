/* test_text.c - a text under edits is what a plain copy is, and every byte knows its origin */
#include "journal/text.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ok(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%s", err->text);
}

static struct text *text_of(const char *bytes)
{
	struct text *text = text_new();
	struct err err = ERR_INIT;

	ok(text_edit(text, 0, 0, bytes, strlen(bytes), TEXT_STARTER, 0, &err), &err);
	return text;
}

static void refused(struct text *text, size_t at, size_t del, const char *ins, const char *why)
{
	struct err err = ERR_INIT;
	AUTO_FREE char *before = buf_strdup(text_bytes(text));

	assert_int_equal(text_edit(text, at, del, ins, strlen(ins), TEXT_TYPED, 1, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (!strstr(err.text, why))
		fail_msg("'%s' has no '%s'", err.text, why);
	assert_string_equal(text_bytes(text), before);
}

static void an_edit_that_does_not_fit_changes_nothing(void **state)
{
	AUTO(text_free) struct text *text = text_of("a\xc3\xa4z");

	(void)state;
	refused(text, 5, 0, "x", "bytes 5 to 5 of a text of 4");
	refused(text, 3, 2, "x", "bytes 3 to 5 of a text of 4");
	refused(text, 1, SIZE_MAX, "x", "of a text of 4");
	refused(text, SIZE_MAX, 1, "x", "of a text of 4");
	refused(text, 2, 0, "x", "byte 2 is inside a character");
	refused(text, 1, 1, "x", "byte 2 is inside a character");
	refused(text, 0, 2, "x", "byte 2 is inside a character");
	refused(text, 0, 0, "\xc3", "not UTF-8");
	refused(text, 0, 0, "\xed\xa0\x80", "not UTF-8");
	refused(text, 0, 0, "\xc0\xaf", "not UTF-8");
	refused(text, 0, 0, "\xf4\x90\x80\x80", "not UTF-8");
}

static void a_text_has_a_largest_size(void **state)
{
	AUTO(text_free) struct text *text = text_of("ab");
	AUTO_FREE char *large = buf_alloc(TEXT_MAX + 1);
	struct err err = ERR_INIT;

	(void)state;
	memset(large, 'x', TEXT_MAX);
	assert_int_equal(text_edit(text, 0, 1, large, TEXT_MAX, TEXT_TYPED, 1, &err), -1);
	err = (struct err)ERR_INIT;
	ok(text_edit(text, 0, 2, large, TEXT_MAX, TEXT_TYPED, 1, &err), &err);
	assert_int_equal(text_len(text), TEXT_MAX);
}

static int add_run(void *arg, const struct text_run *run)
{
	buf_add_format(arg, "%zu+%zu %s %d;", run->at, run->len, text_origin_name(run->origin),
		       (int)run->seq);
	return 0;
}

static void runs_are(const struct text *text, const char *want)
{
	AUTO(buf_release) struct buf runs = BUF_INIT(4096);

	text_each_run(text, add_run, &runs);
	assert_string_equal(buf_str(&runs), want);
}

static void every_byte_knows_its_origin(void **state)
{
	AUTO(text_free) struct text *text = text_of("start end");
	uint64_t bytes[TEXT_ORIGINS] = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	ok(text_edit(text, 6, 0, "typed ", 6, TEXT_TYPED, 3, &err), &err);
	ok(text_edit(text, 8, 2, "PASTE", 5, TEXT_PASTE, 4, &err), &err);
	ok(text_edit(text, 0, 1, "", 0, TEXT_TYPED, 5, &err), &err);
	assert_string_equal(text_bytes(text), "tart tyPASTEd end");
	runs_are(text, "0+5 starter 0;5+2 typed 3;7+5 paste 4;12+2 typed 3;14+3 starter 0;");
	text_count(text, bytes);
	assert_int_equal(bytes[TEXT_STARTER], 8);
	assert_int_equal(bytes[TEXT_TYPED], 4);
	assert_int_equal(bytes[TEXT_PASTE], 5);
	assert_int_equal(bytes[TEXT_AI] + bytes[TEXT_SAVED], 0);
}

static void characters_are_found_by_number(void **state)
{
	AUTO(text_free) struct text *text = text_of("a\xc3\xa4\xf0\x9f\x98\x80z");

	(void)state;
	assert_int_equal(text_offset(text, 0), 0);
	assert_int_equal(text_offset(text, 1), 1);
	assert_int_equal(text_offset(text, 2), 3);
	assert_int_equal(text_offset(text, 3), 7);
	assert_int_equal(text_offset(text, 4), 8);
	assert_int_equal(text_offset(text, 5), -1);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* The same edits on plain arrays: the slow way that is plainly right. */
struct plain {
	char bytes[4096];
	uint32_t marks[4096];
	size_t len;
};

static void plain_edit(struct plain *plain, size_t at, size_t del, const char *ins, size_t len,
		       uint32_t mark)
{
	size_t i, rest = plain->len - at - del;

	memmove(plain->bytes + at + len, plain->bytes + at + del, rest);
	memmove(plain->marks + at + len, plain->marks + at + del, rest * sizeof(uint32_t));
	memcpy(plain->bytes + at, ins, len);
	for (i = 0; i < len; i++)
		plain->marks[at + i] = mark;
	plain->len = at + len + rest;
}

static int check_run(void *arg, const struct text_run *run)
{
	const struct plain *plain = arg;
	size_t i;

	for (i = 0; i < run->len; i++)
		assert_int_equal(plain->marks[run->at + i],
				 run->seq * TEXT_ORIGINS + run->origin);
	return 0;
}

static void packs_and_comes_back(const struct text *text)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(SIZE_MAX), again = BUF_INIT(SIZE_MAX);
	AUTO(text_free) struct text *back = NULL;
	struct unpack in;

	text_pack(text, &packed);
	in = (struct unpack){ (uint8_t *)packed.data, (uint8_t *)packed.data + packed.len, false };
	back = text_unpack(&in);
	assert_non_null(back);
	assert_ptr_equal(in.at, in.end);
	text_pack(back, &again);
	assert_int_equal(packed.len, again.len);
	assert_memory_equal(packed.data, again.data, packed.len);
}

static void compare(struct text *text, struct plain *plain)
{
	struct hash hash = hash_of(plain->bytes, plain->len);
	char is[HASH_HEX_SIZE], wanted[HASH_HEX_SIZE], copy[4096];

	assert_int_equal(text_len(text), plain->len);
	assert_string_equal(text_hash(text, is), hash_hex(&hash, wanted));
	assert_true(text_equal(text, plain->bytes, plain->len));
	text_copy(text, plain->len / 3, plain->len - plain->len / 3, copy);
	assert_memory_equal(copy, plain->bytes + plain->len / 3, plain->len - plain->len / 3);
	text_each_run(text, check_run, plain);
	packs_and_comes_back(text);
}

static void random_edits_do_what_plain_ones_do(void **state)
{
	static const char *const words[] = { "", "a", "\n", "hello", "\xc3\xa4",
					     "\xf0\x9f\x98\x80" };
	uint32_t seed = 7;
	int round, n;

	(void)state;
	for (round = 0; round < 40; round++) {
		AUTO(text_free) struct text *text = text_new();
		struct plain plain = { .len = 0 };

		for (n = 0; n < 200; n++) {
			const char *ins = words[next_random(&seed) % 6];
			size_t at = next_random(&seed) % (plain.len + 1);
			size_t del = next_random(&seed) % (plain.len - at + 1) % 9;
			enum text_origin origin = next_random(&seed) % TEXT_ORIGINS;
			struct err err = ERR_INIT;

			if (text_edit(text, at, del, ins, strlen(ins), origin, n, &err) < 0)
				assert_true(utf8_inside(plain.bytes[at]) ||
					    utf8_inside(plain.bytes[at + del]));
			else
				plain_edit(&plain, at, del, ins, strlen(ins),
					   (uint32_t)n * TEXT_ORIGINS + origin);
		}
		compare(text, &plain);
		assert_true(text_equal(text, text_bytes(text), text_len(text)));
		compare(text, &plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_that_does_not_fit_changes_nothing),
		cmocka_unit_test(a_text_has_a_largest_size),
		cmocka_unit_test(every_byte_knows_its_origin),
		cmocka_unit_test(characters_are_found_by_number),
		cmocka_unit_test(random_edits_do_what_plain_ones_do),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
