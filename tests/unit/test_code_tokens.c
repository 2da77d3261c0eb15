/* test_code_tokens.c - source text is cut into the tokens that a reader would see, and any bytes
 * into some
 *
 * tests/unit/tokens/LANGUAGE.txt is cut as LANGUAGE.tokens says: "LINE:COLUMN KIND TEXT", "*"
 * before the first of a line, newlines as "\n". TALI_GOLDEN=DIR writes what was made of them
 * there. */
#include "score/code_tokens.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MEGA (1u << 20)

static void list_token(const struct code_token *token, struct buf *out)
{
	size_t i;

	buf_add_format(out, "%s%u:%u %s ", token->first ? "*" : "", token->line, token->column,
		       code_tokens_kind_name(token->kind));
	for (i = 0; i < token->len; i++) {
		if (token->text[i] == '\n')
			buf_add_str(out, "\\n");
		else
			buf_add_byte(out, token->text[i]);
	}
	buf_add_byte(out, '\n');
}

static void list_tokens(const struct code_language *language, const char *text, size_t len,
			struct buf *out)
{
	struct code_reader reader;
	struct code_token token;

	code_tokens_open(&reader, language, text, len);
	while (code_tokens_next(&reader, &token))
		list_token(&token, out);
}

static void read_golden(const char *name, const char *ending, struct buf *out)
{
	AUTO_FREE char *path = buf_format("%s/tests/unit/tokens/%s%s",
					  getenv("TALI_SRCDIR") ?: ".", name, ending);
	struct err err = ERR_INIT;

	if (fs_read(AT_FDCWD, path, MEGA, out, &err) < 0)
		fail_msg("%s", err.text);
}

static bool write_golden(const char *name, const struct buf *made)
{
	AUTO_FREE char *path = NULL;
	struct err err = ERR_INIT;

	if (!getenv("TALI_GOLDEN"))
		return false;
	path = buf_format("%s/%s.tokens", getenv("TALI_GOLDEN"), name);
	assert_int_equal(fs_write(path, 0644, made->data, made->len, &err), 0);
	return true;
}

static void test_golden(void **state)
{
	const struct code_language *language;
	size_t i;

	(void)state;
	for (i = 0; (language = code_language_at(i)); i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(MEGA);
		AUTO(buf_release) struct buf wanted = BUF_INIT(MEGA);
		AUTO(buf_release) struct buf made = BUF_INIT(MEGA);

		read_golden(language->name, ".txt", &text);
		list_tokens(language, text.data, text.len, &made);
		if (write_golden(language->name, &made))
			continue;
		read_golden(language->name, ".tokens", &wanted);
		assert_string_equal(made.data, wanted.data);
	}
	assert_true(i >= 9);
}

static void test_language_of(void **state)
{
	(void)state;
	assert_string_equal(code_language_of("a.b/c.py")->name, "python");
	assert_string_equal(code_language_of("x.tsx")->name, "typescript");
	assert_string_equal(code_language_of("x.h")->name, "c");
	assert_string_equal(code_language_of("x.hpp")->name, "c++");
	assert_null(code_language_of("a.py/README"));
	assert_null(code_language_of(".py"));
	assert_null(code_language_of("x.md"));
	assert_null(code_language_of(""));
	assert_null(code_language_find("cobol"));
}

/* Nothing but white space, and backslashes before newlines, lies between tokens. */
static size_t check_tokens(const struct code_language *language, const char *text, size_t len)
{
	struct code_reader reader;
	struct code_token token;
	const char *at = text;
	uint32_t line = 1;
	size_t count = 0;

	code_tokens_open(&reader, language, text, len);
	while (code_tokens_next(&reader, &token)) {
		assert_true(token.len && token.text >= at && token.text + token.len <= text + len);
		for (; at < token.text; at++)
			assert_non_null(memchr(" \t\n\v\f\r\\", *at, 7));
		assert_true(token.line >= line);
		line = token.line;
		at = token.text + token.len;
		count++;
	}
	for (; at < text + len; at++)
		assert_non_null(memchr(" \t\n\v\f\r\\", *at, 7));
	return count;
}

static void each_language(const char *text, size_t len)
{
	const struct code_language *language;
	size_t i;

	for (i = 0; (language = code_language_at(i)); i++)
		check_tokens(language, text, len);
}

static void test_hostile(void **state)
{
	static const char *const texts[] = {
		"", "\"", "'", "`", "`${", "`${`", "'''", "\"\"\"", "/*", "/* /* */", "//", "#",
		"/", "\\", "\"\\", "/\\", "/[", "R\"(", "R\"", "R\"aaaaaaaaaaaaaaaaaaaaaa(", "r#",
		"r#\"", "b'", "r##########################\"", "cat <<", "cat <<E", "cat <<E\n",
		"cat <<''\n\nx", "$", "${", "$'", "x = 1e+", "1..", ".", "'a", "\xff\xfe\x80",
		"\"\xc3", "a\\\r\nb", "\r\r\r", "#!", "# \\\n", "\"a\\\nb",
	};
	static const char nul[] = "int a\0b = \"c\0d\" /* \0 */ + \0\0 ' \0 $\0 <<\0";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		each_language(texts[i], strlen(texts[i]));
	each_language(nul, sizeof nul);
}

/* Ten megabytes of a piece that comes again and again, each with its language of danger. */
static void test_long(void **state)
{
	static const char *const pieces[] = {
		"/[", "/* ", "\"\\", "'\\n", "`${", "<<E ", "<<E\n", "r#\"", "R\"x(", "((((",
		"if(a){", "a", "9", ".", "$", "\xff", "'''", "\"\"\"\\", "\\\n", "#", "# \n",
		"\t",
	};
	AUTO_FREE char *text = buf_alloc(10 * MEGA);
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t len = strlen(pieces[i]);

		for (at = 0; at + len <= 10 * MEGA; at += len)
			memcpy(text + at, pieces[i], len);
		check_tokens(code_language_at(i % 9), text, at);
		check_tokens(code_language_find("javascript"), text, at);
		check_tokens(code_language_find("bash"), text, at);
	}
}

/* A quote that was forgotten costs its own line and no more. */
static void test_unclosed(void **state)
{
	static const char text[] = "a = \"b\nc = 'd\ne";
	AUTO(buf_release) struct buf made = BUF_INIT(MEGA);

	(void)state;
	list_tokens(code_language_find("python"), text, strlen(text), &made);
	assert_string_equal(made.data, "*1:0 name a\n1:2 operator =\n1:4 string \"b\n"
				       "*2:0 name c\n2:2 operator =\n2:4 string 'd\n*3:0 name e\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "each language is cut as its golden file says", test_golden, NULL, NULL, NULL },
		{ "a file's language goes by its name", test_language_of, NULL, NULL, NULL },
		{ "hostile bytes give tokens without gaps", test_hostile, NULL, NULL, NULL },
		{ "ten megabytes of anything take their length", test_long, NULL, NULL, NULL },
		{ "an unclosed quote ends with its line", test_unclosed, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("code_tokens", tests, NULL, NULL);
}
