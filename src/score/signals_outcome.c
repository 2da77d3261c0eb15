/* signals_outcome.c - see signals_outcome.h */
#include "score/signals_outcome.h"

#include "grade/grade.h"
#include "grade/test_cases.h"
#include "score/code_metrics.h"

/* --- points */

struct points {
	double earned, possible;
	int64_t passed, cases;
};

static void add_case(struct points *points, const struct grade_case *one, bool tampered)
{
	points->earned += tampered ? 0 : one->points;
	points->possible += one->possible;
	points->passed += !tampered && one->verdict == VERDICT_OK && !one->skipped;
	points->cases++;
}

static void share_points(struct signal *signal, const struct points *points)
{
	signal->basis = points->possible > 0 ? points->cases : 0;
	signal->part = points->passed;
	signal->whole = points->cases;
	if (points->possible > 0)
		signal->number =
			(int64_t)(points->earned * 10000 / points->possible + 0.5);
	signal->no = points->possible > 0 ? SIGNAL_YES : SIGNAL_NO_TESTS;
}

/* The hidden tests; all when none that earns points is hidden. */
static void test_points(const struct grade *grade, struct signals *signals)
{
	struct points hidden = { .cases = 0 }, all = { .cases = 0 };

	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];
		struct points *sums[] = { &all, test->test->hidden ? &hidden : NULL };

		for (int k = 0; k < 2 && sums[k]; k++) {
			for (int j = 0; j < test->case_count; j++)
				add_case(sums[k], &test->cases[j], test->tampered);
			/* a test that never came to its cases */
			if (!test->case_count)
				sums[k]->possible += test->possible;
		}
	}
	share_points(signal_add(signals, "test_points"), hidden.possible > 0 ? &hidden : &all);
	if (hidden.possible > 0 || all.possible > 0)
		signals->list[signals->count - 1].basis += 1;
}

static void edge_points(const struct grade *grade, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "edge_points");
	struct points edge = { .cases = 0 };
	bool lost = false;	/* a test ended before it came to its edge cases */

	for (int i = 0; i < grade->test_count; i++) {
		const struct grade_test *test = &grade->tests[i];

		for (int j = 0; j < test->case_count; j++)
			if (manifest_case_tagged(test->test, test_cases_name(test, &test->cases[j]),
						 "edge"))
				add_case(&edge, &test->cases[j], test->tampered);
		lost |= !test->case_count && test->possible > 0 &&
			manifest_test_tags(test->test, "edge");
	}
	share_points(signal, &edge);
	signal->no = SIGNAL_YES;
	if (lost && !signal->basis)
		signal->basis = 1;
}

/* --- code */

static int64_t ratio(int64_t sum, int64_t count)
{
	return count > 0 ? (sum * 200 + count) / (count * 2) : 0;
}

static void function_signals(const struct code_count *count, struct signals *signals)
{
	struct signal *complexity = signal_add(signals, "complexity");
	struct signal *length = signal_add(signals, "function_length");
	struct signal *nesting = signal_add(signals, "nesting");

	complexity->basis = length->basis = nesting->basis = count->functions;
	complexity->number = ratio(count->complexity, count->functions);
	complexity->part = count->complexity_max;
	length->number = ratio(count->function_lines, count->functions);
	length->part = count->function_lines_max;
	nesting->number = (int64_t)count->nesting_max * 100;
	complexity->whole = length->whole = nesting->whole = count->functions;
}

static void line_signals(const struct code_count *count, struct signals *signals)
{
	struct signal *duplication = signal_add(signals, "duplication");
	struct signal *leftovers = signal_add(signals, "leftovers");
	struct signal *naming = signal_add(signals, "naming");

	signal_share(duplication, count->duplicate_lines, count->code_lines);
	duplication->basis = leftovers->basis = count->code_lines;
	leftovers->number = ratio((int64_t)count->leftovers * 100, count->changed_lines);
	leftovers->part = count->leftovers;
	leftovers->whole = count->changed_lines;
	signal_share(naming, (int64_t)count->short_names + count->odd_names, count->names);
	if (naming->number > 10000)
		naming->number = 10000;
	naming->basis = count->names;
}

static void comment_signals(const struct code_count *count, struct signals *signals)
{
	struct signal *documented = signal_add(signals, "documented_functions");
	struct signal *band = signal_add(signals, "comment_band");

	signal_share(documented, count->documented, count->public_functions);
	documented->basis = count->public_functions;
	signal_share(band, count->comment_lines, (int64_t)count->comment_lines + count->code_lines);
	band->basis = count->code_lines;
}

void signals_outcome(const struct signal_evidence *evidence, struct signals *signals)
{
	static const char *const names[] = { "complexity", "function_length", "nesting",
					     "duplication", "leftovers", "naming",
					     "documented_functions", "comment_band" };

	test_points(evidence->grade, signals);
	edge_points(evidence->grade, signals);
	for (size_t i = 0; !evidence->code && i < sizeof(names) / sizeof(*names); i++)
		signal_add(signals, names[i])->no =
			evidence->code_left_out ? SIGNAL_CODE_LEFT_OUT : SIGNAL_NO_CODE;
	if (!evidence->code)
		return;
	function_signals(&evidence->code->total, signals);
	line_signals(&evidence->code->total, signals);
	comment_signals(&evidence->code->total, signals);
}
