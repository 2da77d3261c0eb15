/* submit.c - `tali submit`: hand the work in */
#include "cmd.h"

#include "base/json.h"
#include "base/term.h"

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

/* What is here and was not handed in as it is here. */
static void say_differing(const struct cmd_ctx *ctx, const json_t *differ)
{
	const json_t *path;
	size_t i;

	json_array_foreach(differ, i, path) {
		if (ctx->quiet)
			return;
		fputs("tali: submit: not handed in as it is here: ", stderr);
		term_print_safe(stderr, json_string_value(path));
		putc('\n', stderr);
	}
}

static int submit_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *view = NULL;
	json_int_t left_out;

	if (confirm(err) < 0)
		return -1;
	view = ctx->place->verbs->submit(ctx->place, err);
	if (!view)
		return -1;
	left_out = json_int(view, "left_out", 0);
	if (left_out)
		cmd_say(ctx, "submit: %lld links or special files are not part of it",
			(long long)left_out);
	say_differing(ctx, json_object_get(view, "differ"));
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(view), err);
	fputs("handed in ", ctx->out);
	term_print_safe(ctx->out, json_str(view, "task", ""));
	fputs(" at ", ctx->out);
	term_print_safe(ctx->out, json_str(view, "submitted", ""));
	fputs("\ncommit ", ctx->out);
	term_print_safe(ctx->out, json_str(view, "commit", ""));
	putc('\n', ctx->out);
	return 0;
}

const struct cmd cmd_submit = {
	.name = "submit",
	.summary = "hand the work in: it cannot be changed any more",
	.json = "tali.submission/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE,
	.opts = submit_opts,
	.run = submit_main,
};
