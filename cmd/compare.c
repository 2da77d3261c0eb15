/* compare.c - `tali compare`: scored assessments side by side */
#include "cmd.h"

#include "assess/ranking.h"
#include "report/report_compare.h"
#include "report/report_csv.h"
#include "reviewer.h"

static struct opt_list arg_words;
static bool arg_csv, arg_blind, arg_named;

static const struct opt compare_opts[] = {
	{ .rest = &arg_words, .name = "ASSESSMENT|TASK",
	  .help = "assessments, or a task for all that are scored" },
	{ .flag = &arg_csv, .name = "csv", .help = "as comma-separated values" },
	{ .flag = &arg_blind, .name = "blind", .help = "without names and addresses" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ 0 }
};

static int compare_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *compare = NULL;
	bool blind;

	if (arg_csv && ctx->json)
		return err_set(err, ERR_USAGE, "--csv or --json, not both");
	if (reviewer_blind(ctx, arg_blind, arg_named, &blind, err) < 0)
		return -1;
	compare = ranking_build(ctx->store, arg_words.items, arg_words.count, blind, err);
	opt_list_release(&arg_words);
	if (!compare)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(compare), err);
	if (arg_csv)
		report_csv(json_object_get(compare, "entries"), ctx->out);
	else
		report_compare_text(compare, ctx->out);
	return 0;
}

const struct cmd cmd_compare = {
	.name = "compare",
	.summary = "compare scored assessments, ranked",
	.json = "tali.compare/1",
	.needs = CMD_STORE_READ,
	.opts = compare_opts,
	.run = compare_main,
};
