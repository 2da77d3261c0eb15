/* run.c - `tali run`: a program, or the visible tests, in the sandbox */
#include "cmd.h"
#include "relay.h"
#include "test_print.h"

#include "assess/run_program.h"
#include "base/fs.h"

static bool arg_test;
static struct opt_list arg_command;

static const struct opt run_opts[] = {
	{ .flag = &arg_test, .key = 't', .name = "test", .help = "run the visible tests" },
	{ .rest = &arg_command, .name = "CMD", .optional = true, .command = true,
	  .help = "program with its arguments (else the task's own)" },
	{ 0 }
};

static void pass_output(void *arg, int stream, const void *data, size_t len)
{
	const struct cmd_ctx *ctx = arg;

	fs_write_all(stream == 1 && !ctx->json ? STDOUT_FILENO : STDERR_FILENO, data, len);
}

static int run_command(const struct cmd_ctx *ctx, struct run_request *request, struct err *err)
{
	struct run_result result = { .kept = 0 };
	AUTO_FD int input = relay_start(err);
	char text[64];
	json_t *view;

	if (input < 0)
		return -1;
	request->stdin_fd = input;
	if (run_program(request, &result, err) < 0)
		return -1;
	if (result.report.verdict != VERDICT_OK && result.report.exit_status < 0)
		cmd_say(ctx, "run: stopped: %s", run_report_text(&result.report, text));
	if (result.kept)
		cmd_say(ctx, "run: %u file%s left as found here: changed meanwhile, or a link",
			result.kept, result.kept == 1 ? "" : "s");
	if (!result.recorded)
		cmd_say(ctx, "run: time was up before it ended: it is not on the record");
	if (ctx->json) {
		view = run_report_json(&result.report);
		json_object_set_new(view, "schema", json_string("tali.run/1"));
		json_object_set_new(view, "recorded", json_boolean(result.recorded));
		if (cmd_print_json(ctx, view, err) < 0)
			return -1;
	}
	return relay_exit_status(&result.report);
}

static int run_visible_tests(const struct cmd_ctx *ctx, struct run_request *request,
			     struct err *err)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	bool recorded = false;

	if (run_tests(request, &grade, &manifest, &recorded, err) < 0)
		return -1;
	if (!recorded)
		cmd_say(ctx, "run: time was up before it ended: it is not on the record");
	return test_print(ctx, &grade, recorded, err);
}

static int run_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_FREE const char **argv = buf_alloc((arg_command.count + 1) * sizeof(*argv));
	struct run_request request = {
		.store = ctx->store, .sandbox = ctx->sandbox, .session = &ctx->session,
		.stdin_fd = -1, .allow_weak = ctx->allow_weak, .output = pass_output,
		.arg = (void *)ctx,
	};
	size_t i;

	for (i = 0; i < arg_command.count; i++)
		argv[i] = arg_command.items[i];
	opt_list_release(&arg_command);
	if (arg_test && argv[0])
		return err_set(err, ERR_USAGE, "--test takes no program");
	if (arg_test) {
		request.output = NULL;
		return run_visible_tests(ctx, &request, err);
	}
	request.argv = argv[0] ? argv : NULL;
	return run_command(ctx, &request, err);
}

const struct cmd cmd_run = {
	.name = "run",
	.summary = "run a program or the visible tests in the sandbox, on the record",
	.json = "tali.run/1",
	.needs = CMD_WORK | CMD_STORE_WRITE | CMD_SANDBOX,
	.opts = run_opts,
	.run = run_main,
};
