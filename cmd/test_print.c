/* test_print.c - see test_print.h */
#include "test_print.h"

#include "base/json.h"
#include "base/term.h"

#include <string.h>

static void print_case(FILE *out, const json_t *one)
{
	const char *verdict = json_str(one, "verdict", "");
	bool passed = !strcmp(verdict, "passed");
	double points = json_number_value(json_object_get(one, "points"));
	double possible = json_number_value(json_object_get(one, "possible"));

	fputs("  ", out);
	term_print(out, passed ? TERM_GREEN : TERM_RED, passed ? "pass" : "FAIL");
	fputs("  ", out);
	term_print_safe(out, json_str(one, "id", ""));
	if (!passed) {
		fputs("  (", out);
		term_print_safe(out, verdict);
		putc(')', out);
	}
	if (points > 0 && points < possible)
		fprintf(out, "  %.6g of %.6g points", points, possible);
	putc('\n', out);
}

static void print_test(FILE *out, const json_t *test)
{
	const char *message = json_str(test, "message", NULL);
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(test, "cases"), i, one)
		print_case(out, one);
	if (!message)
		return;
	fputs("  ", out);
	term_print_safe(out, message);
	putc('\n', out);
}

static bool all_passed(const json_t *tests)
{
	return json_int(tests, "passed", 0) == json_int(tests, "total", -1) &&
	       strcmp(json_str(tests, "verdict", ""), "tampered") != 0 &&
	       !strcmp(json_str(tests, "build", "ok"), "ok");
}

int test_print(const struct cmd_ctx *ctx, json_t *tests, struct err *err)
{
	AUTO_JSON json_t *owned = tests;
	int status = all_passed(owned) ? 0 : 1;
	const json_t *test;
	size_t i;

	term_print_safe(stderr, json_str(owned, "build_output", ""));
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(owned), err) < 0 ? -1 : status;
	json_array_foreach (json_object_get(owned, "tests"), i, test)
		print_test(ctx->out, test);
	fprintf(ctx->out, "%lld of %lld passed\n", (long long)json_int(owned, "passed", 0),
		(long long)json_int(owned, "total", 0));
	return status;
}
