/* test_grade_agreement.c - reports held against runs and expected cases, and the points that
 * come of it */
#include "base/auto.h"
#include "base/buf.h"
#include "grade/agreement.h"
#include "grade/reward.h"
#include "grade/test_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct manifest_test junit_test = {
	.id = "unit",
	.kind = MANIFEST_COMMAND,
	.points = 60,
	.report = MANIFEST_JUNIT,
};
static const struct manifest_test tap_test = {
	.id = "unit",
	.kind = MANIFEST_COMMAND,
	.points = 60,
	.report = MANIFEST_TAP,
};

static const struct manifest_test reward_test = {
	.id = "unit",
	.kind = MANIFEST_COMMAND,
	.points = 60,
	.report = MANIFEST_REWARD,
};

static const char *controls[] = { "never", NULL };
static const struct manifest_test controlled_test = {
	.id = "unit",
	.kind = MANIFEST_COMMAND,
	.hidden = true,
	.points = 60,
	.report = MANIFEST_JUNIT,
	.must_fail = controls,
};

static const struct run_report well = { .verdict = VERDICT_OK };
static const struct run_report status_1 = { .verdict = VERDICT_RUNTIME_ERROR, .exit_status = 1 };
static const struct run_report signal_11 = {
	.verdict = VERDICT_RUNTIME_ERROR,
	.exit_status = -1,
	.signal = 11,
};
static const struct run_report too_long = { .verdict = VERDICT_WALL_LIMIT, .exit_status = -1 };
static const struct run_report forbidden = {
	.verdict = VERDICT_SECURITY_VIOLATION,
	.exit_status = -1,
};

/* "a+ b- c! d~ g:e+": a passed, b failed, c error, d skipped, e of group g. NULL: no report. */
static bool make_report(const char *cases, struct case_report *report)
{
	static const char signs[] = "+~-!";

	if (!cases)
		return false;
	while (*cases) {
		size_t len = strcspn(cases, signs);
		const char *colon = memchr(cases, ':', len), *name = colon ? colon + 1 : cases;
		struct case_entry *entry =
			case_report_add(report, name, len - (size_t)(name - cases));

		entry->outcome = (enum case_outcome)(strchr(signs, cases[len]) - signs);
		if (colon)
			case_report_set_group(entry, cases, (size_t)(colon - cases));
		cases += len + 1;
		cases += *cases == ' ';
	}
	return true;
}

static json_t *make_expected(const char *names)
{
	json_t *ids = names ? json_array() : NULL;

	for (; names && *names; names += strcspn(names, " "), names += *names == ' ')
		json_array_append_new(ids,
				      json_sprintf("unit/%.*s", (int)strcspn(names, " "), names));
	return ids;
}

struct setting {
	const struct manifest_test *test;
	const struct run_report *run;
	const char *report;
	const char *expected; /* "a b"; NULL: not known */
	const char *broken;
	bool bailed;
};

/* "VERDICT[ TAMPERED] POINTS: a VERDICT, ...": what is judged; yours. */
static char *judge(const struct setting *setting)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	AUTO_JSON json_t *expected = make_expected(setting->expected);
	struct grade_test test = { .test = setting->test ? setting->test : &junit_test,
				   .run = *setting->run };
	struct buf out = BUF_INIT(1 << 16);
	bool there = make_report(setting->report, &report);

	if (setting->broken)
		case_report_break(&report, "%s", setting->broken);
	report.bailed = setting->bailed;
	agreement_judge(&test, there ? &report : NULL, "it left no report", expected);
	test_cases_share_points(&test);
	buf_add_format(&out, "%s%s %g:", verdict_name(test.verdict),
		       test.tampered ? " TAMPERED" : "", test.points);
	for (int i = 0; i < test.case_count; i++) {
		const struct grade_case *one = &test.cases[i];

		buf_add_format(&out, "%s %s %s%s", i ? "," : "", test_cases_name(&test, one),
			       verdict_name(one->verdict), one->skipped ? " skipped" : "");
	}
	if (test.tampered)
		buf_add_format(&out, "; %s", test.message);
	test_cases_release(&test);
	return buf_take(&out);
}

