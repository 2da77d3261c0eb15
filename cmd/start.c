/* start.c - `tali start`: the candidate begins, or comes back to the work */
#include "cmd.h"

#include "assess/start.h"
#include "report/view.h"

static const char *arg_words, *arg_dir, *arg_code;
static bool arg_again;

static const struct opt start_opts[] = {
	{ .pos = &arg_words, .name = "PASSCODE", .help = "passcode or link of the invitation" },
	{ .pos = &arg_dir, .name = "DIR", .optional = true,
	  .help = "where the work folder goes (else the task's name)" },
	{ .str = &arg_code, .name = "code", .arg = "CODE",
	  .help = "access code, when the invitation asks for one" },
	{ .flag = &arg_again, .name = "again",
	  .help = "begin the next attempt after the last was handed in" },
	{ 0 }
};

static void print_text(const struct cmd_ctx *ctx, const struct start_result *result)
{
	const struct assessment *a = &result->assessment;
	char left[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

	fprintf(ctx->out, "%s %s: %s left, until %s\n", result->resumed ? "resumed" : "started",
		a->task_name, clock_duration_text(a->deadline - store_now(ctx->store), left),
		clock_text(a->deadline, until));
	fprintf(ctx->out, "%s%s\n", result->folder,
		result->laid_out ? "" : " (as you left it)");
}

static int start_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(start_result_release) struct start_result result = START_RESULT_INIT;
	AUTO_FREE char *source = buf_format("uid:%u", (unsigned)getuid());
	struct start_request request = { .words = arg_words, .code = arg_code, .folder = arg_dir,
					 .source = source, .again = arg_again };
	json_t *view;

	if (start_session(ctx->store, &request, &result, err) < 0)
		return -1;
	if (!ctx->json) {
		print_text(ctx, &result);
		return 0;
	}
	view = view_assessment(&result.assessment);
	json_object_set_new(view, "schema", json_string("tali.start/1"));
	json_object_set_new(view, "folder", json_string(result.folder));
	json_object_set_new(view, "resumed", json_boolean(result.resumed));
	return cmd_print_json(ctx, view, err);
}

const struct cmd cmd_start = {
	.name = "start",
	.summary = "start an assessment (the clock starts once) or come back to it",
	.json = "tali.start/1",
	.needs = CMD_STORE_WRITE,
	.opts = start_opts,
	.run = start_main,
};
