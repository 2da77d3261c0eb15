/* test_output_keep.c - the beginning and the end of long outputs */
#include "base/auto.h"
#include "grade/grade_text.h"
#include "grade/output_keep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_short_output_is_kept_whole(void **state)
{
	AUTO(output_keep_release) struct output_keep keep = { 0 };
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_null(output_keep_text(&keep, 1000));
	output_keep_add(&keep, "one\n", 4);
	output_keep_add(&keep, "", 0);
	output_keep_add(&keep, "two\xff\n", 5);
	text = output_keep_text(&keep, 1000);
	assert_string_equal(text, "one\ntwo\xef\xbf\xbd");
}

static void a_long_output_keeps_both_ends(void **state)
{
	AUTO(output_keep_release) struct output_keep keep = { 0 };
	AUTO_FREE char *text = NULL;
	const char *line;
	unsigned long long left_out;
	size_t len;

	(void)state;
	output_keep_add(&keep, "begin\n", 6);
	for (int i = 0; i < 100000; i++)
		output_keep_add(&keep, "0123456789", 10);
	output_keep_add(&keep, "\nend\n", 5);
	text = output_keep_text(&keep, OUTPUT_KEEP_TEXT);
	len = strlen(text);
	assert_true(len <= OUTPUT_KEEP_TEXT && len > OUTPUT_KEEP_TEXT - 200);
	assert_memory_equal(text, "begin\n0123", 10);
	assert_string_equal(text + len - 4, "\nend");
	line = strstr(text, "\n[");
	assert_int_equal(sscanf(line, "\n[%llu bytes left out]\n", &left_out), 1);
	/* the text lacks the line itself, and has lost the last line feed */
	assert_int_equal(left_out, 1000011 - (len + 1 -
					      (size_t)snprintf(NULL, 0, "\n[%llu bytes left out]\n",
							       left_out)));
}

static void what_is_kept_may_be_cut_further(void **state)
{
	AUTO(output_keep_release) struct output_keep keep = { 0 };
	AUTO_FREE char *text = NULL, *beginning = NULL;

	(void)state;
	for (int i = 0; i < 100; i++)
		output_keep_add(&keep, "0123456789", 10);
	text = output_keep_text(&keep, 200);
	assert_string_equal(text, "01234567890123456789012345678901234567890123456789"
				  "012345678901234567\n[864 bytes left out]\n"
				  "23456789012345678901234567890123456789012345678901"
				  "234567890123456789");
	beginning = output_keep_beginning(&keep, 20);
	assert_string_equal(beginning, "01234567890123456...");
}

static void one_large_part_is_kept_like_many_small_ones(void **state)
{
	AUTO(output_keep_release) struct output_keep whole = { 0 }, parts = { 0 };
	AUTO_FREE char *data = buf_alloc(300001);
	AUTO_FREE char *one = NULL, *other = NULL;

	(void)state;
	for (int i = 0; i < 300000; i++)
		data[i] = (char)('a' + i % 23);
	output_keep_add(&whole, data, 300000);
	for (int i = 0; i < 300000; i += 1000)
		output_keep_add(&parts, data + i, 1000);
	one = output_keep_text(&whole, OUTPUT_KEEP_TEXT);
	other = output_keep_text(&parts, OUTPUT_KEEP_TEXT);
	assert_string_equal(one, other);
}

static void foreign_bytes_are_cut_between_characters(void **state)
{
	AUTO(output_keep_release) struct output_keep keep = { 0 };
	AUTO_FREE char *text = NULL;

	(void)state;
	for (int i = 0; i < 50000; i++)
		output_keep_add(&keep, "\xe2\x82\xac\x1b", 4);
	text = output_keep_text(&keep, 1000);
	assert_true(strlen(text) <= 1000);
	for (const char *at = text; *at; at += grade_text_char(at, strlen(at)))
		assert_int_not_equal(grade_text_char(at, strlen(at)), 0);
	assert_null(strchr(text, '\x1b'));
}

static void a_text_fits_from_both_ends(void **state)
{
	(void)state;
	assert_int_equal(grade_text_fit("abc", 3, 2), 2);
	assert_int_equal(grade_text_fit("a\xc3\xa9", 3, 2), 1);
	assert_int_equal(grade_text_fit("\xff\xff", 2, 5), 1);
	assert_int_equal(grade_text_fit("a\r\nb", 4, 3), 4);
	assert_int_equal(grade_text_fit_end("abc", 3, 2), 2);
	assert_int_equal(grade_text_fit_end("a\xc3\xa9", 3, 2), 2);
	assert_int_equal(grade_text_fit_end("a\xc3\xa9", 3, 1), 0);
	assert_int_equal(grade_text_fit_end("\xff\xff", 2, 5), 1);
	assert_int_equal(grade_text_fit_end("a\r\nb", 4, 3), 4);
	assert_int_equal(grade_text_fit_end("", 0, 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_output_is_kept_whole),
		cmocka_unit_test(a_long_output_keeps_both_ends),
		cmocka_unit_test(what_is_kept_may_be_cut_further),
		cmocka_unit_test(one_large_part_is_kept_like_many_small_ones),
		cmocka_unit_test(foreign_bytes_are_cut_between_characters),
		cmocka_unit_test(a_text_fits_from_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
