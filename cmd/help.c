/* help.c - `tali help`: the commands, or one of them */
#include "cmd.h"

#include <string.h>

static const char *arg_first, *arg_second;

static const struct opt help_opts[] = {
	{ .pos = &arg_first, .name = "COMMAND", .optional = true,
	  .help = "the command to explain" },
	{ .pos = &arg_second, .name = "WORD", .optional = true, .help = "its second word" },
	{ 0 }
};

static int help_main(const struct cmd_ctx *ctx, struct err *err)
{
	const struct cmd *const *cmd;

	if (arg_first) {
		char *argv[] = { (char *)"tali", (char *)arg_first,
				 (char *)(arg_second ? arg_second : "-h"),
				 arg_second ? (char *)"-h" : NULL, NULL };

		(void)err;
		return tali_main(arg_second ? 4 : 3, argv, ctx->clock);
	}
	fputs("usage: tali [-h] [--version] COMMAND ...\n\n", ctx->out);
	for (cmd = cmd_table; *cmd; cmd++)
		fprintf(ctx->out, "  %-18s %s\n", (*cmd)->name, (*cmd)->summary);
	fputs("\n`tali COMMAND -h` explains one; `man tali` tells the whole. Exit status:\n"
	      "  0 done  1 the answer is no  2 usage or invalid input  3 our environment failed,\n"
	      "  retry  4 integrity failure  5 not found, expired or refused in this state\n",
	      ctx->out);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.summary = "list the commands, or explain one",
	.opts = help_opts,
	.run = help_main,
};
