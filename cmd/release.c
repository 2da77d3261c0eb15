/* release.c - `tali release`: let the candidate see the result */
#include "cmd.h"

#include "assess/reporting.h"
#include "assess/reviewing.h"
#include "base/json.h"
#include "report/blind.h"
#include "report/report_text.h"
#include "reviewer.h"

#include <string.h>

static const char *arg_id, *arg_message, *arg_by;
static long arg_run;
static bool arg_feedback_only, arg_withdraw, arg_dry_run;

static const struct opt release_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .num = &arg_run, .name = "run", .arg = "N", .help = "number of the score run (newest)" },
	{ .flag = &arg_feedback_only, .name = "feedback-only", .help = "without the score" },
	{ .str = &arg_message, .key = 'm', .name = "message", .arg = "TEXT",
	  .help = "said to the candidate; with --withdraw, why" },
	{ .flag = &arg_dry_run, .key = 'n', .name = "dry-run",
	  .help = "release nothing: show what the candidate would see" },
	{ .flag = &arg_withdraw, .name = "withdraw", .help = "take the release back" },
	{ .str = &arg_by, .name = "by", .arg = "WHO", .help = "who says so (the user's name)" },
	{ 0 }
};

/* The candidate sees the name; who reviews does not. */
static void make_blind(json_t *result, const struct assessment *assessment)
{
	AUTO_FREE char *who = blind_name(assessment->id);

	json_object_set_new(result, "candidate", json_string(who));
	blind_scrub(json_object_get(result, "feedback"), assessment->email, assessment->name);
}

static int show_result(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	const struct released released = {
		.number = arg_run, .feedback_only = arg_feedback_only,
		.message = (char *)(arg_message ? arg_message : ""),
	};
	AUTO_JSON json_t *result = NULL;
	bool blind;

	if (reviewer_blind(ctx, false, false, &blind, err) < 0 ||
	    assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	result = reporting_preview(ctx->store, &assessment, &released, err);
	if (!result)
		return -1;
	if (blind)
		make_blind(result, &assessment);
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(result), err);
	report_text_result(result, ctx->out);
	return 0;
}

/* Who has put a value beside the score may think that it is the one that is shown. */
static int tell_override(const struct cmd_ctx *ctx, const json_t *release, struct err *err)
{
	AUTO_JSON json_t *reviews =
		reviewing_list(ctx->store, json_str(release, "assessment", ""), err);
	const json_t *review, *value = NULL;
	size_t i;

	if (!reviews)
		return -1;
	json_array_foreach(reviews, i, review)
		if (!strcmp(json_str(review, "kind", ""), "override") &&
		    !*json_str(review, "subject", ""))
			value = json_object_get(review, "value");
	if (json_is_number(value))
		cmd_say(ctx, "release: the candidate sees the computed score, and not the %.2f of "
			"a reviewer", json_number_value(value));
	return 0;
}

static int release_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *review = NULL;
	const char *who = reviewer_name(arg_by);
	int done;

	if (arg_withdraw && (arg_run || arg_feedback_only || arg_dry_run))
		return err_set(err, ERR_USAGE, "--withdraw goes with --message alone");
	if (arg_dry_run)
		return show_result(ctx, err);
	done = arg_withdraw ? reviewing_withdraw(ctx->store, arg_id, who, arg_message, &review, err)
			    : reviewing_release(ctx->store, arg_id, who, arg_run,
						arg_feedback_only, arg_message, &review, err);
	if (done < 0 ||
	    (!arg_withdraw && !arg_feedback_only && tell_override(ctx, review, err) < 0))
		return -1;
	return reviewer_print(ctx, review, err);
}

const struct cmd cmd_release = {
	.name = "release",
	.summary = "let the candidate see the result",
	.json = "tali.review/1",
	.needs = CMD_STORE_WRITE,
	.opts = release_opts,
	.run = release_main,
};
