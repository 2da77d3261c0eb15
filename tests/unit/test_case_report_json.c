/* test_case_report_json.c - CTRF and `go test -json` reports */
#include "case_listing.h"

#include "base/auto.h"
#include "base/buf.h"
#include "grade/case_report.h"
#include "grade/ctrf.h"
#include "grade/gotest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef int reader(const char *text, size_t len, struct case_report *ret, struct err *err);

/* Single quotes stand for double ones; yours. */
static char *quoted(const char *text)
{
	char *json = buf_strdup(text);

	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	return json;
}

static void assert_read(reader *read, const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(text);
	AUTO_FREE char *got = NULL;

	if (read(json, strlen(json), &report, &err) < 0)
		assert_string_equal(err.text, "");
	got = listing(&report);
	assert_string_equal(got, want);
}

static void assert_refused(reader *read, const char *text, const char *want)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(text);

	assert_int_equal(read(json, strlen(json), &report, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, want);
	assert_int_equal(report.count, 0);
}

/* --- CTRF */

#define CTRF(summary, tests)                                                                       \
	"{'reportFormat': 'CTRF', 'specVersion': '0.0.0', 'results': {'tool': {'name': 'jest'}, "  \
	"'summary': {" summary ", 'start': 1, 'stop': 2}, 'tests': [" tests "]}}"
#define COUNTS(tests, passed, failed, skipped, pending, other)                                     \
	"'tests': " #tests ", 'passed': " #passed ", 'failed': " #failed ", 'skipped': " #skipped  \
	", 'pending': " #pending ", 'other': " #other

static void ctrf_reports_are_read(void **state)
{
	(void)state;
	assert_read(ctrf_read,
		    CTRF(COUNTS(5, 1, 1, 1, 1, 1),
			 "{'name': 'adds', 'status': 'passed', 'duration': 3, 'message': 'fine'},"
			 "{'name': 'takes', 'status': 'failed', 'duration': 1.5, 'message': 'no',"
			 " 'trace': 'at line 3'},"
			 "{'name': 'later', 'status': 'skipped', 'duration': 0},"
			 "{'name': 'soon', 'status': 'pending', 'duration': 0},"
			 "{'name': 'todo', 'status': 'other', 'duration': 0, 'extra': {'a': [1]}}"),
		    "adds passed; takes failed: no; later skipped; soon skipped; todo skipped");
	assert_read(ctrf_read, CTRF(COUNTS(0, 0, 0, 0, 0, 0), ""), "");
}

static void ctrf_names_hold_the_suites(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(CTRF(
		COUNTS(4, 4, 0, 0, 0, 0),
		"{'name': 'a', 'suite': ['cart', 'empty'], 'status': 'passed', 'filePath': 'x'},"
		"{'name': 'a', 'suite': 'cart > full', 'status': 'passed', 'duration': 1e3},"
		"{'name': 'a', 'filePath': 'one.js', 'status': 'passed'},"
		"{'name': 'a', 'filePath': 'two.js', 'status': 'passed'}"));
	AUTO_FREE char *got = NULL;

	(void)state;
	assert_int_equal(ctrf_read(json, strlen(json), &report, &err), 0);
	assert_int_equal(report.cases[1].ms, 1000);
	assert_null(case_report_settle(&report));
	got = listing(&report);
	assert_string_equal(got, "cart/empty/a passed; cart > full/a passed; one.js.a passed; "
				 "two.js.a passed");
}

static void a_ctrf_case_that_passed_twice_is_named(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(CTRF(COUNTS(2, 2, 0, 0, 0, 0),
					   "{'name': 'a', 'suite': ['s'], 'status': 'passed'},"
					   "{'name': 'a', 'suite': ['s'], 'status': 'passed'}"));

	(void)state;
	assert_int_equal(ctrf_read(json, strlen(json), &report, &err), 0);
	assert_string_equal(case_report_settle(&report), "s/a");
}

#define ONE "{'name': 'a', 'status': 'passed', 'duration': 1}"

