/* test_tex_markdown.c - LaTeX of problem statements as Markdown */
#include "task/tex_markdown.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What is not known goes to `unknown`, which may be NULL. Yours. */
static char *convert(const char *text, json_t *unknown)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 24);
	AUTO_JSON json_t *own = json_object();

	tex_markdown(text, "files/", unknown ? unknown : own, &out);
	buf_add(&out, "", 0);
	return buf_take(&out);
}

static void check(const char *text, const char *wanted)
{
	AUTO_FREE char *made = convert(text, NULL);

	assert_string_equal(made, wanted);
}

static void words_and_formulas(void **state)
{
	(void)state;
	check("\\textbf{a} \\emph{b \\textbf{c}} \\texttt{x\\_1\\%} 5\\% -- ``q''~r",
	      "**a** *b **c*** `x_1%` 5% – “q” r\n");
	check("$a_1 < b$ a_1 < b $$x\\$y$$ \\(z\\)", "a₁ \\< b a\\_1 \\< b x$y z\n");
	check("\\[ \\foo{x} \\] \\(10^{-6}\\) 5$", "$$ \\foo{x} $$ 10⁻⁶ 5$\n");
	check("a % not this\nb\\\\c \\ldots{} {\\bf d}", "a b\nc … d\n");
	check("\\url{http://a} \\href{http://b}{c} \\verb|{x|", "<http://a> [c](http://b) `{x`\n");
}

static void lists_and_environments(void **state)
{
	(void)state;
	check("\\begin{enumerate}\n  \\item a\n  \\item b\n\\end{enumerate}\nc",
	      "1. a\n2. b\n\nc\n");
	check("\\begin{Input}\nn\n\\end{Input}", "## Input\n\nn\n");
	check("\\begin{verbatim}\n  { \\x % y\n\\end{verbatim}", "```\n  { \\x % y\n```\n");
	check("\\begin{tabular}{ll}a & b\\\\ c & d\\end{tabular}", "a | b\nc | d\n");
	check("\\includegraphics[width=3cm]{a.png} \\illustration{0.3}{b.png}{c}",
	      "![](files/a.png)\n![c](files/b.png)\n");
	check("\\constant{n} \\nextsample", "{{n}} {{nextsample}}\n");
}

static void what_is_not_known_stays_and_is_named(void **state)
{
	AUTO_JSON json_t *unknown = json_object();
	AUTO_FREE char *made = convert("\\foo{a} \\begin{bar}b\\end{bar}", unknown);

	(void)state;
	assert_string_equal(made, "\\fooa \\begin{bar}b\\end{bar}\n");
	assert_non_null(json_object_get(unknown, "foo"));
	assert_non_null(json_object_get(unknown, "bar"));
	assert_int_equal(json_object_size(unknown), 2);
}

/* A megabyte of beginnings without ends: done in no time, or the harness ends it. */
static void what_does_not_end_is_text(void **state)
{
	static const char *const begins[] = { "\\t{", "\\item[", "\\verb|", "\\textbf{", "$", "{",
					      "\\begin{verbatim}" };

	(void)state;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);
		AUTO_FREE char *made = NULL;

		while (buf_add_str(&text, begins[i]))
			;
		made = convert(buf_str(&text), NULL);
		assert_non_null(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_formulas),
		cmocka_unit_test(lists_and_environments),
		cmocka_unit_test(what_is_not_known_stays_and_is_named),
		cmocka_unit_test(what_does_not_end_is_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
