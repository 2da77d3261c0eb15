/* test_print.c - see test_print.h */
#include "test_print.h"

#include "base/term.h"

static void print_case(FILE *out, const struct grade_case *one)
{
	bool passed = one->verdict == VERDICT_OK && !one->skipped;

	fputs("  ", out);
	term_print(out, passed ? TERM_GREEN : TERM_RED, passed ? "pass" : "FAIL");
	fputs("  ", out);
	term_print_safe(out, one->id);
	if (!passed)
		fprintf(out, "  (%s)", one->skipped ? "skipped" : verdict_name(one->verdict));
	if (one->points > 0 && one->points < one->possible)
		fprintf(out, "  %.6g of %.6g points", one->points, one->possible);
	putc('\n', out);
}

static void print_message(FILE *out, const struct grade_test *test)
{
	if (!test->message)
		return;
	fputs("  ", out);
	term_print_safe(out, test->message);
	putc('\n', out);
}

int test_print(const struct cmd_ctx *ctx, const struct grade *grade, bool recorded,
	       struct err *err)
{
	int passed = 0, total = 0, i, j;
	json_t *view;

	if (grade->build != VERDICT_OK && grade->build_output)
		term_print_safe(stderr, grade->build_output);
	for (i = 0; i < grade->test_count; i++) {
		for (j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			total++;
			passed += one->verdict == VERDICT_OK && !one->skipped;
			if (!ctx->json)
				print_case(ctx->out, one);
		}
		if (!ctx->json)
			print_message(ctx->out, &grade->tests[i]);
	}
	if (ctx->json) {
		view = grade_json(grade);
		json_object_set_new(view, "schema", json_string("tali.test/1"));
		json_object_set_new(view, "passed", json_integer(passed));
		json_object_set_new(view, "total", json_integer(total));
		json_object_set_new(view, "recorded", json_boolean(recorded));
		if (cmd_print_json(ctx, view, err) < 0)
			return -1;
	} else {
		fprintf(ctx->out, "%d of %d passed\n", passed, total);
	}
	return passed == total && !grade->tampered && grade->build == VERDICT_OK ? 0 : 1;
}