static void a_ctrf_summary_that_does_not_count_the_tests_is_refused(void **state)
{
	(void)state;
	assert_refused(ctrf_read, CTRF(COUNTS(2, 2, 0, 0, 0, 0), ONE),
		       "its summary counts 2 'tests', there are 1");
	assert_refused(ctrf_read, CTRF(COUNTS(1, 0, 1, 0, 0, 0), ONE),
		       "its summary counts 0 'passed', there are 1");
	assert_refused(ctrf_read, CTRF(COUNTS(1, 1, 1, 0, 0, 0), ONE),
		       "its summary counts 1 'failed', there are 0");
	assert_refused(ctrf_read, CTRF("'tests': 1, 'passed': 1", ONE),
		       "its summary does not say how many are 'failed'");
	assert_refused(ctrf_read, CTRF("'tests': 1.0, 'passed': 1", ONE),
		       "its summary does not say how many are 'tests'");
	assert_refused(ctrf_read, "{'results': {'tests': []}}",
		       "its summary does not say how many are 'tests'");
}

static void what_is_no_ctrf_report_is_refused(void **state)
{
	(void)state;
	assert_refused(ctrf_read, "", "ctrf:1: is empty");
	assert_refused(ctrf_read, "[]", "not a CTRF report");
	assert_refused(ctrf_read, "{'results': {'tests': {}}}", "not a CTRF report");
	assert_refused(ctrf_read, "{'reportFormat': 'X', 'results': {'tests': []}}",
		       "not a CTRF report");
	assert_refused(ctrf_read, "{'results': {'tests': [",
		       "ctrf:1: ']' expected near end of file");
	assert_refused(ctrf_read, "{'results': {'tests': []}, 'results': {'tests': []}}",
		       "ctrf:1: duplicate object key near '\"results\"'");
	assert_refused(ctrf_read, CTRF(COUNTS(1, 1, 0, 0, 0, 0), ONE) " {}",
		       "ctrf:1: end of file expected near '{'");
}

static void a_ctrf_test_that_makes_no_sense_is_refused(void **state)
{
	(void)state;
	assert_refused(ctrf_read, CTRF(COUNTS(1, 1, 0, 0, 0, 0), "{'status': 'passed'}"),
		       "a test has no name");
	assert_refused(ctrf_read, CTRF(COUNTS(1, 1, 0, 0, 0, 0), "'a'"), "a test has no name");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0), "{'name': 'a', 'status': 'PASSED'}"),
		       "a test has a status that is not known");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0),
			    "{'name': 'a', 'status': 'passed', 'duration': NaN}"),
		       "ctrf:1: invalid token near 'NaN'");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0),
			    "{'name': 'a', 'status': 'passed', 'duration': 'NaN'}"),
		       "a duration is not a number");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0),
			    "{'name': 'a', 'status': 'passed', 'duration': -1}"),
		       "a duration is out of range");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0),
			    "{'name': 'a', 'status': 'passed', 'duration': 1e300}"),
		       "a duration is out of range");
	assert_refused(ctrf_read,
		       CTRF(COUNTS(1, 1, 0, 0, 0, 0),
			    "{'name': 'a', 'status': 'passed', 'suite': [1]}"),
		       "a suite is not a list of names");
}

static void ctrf_limits_hold(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(32 << 20);

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_add_str(&text, "[");
	assert_refused(ctrf_read, buf_str(&text), "is nested too deep");
	buf_clear(&text);
	buf_add_str(&text, "{'results': {'tests': [");
	for (int i = 0; i < CTRF_MAX_VALUES; i++)
		buf_add_str(&text, "1,");
	assert_refused(ctrf_read, buf_str(&text), "has too many values");
	buf_clear(&text);
	buf_add_str(&text, "{'results': {'tests': [" ONE);
	for (int i = 0; i < CASE_REPORT_MAX_CASES; i++)
		buf_add_str(&text, "," ONE);
	buf_add_str(&text, "]}}");
	assert_refused(ctrf_read, buf_str(&text), "too many test cases");
	while (text.len <= CASE_REPORT_MAX_BYTES)
		buf_add_str(&text, "                                        ");
	assert_refused(ctrf_read, buf_str(&text), "larger than 8388608 bytes");
}

/* --- go test -json */

