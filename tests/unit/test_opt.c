/* test_opt.c - how command lines are read, and how they are described */
#include "base/opt.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define WORDS_MOST 12

static bool arg_all, arg_quiet;
static const char *arg_format, *arg_id;
static long arg_count;
static struct opt_list arg_only, arg_rest;

static const struct opt opts[] = {
	{ .flag = &arg_all, .key = 'a', .name = "all", .help = "all of it" },
	{ .str = &arg_format, .key = 'f', .name = "format", .arg = "FORMAT", .help = "how" },
	{ .num = &arg_count, .key = 'n', .name = "count", .arg = "N", .help = "how many" },
	{ .list = &arg_only, .name = "only", .arg = "GLOB", .help = "which" },
	{ .pos = &arg_id, .name = "ID", .help = "what" },
	{ .rest = &arg_rest, .name = "CMD", .optional = true, .command = true, .help = "to run" },
	{ 0 }
};

static const struct opt common[] = {
	{ .flag = &arg_quiet, .key = 'q', .name = "quiet", .help = "say nothing" },
	{ 0 }
};

/* What was read comes out as "a q f=FORMAT n=N only=X id=ID rest=X". */
static const struct row {
	const char *line;	/* words between blanks; "''" is an empty one */
	const char *read, *error;
} rows[] = {
	{ "x", "id=x", NULL },
	{ "-a x", "a id=x", NULL },
	{ "x -a", "a id=x", NULL },
	{ "--all --quiet x", "a q id=x", NULL },
	{ "-aq x", "a q id=x", NULL },
	{ "-f text x", "f=text id=x", NULL },
	{ "-ftext x", "f=text id=x", NULL },
	{ "-aftext x", "a f=text id=x", NULL },
	{ "-faq x", "f=aq id=x", NULL },
	{ "--format text x", "f=text id=x", NULL },
	{ "--format=text x", "f=text id=x", NULL },
	{ "--format= x", "f= id=x", NULL },
	{ "--format=a=b x", "f=a=b id=x", NULL },
	{ "--format -a x", "f=-a id=x", NULL },
	{ "-f one -f two x", "f=two id=x", NULL },
	{ "--only a --only=b x", "only=a only=b id=x", NULL },
	{ "-n 0 x", "n=0 id=x", NULL },
	{ "-n12 x", "n=12 id=x", NULL },
	{ "--count=007 x", "n=7 id=x", NULL },
	{ "-- -a", "id=-a", NULL },
	{ "-- --", "id=--", NULL },
	{ "-", "id=-", NULL },
	{ "''", "id=", NULL },
	{ "x ls -a --only", "id=x rest=ls rest=-a rest=--only", NULL },
	{ "x -- ls -a", "id=x rest=ls rest=-a", NULL },
	{ "x -q ls -q", "q id=x rest=ls rest=-q", NULL },
	{ "x ls -- -a", "id=x rest=ls rest=-- rest=-a", NULL },
	{ "", NULL, "ID is missing (see -h)" },
	{ "-a", NULL, "ID is missing (see -h)" },
	{ "--bogus x", NULL, "unknown option --bogus (see -h)" },
	{ "--bogus=1 x", NULL, "unknown option --bogus (see -h)" },
	{ "--al x", NULL, "unknown option --al: did you mean --all? (see -h)" },
	{ "--alle x", NULL, "unknown option --alle: did you mean --all? (see -h)" },
	{ "--qiuet=1 x", NULL, "unknown option --qiuet: did you mean --quiet? (see -h)" },
	{ "--o x", NULL, "unknown option --o: did you mean --only? (see -h)" },
	{ "-az x", NULL, "unknown option -z (see -h)" },
	{ "--all=yes x", NULL, "--all takes no value" },
	{ "x --format", NULL, "--format wants a value: FORMAT" },
	{ "x -f", NULL, "-f wants a value: FORMAT" },
	{ "-n x", NULL, "--count wants a number, not 'x'" },
	{ "-n -1 x", NULL, "--count wants a number, not '-1'" },
	{ "-n 1x x", NULL, "--count wants a number, not '1x'" },
	{ "-n '' x", NULL, "--count wants a number, not ''" },
	{ "-n 99999999999999999999 x", NULL,
	  "--count wants a number, not '99999999999999999999'" },
	{ "--ID x", NULL, "unknown option --ID (see -h)" },
};

static void describe(struct buf *out)
{
	size_t i;

	if (arg_all)
		buf_add_str(out, " a");
	if (arg_quiet)
		buf_add_str(out, " q");
	if (arg_format)
		buf_add_format(out, " f=%s", arg_format);
	if (arg_count >= 0)
		buf_add_format(out, " n=%ld", arg_count);
	for (i = 0; i < arg_only.count; i++)
		buf_add_format(out, " only=%s", arg_only.items[i]);
	if (arg_id)
		buf_add_format(out, " id=%s", arg_id);
	for (i = 0; i < arg_rest.count; i++)
		buf_add_format(out, " rest=%s", arg_rest.items[i]);
}

static void check(const struct row *row)
{
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;
	char *copy = buf_strdup(row->line), *words[WORDS_MOST], *word, *state = NULL;
	int count = 0, result;

	for (word = strtok_r(copy, " ", &state); word; word = strtok_r(NULL, " ", &state))
		words[count++] = strcmp(word, "''") ? word : word + 2;
	arg_all = arg_quiet = false;
	arg_format = arg_id = NULL;
	arg_count = -1;
	result = opt_parse(count, words, opts, common, &err);
	if (row->error) {
		assert_int_equal(result, -1);
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.text, row->error);
	} else {
		if (result < 0)
			fail_msg("'%s': %s", row->line, err.text);
		describe(&out);
		assert_string_equal(buf_str(&out) + 1, row->read);
	}
	opt_list_release(&arg_only);
	opt_list_release(&arg_rest);
	buf_release(&out);
	free(copy);
}

static void each_line_is_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++)
		check(&rows[i]);
}

static void without_positionals_a_word_is_too_much(void **state)
{
	char word[] = "word";
	char *words[] = { word };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(opt_parse(1, words, NULL, common, &err), -1);
	assert_string_equal(err.text, "unexpected argument 'word' (see -h)");
	assert_int_equal(opt_parse(0, NULL, NULL, NULL, &err), 0);
}

static char *printed(void (*print)(FILE *out, const struct opt *table))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	print(out, opts);
	fclose(out);
	return text;
}

static void the_table_describes_itself(void **state)
{
	char *synopsis = printed(opt_print_synopsis), *help = printed(opt_print_help);

	(void)state;
	assert_string_equal(synopsis, " [-a] [-f FORMAT] [-n N] [--only GLOB]... ID [-- CMD]...");
	assert_non_null(strstr(help, "  -a, --all                  all of it\n"));
	assert_non_null(strstr(help, "      --only GLOB            which\n"));
	assert_non_null(strstr(help, "  CMD...                     to run\n"));
	free(synopsis);
	free(help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_read),
		cmocka_unit_test(without_positionals_a_word_is_too_much),
		cmocka_unit_test(the_table_describes_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