static void assert_judged(struct setting setting, const char *want)
{
	AUTO_FREE char *got = judge(&setting);

	assert_string_equal(got, want);
}

static void an_honest_run_gets_its_points(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &well, .report = "a+ b+", .expected = "a b" },
		      "ok 60: a ok, b ok");
	assert_judged((struct setting){ .run = &well, .report = "a+ b+" }, "ok 60: a ok, b ok");
	assert_judged((struct setting){ .run = &status_1, .report = "a+ b-", .expected = "a b" },
		      "wrong_answer 30: a ok, b wrong_answer");
	assert_judged((struct setting){ .run = &status_1, .report = "a+ b- c!" },
		      "runtime_error 20: a ok, b wrong_answer, c runtime_error");
}

static void a_run_without_report_that_ended_well_is_tampered(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &well, .expected = "a b" },
		      "runtime_error TAMPERED 0: a runtime_error, b runtime_error; "
		      "the runner ended well, but it left no report");
	assert_judged((struct setting){ .run = &well },
		      "runtime_error TAMPERED 0:; the runner ended well, but it left no report");
	assert_judged((struct setting){ .run = &well, .report = "", .expected = "a" },
		      "runtime_error TAMPERED 0: a runtime_error; "
		      "the runner ended well, but the report has no case");
}

static void a_run_that_failed_without_report_is_no_more_than_that(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &status_1, .expected = "a b" },
		      "runtime_error 0: a runtime_error, b runtime_error");
	assert_judged((struct setting){ .run = &too_long, .expected = "a b" },
		      "wall_limit 0: a wall_limit, b wall_limit");
	assert_judged((struct setting){ .run = &signal_11 }, "runtime_error 0:");
}

static void a_report_that_contradicts_the_exit_status_is_tampered(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &status_1, .report = "a+ b+", .expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok; the report says all passed, but the runner ended "
		      "with runtime_error (exit status 1)");
	assert_judged((struct setting){ .run = &signal_11, .report = "a+ b+" },
		      "runtime_error TAMPERED 0: a ok, b ok; the report says all passed, but the "
		      "runner ended with runtime_error (signal 11)");
	assert_judged((struct setting){ .run = &well, .report = "a+ b-", .expected = "a b" },
		      "wrong_answer TAMPERED 0: a ok, b wrong_answer; the runner ended well, "
		      "although 1 case failed");
}

static void a_tap_runner_may_end_well_with_failed_cases(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &tap_test, .run = &well, .report = "a+ b-" },
		      "wrong_answer 30: a ok, b wrong_answer");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &well,
					.report = "a+ b+",
					.broken = "there is no plan" },
		      "ok TAMPERED 0: a ok, b ok; the runner ended well, but there is no plan");
}

/* What comes of the reward in `text`, as judge() says it; yours. */
static char *judge_reward(const struct run_report *run, const char *text)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct grade_test test = { .test = &reward_test, .run = *run };
	struct err err = ERR_INIT;
	int status = reward_read(text, strlen(text), &report, &err);
	char *got;

	agreement_judge(&test, status < 0 ? NULL : &report, err.text, NULL);
	test_cases_share_points(&test);
	got = buf_format("%s%s %g", verdict_name(test.verdict), test.tampered ? " TAMPERED" : "",
			 test.points);
	test_cases_release(&test);
	return got;
}

static void assert_reward(const struct run_report *run, const char *text, const char *want)
{
	AUTO_FREE char *got = judge_reward(run, text);

	assert_string_equal(got, want);
}

static void a_reward_is_a_share_of_the_points_of_a_run_that_ended_well(void **state)
{
	(void)state;
	assert_reward(&well, "1\n", "ok 60");
	assert_reward(&well, " 1.0", "ok 60");
	assert_reward(&well, "0.75\n", "wrong_answer 45");
	assert_reward(&well, ".5", "wrong_answer 30");
	assert_reward(&well, "0", "wrong_answer 0");
	assert_reward(&well, "{\"reward\": 0.25, \"style\": 9}", "wrong_answer 15");
	assert_reward(&well, "{\"passed\": 1}", "ok 60");
}

