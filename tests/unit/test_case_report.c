/* test_case_report.c - JUnit and TAP reports */
#include "case_listing.h"

#include "base/auto.h"
#include "base/buf.h"
#include "grade/case_report.h"
#include "grade/junit.h"
#include "grade/tap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_junit(const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *got = NULL;

	if (junit_read(text, strlen(text), &report, &err) < 0)
		assert_string_equal(err.text, "");
	got = listing(&report);
	assert_string_equal(got, want);
}

static void assert_junit_refused(const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(junit_read(text, strlen(text), &report, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, want);
	assert_int_equal(report.count, 0);
}

static void assert_tap(const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *got = NULL;

	if (tap_read(text, strlen(text), &report, &err) < 0)
		assert_string_equal(err.text, "");
	got = listing(&report);
	assert_string_equal(got, want);
}

static void assert_tap_refused(const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(tap_read(text, strlen(text), &report, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, want);
	assert_int_equal(report.count, 0);
}

static void pytest_reports_are_read(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	static const char text[] =
		"<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" "
		"errors=\"1\" failures=\"1\" skipped=\"1\" tests=\"4\" time=\"0.1\" hostname=\"h\">"
		"<testcase classname=\"tests.test_a\" name=\"test_good\" time=\"1.2345\" />"
		"<testcase classname=\"tests.test_a\" name=\"test_bad[1-&#10;]\" time=\"0.000\">"
		"<failure message=\"assert 1 == 2\">def test_bad(): ...</failure></testcase>"
		"<testcase classname=\"tests.test_a\" name=\"test_skip\" time=\"0\"><skipped "
		"type=\"pytest.skip\" message=\"not here\">a.py:3</skipped></testcase>"
		"<testcase classname=\"\" name=\"tests.test_b\" time=\"x\"><error "
		"message=\"collection failure\">Traceback</error></testcase>"
		"</testsuite></testsuites>";
	AUTO_FREE char *got = NULL;

	(void)state;
	assert_int_equal(junit_read(text, sizeof(text) - 1, &report, &err), 0);
	got = listing(&report);
	assert_string_equal(got, "test_good passed; test_bad[1- ] failed: assert 1 == 2; "
				 "test_skip skipped: not here; "
				 "tests.test_b error: collection failure");
	assert_int_equal(report.cases[0].ms, 1235);
	assert_string_equal(report.cases[0].group, "tests.test_a");
	assert_null(report.cases[3].group);
	assert_int_equal(report.cases[3].ms, 0);
}

static void other_junit_dialects_are_read(void **state)
{
	(void)state;
	assert_junit("<testsuite><properties><property name='a'/></properties><testsuite>"
		     "<testcase name='a'><system-out>x<!-- y --></system-out></testcase>"
		     "</testsuite><testcase name='b' time='1,000.5'/></testsuite>",
		     "a passed; b passed");
	assert_junit("<testsuites/>", "");
	assert_junit("<testsuites><testsuite><testcase name='a'><failure>\n text \n</failure>"
		     "</testcase></testsuite></testsuites>",
		     "a failed: \n text");
	assert_junit("<testsuite><testcase name='a'><failure message=''><![CDATA[<x>]]></failure>"
		     "</testcase></testsuite>",
		     "a failed: <x>");
	assert_junit("<testsuite><testcase name=''/></testsuite>", "(no name) passed");
}

static void the_worst_of_several_outcomes_counts(void **state)
{
	(void)state;
	assert_junit("<testsuite><testcase name='a'><error message='e'/><failure message='f'/>"
		     "<skipped/></testcase></testsuite>",
		     "a error: e");
	assert_junit("<testsuite><testcase name='a'><skipped/><failure message='f'/></testcase>"
		     "</testsuite>",
		     "a failed: f");
}

static void an_outcome_counts_only_as_child_of_its_case(void **state)
{
	(void)state;
	assert_junit("<testsuite><failure message='f'/><testcase name='a'><x><failure/></x>"
		     "</testcase><error/></testsuite>",
		     "a passed");
	assert_junit("<testsuites><testcase name='lost'/><testsuite><testcase name='a'/>"
		     "</testsuite></testsuites>",
		     "lost passed; a passed");
}

static void what_is_no_junit_report_is_refused(void **state)
{
	(void)state;
	assert_junit_refused("", "line 1: no element found");
	assert_junit_refused("1..3\nok", "line 1: syntax error");
	assert_junit_refused("<html/>", "line 1: not a JUnit report");
	assert_junit_refused("<testsuite>\n<testcase name='a'/>", "line 2: no element found");
	assert_junit_refused("<testsuite><testcase/></testsuite>",
			     "line 1: a testcase has no name");
	assert_junit_refused("<testsuite><testcase name='a'><testcase name='b'/></testcase>"
			     "</testsuite>",
			     "line 1: a testcase holds test cases");
	assert_junit_refused("<testsuite/><testsuite/>", "line 1: junk after document element");
}

static void document_types_and_entities_are_refused(void **state)
{
	(void)state;
	assert_junit_refused("<!DOCTYPE testsuite><testsuite/>",
			     "line 1: a document type declaration is refused");
	assert_junit_refused("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n"
			     "<testsuite><testcase name='&b;'/></testsuite>",
			     "line 1: a document type declaration is refused");
	assert_junit_refused("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><testsuite/>",
			     "line 1: a document type declaration is refused");
	assert_junit_refused("<testsuite><testcase name='&lol;'/></testsuite>",
			     "line 1: undefined entity");
}

static void junit_limits_hold(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(32 << 20);
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_add_str(&text, "<testsuite>");
	assert_junit_refused(buf_str(&text), "line 1: elements are nested too deep");
	buf_clear(&text);
	buf_add_str(&text, "<testsuite>");
	for (int i = 0; i <= CASE_REPORT_MAX_CASES; i++)
		buf_add_str(&text, "<testcase name='a'/>");
	assert_junit_refused(buf_str(&text), "line 1: too many test cases");
	while (text.len <= CASE_REPORT_MAX_BYTES)
		buf_add_str(&text, "<testcase name='a'/>");
	assert_int_equal(junit_read(text.data, text.len, &report, &err), -1);
	assert_string_equal(err.text, "larger than 8388608 bytes");
}

static void a_long_message_is_cut(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	(void)state;
	buf_add_str(&text, "<testsuite><testcase name='a'><failure>");
	for (int i = 0; i < 5000; i++)
		buf_add_str(&text, "12345678");
	buf_add_str(&text, "</failure></testcase></testsuite>");
	assert_int_equal(junit_read(text.data, text.len, &report, &err), 0);
	assert_int_equal(strlen(report.cases[0].message), CASE_REPORT_MESSAGE_MAX);
	assert_string_equal(report.cases[0].message + CASE_REPORT_MESSAGE_MAX - 4, "5...");
}

static void tap_streams_are_read(void **state)
{
	(void)state;
	assert_tap("TAP version 13\n1..4\nok 1 - adds\nnot ok 2 - takes\n# wanted 1\n# got 2\n"
		   "ok 3 - later # SKIP no network\nnot ok 4 - new # TODO not yet\n",
		   "adds passed; takes failed: wanted 1\ngot 2; later skipped: no network; "
		   "new skipped: not yet");
	assert_tap("ok\nnot ok\nok - named\n1..3\n", "1 passed; 2 failed; named passed");
	assert_tap("1..1\r\nok 1 - crlf\r\n", "crlf passed");
	assert_tap("1..0 # SKIP nothing to do\n", "");
	assert_tap("1..1\nok 1 - a \\# b \\\\ # skip why", "a # b \\ skipped: why");
	assert_tap("1..1\nok 1 - color #fff and # no directive",
		   "color #fff and # no directive passed");
}

static void what_tap_does_not_mean_is_passed_over(void **state)
{
	(void)state;
	assert_tap("TAP version 14\n# Subtest: a\n    ok 1 - inner\n    1..1\nok 1 - a\n"
		   "  ---\n  duration_ms: 3.1\n  ok: 1\n  ...\nhello\nokay\nnot okay\nOK\n"
		   "pragma +strict\n1..1\n# tests 1\n",
		   "a passed");
	assert_tap("1..2\nnot ok 1 - a\n  ---\n  error: 'wrong'\n  duration_ms: 3.1\n  ...\n"
		   "# duration_ms 4.5\nnot ok 2 - b\n  ---\n  error: |-\n    one\n    two\n  ...\n",
		   "a failed: 'wrong'; b failed: one");
	assert_tap("1..2\nnot ok 1 - a\n  ---\nok 2 - b\n", "a failed; b passed");
}

static void a_tap_stream_that_does_not_add_up_is_broken(void **state)
{
	(void)state;
	assert_tap("ok 1 - a\n", "a passed BROKEN there is no plan");
	assert_tap("1..3\nok 1 - a\n", "a passed BROKEN 3 results are planned, 1 are there");
	assert_tap("1..1\nok 1 - a\nok 2 - b\n",
		   "a passed; b passed BROKEN 1 results are planned, 2 are there");
	assert_tap("1..1\nok 1 - a\n1..1\n", "a passed BROKEN there are two plans");
	assert_tap("1..2\nok 1 - a\nok 1 - b\n",
		   "a passed; b passed BROKEN result 2 has the number 1");
	assert_tap("1..2\nok 1 - a\nBail out! No database\nok 2 - b\n",
		   "a passed BROKEN the runner bailed out: No database");
	assert_tap("1..99999999999999999999\nok 1\n",
		   "1 passed BROKEN 999999999 results are planned, 1 are there");
}

static void a_plan_and_a_version_stand_where_they_belong(void **state)
{
	(void)state;
	assert_tap("ok 1 - a\n1..2\nok 2 - b\n",
		   "a passed; b passed BROKEN the plan stands between results");
	assert_tap("ok 1 - a\n1..1x\n", "a passed BROKEN there is no plan");
	assert_tap("1..1\nTAP version 14\nok 1 - a\n",
		   "a passed BROKEN the version is not at the beginning");
	assert_tap("1..1\nok 1 - a\nTAP version 13\n",
		   "a passed BROKEN the version is not at the beginning");
	assert_tap("1..2\nok 2 - b\nok 1 - a\n",
		   "b passed; a passed BROKEN result 1 has the number 2");
}

static void a_subtest_is_summed_up_by_its_result(void **state)
{
	(void)state;
	assert_tap("TAP version 14\n# Subtest: a\n    not ok 1 - inner\n      ---\n"
		   "      message: \"no\"\n      ...\n    1..1\nnot ok 1 - a\n1..1\n",
		   "a failed");
	assert_tap("# Subtest: a\n    not ok 1 - inner # TODO later\n    1..1\nok 1 - a\n1..1\n",
		   "a passed");
	assert_tap("# Subtest: a\n    not ok 1 - inner\n    1..1\nok 1 - a\nok 2 - b\n1..2\n",
		   "a passed; b passed BROKEN 'a' passed, but its subtest failed");
	assert_tap("    # Subtest: a\n        not ok 1 - in\n    not ok 1 - inner\n    1..1\n"
		   "ok 1 - a # SKIP\n1..1\n",
		   "a skipped");
	assert_tap("1..1\n    not ok 1 - printed by a program\nok 1 - a\n", "a passed");
	assert_tap("not ok 1 - a\n# Subtest: b\n    not ok 1 - inner\n      ---\n"
		   "      message: of b\n      ...\n    # of b\nnot ok 2 - b\n1..2\n",
		   "a failed; b failed");
	assert_tap("1..2\nok 1 - a\n    Bail out! No disk\nok 2 - b\n",
		   "a passed BROKEN the runner bailed out: No disk");
}

static void a_strict_stream_holds_nothing_else(void **state)
{
	(void)state;
	assert_tap("TAP version 14\npragma +strict\n1..1\nok 1 - a\n\n# comment\n", "a passed");
	assert_tap("pragma +strict\n1..1\nhello\nok 1 - a\n",
		   "a passed BROKEN 'hello' is not TAP, which is to be strict");
	assert_tap("pragma +strict\n1..1\npragma -strict\nhello\nok 1 - a\n", "a passed");
}

static void only_a_whole_word_is_a_directive(void **state)
{
	(void)state;
	assert_tap("1..3\nok 1 - a # TODOS are none\nok 2 - b # Skipped: why\n"
		   "not ok 3 - c # todo\n",
		   "a # TODOS are none passed; b skipped: : why; c skipped");
}

static void what_is_no_tap_is_refused(void **state)
{
	(void)state;
	assert_tap_refused("", "no TAP plan and no result");
	assert_tap_refused("hello\nworld\n", "no TAP plan and no result");
	assert_tap_refused("TAP version 99\n1..1\nok 1\n", "TAP version 99 is not known");
}

static void tap_limits_hold(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(32 << 20);

	(void)state;
	for (int i = 0; i <= CASE_REPORT_MAX_CASES; i++)
		buf_add_str(&text, "ok\n");
	assert_tap_refused(buf_str(&text), "too many test cases");
}

static void add(struct case_report *report, const char *name, const char *group,
		enum case_outcome outcome)
{
	struct case_entry *entry = case_report_add(report, name, strlen(name));

	entry->outcome = outcome;
	if (group)
		case_report_set_group(entry, group, strlen(group));
}

static void names_of_different_groups_are_told_apart(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO_FREE char *got = NULL;

	(void)state;
	add(&report, "test_empty", "cart", CASE_PASSED);
	add(&report, "test_one", "cart", CASE_PASSED);
	add(&report, "test_empty", "price", CASE_FAILED);
	assert_null(case_report_settle(&report));
	got = listing(&report);
	assert_string_equal(got,
			    "cart.test_empty passed; test_one passed; price.test_empty failed");
}

static void a_case_that_failed_twice_is_one(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO_FREE char *got = NULL;

	(void)state;
	add(&report, "a", "g", CASE_FAILED);
	add(&report, "a", "g", CASE_ERROR);
	add(&report, "b", NULL, CASE_PASSED);
	assert_null(case_report_settle(&report));
	got = listing(&report);
	assert_string_equal(got, "g.a error; b passed");
}

static void a_case_that_passed_twice_is_named(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO(case_report_release) struct case_report mixed = CASE_REPORT_INIT;

	(void)state;
	add(&report, "a", NULL, CASE_PASSED);
	add(&report, "b", NULL, CASE_PASSED);
	add(&report, "a", NULL, CASE_PASSED);
	assert_string_equal(case_report_settle(&report), "a");
	add(&mixed, "a", NULL, CASE_FAILED);
	add(&mixed, "a", NULL, CASE_PASSED);
	assert_string_equal(case_report_settle(&mixed), "a");
}

static void long_names_that_begin_alike_stay_apart(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	char name[2001];

	(void)state;
	memset(name, 'a', 2000);
	name[2000] = '\0';
	add(&report, name, NULL, CASE_PASSED);
	name[1999] = 'b';
	add(&report, name, NULL, CASE_PASSED);
	assert_null(case_report_settle(&report));
	assert_int_equal(report.count, 2);
	assert_true(strlen(report.cases[0].name) < CASE_REPORT_NAME_MAX + 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pytest_reports_are_read),
		cmocka_unit_test(other_junit_dialects_are_read),
		cmocka_unit_test(the_worst_of_several_outcomes_counts),
		cmocka_unit_test(an_outcome_counts_only_as_child_of_its_case),
		cmocka_unit_test(what_is_no_junit_report_is_refused),
		cmocka_unit_test(document_types_and_entities_are_refused),
		cmocka_unit_test(junit_limits_hold),
		cmocka_unit_test(a_long_message_is_cut),
		cmocka_unit_test(tap_streams_are_read),
		cmocka_unit_test(what_tap_does_not_mean_is_passed_over),
		cmocka_unit_test(a_tap_stream_that_does_not_add_up_is_broken),
		cmocka_unit_test(a_plan_and_a_version_stand_where_they_belong),
		cmocka_unit_test(a_subtest_is_summed_up_by_its_result),
		cmocka_unit_test(a_strict_stream_holds_nothing_else),
		cmocka_unit_test(only_a_whole_word_is_a_directive),
		cmocka_unit_test(what_is_no_tap_is_refused),
		cmocka_unit_test(tap_limits_hold),
		cmocka_unit_test(names_of_different_groups_are_told_apart),
		cmocka_unit_test(a_case_that_failed_twice_is_one),
		cmocka_unit_test(a_case_that_passed_twice_is_named),
		cmocka_unit_test(long_names_that_begin_alike_stay_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
