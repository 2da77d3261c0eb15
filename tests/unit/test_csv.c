/* test_csv.c - comma-separated values as spreadsheets and people write them */
#include "base/csv.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* Records come out as "LINE:field|field;". */
static const struct row {
	const char *text, *records;	/* or the error */
} rows[] = {
	{ "", "" },
	{ "a,b\n", "1:a|b;" },
	{ "a,b", "1:a|b;" },
	{ "a,b\r\nc,d\r\n", "1:a|b;2:c|d;" },
	{ "a\n\n\nb\n", "1:a;4:b;" },
	{ "\r\n \n\t\na\n", "4:a;" },
	{ ",\n", "1:|;" },
	{ "a,,b,\n", "1:a||b|;" },
	{ " a , b c ,\td\t\n", "1:a|b c|d;" },
	{ "\"a\",\"b\"\n", "1:a|b;" },
	{ "\"a,b\",c\n", "1:a,b|c;" },
	{ "\"say \"\"hi\"\"\",c\n", "1:say \"hi\"|c;" },
	{ "\"\"\"\"\n", "1:\";" },
	{ "\"\"\n", "" },
	{ "\"\",x\n", "1:|x;" },
	{ "\"a\nb\",c\nd\n", "1:a\nb|c;3:d;" },
	{ "\"a\r\nb\"\nc\n", "1:a\r\nb;3:c;" },
	{ " \"a\" ,b\n", "1:a|b;" },
	{ "a\"b\"c\n", "1:a\"b\"c;" },
	{ "\xef\xbb\xbf" "email,name\n", "1:email|name;" },
	{ "\xef\xbb\xbf\"email\",name\n", "1:email|name;" },
	{ "a\n\xef\xbb\xbf" "b\n", "1:a;2:\xef\xbb\xbf" "b;" },
	{ "\xef\xbb\xbf", "" },
	{ "\xc3\xa4,\xe2\x82\xac\n", "1:\xc3\xa4|\xe2\x82\xac;" },
	{ "a\n\"b", "line 2: a quote is not closed" },
	{ "\"", "line 1: a quote is not closed" },
};

static int note(void *arg, int line, char **fields, int count, struct err *err)
{
	struct buf *out = arg;
	int i;

	(void)err;
	buf_add_format(out, "%d:", line);
	for (i = 0; i < count; i++)
		buf_add_format(out, "%s%s", i ? "|" : "", fields[i]);
	buf_add_str(out, ";");
	return 0;
}

static int read_text(const char *text, size_t len, struct buf *out, struct err *err)
{
	FILE *file = tmpfile();
	int result;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	rewind(file);
	result = csv_read(file, note, out, err);
	fclose(file);
	return result;
}

static void each_form_is_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		struct buf out = BUF_INIT(4096);
		struct err err = ERR_INIT;

		if (read_text(rows[i].text, strlen(rows[i].text), &out, &err) < 0) {
			assert_int_equal(err.code, ERR_INPUT);
			assert_string_equal(err.text, rows[i].records);
		} else {
			assert_string_equal(buf_str(&out), rows[i].records);
		}
		buf_release(&out);
	}
}

static void a_NUL_byte_is_refused(void **state)
{
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(read_text("a\nb\0c\n", 6, &out, &err), -1);
	assert_string_equal(err.text, "line 2: too long, or not text");
	assert_string_equal(buf_str(&out), "1:a;");
	buf_release(&out);
}

/* One field of `len` bytes in front of a second record. */
static int read_long(size_t len, struct buf *out, struct err *err)
{
	char *text = buf_alloc(len + 4);
	int result;

	memset(text, 'x', len);
	memcpy(text + len, "\ny\n", 3);
	result = read_text(text, len + 3, out, err);
	free(text);
	return result;
}

static void a_record_has_a_limit(void **state)
{
	struct buf out = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(read_long(CSV_MAX_RECORD - 1, &out, &err), 0);
	assert_int_equal(out.len, 2 + (CSV_MAX_RECORD - 1) + 1 + strlen("2:y;"));
	assert_int_equal(read_long(CSV_MAX_RECORD, &out, &err), -1);
	assert_int_equal(read_long(10 << 20, &out, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, "line 1: too long, or not text");
	buf_release(&out);
}

static void a_record_has_at_most_64_fields(void **state)
{
	char text[CSV_MAX_FIELDS + 2];
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;

	(void)state;
	memset(text, ',', sizeof(text));
	assert_int_equal(read_text(text, CSV_MAX_FIELDS - 1, &out, &err), 0);
	assert_int_equal(read_text(text, CSV_MAX_FIELDS, &out, &err), -1);
	assert_string_equal(err.text, "line 1: more than 64 fields");
	buf_release(&out);
}

static int stop(void *arg, int line, char **fields, int count, struct err *err)
{
	(void)fields;
	(void)count;
	++*(int *)arg;
	return line == 2 ? err_set(err, ERR_STATE, "enough") : 0;
}

static void an_error_of_the_visitor_stops_it(void **state)
{
	FILE *file = tmpfile();
	struct err err = ERR_INIT;
	int visits = 0;

	(void)state;
	fputs("a\nb\nc\n", file);
	rewind(file);
	assert_int_equal(csv_read(file, stop, &visits, &err), -1);
	assert_int_equal(visits, 2);
	assert_int_equal(err.code, ERR_STATE);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_read),
		cmocka_unit_test(a_NUL_byte_is_refused),
		cmocka_unit_test(a_record_has_a_limit),
		cmocka_unit_test(a_record_has_at_most_64_fields),
		cmocka_unit_test(an_error_of_the_visitor_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