static void a_reward_of_a_run_that_ended_badly_is_not_believed(void **state)
{
	(void)state;
	assert_reward(&status_1, "0.75", "wrong_answer 0");
	assert_reward(&status_1, "1", "ok TAMPERED 0");
	assert_reward(&signal_11, "0.75", "runtime_error 0");
	assert_reward(&too_long, "0.75", "wall_limit 0");
	assert_reward(&too_long, "1", "wall_limit 0");
	assert_reward(&forbidden, "1", "security_violation 0");
}

static void what_is_no_reward_is_tampered(void **state)
{
	static const char *const texts[] = {
		"1.5", "-0.1", "nan", "inf", "1 1", "one", "0x1", "1,0", "[1]", "{}", "{\"a\": 1, ",
		"{\"a\": 1, \"b\": 1}", "{\"reward\": \"1\"}", "{\"reward\": 2}", "1e", "e", ".",
		"{\"reward\": 1, \"reward\": 0}",
		"0.00000000000000000000000000000000000000000000000000000001",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_reward(&well, texts[i], "runtime_error TAMPERED 0");
}

static void a_report_that_does_not_add_up_cannot_have_passed_everything(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &tap_test,
					.run = &status_1,
					.report = "a+ b+",
					.expected = "a b",
					.broken = "9 planned" },
		      "ok TAMPERED 0: a ok, b ok; the report says all passed, but the runner ended "
		      "with runtime_error (exit status 1)");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &too_long,
					.report = "a+ b+",
					.expected = "a b",
					.broken = "there is no plan" },
		      "wall_limit 0: a wall_limit, b wall_limit");
}

static void only_tap_runners_end_well_with_failed_cases(void **state)
{
	static const enum manifest_report formats[] = { MANIFEST_CTRF, MANIFEST_GOTEST };

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct manifest_test test = { .id = "unit",
						    .kind = MANIFEST_COMMAND,
						    .points = 60,
						    .report = formats[i] };

		assert_judged((struct setting){ .test = &test, .run = &well, .report = "a+ b-" },
			      "wrong_answer TAMPERED 0: a ok, b wrong_answer; the runner ended "
			      "well, although 1 case failed");
	}
}

static void other_cases_than_expected_are_tampered(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &well, .report = "a+", .expected = "a b" },
		      "runtime_error TAMPERED 0: a ok, b runtime_error; the report lacks 'b'");
	assert_judged((struct setting){ .run = &well, .report = "a+ b+ c+", .expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok, c ok; "
		      "the report has 'c', which the reference does not pass");
	assert_judged((struct setting){ .run = &status_1, .report = "a- c+", .expected = "a b" },
		      "runtime_error TAMPERED 0: a wrong_answer, b runtime_error, c ok; "
		      "the report has 'c', which the reference does not pass");
	assert_judged((struct setting){ .run = &well, .report = "a+ a+ b+", .expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok; the report names 'a' twice");
}

static void a_case_is_found_whoever_shares_its_name(void **state)
{
	(void)state;
	/* the other file of the task could not be loaded */
	assert_judged((struct setting){ .run = &status_1,
					.report = "f:a+ g!",
					.expected = "f.a g.a" },
		      "runtime_error 30: f.a ok, g.a runtime_error, g runtime_error");
	/* the candidate has a test of the same name; the worst of both counts */
	assert_judged((struct setting){ .run = &well,
					.report = "f:a+ own:a+ b+",
					.expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok, own.a ok; "
		      "the report has 'own.a', which the reference does not pass");
	assert_judged((struct setting){ .run = &status_1,
					.report = "f:a- own:a+ b+",
					.expected = "a b" },
		      "wrong_answer TAMPERED 0: a wrong_answer, b ok, own.a ok; "
		      "the report has 'own.a', which the reference does not pass");
	/* one case is not two */
	assert_judged((struct setting){ .run = &well, .report = "f:a+", .expected = "a f.a" },
		      "runtime_error TAMPERED 0: a ok, f.a runtime_error; the report lacks 'f.a'");
}

static void a_test_file_that_does_not_load_is_an_honest_failure(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &status_1,
					.report = "tests.test_b!",
					.expected = "a b" },
		      "runtime_error 0: a runtime_error, b runtime_error, "
		      "tests.test_b runtime_error");
	assert_judged((struct setting){ .run = &status_1,
					.report = "a+ tests.test_b!",
					.expected = "a b" },
		      "runtime_error 30: a ok, b runtime_error, tests.test_b runtime_error");
}

static void a_run_that_was_cut_off_keeps_what_it_reported(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &tap_test,
					.run = &too_long,
					.report = "a+",
					.expected = "a b",
					.broken = "2 planned" },
		      "wall_limit 30: a ok, b wall_limit");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &signal_11,
					.report = "a+",
					.expected = "a b",
					.broken = "2 planned" },
		      "runtime_error 30: a ok, b runtime_error");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &well,
					.report = "a+",
					.expected = "a b",
					.broken = "bailed",
					.bailed = true },
		      "runtime_error 30: a ok, b runtime_error");
}

