/* help.c - `tali help`: the commands, or one of them */
#include "cmd.h"

#define WORDS_MOST 3

static struct opt_list arg_words;

static const struct opt help_opts[] = {
	{ .rest = &arg_words, .name = "COMMAND", .optional = true,
	  .help = "the command to explain, with all its words or the first" },
	{ 0 }
};

/* As `tali COMMAND -h`. */
static int explain(const struct cmd_ctx *ctx, struct err *err)
{
	char *argv[WORDS_MOST + 3] = { (char *)"tali" };

	if (arg_words.count > WORDS_MOST)
		return err_set(err, ERR_USAGE, "no command has so many words");
	for (size_t i = 0; i < arg_words.count; i++)
		argv[i + 1] = (char *)arg_words.items[i];
	argv[arg_words.count + 1] = (char *)"-h";
	return tali_main((int)arg_words.count + 2, argv, ctx->clock);
}

static int help_main(const struct cmd_ctx *ctx, struct err *err)
{
	const struct cmd *const *cmd;

	if (arg_words.count)
		return explain(ctx, err);
	fputs("usage: tali [-h] [--version] COMMAND ...\n\n", ctx->out);
	for (cmd = cmd_table; *cmd; cmd++)
		fprintf(ctx->out, "  %-19s %s\n", (*cmd)->name, (*cmd)->summary);
	fputs("\n`tali COMMAND -h` explains one; `man tali` tells the whole. Exit status:\n"
	      "  0 done  1 the answer is no  2 usage or invalid input\n"
	      "  3 our environment failed: retry  4 integrity failure\n"
	      "  5 not found, expired or refused in this state\n",
	      ctx->out);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.summary = "list the commands, or explain one",
	.opts = help_opts,
	.run = help_main,
};
