/* shell.c - `tali shell`: a shell in the sandbox, on the record */
#include "cmd.h"
#include "relay.h"

#include "base/json.h"

#include <signal.h>
#include <string.h>

static struct opt_list arg_command;

static const struct opt shell_opts[] = {
	{ .rest = &arg_command, .name = "CMD", .optional = true, .command = true,
	  .help = "program with its arguments (else a shell)" },
	{ 0 }
};

static void say_files(const struct cmd_ctx *ctx, long long count, const char *what)
{
	if (count > 0)
		cmd_say(ctx, "shell: %lld file%s %s", count, count == 1 ? "" : "s", what);
}

/* What is printed for people of tali.shell/1. */
static void say_end(const struct cmd_ctx *ctx, const json_t *view, const struct run_report *report)
{
	const char *end = json_str(view, "end", "");
	char text[64];

	if (!strcmp(end, "time_up"))
		cmd_say(ctx, "shell: time was up: the work is handed in");
	else if (!strcmp(end, "handed_in"))
		cmd_say(ctx, "shell: the assessment was ended by somebody else");
	else if (!strcmp(end, "ended") && report->verdict != VERDICT_OK && report->exit_status < 0)
		cmd_say(ctx, "shell: stopped: %s", run_report_text(report, text));
	say_files(ctx, json_int(view, "kept", 0),
		  "left as found here: changed meanwhile, or a link");
	say_files(ctx, json_int(view, "left_out", 0), "beyond a limit not recorded");
}

static int shell_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_FREE const char **argv = buf_alloc((arg_command.count + 1) * sizeof(*argv));
	struct workplace_shell shell = { .in = STDIN_FILENO, .out = STDOUT_FILENO };
	AUTO_JSON json_t *view = NULL;
	struct run_report report;

	for (size_t i = 0; i < arg_command.count; i++)
		argv[i] = arg_command.items[i];
	opt_list_release(&arg_command);
	shell.argv = argv[0] ? argv : NULL;
	view = ctx->place->verbs->shell(ctx->place, &shell, err);
	if (!view)
		return -1;
	run_report_read(view, &report);
	say_end(ctx, view, &report);
	/* it may have found its terminal at an end before the signal came */
	if (report.exit_status >= 0 && strcmp(json_str(view, "end", "ended"), "ended") != 0)
		return 128 + SIGHUP;
	return relay_exit_status(&report);
}

/* That of a server runs there. */
static unsigned spares(const struct session *session)
{
	return session->server ? CMD_SANDBOX : 0;
}

const struct cmd cmd_shell = {
	.name = "shell",
	.summary = "open a shell in the sandbox, on the record",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE | CMD_SANDBOX,
	.spares = spares,
	.opts = shell_opts,
	.run = shell_main,
};
