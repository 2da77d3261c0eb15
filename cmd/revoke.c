/* revoke.c - `tali revoke`: take an invitation back, or stop an assessment */
#include "cmd.h"

#include "assess/invite.h"
#include "report/view.h"

static const char *arg_id, *arg_reason;

static const struct opt revoke_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_reason, .name = "reason", .arg = "TEXT", .help = "shown to the candidate" },
	{ 0 }
};

static int revoke_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

	if (invite_revoke(ctx->store, arg_id, arg_reason, &assessment, err) < 0)
		return -1;
	return ctx->json ? cmd_print_json(ctx, view_assessment(&assessment), err) : 0;
}

const struct cmd cmd_revoke = {
	.name = "revoke",
	.summary = "take an invitation back, or stop a running assessment",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_WRITE,
	.opts = revoke_opts,
	.run = revoke_main,
};