static void a_run_that_was_cut_off_cannot_have_passed_everything(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &too_long, .report = "a+ b+", .expected = "a b" },
		      "wall_limit 0: a wall_limit, b wall_limit");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &too_long,
					.report = "a+ b-",
					.broken = "3 planned" },
		      "wall_limit 0: a wall_limit, b wrong_answer");
	assert_judged((struct setting){ .test = &tap_test,
					.run = &well,
					.report = "a+",
					.broken = "bailed",
					.bailed = true },
		      "runtime_error 0: a runtime_error");
}

static void a_forbidden_call_costs_the_whole_test(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &forbidden, .report = "a+ b-", .expected = "a b" },
		      "security_violation 0: a security_violation, b security_violation");
}

static void a_control_case_that_fails_is_not_shown(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &controlled_test, .run = &status_1,
					.report = "never- a+ b+", .expected = "a b" },
		      "ok 60: a ok, b ok");
	assert_judged((struct setting){ .test = &controlled_test, .run = &status_1,
					.report = "a+ never! b-", .expected = "a b" },
		      "wrong_answer 30: a ok, b wrong_answer");
}

static void a_control_case_that_passes_is_tampered(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &controlled_test, .run = &well,
					.report = "never+ a+ b+", .expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok; a control case passed that no honest answer "
		      "can pass");
	assert_judged((struct setting){ .test = &controlled_test, .run = &status_1,
					.report = "never~ a+ b-", .expected = "a b" },
		      "wrong_answer TAMPERED 0: a ok, b wrong_answer; a control case passed that "
		      "no honest answer can pass");
}

static void a_control_case_may_only_be_missing_when_nothing_passed(void **state)
{
	(void)state;
	assert_judged((struct setting){ .test = &controlled_test, .run = &well,
					.report = "a+ b+", .expected = "a b" },
		      "ok TAMPERED 0: a ok, b ok; a control case is missing although others "
		      "passed");
	assert_judged((struct setting){ .test = &controlled_test, .run = &status_1,
					.report = "load!", .expected = "a b" },
		      "runtime_error 0: a runtime_error, b runtime_error, load runtime_error");
}

static void skipped_cases_get_no_points(void **state)
{
	(void)state;
	assert_judged((struct setting){ .run = &well, .report = "a+ b~" },
		      "ok 30: a ok, b ok skipped");
	assert_judged((struct setting){ .run = &well, .report = "a+ b~", .expected = "a b" },
		      "wrong_answer 30: a ok, b wrong_answer skipped");
	assert_judged((struct setting){ .run = &well, .report = "a+ c~", .expected = "a" },
		      "ok 60: a ok, c ok skipped");
}

static void weights_share_the_points(void **state)
{
	AUTO_JSON json_t *cases = json_pack("{s{si}s{si}}", "a", "weight", 1, "b", "weight", 2);
	const struct manifest_test weighted = { .id = "unit",
						.kind = MANIFEST_COMMAND,
						.points = 60,
						.report = MANIFEST_JUNIT,
						.cases = cases };

	(void)state;
	assert_judged((struct setting){ .test = &weighted,
					.run = &status_1,
					.report = "a+ b-",
					.expected = "a b" },
		      "wrong_answer 20: a ok, b wrong_answer");
	assert_judged((struct setting){ .test = &weighted,
					.run = &status_1,
					.report = "a- b+ c!",
					.expected = "a b" },
		      "runtime_error 40: a wrong_answer, b ok, c runtime_error");
}

