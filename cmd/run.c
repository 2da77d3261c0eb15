/* run.c - `tali run`: a program, or the visible tests, in the sandbox */
#include "cmd.h"
#include "relay.h"
#include "test_print.h"

#include "base/fs.h"
#include "base/json.h"
#include "work/host_screen.h"

#include <string.h>
#include <unistd.h>

#define STOPPED 130	/* as a shell says of a program that SIGINT ended */

static bool arg_test, arg_server;
static const char *arg_stdin;
static struct opt_list arg_command;

static const struct opt run_opts[] = {
	{ .flag = &arg_test, .key = 't', .name = "test", .help = "run the visible tests" },
	{ .flag = &arg_server, .name = "server",
	  .help = "in the server's sandbox, not in that of this machine" },
	{ .str = &arg_stdin, .name = "stdin", .arg = "FILE",
	  .help = "what the program reads (else ours; at a server nothing)" },
	{ .rest = &arg_command, .name = "CMD", .optional = true, .command = true,
	  .help = "program with its arguments (else the task's own)" },
	{ 0 }
};

/* Where output goes. That of a server is not the candidate's own: it is made fit for a terminal. */
struct outlet {
	const struct cmd_ctx *ctx;
	bool foreign;
	struct host_screen screens[2];
};

static int descriptor(const struct outlet *outlet, int stream)
{
	return stream == 1 && !outlet->ctx->json ? STDOUT_FILENO : STDERR_FILENO;
}

static void pass_output(void *arg, int stream, const void *data, size_t len)
{
	struct outlet *outlet = arg;
	AUTO(buf_release) struct buf fit = BUF_INIT(2 * len + HOST_SCREEN_SEQUENCE_MAX);
	int fd = descriptor(outlet, stream);

	if (outlet->foreign && isatty(fd)) {
		host_screen_pass(&outlet->screens[stream - 1], data, len, &fit);
		data = buf_str(&fit);
		len = fit.len;
	}
	fs_write_all(fd, data, len);
}

/* Nothing stays behind on the terminal. */
static void end_output(struct outlet *outlet)
{
	for (int stream = 1; stream <= 2; stream++) {
		AUTO(buf_release) struct buf last = BUF_INIT(4096);

		host_screen_leave(&outlet->screens[stream - 1], &last);
		if (last.len)
			fs_write_all(descriptor(outlet, stream), buf_str(&last), last.len);
	}
}

static bool was_stopped(const json_t *view)
{
	return !strcmp(json_str(view, "verdict", ""), "stopped");
}

/* What is printed for people of tali.run/1. */
static void say_end(const struct cmd_ctx *ctx, const json_t *view, const struct run_report *report)
{
	long long kept = json_int(view, "kept", 0);
	char text[64];

	if (was_stopped(view))
		cmd_say(ctx, "run: stopped");
	else if (report->verdict != VERDICT_OK && report->exit_status < 0)
		cmd_say(ctx, "run: stopped: %s", run_report_text(report, text));
	if (kept)
		cmd_say(ctx, "run: %lld file%s left as found here: changed meanwhile, or a link",
			kept, kept == 1 ? "" : "s");
	if (!json_flag(view, "recorded", true))
		cmd_say(ctx, "run: time was up before it ended: it is not on the record");
}

static int run_command(const struct cmd_ctx *ctx, const char *const *argv, struct err *err)
{
	bool elsewhere = ctx->session.server && arg_server;
	bool reads = arg_stdin || !elsewhere;	/* ours may never end, and is read before it runs */
	AUTO_FD int input = reads ? relay_input(arg_stdin, err) : -1;
	struct outlet outlet = { ctx, elsewhere, { HOST_SCREEN_INIT, HOST_SCREEN_INIT } };
	const struct workplace_run run = {
		.argv = argv, .in = input, .at_server = arg_server, .output = pass_output,
		.arg = &outlet,
	};
	struct run_report report;
	json_t *view;
	int status;

	if (reads && input < 0)
		return -1;
	view = ctx->place->verbs->run(ctx->place, &run, err);
	end_output(&outlet);
	if (!view)
		return -1;
	run_report_read(view, &report);
	say_end(ctx, view, &report);
	status = was_stopped(view) ? STOPPED : relay_exit_status(&report);
	if (!ctx->json)
		json_decref(view);
	else if (cmd_print_json(ctx, view, err) < 0)
		return -1;
	return status;
}

static int run_visible_tests(const struct cmd_ctx *ctx, struct err *err)
{
	json_t *view = ctx->place->verbs->test(ctx->place, err);

	if (!view)
		return -1;
	if (!json_flag(view, "recorded", true))
		cmd_say(ctx, "run: time was up before it ended: it is not on the record");
	return test_print(ctx, view, err);
}

static int run_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_FREE const char **argv = buf_alloc((arg_command.count + 1) * sizeof(*argv));

	for (size_t i = 0; i < arg_command.count; i++)
		argv[i] = arg_command.items[i];
	opt_list_release(&arg_command);
	if (arg_test && (argv[0] || arg_stdin))
		return err_set(err, ERR_USAGE, "--test takes no program, and no --stdin");
	if (arg_test)
		return run_visible_tests(ctx, err);
	return run_command(ctx, argv[0] ? argv : NULL, err);
}

/* What runs at a server needs none here. */
static unsigned spares(const struct session *session)
{
	return session->server && (arg_test || arg_server) ? CMD_SANDBOX : 0;
}

const struct cmd cmd_run = {
	.name = "run",
	.summary = "run a program or the visible tests, on the record",
	.json = "tali.run/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE | CMD_SANDBOX,
	.spares = spares,
	.opts = run_opts,
	.run = run_main,
};
