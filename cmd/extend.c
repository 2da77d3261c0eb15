/* extend.c - `tali extend`: more working time, or a longer window to start */
#include "cmd.h"

#include "assess/invite.h"
#include "report/view.h"

static const char *arg_id, *arg_by, *arg_until;

static const struct opt extend_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_by, .name = "by", .arg = "TIME", .help = "more working time, e.g. 15m" },
	{ .str = &arg_until, .name = "until", .arg = "WHEN",
	  .help = "new end of the window to start: a time, or so long from now" },
	{ 0 }
};

static int extend_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	int64_t more_ms = 0, until = 0;

	if (!arg_by && !arg_until)
		return err_set(err, ERR_USAGE, "say --by or --until");
	if (arg_by && clock_parse_duration(arg_by, &more_ms, err) < 0)
		return -1;
	if (arg_by && !more_ms)
		return err_set(err, ERR_INPUT, "--by must be longer than 0");
	if ((arg_until &&
	     clock_parse_moment(arg_until, store_now(ctx->store), &until, err) < 0) ||
	    invite_extend(ctx->store, arg_id, more_ms, until, &assessment, err) < 0)
		return -1;
	return ctx->json ? cmd_print_json(ctx, view_assessment(&assessment), err) : 0;
}

const struct cmd cmd_extend = {
	.name = "extend",
	.summary = "give an assessment more time",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_WRITE,
	.opts = extend_opts,
	.run = extend_main,
};