static void all_cases_together_are_the_points_to_the_last_bit(void **state)
{
	static const struct manifest_test odd = {
		.id = "unit", .kind = MANIFEST_COMMAND, .points = 0.1, .report = MANIFEST_JUNIT
	};
	struct grade_test test = { .test = &odd };

	(void)state;
	for (int i = 0; i < 7; i++) {
		char name[] = { (char)('a' + i), '\0' };

		test_cases_add(&test, name)->weight = 0.1 * (i + 1);
	}
	test_cases_share_points(&test);
	assert_true(test.points == test.possible && test.possible == 0.1);
	test_cases_release(&test);
}

static void an_exit_status_is_one_case(void **state)
{
	struct grade_test test = { .test = &junit_test, .run = status_1 };

	(void)state;
	agreement_judge_exit(&test);
	assert_int_equal(test.case_count, 1);
	assert_string_equal(test.cases[0].id, "unit/exit");
	assert_int_equal(test.cases[0].verdict, VERDICT_WRONG_ANSWER);
	test_cases_release(&test);
	test = (struct grade_test){ .test = &junit_test, .run = too_long };
	agreement_judge_exit(&test);
	assert_int_equal(test.cases[0].verdict, VERDICT_WALL_LIMIT);
	test_cases_release(&test);
}

static void the_worst_verdict_wins_in_the_stated_order(void **state)
{
	static const enum verdict order[] = {
		VERDICT_OK,
		VERDICT_WRONG_ANSWER,
		VERDICT_RUNTIME_ERROR,
		VERDICT_DISK_LIMIT,
		VERDICT_TIME_LIMIT,
		VERDICT_SECURITY_VIOLATION,
		VERDICT_COMPILE_ERROR,
	};

	(void)state;
	for (size_t i = 1; i < sizeof(order) / sizeof(*order); i++) {
		assert_int_equal(test_cases_worse(order[i - 1], order[i]), order[i]);
		assert_int_equal(test_cases_worse(order[i], order[i - 1]), order[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_run_gets_its_points),
		cmocka_unit_test(a_run_without_report_that_ended_well_is_tampered),
		cmocka_unit_test(a_run_that_failed_without_report_is_no_more_than_that),
		cmocka_unit_test(a_report_that_contradicts_the_exit_status_is_tampered),
		cmocka_unit_test(a_tap_runner_may_end_well_with_failed_cases),
		cmocka_unit_test(a_reward_is_a_share_of_the_points_of_a_run_that_ended_well),
		cmocka_unit_test(a_reward_of_a_run_that_ended_badly_is_not_believed),
		cmocka_unit_test(what_is_no_reward_is_tampered),
		cmocka_unit_test(a_report_that_does_not_add_up_cannot_have_passed_everything),
		cmocka_unit_test(only_tap_runners_end_well_with_failed_cases),
		cmocka_unit_test(other_cases_than_expected_are_tampered),
		cmocka_unit_test(a_case_is_found_whoever_shares_its_name),
		cmocka_unit_test(a_test_file_that_does_not_load_is_an_honest_failure),
		cmocka_unit_test(a_run_that_was_cut_off_keeps_what_it_reported),
		cmocka_unit_test(a_run_that_was_cut_off_cannot_have_passed_everything),
		cmocka_unit_test(a_forbidden_call_costs_the_whole_test),
		cmocka_unit_test(a_control_case_that_fails_is_not_shown),
		cmocka_unit_test(a_control_case_that_passes_is_tampered),
		cmocka_unit_test(a_control_case_may_only_be_missing_when_nothing_passed),
		cmocka_unit_test(skipped_cases_get_no_points),
		cmocka_unit_test(weights_share_the_points),
		cmocka_unit_test(all_cases_together_are_the_points_to_the_last_bit),
		cmocka_unit_test(an_exit_status_is_one_case),
		cmocka_unit_test(the_worst_verdict_wins_in_the_stated_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