#define RUN(test) "{'Action':'run','Package':'cart','Test':'" test "'}\n"
#define END(action, test)                                                                          \
	"{'Time':'2026-01-01T00:00:00Z','Action':'" action "','Package':'cart','Test':'" test      \
	"','Elapsed':0.25}\n"
#define OUT(test, text)                                                                            \
	"{'Action':'output','Package':'cart','Test':'" test "','Output':'" text "\\n'}\n"
#define START "{'Action':'start','Package':'cart'}\n"
#define SAID(text) "{'Action':'output','Package':'cart','Output':'" text "\\n'}\n"
#define NO_TESTS "{'Action':'skip','Package':'cart/empty','Elapsed':0}\n"
#define STOP(action) "{'Action':'" action "','Package':'cart','Elapsed':0.5}\n"

static void go_test_reports_are_read(void **state)
{
	(void)state;
	assert_read(gotest_read,
		    START RUN("TestA") OUT("TestA", "=== RUN   TestA") RUN("TestA/x_y")
			    OUT("TestA/x_y", "    a_test.go:3: no") OUT("TestA",
									"--- FAIL: TestA (0.00s)")
				    OUT("TestA/x_y",
					"    --- FAIL: TestA/x_y (0.00s)") END("fail", "TestA/x_y")
					    END("fail", "TestA") RUN("TestB") END("pass", "TestB")
						    RUN("TestS") OUT("TestS", "later")
							    END("skip", "TestS") STOP("fail"),
		    "cart/TestA/x_y failed:     a_test.go:3: no; cart/TestA failed; "
		    "cart/TestB passed; cart/TestS skipped: later");
	assert_read(gotest_read,
		    RUN("TestA") "{'Action':'pause','Package':'cart','Test':'TestA'}\n"
				 "{'Action':'cont','Package':'cart','Test':'TestA'}\r\n"
				 "\n" END("pass", "TestA") STOP("pass") NO_TESTS,
		    "cart/TestA passed");
}

/* What Go 1.19 makes of tests that print "x" without a line feed. */
static void go_marks_behind_output_are_read(void **state)
{
	(void)state;
	assert_read(gotest_read,
		    START RUN("TestA") RUN("TestA/1") OUT("TestA/1", "x=== RUN   TestA/2")
			    OUT("TestA/1", "x--- FAIL: TestA (0.00s)")
			    OUT("TestA/1", "    --- PASS: TestA/1 (0.00s)")
			    OUT("TestA/1", "    --- FAIL: TestA/2 (0.00s)") RUN("TestB")
			    OUT("TestB", "--- x--- SKIP: TestB (0.01s)") RUN("TestC")
			    OUT("TestC", "x") END("pass", "TestC") STOP("fail"),
		    "cart/TestC passed; cart/TestA failed; cart/TestA/1 passed; "
		    "cart/TestA/2 failed; cart/TestB skipped");
	/* words of a program, where everything is told */
	assert_read(gotest_read,
		    RUN("TestA") OUT("TestA", "x=== RUN   TestB")
			    OUT("TestA", "x--- PASS: TestB (1s)")
			    OUT("TestA", "x--- FAIL: TestA (1s)")
			    OUT("TestA", "x--- PASS: TestC (1s)") END("pass", "TestA")
			    RUN("TestB") END("pass", "TestB") STOP("pass"),
		    "cart/TestA passed; cart/TestB passed");
}

static void go_packages_tell_cases_apart(void **state)
{
	(void)state;
	assert_read(gotest_read,
		    RUN("TestA") END("pass", "TestA")
			    STOP("pass") "{'Action':'run','Package':'cart/sub','Test':'TestA'}\n"
					 "{'Action':'pass','Package':'cart/sub','Test':'TestA'}\n"
					 "{'Action':'pass','Package':'cart/sub'}\n",
		    "cart/TestA passed; cart/sub/TestA passed");
}

