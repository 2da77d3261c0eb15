/* csv.c - see csv.h */
#include "base/csv.h"

#include "base/buf.h"

#include <ctype.h>
#include <string.h>

struct record {
	struct buf text;		/* the fields one after the other, each ended by NUL */
	size_t starts[CSV_MAX_FIELDS];
	int count;
	int line;			/* lines read so far */
};

static int add(struct record *record, int c, struct err *err)
{
	if (c == 0 || !buf_add_byte(&record->text, (char)c))
		return err_set(err, ERR_INPUT, "too long, or not text");
	return 0;
}

static int next(FILE *file, struct record *record)
{
	int c = getc(file);

	record->line += c == '\n';
	return c;
}

/* What stands between quotes; the opening one is read. */
static int read_quoted(FILE *file, struct record *record, struct err *err)
{
	int c;

	while ((c = next(file, record)) != EOF) {
		if (c == '"') {
			c = getc(file);
			if (c != '"') {
				ungetc(c, file);
				return 0;
			}
		}
		if (add(record, c, err) < 0)
			return -1;
	}
	return err_set(err, ERR_INPUT, "a quote is not closed");
}

/* Spreadsheets put a byte order mark in front of the first field. */
static void drop_mark(struct record *record)
{
	if (record->line == 0 && record->text.len == 3 &&
	    !memcmp(record->text.data, "\xef\xbb\xbf", 3))
		record->text.len = 0;
}

static void trim(struct record *record, size_t start)
{
	while (record->text.len > start &&
	       isspace((unsigned char)record->text.data[record->text.len - 1]))
		record->text.len--;
}

/* Reads one field; *ret_end is what stands behind it: ',', newline or EOF. */
static int read_field(FILE *file, struct record *record, int *ret_end, struct err *err)
{
	size_t start = record->text.len;
	int c;

	if (record->count == CSV_MAX_FIELDS)
		return err_set(err, ERR_INPUT, "more than %d fields", CSV_MAX_FIELDS);
	record->starts[record->count++] = start;
	while ((c = next(file, record)) != EOF && c != ',' && c != '\n') {
		bool blank = record->text.len == start && isspace(c);

		if (c == '"' && record->text.len == start) {
			if (read_quoted(file, record, err) < 0)
				return -1;
		} else if (!blank && add(record, c, err) < 0) {
			return -1;
		}
		drop_mark(record);
	}
	trim(record, start);
	*ret_end = c;
	return add(record, ' ', err) < 0 ? -1 : 0;
}

static int read_record(FILE *file, struct record *record, int *ret_end, struct err *err)
{
	buf_clear(&record->text);
	record->count = 0;
	do {
		if (read_field(file, record, ret_end, err) < 0)
			return -1;
		record->text.data[record->text.len - 1] = '\0';
	} while (*ret_end == ',');
	return 0;
}

int csv_read(FILE *file,
	     int (*visit)(void *arg, int line, char **fields, int count, struct err *err),
	     void *arg, struct err *err)
{
	struct record record = { .text = BUF_INIT(CSV_MAX_RECORD) };
	int end = 0, result = 0;

	while (result == 0 && end != EOF) {
		char *fields[CSV_MAX_FIELDS];
		int line = record.line + 1, i;

		result = read_record(file, &record, &end, err);
		if (result < 0) {
			err_wrap(err, "line %d", line);
			break;
		}
		for (i = 0; i < record.count; i++)
			fields[i] = record.text.data + record.starts[i];
		if (record.count > 1 || *fields[0])
			result = visit(arg, line, fields, record.count, err);
	}
	buf_release(&record.text);
	return result;
}
