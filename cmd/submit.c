/* submit.c - `tali submit`: hand the work in */
#include "cmd.h"

#include "assess/submit.h"
#include "report/view.h"

#include <string.h>

static bool arg_yes;

static const struct opt submit_opts[] = {
	{ .flag = &arg_yes, .key = 'y', .name = "yes", .help = "do not ask" },
	{ 0 }
};

static int confirm(struct err *err)
{
	char answer[16] = "";

	if (arg_yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE, "nobody to ask: say --yes");
	fputs("Hand in? Nothing can be changed afterwards. [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin) || !strchr("yY", answer[0]) || !answer[0])
		return err_set(err, ERR_NO, "not handed in");
	return 0;
}

static int submit_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	struct snapshot snapshot;
	char time[CLOCK_TEXT_SIZE];
	json_t *view;

	if (confirm(err) < 0 ||
	    submit_session(ctx->store, &ctx->session, &assessment, &snapshot, err) < 0)
		return -1;
	if (snapshot.left_out)
		cmd_say(ctx, "submit: %u links or special files are not part of it",
			snapshot.left_out);
	if (!ctx->json) {
		fprintf(ctx->out, "handed in %s at %s\n", assessment.task_name,
			clock_text(assessment.submitted, time));
		fprintf(ctx->out, "commit %s\n", assessment.commit);
		return 0;
	}
	view = view_assessment(&assessment);
	json_object_set_new(view, "schema", json_string("tali.submission/1"));
	json_object_set_new(view, "tree", json_string(snapshot.tree));
	return cmd_print_json(ctx, view, err);
}

const struct cmd cmd_submit = {
	.name = "submit",
	.summary = "hand the work in: sealed and signed, it cannot be changed any more",
	.json = "tali.submission/1",
	.needs = CMD_WORK | CMD_STORE_WRITE,
	.opts = submit_opts,
	.run = submit_main,
};
