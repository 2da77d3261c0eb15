/* candidate-list.c - `tali candidate list`: all candidates, or those that a word finds */
#include "cmd.h"

#include "base/term.h"
#include "report/view.h"

static const char *arg_search;
static long arg_limit = 100, arg_offset;

static const struct opt candidate_list_opts[] = {
	{ .pos = &arg_search, .name = "SEARCH", .optional = true,
	  .help = "part of a name, an address or the notes" },
	{ .num = &arg_limit, .key = 'n', .name = "limit", .arg = "N",
	  .help = "at most so many (100)" },
	{ .num = &arg_offset, .name = "offset", .arg = "N", .help = "pass over the first N" },
	{ 0 }
};

static int print_candidate(void *arg, const struct candidate *candidate, struct err *err)
{
	const struct cmd_ctx *ctx = arg;

	if (ctx->json)
		return cmd_print_json(ctx, view_candidate(candidate), err);
	fprintf(ctx->out, "%s  %-32s ", candidate->id, candidate->email);
	term_print_safe(ctx->out, candidate->name);
	putc('\n', ctx->out);
	return 0;
}

static int candidate_list_main(const struct cmd_ctx *ctx, struct err *err)
{
	return candidate_each(ctx->store, arg_search, arg_limit, arg_offset, print_candidate,
			      (void *)ctx, err);
}

const struct cmd cmd_candidate_list = {
	.name = "candidate list",
	.summary = "list or search the candidates",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_READ,
	.opts = candidate_list_opts,
	.run = candidate_list_main,
};
