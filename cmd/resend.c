/* resend.c - `tali resend`: new link and passcode; the old ones stop working */
#include "cmd.h"

#include "assess/invite.h"
#include "report/view.h"

static const char *arg_id;

static const struct opt resend_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ 0 }
};

static int resend_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(invite_result_release) struct invite_result result = INVITE_RESULT_INIT;
	json_t *view;

	if (invite_resend(ctx->store, arg_id, &result, err) < 0)
		return -1;
	if (!ctx->json) {
		fprintf(ctx->out, "%s\t%s\t%s\t%s\n", result.assessment.email, result.assessment.id,
			result.link, result.passcode);
		return 0;
	}
	view = view_assessment(&result.assessment);
	json_object_set_new(view, "schema", json_string("tali.invitation/1"));
	json_object_set_new(view, "link", json_string(result.link));
	json_object_set_new(view, "passcode", json_string(result.passcode));
	json_object_set_new(view, "made", json_false());
	return cmd_print_json(ctx, view, err);
}

const struct cmd cmd_resend = {
	.name = "resend",
	.summary = "replace link and passcode of an invitation",
	.json = "tali.invitation/1",
	.needs = CMD_STORE_WRITE,
	.opts = resend_opts,
	.run = resend_main,
};
