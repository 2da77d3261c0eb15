/* workbench_run.c - see workbench_run.h */
#include "assess/workbench_run.h"

#include <stdio.h>
#include <string.h>

void workbench_run_release(struct workbench_run *run)
{
	output_keep_release(&run->output);
	*run = (struct workbench_run)WORKBENCH_RUN_INIT;
}

void workbench_run_output(void *arg, int stream, const void *data, size_t len)
{
	struct workbench_run *run = arg;

	(void)stream;
	output_keep_add(&run->output, data, len);
}

void workbench_run_take_report(struct workbench_run *run, const struct run_report *report)
{
	snprintf(run->verdict, sizeof(run->verdict), "%s", verdict_name(report->verdict));
	run->exit_status = report->exit_status;
	run->signal = report->signal;
	run->wall_ms = (int64_t)report->wall_ms;
}

static void say(struct workbench_run *run, const char *text)
{
	output_keep_add(&run->output, text, strlen(text));
}

static void say_case(struct workbench_run *run, const struct grade_case *one)
{
	bool passed = one->verdict == VERDICT_OK && !one->skipped;

	run->total++;
	run->passed += passed;
	say(run, one->id);
	say(run, passed ? ": passed" : one->skipped ? ": skipped" : ": ");
	if (!passed && !one->skipped)
		say(run, verdict_name(one->verdict));
	if (!passed && one->message) {
		say(run, ": ");
		say(run, one->message);
	}
	say(run, "\n");
}

static void say_test(struct workbench_run *run, const struct grade_test *test)
{
	for (int i = 0; i < test->case_count; i++)
		say_case(run, &test->cases[i]);
	if (test->message) {
		say(run, test->test->id);
		say(run, ": ");
		say(run, test->message);
		say(run, "\n");
	}
	if (test->verdict != VERDICT_OK && test->output) {
		say(run, test->output);
		say(run, "\n");
	}
}

void workbench_run_take_grade(struct workbench_run *run, const struct grade *grade)
{
	snprintf(run->verdict, sizeof(run->verdict), "%s", grade_verdict(grade));
	if (grade->build != VERDICT_OK) {
		say(run, "build: ");
		say(run, verdict_name(grade->build));
		say(run, "\n");
		say(run, grade->build_output ? grade->build_output : "");
		say(run, "\n");
	}
	for (int i = 0; i < grade->test_count; i++)
		say_test(run, &grade->tests[i]);
}