static void a_go_package_that_does_not_build_is_a_case_in_error(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(
		"{'ImportPath':'cart [cart.test]','Action':'build-output','Output':'# cart\\n'}\n"
		"{'ImportPath':'cart [cart.test]','Action':'build-output',"
		"'Output':'a.go:3: x\\n'}\n"
		"{'ImportPath':'cart [cart.test]','Action':'build-fail'}\n"
		"{'Action':'start','Package':'cart'}\n"
		"{'Action':'output','Package':'cart','Output':'FAIL\\tcart [build failed]\\n'}\n"
		"{'Action':'fail','Package':'cart','Elapsed':0,"
		"'FailedBuild':'cart [cart.test]'}\n");
	AUTO_FREE char *got = NULL;

	(void)state;
	assert_int_equal(gotest_read(json, strlen(json), &report, &err), 0);
	assert_null(case_report_settle(&report));
	got = listing(&report);
	assert_string_equal(got, "cart error: # cart\na.go:3: x");
	assert_read(gotest_read,
		    RUN("TestA") END("pass", "TestA")
			    STOP("pass") "FAIL\tcart/sub [build failed]\n"
					 "FAIL\tcart/two [setup failed]\n",
		    "cart/TestA passed; cart/sub error: it does not build; "
		    "cart/two error: it does not build");
}

static void a_go_package_that_fails_alone_is_a_case_in_error(void **state)
{
	(void)state;
	assert_read(gotest_read,
		    START RUN("TestA") END("pass", "TestA") SAID("exit status 3")
			    SAID("FAIL\\tcart\\t0.01s") STOP("fail"),
		    "cart/TestA passed; cart error: exit status 3");
	assert_read(gotest_read, START RUN("TestA") OUT("TestA", "panic: no") STOP("fail"),
		    "cart/TestA error: panic: no BROKEN 'cart/TestA' has no result");
}

static void a_go_report_that_does_not_add_up_is_broken(void **state)
{
	(void)state;
	assert_read(gotest_read, START RUN("TestA") END("pass", "TestA"),
		    "cart/TestA passed BROKEN 'cart' has no result");
	assert_read(gotest_read, START END("pass", "TestA") STOP("pass"),
		    "cart/TestA passed BROKEN 'cart/TestA' has a result, but did not begin");
	assert_read(gotest_read, RUN("TestA") RUN("TestA") END("pass", "TestA") STOP("pass"),
		    "cart/TestA passed BROKEN 'cart/TestA' began twice");
	assert_read(gotest_read, RUN("TestA") END("fail", "TestA") STOP("pass"),
		    "cart/TestA failed BROKEN 'cart' did not fail, but a test of it did");
	assert_read(gotest_read, RUN("TestA") STOP("pass"),
		    "cart/TestA error BROKEN 'cart' did not fail, but a test of it did");
	assert_read(
		gotest_read,
		RUN("TestA") RUN("TestA/x") END("fail", "TestA/x") END("pass", "TestA")
			STOP("fail"),
		"cart/TestA/x failed; cart/TestA passed BROKEN 'cart/TestA' did not fail, but a "
		"part of it did");
	assert_read(gotest_read, STOP("pass") RUN("TestA") END("pass", "TestA"),
		    "cart/TestA passed BROKEN 'cart/TestA' began after the end of its package");
	assert_read(gotest_read, STOP("pass") STOP("pass"), " BROKEN 'cart' ended twice");
	assert_read(gotest_read, RUN("TestA") END("pass", "TestA") STOP("pass") "hello\n",
		    "cart/TestA passed BROKEN line 4 is not an event of go test");
	assert_read(gotest_read, RUN("TestA") END("pass", "TestA") STOP("pass") "{'Action':'pa",
		    "cart/TestA passed BROKEN line 4 is not an event of go test");
}

static void a_go_case_that_ran_twice_is_named(void **state)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err err = ERR_INIT;
	AUTO_FREE char *json = quoted(RUN("TestA") END("fail", "TestA") RUN("TestA")
					      END("pass", "TestA") STOP("fail"));

	(void)state;
	assert_int_equal(gotest_read(json, strlen(json), &report, &err), 0);
	assert_null(report.broken);
	assert_string_equal(case_report_settle(&report), "cart/TestA");
}

