/* agreement.c - holds the report of a command test against its run and the expected cases */
#include "grade/agreement.h"

#include "base/auto.h"
#include "grade/test_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 200 /* bytes shown of a foreign name */

enum ending { ENDED_WELL, ENDED_NONZERO, ENDED_BY_SIGNAL, ENDED_CUT_OFF };

struct agreement {
	struct grade_test *test;
	struct case_report *report;
	const json_t *expected;
	enum ending ending;
	enum verdict verdict; /* of what the run did not get to */
	char how[64];	      /* how it ended, in words */
	int failing;	      /* failed cases in the report, but for the controls */
	int controls;	      /* control cases that failed, as they must */
	int missing;	      /* expected cases that are not in it */
};

static enum ending ending_of(const struct run_report *run, const struct case_report *report)
{
	if (run->verdict == VERDICT_OK)
		return report && report->bailed ? ENDED_CUT_OFF : ENDED_WELL;
	if (run->verdict != VERDICT_RUNTIME_ERROR)
		return ENDED_CUT_OFF;
	return run->signal ? ENDED_BY_SIGNAL : ENDED_NONZERO;
}

static void judge_without(struct agreement *agreement, const char *fault)
{
	AUTO_FREE char *message = NULL;

	if (agreement->ending == ENDED_WELL) {
		test_cases_tampered(agreement->test, "the runner ended well, but %s", fault);
		test_cases_fail_all(agreement->test, agreement->expected, VERDICT_RUNTIME_ERROR,
				    "there is no result");
		return;
	}
	message = buf_format("%s: %s", agreement->how, fault);
	test_cases_fail_all(agreement->test, agreement->expected, agreement->verdict, message);
}

/* Takes the named control case out of the report: 1 it failed, 0 it did not, -1 it is not there. */
static int take_control(struct case_report *report, const char *name)
{
	for (int i = 0; i < report->count; i++) {
		struct case_entry taken = report->cases[i];
		bool failed = taken.outcome == CASE_FAILED || taken.outcome == CASE_ERROR;

		if (strcmp(taken.name, name) != 0)
			continue;
		memmove(&report->cases[i], &report->cases[i + 1],
			(size_t)(--report->count - i) * sizeof(taken));
		free(taken.name);
		free(taken.group);
		free(taken.message);
		return failed;
	}
	return -1;
}

/* Whoever forges a report, or makes the runner see passes only, cannot know which of the cases an
 * honest answer fails. */
static void check_controls(struct agreement *agreement)
{
	struct case_report *report = agreement->report;

	for (const char **name = agreement->test->test->must_fail; name && *name; name++) {
		int failed = take_control(report, *name);

		if (failed == 1)
			agreement->controls++;
		else if (failed == 0)
			test_cases_tampered(agreement->test,
					    "a control case passed that no honest answer can pass");
		else if (case_report_counted(report, CASE_PASSED))
			test_cases_tampered(agreement->test,
					    "a control case is missing although others passed");
	}
}

static void add_case(struct agreement *agreement, const struct case_entry *entry,
		     const char *name, bool expected)
{
	static const enum verdict verdicts[] = {
		[CASE_PASSED] = VERDICT_OK,
		[CASE_SKIPPED] = VERDICT_OK,
		[CASE_FAILED] = VERDICT_WRONG_ANSWER,
		[CASE_ERROR] = VERDICT_RUNTIME_ERROR,
	};
	struct grade_case *one = test_cases_add(agreement->test, name);

	test_cases_fail(one, verdicts[entry->outcome], entry->message);
	if (entry->outcome == CASE_FAILED && agreement->ending == ENDED_WELL)
		one->share = entry->share;
	one->wall_ms = entry->ms;
	one->skipped = entry->outcome == CASE_SKIPPED;
	if (agreement->expected && !expected)
		one->weight = 0;
	if (one->skipped && expected)
		test_cases_fail(one, VERDICT_WRONG_ANSWER,
				one->message ? NULL : "skipped, though the reference passes it");
	if (agreement->expected && !expected && entry->outcome == CASE_PASSED)
		test_cases_tampered(agreement->test,
				    "the report has '%.*s', which the reference does not pass",
				    SHOWN, entry->name);
}

static void add_missing(struct agreement *agreement, const char *name)
{
	AUTO_FREE char *message = buf_format("not in the report: %s", agreement->how);

	agreement->missing++;
	test_cases_fail(test_cases_add(agreement->test, name), agreement->verdict, message);
	if (agreement->ending == ENDED_WELL)
		test_cases_tampered(agreement->test, "the report lacks '%.*s'", SHOWN, name);
}

/* The cases of a report by name; the values are their numbers. */
struct lookup {
	const struct case_report *report;
	json_t *names;	/* what is not taken yet */
	json_t *others; /* the names they have where more or fewer cases share one */
};

static void lookup_release(struct lookup *lookup)
{
	json_decref(lookup->names);
	json_decref(lookup->others);
}

/* A case that shares its name is called GROUP.NAME (case_report_settle), and whether others have
 * that name is not up to the task: a file of the candidate's brings it in a second time, one that
 * cannot be loaded leaves it alone. Of several the worst has it. */
static void add_other_name(struct lookup *lookup, int number)
{
	const struct case_entry *entry = &lookup->report->cases[number];
	size_t len = entry->group ? strlen(entry->group) : 0;
	bool shared = len && !strncmp(entry->name, entry->group, len) && entry->name[len] == '.';
	AUTO_FREE char *other = NULL;
	const json_t *worst;

	if (!len)
		return;
	other = shared ? buf_strdup(entry->name + len + 1)
		       : buf_format("%s.%s", entry->group, entry->name);
	worst = json_object_get(lookup->others, other);
	if (!worst || lookup->report->cases[json_integer_value(worst)].outcome < entry->outcome)
		json_object_set_new(lookup->others, other, json_integer(number));
}

