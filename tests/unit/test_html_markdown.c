/* test_html_markdown.c - HTML of statements as Markdown: what is kept, and that no HTML is left */
#include "task/html_markdown.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void becomes(const char *html, const char *markdown)
{
	AUTO(buf_release) struct buf out = BUF_INIT(10000);

	html_markdown(html, strlen(html), &out);
	assert_string_equal(buf_str(&out), markdown);
}

static void paragraphs_and_marks(void **state)
{
	(void)state;
	becomes("", "");
	becomes("<p>One</p>\n<p>two\n  three</p>", "One\n\ntwo three\n");
	becomes("<h2>Title</h2>text<br>more", "## Title\n\ntext\n\nmore\n");
	becomes("a <b>bold </b>and <em>slanted</em> word", "a **bold** and *slanted* word\n");
	becomes("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
		"a \\| b\n1 \\| 2\n");
}

static void what_is_raised_or_lowered_shows(void **state)
{
	(void)state;
	becomes("n &le; 10<sup>9</sup>, 10<sup>-6</sup>, x<sub>i</sub>",
		"n \u2264 10\u2079, 10\u207b\u2076, x\u1d62\n");
	becomes("2<sup>a &lt; b</sup>, x<sub>i, j</sub>", "2^(a \\< b), x\\_(i, j)\n");
	becomes("a<sup></sup> b<sup>c", "a b^c\n");
	becomes("<code>1 &lt;= n &lt;= 10<sup>5</sup></code>", "`1 <= n <= 10^5`\n");
	becomes("<code>a<sub>i</sub>, 2<sup>n-1</sup>, 10<sup>-9</sup>, x<sup></sup></code>",
		"`a_i, 2^(n-1), 10^-9, x`\n");
	becomes("<pre>10<sup>9", "```\n10^9\n```\n");
	becomes("2<sup>n<sup>2</sup></sup> x<sup>a<sub>i</sub></sup>", "2^(n^2) x^(a\\_i)\n");
}

static void lists_nest(void **state)
{
	(void)state;
	becomes("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>end",
		"-  a\n-  b\n   1. c\n   2. d\n\nend\n");
	becomes("<li>stray</li></ul></ol>", "-  stray\n");
}

static void code_is_kept_as_it_is(void **state)
{
	(void)state;
	becomes("Use <code>a_b*c</code>.", "Use `a_b*c`.\n");
	becomes("<code>a`b</code>", "`` a`b ``\n");
	becomes("<pre>if (a &lt; b)\n\tx;</pre>", "```\nif (a < b)\n\tx;\n```\n");
	becomes("<pre>```</pre>", "````\n```\n````\n");
	becomes("<pre>a<br/>b <b>c</b>", "```\na\nb c\n```\n");
}

static void nothing_of_html_is_left(void **state)
{
	(void)state;
	becomes("a &lt;script&gt; b", "a \\<script\\> b\n");
	becomes("<script>alert(1)</script><style>p {}</style>a<!-- b -->c", "ac\n");
	becomes("<script>never closed", "");
	becomes("<iframe src=x>in</iframe>after", "after\n");
	becomes("1 < 2 && 3 > 2", "1 \\< 2 \\&\\& 3 \\> 2\n");
	becomes("<a href=\"https://example.org/a_b\">x</a>", "[x](<https://example.org/a_b>)\n");
	becomes("<a href=\"javascript:alert(1)\">x</a>", "x\n");
	becomes("<a href='https://e.org/\" onx=\"'>x</a>", "x\n");
	becomes("<p title=\"a>b\">x", "x\n");
}

static void text_means_nothing_in_markdown(void **state)
{
	(void)state;
	becomes("a_b *c* [d](e) `f`", "a\\_b \\*c\\* \\[d\\](e) \\`f\\`\n");
	becomes("<p># no title</p><p>1. no list</p><p>- none</p>",
		"\\# no title\n\n1\\. no list\n\n\\- none\n");
}

static void entities_are_characters(void **state)
{
	(void)state;
	becomes("&amp;lt; &eacute; &#233; &#xE9; &times; &nbsp;x", "\\&lt; \\&eacute; é é × x\n");
	becomes("&#0; &#55296; &#1114112; &#x; &",
		"\\&#0; \\&#55296; \\&#1114112; \\&#x; \\&\n");
}

static void pictures_are_counted(void **state)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1000);
	static const char html[] = "<img src=\"x.png\" alt=\"a <tree>\"><img>";

	(void)state;
	assert_int_equal(html_markdown(html, strlen(html), &out), 2);
	assert_string_equal(buf_str(&out), "(picture: a \\<tree\\>)(picture)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs_and_marks),
		cmocka_unit_test(what_is_raised_or_lowered_shows),
		cmocka_unit_test(lists_nest),
		cmocka_unit_test(code_is_kept_as_it_is),
		cmocka_unit_test(nothing_of_html_is_left),
		cmocka_unit_test(text_means_nothing_in_markdown),
		cmocka_unit_test(entities_are_characters),
		cmocka_unit_test(pictures_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