static void a_go_package_is_not_taken_for_a_test(void **state)
{
	(void)state;
	assert_read(gotest_read,
		    "{'Action':'start','Package':'cart/TestA'}\n" RUN(
			    "TestA") "{'Action':'pass','Package':'cart/TestA'}\n" STOP("pass"),
		    " BROKEN 'cart/TestA' is a package and a test");
	assert_read(gotest_read,
		    RUN("TestA") "{'Action':'pass','Package':'cart/TestA'}\n" END("pass", "TestA")
			    STOP("pass"),
		    "cart/TestA passed BROKEN 'cart/TestA' is a package and a test");
}

static void an_event_that_makes_no_sense_is_broken(void **state)
{
	static const char *const lines[] = {
		"{'Action':'pass'}",
		"{'Action':1,'Package':'cart'}",
		"{'Action':'pass','Package':''}",
		"{'Action':'pass','Package':'cart','Test':7}",
		"{'Action':'pass','Package':'cart','Elapsed':'NaN'}",
		"{'Action':'pass','Package':'cart','Elapsed':NaN}",
		"{'Action':'pass','Package':'cart','Elapsed':-1}",
		"{'Action':'pass','Package':'cart','Elapsed':1e300}",
		"{'Action':'pass','Action':'fail','Package':'cart'}",
		"[]",
		"1",
		"{{{{{{{{",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		AUTO_FREE char *text = buf_format("%s%s\n", STOP("pass"), lines[i]);

		assert_read(gotest_read, text, " BROKEN line 2 is not an event of go test");
	}
}

static void what_is_no_go_report_is_refused(void **state)
{
	(void)state;
	assert_refused(gotest_read, "", "no event of go test");
	assert_refused(gotest_read, "ok  \tcart\t0.1s\n", "no event of go test");
	assert_refused(gotest_read, "<testsuite/>", "no event of go test");
}

static void go_limits_hold(void **state)
{
	AUTO(buf_release) struct buf text = BUF_INIT(32 << 20);

	(void)state;
	for (int i = 0; i <= GOTEST_MAX_SCOPES; i++)
		buf_add_format(&text, "{'Action':'start','Package':'p%d'}\n", i);
	assert_refused(gotest_read, buf_str(&text), "too many test cases");
	buf_clear(&text);
	for (int i = 0; i <= CASE_REPORT_MAX_CASES; i++)
		buf_add_str(&text, RUN("A") END("pass", "A"));
	assert_refused(gotest_read, buf_str(&text), "too many test cases");
	while (text.len <= CASE_REPORT_MAX_BYTES)
		buf_add_str(&text, STOP("pass"));
	assert_refused(gotest_read, buf_str(&text), "larger than 8388608 bytes");
	buf_clear(&text);
	buf_add_str(&text, STOP("pass"));
	for (int i = 0; i <= GOTEST_MAX_LINE; i++)
		buf_add_byte(&text, '[');
	assert_read(gotest_read, buf_str(&text), " BROKEN line 2 is not an event of go test");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ctrf_reports_are_read),
		cmocka_unit_test(ctrf_names_hold_the_suites),
		cmocka_unit_test(a_ctrf_case_that_passed_twice_is_named),
		cmocka_unit_test(a_ctrf_summary_that_does_not_count_the_tests_is_refused),
		cmocka_unit_test(what_is_no_ctrf_report_is_refused),
		cmocka_unit_test(a_ctrf_test_that_makes_no_sense_is_refused),
		cmocka_unit_test(ctrf_limits_hold),
		cmocka_unit_test(go_test_reports_are_read),
		cmocka_unit_test(go_marks_behind_output_are_read),
		cmocka_unit_test(go_packages_tell_cases_apart),
		cmocka_unit_test(a_go_package_that_does_not_build_is_a_case_in_error),
		cmocka_unit_test(a_go_package_that_fails_alone_is_a_case_in_error),
		cmocka_unit_test(a_go_report_that_does_not_add_up_is_broken),
		cmocka_unit_test(a_go_case_that_ran_twice_is_named),
		cmocka_unit_test(a_go_package_is_not_taken_for_a_test),
		cmocka_unit_test(an_event_that_makes_no_sense_is_broken),
		cmocka_unit_test(what_is_no_go_report_is_refused),
		cmocka_unit_test(go_limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