static void lookup_fill(struct lookup *lookup, const struct case_report *report)
{
	*lookup = (struct lookup){ report, json_object(), json_object() };
	for (int i = 0; i < report->count; i++) {
		json_object_set_new(lookup->names, report->cases[i].name, json_integer(i));
		add_other_name(lookup, i);
	}
}

/* NULL when there is none. */
static const struct case_entry *lookup_take(struct lookup *lookup, const char *name)
{
	const json_t *number = json_object_get(lookup->names, name);
	const struct case_entry *entry;

	if (!number)
		number = json_object_get(lookup->others, name);
	if (!number)
		return NULL;
	entry = &lookup->report->cases[json_integer_value(number)];
	return json_object_del(lookup->names, entry->name) == 0 ? entry : NULL;
}

/* Expected cases in their order, then the others in the report's. */
static void add_cases(struct agreement *agreement)
{
	AUTO(lookup_release) struct lookup lookup;
	size_t prefix = strlen(agreement->test->test->id) + 1, index;
	json_t *id;

	lookup_fill(&lookup, agreement->report);
	json_array_foreach (agreement->expected, index, id) {
		const char *name = json_string_value(id) + prefix;
		const struct case_entry *found;

		if (json_string_length(id) <= prefix)
			continue;
		found = lookup_take(&lookup, name);
		if (found)
			add_case(agreement, found, name, true);
		else
			add_missing(agreement, name);
	}
	for (int i = 0; i < agreement->report->count; i++) {
		const char *name = agreement->report->cases[i].name;

		if (json_object_get(lookup.names, name))
			add_case(agreement, &agreement->report->cases[i], name, false);
	}
}

static void fail_passed(struct agreement *agreement)
{
	for (int i = 0; i < agreement->test->case_count; i++) {
		struct grade_case *one = &agreement->test->cases[i];

		if (one->verdict == VERDICT_OK && !one->skipped)
			test_cases_fail(one, agreement->verdict, agreement->how);
	}
}

/* Whether such runners end with 0 whatever happened. */
static bool ends_well_anyway(enum manifest_report report)
{
	return report == MANIFEST_TAP || report == MANIFEST_REWARD;
}

static void hold_against_run(struct agreement *agreement)
{
	struct grade_test *test = agreement->test;
	const char *broken = agreement->report->broken;
	bool complete = !agreement->missing;
	int failing = agreement->failing + agreement->controls;

	if (agreement->ending == ENDED_NONZERO && agreement->controls && !agreement->failing &&
	    complete && !broken)
		return;

	if (agreement->ending == ENDED_WELL) {
		if (broken)
			test_cases_tampered(test, "the runner ended well, but %s", broken);
		if (failing && !ends_well_anyway(test->test->report))
			test_cases_tampered(test, "the runner ended well, although %d %s failed",
					    failing, failing == 1 ? "case" : "cases");
		return;
	}
	if (agreement->failing == 0 && complete && agreement->ending != ENDED_CUT_OFF)
		test_cases_tampered(test,
				    "the report says all passed, but the runner ended with %s",
				    agreement->how);
	else if (agreement->failing == 0 && (complete || !agreement->expected))
		fail_passed(agreement);
	else if (agreement->ending != ENDED_NONZERO && !agreement->expected)
		fail_passed(agreement);
	if (agreement->ending != ENDED_NONZERO)
		test->verdict = test_cases_worse(test->verdict, agreement->verdict);
	if (!test->message && agreement->ending != ENDED_NONZERO)
		test->message = buf_strdup(broken ? broken : agreement->how);
}

void agreement_judge(struct grade_test *test, struct case_report *report, const char *fault,
		     const json_t *expected)
{
	struct agreement agreement = {
		.test = test,
		.report = report,
		.expected = expected,
		.ending = ending_of(&test->run, report),
		.verdict = test->run.verdict == VERDICT_OK ? VERDICT_RUNTIME_ERROR
							   : test->run.verdict,
	};
	const char *twice;

	if (test->run.verdict == VERDICT_OK && agreement.ending != ENDED_WELL)
		snprintf(agreement.how, sizeof(agreement.how), "the runner bailed out");
	else
		run_report_text(&test->run, agreement.how);
	if (test->run.verdict == VERDICT_SECURITY_VIOLATION) {
		test_cases_fail_all(test, expected, VERDICT_SECURITY_VIOLATION, agreement.how);
		return;
	}
	if (!report || (report->count == 0 && !report->bailed)) {
		judge_without(&agreement, report ? "the report has no case" : fault);
		return;
	}
	check_controls(&agreement);
	twice = case_report_settle(report);
	if (twice)
		test_cases_tampered(test, "the report names '%.*s' twice", SHOWN, twice);
	agreement.failing = case_report_counted(report, CASE_FAILED) +
			    case_report_counted(report, CASE_ERROR);
	add_cases(&agreement);
	hold_against_run(&agreement);
}

void agreement_judge_exit(struct grade_test *test)
{
	struct grade_case *one = test_cases_add(test, "exit");
	char how[64];
	bool exited = test->run.verdict == VERDICT_RUNTIME_ERROR && !test->run.signal;

	if (test->run.verdict == VERDICT_OK)
		return;
	run_report_text(&test->run, how);
	test_cases_fail(one, exited ? VERDICT_WRONG_ANSWER : test->run.verdict, how);
}
