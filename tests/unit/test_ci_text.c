/* test_ci_text.c - foreign text for logs, XML and JSON: valid, harmless, bounded */
#include "report/ci_text.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UNKNOWN "\xef\xbf\xbd"

static void expect(const char *text, const char *expected)
{
	AUTO_FREE char *clean = ci_text_clean(text, 1000);

	assert_string_equal(clean, expected);
}

static void ordinary_text_stays_as_it_is(void **state)
{
	(void)state;
	expect("", "");
	expect("expected 4,\n\tgot 5: a::b #3 ## head", "expected 4,\n\tgot 5: a::b #3 ## head");
	expect("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void no_line_is_a_command(void **state)
{
	(void)state;
	expect("::error::x", ": :error::x");
	expect("a\n  \t::set-env name=x::y", "a\n  \t: :set-env name=x::y");
	expect("\r::x", ": :x");
	expect("\033[1m::x", ": :x");
	expect("a ##[error]b", "a # #[error]b");
	expect("##vso[task.x]", "# #vso[task.x]");
	expect("##teamcity[x]", "# #teamcity[x]");
	expect("###[x]", "## #[x]");
}

static void terminals_have_nothing_to_obey(void **state)
{
	(void)state;
	expect("a\033[31mb\033[0m", "ab");
	expect("a\033]0;title\ab", "ab");
	expect("a\033]0;title\033\\b", "ab");
	expect("a\033", "a" UNKNOWN);
	expect("a\033[", "a" UNKNOWN "[");
	expect(UNKNOWN "[31mred" UNKNOWN "[0m", "red");
	expect("\001\177\xc2\x9b", UNKNOWN UNKNOWN UNKNOWN);
}

static void what_xml_has_no_place_for_is_replaced(void **state)
{
	(void)state;
	expect("\xff\xc0\x80", UNKNOWN UNKNOWN UNKNOWN);
	expect("\xed\xa0\x80", UNKNOWN UNKNOWN UNKNOWN);	/* a surrogate */
	expect("\xef\xbf\xbe", UNKNOWN);			/* U+FFFE */
	expect("a\xe2\x82", "a" UNKNOWN UNKNOWN);
}

static void the_limit_holds_and_cuts_no_character(void **state)
{
	(void)state;
	for (size_t most = 4; most < 40; most++) {
		AUTO_FREE char *clean =
			ci_text_clean("\xe2\x82\xac\xe2\x82\xac\n::\xff\xff\xe2\x82\xac"
				      "\xe2\x82\xac 0123456789 0123456789", most);

		assert_true(strlen(clean) <= most);
		assert_true(utf8_valid(clean, strlen(clean)));
	}
}

static void a_line_is_one_line(void **state)
{
	AUTO_FREE char *line = ci_text_line("a\nb\tc\r\n::d", 100);

	(void)state;
	assert_string_equal(line, "a b c : :d");
}

static void markup_is_escaped(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	ci_text_xml(out, "<a b=\"c\" d='e'>&]]>\n\t");
	fclose(out);
	assert_string_equal(text, "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;]]&gt;&#10;&#9;");
	free(text);
}

static void json_has_no_command_and_means_the_same(void **state)
{
	AUTO_JSON json_t *value = json_pack("{s:s}", "a", "x ##[error]y ### z");
	AUTO_JSON json_t *again = NULL;
	struct err err = ERR_INIT;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	ci_text_json(out, json_incref(value), 0);
	fclose(out);
	assert_null(strstr(text, "##"));
	again = json_parse(text, len, "text", &err);
	assert_true(json_equal(value, again));
	free(text);
}

static void numbers_are_whole_where_they_can_be(void **state)
{
	AUTO_JSON json_t *whole = ci_text_number(99.99999999);
	AUTO_JSON json_t *third = ci_text_number(1.0 / 3);

	(void)state;
	assert_int_equal(json_integer_value(whole), 100);
	assert_true(json_real_value(third) == 0.3333);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_text_stays_as_it_is),
		cmocka_unit_test(no_line_is_a_command),
		cmocka_unit_test(terminals_have_nothing_to_obey),
		cmocka_unit_test(what_xml_has_no_place_for_is_replaced),
		cmocka_unit_test(the_limit_holds_and_cuts_no_character),
		cmocka_unit_test(a_line_is_one_line),
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(json_has_no_command_and_means_the_same),
		cmocka_unit_test(numbers_are_whole_where_they_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
