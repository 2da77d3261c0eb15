/* test_markdown.c - Markdown of strangers becomes HTML that can do nothing */
#include "web/markdown.h"
#include "web/markdown_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLE "<table tabindex=\"0\">\n<thead>\n"
#define LINK "<a target=\"_blank\" rel=\"noopener noreferrer\" "
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static char *html_of(const char *text)
{
	struct buf out = BUF_INIT(1024 * 1024);
	struct err err = ERR_INIT;

	assert_int_equal(markdown_html(text, strlen(text), &out, &err), 0);
	return buf_take(&out);
}

static const struct row {
	const char *text, *html;
} rows[] = {
	{ "", "" },
	{ "a *b* `c`", "<p>a <em>b</em> <code>c</code></p>\n" },
	{ "# One\n\n###### Six", "<h2>One</h2>\n<h6>Six</h6>\n" },
	{ "    x < y\n", "<pre tabindex=\"0\"><code>x &lt; y\n</code></pre>\n" },
	{ "[a](https://example.org/)", "<p><a target=\"_blank\" rel=\"noopener noreferrer\" "
				       "href=\"https://example.org/\">a</a></p>\n" },
	{ "[a](files/x.csv) [b](#top)", "<p>a b</p>\n" },
	{ "[a](javascript:alert(1))", "<p>a</p>\n" },
	{ "[a](JavaScript&#58;alert)", "<p>a</p>\n" },
	{ "[a](data:text/html,x)", "<p>a</p>\n" },
	{ "![a *b*](https://example.org/x.png)",
	  "<p><a target=\"_blank\" rel=\"noopener noreferrer\" "
	  "href=\"https://example.org/x.png\">a <em>b</em></a></p>\n" },
	{ "![a](x.png)", "<p>a</p>\n" },
	{ "[![a](x.png)](javascript:x)", "<p>a</p>\n" },
	{ "a List<String> b", "<p>a List&lt;String&gt; b</p>\n" },
	{ "<script>\nalert(1)\n</script>\n",
	  "<pre tabindex=\"0\"><code>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</code></pre>\n" },
	{ "a <img src=x onerror=alert(1)>", "<p>a &lt;img src=x onerror=alert(1)&gt;</p>\n" },
	{ "| a | *b* |\n|---|:-:|\n| `c | d` | e\nf", TABLE
	  "<tr><th>a</th><th class=\"center\"><em>b</em>"
	  "</th></tr>\n</thead>\n<tbody>\n<tr><td><code>c | d</code></td>"
	  "<td class=\"center\">e</td></tr>\n"
	  "<tr><td>f</td></tr>\n</tbody>\n</table>\n" },
	{ "Two\nlines:\n| | a |\n| - | -: |\n\nend",
	  "<p>Two\nlines:</p>\n" TABLE
	  "<tr><td></td><th class=\"right\">a</th></tr>\n</thead>\n</table>\n<p>end</p>\n" },
	{ "a | b\n- | -", "<p>a | b</p>\n<ul>\n<li>| -</li>\n</ul>\n" },
	{ "a | b\n--|--\n`x \\| y` | [z](https://e.org/|)| *1\n| 2*",
	  TABLE "<tr><th>a</th><th>b</th></tr>\n"
		"</thead>\n<tbody>\n<tr><td><code>x | y</code></td><td>" LINK
		"href=\"https://e.org/%7C\">z</a>| "
		"<em>1\n| 2</em></td></tr>\n</tbody>\n</table>\n" },
	{ "- x\n\n  a|\n  -|  \n  <b>|",
	  "<ul>\n<li>\n<p>x</p>\n" TABLE "<tr><th>a</th></tr>\n</thead>\n<tbody>\n"
	  "<tr><td>&lt;b&gt;</td></tr>\n</tbody>\n</table>\n</li>\n</ul>\n" },
	{ "a | b\n--|--|--\nc", "<p>a | b\n--|--|--\nc</p>\n" },
	{ "a | b\n--|-x\nc", "<p>a | b\n--|-x\nc</p>\n" },
	{ "    a | b\n    --|--\n", "<pre tabindex=\"0\"><code>a | b\n--|--\n</code></pre>\n" },
};

static void each_text_becomes_its_html(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		char *html = html_of(rows[i].text);

		assert_string_equal(html, rows[i].html);
		free(html);
	}
}

static void a_text_too_long_is_refused(void **state)
{
	char *text = buf_alloc(MARKDOWN_SIZE_MAX + 2);
	struct buf out = BUF_INIT(1024);
	struct err err = ERR_INIT;

	(void)state;
	memset(text, 'a', MARKDOWN_SIZE_MAX + 1);
	assert_int_equal(markdown_html(text, MARKDOWN_SIZE_MAX + 1, &out, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	free(text);
	buf_release(&out);
}

/* A cell is a byte of the text, and 24 of the HTML. */
static void html_that_does_not_fit_is_refused(void **state)
{
	struct buf text = BUF_INIT(MARKDOWN_SIZE_MAX), out = BUF_INIT(8 * MARKDOWN_SIZE_MAX);
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < MARKDOWN_TABLE_COLUMNS; i++)
		buf_add_str(&text, "|a");
	buf_add_str(&text, "|\n");
	for (i = 0; i < MARKDOWN_TABLE_COLUMNS; i++)
		buf_add_str(&text, "|:-:");
	buf_add_str(&text, "|\n");
	for (i = 0; !text.full; i++)
		buf_add_str(&text, (i + 1) % (MARKDOWN_TABLE_COLUMNS + 2) ? "|" : "\n");
	assert_int_equal(markdown_html(text.data, text.len, &out, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	buf_release(&text);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_becomes_its_html),
		cmocka_unit_test(a_text_too_long_is_refused),
		cmocka_unit_test(html_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
