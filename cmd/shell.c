/* shell.c - `tali shell`: a shell in the sandbox, on the record */
#include "cmd.h"
#include "relay.h"

#include "assess/shell.h"

static struct opt_list arg_command;

static const struct opt shell_opts[] = {
	{ .rest = &arg_command, .name = "CMD", .optional = true, .command = true,
	  .help = "program with its arguments (else a shell)" },
	{ 0 }
};

static void say_end(const struct cmd_ctx *ctx, const struct shell_result *result)
{
	char text[64];

	if (result->end == SHELL_TIME_UP)
		cmd_say(ctx, "shell: time was up: the work is handed in");
	else if (result->end == SHELL_HANDED_IN)
		cmd_say(ctx, "shell: the assessment was ended by somebody else");
	else if (result->end == SHELL_ENDED && result->report.verdict != VERDICT_OK &&
		 result->report.exit_status < 0)
		cmd_say(ctx, "shell: stopped: %s", run_report_text(&result->report, text));
	if (result->kept)
		cmd_say(ctx, "shell: %u file%s left as found here: changed meanwhile, or a link",
			result->kept, result->kept == 1 ? "" : "s");
	if (result->left_out)
		cmd_say(ctx, "shell: %u file%s beyond a limit not recorded", result->left_out,
			result->left_out == 1 ? "" : "s");
}

static int shell_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_FREE const char **argv = buf_alloc((arg_command.count + 1) * sizeof(*argv));
	struct shell_request request = {
		.store = ctx->store, .sandbox = ctx->sandbox, .session = &ctx->session,
		.in = STDIN_FILENO, .out = STDOUT_FILENO, .allow_weak = ctx->allow_weak,
	};
	struct shell_result result;

	for (size_t i = 0; i < arg_command.count; i++)
		argv[i] = arg_command.items[i];
	opt_list_release(&arg_command);
	request.argv = argv[0] ? argv : NULL;
	if (shell_run(&request, &result, err) < 0)
		return -1;
	say_end(ctx, &result);
	return relay_exit_status(&result.report);
}

const struct cmd cmd_shell = {
	.name = "shell",
	.summary = "open a shell in the sandbox, on the record",
	.needs = CMD_WORK | CMD_STORE_WRITE | CMD_SANDBOX,
	.opts = shell_opts,
	.run = shell_main,
};
