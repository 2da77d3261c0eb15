/* candidate-list.c - `tali candidate list`: all candidates, or those that a word finds */
#include "cmd.h"

#include "base/term.h"
#include "report/view.h"

static const char *arg_search;
static long arg_limit = -1, arg_offset;

#define SHOWN_MOST 100	/* without --limit */

static const struct opt candidate_list_opts[] = {
	{ .pos = &arg_search, .name = "SEARCH", .optional = true,
	  .help = "part of a name, an address or the notes" },
	{ .num = &arg_limit, .key = 'n', .name = "limit", .arg = "N",
	  .help = "at most so many (100)" },
	{ .num = &arg_offset, .name = "offset", .arg = "N", .help = "pass over the first N" },
	{ 0 }
};

struct list {
	const struct cmd_ctx *ctx;
	long most, shown;
};

static int print_candidate(void *arg, const struct candidate *candidate, struct err *err)
{
	struct list *list = arg;
	const struct cmd_ctx *ctx = list->ctx;

	if (list->shown++ == list->most)
		return 0;
	if (ctx->json)
		return cmd_print_json(ctx, view_candidate(candidate), err);
	fprintf(ctx->out, "%s  %-32s ", candidate->id, candidate->email);
	term_print_safe(ctx->out, candidate->name);
	putc('\n', ctx->out);
	return 0;
}

/* One more than are shown is asked for, to know whether that was all. */
static int candidate_list_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct list list = { .ctx = ctx, .most = arg_limit < 0 ? SHOWN_MOST : arg_limit };

	if (candidate_each(ctx->store, arg_search, list.most + (arg_limit < 0), arg_offset,
			   print_candidate, &list, err) < 0)
		return -1;
	if (list.shown > list.most)
		cmd_say(ctx, "candidate list: there are more than these %ld: see --limit and "
			"--offset", list.most);
	return 0;
}

const struct cmd cmd_candidate_list = {
	.name = "candidate list",
	.summary = "list or search the candidates",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_READ,
	.opts = candidate_list_opts,
	.run = candidate_list_main,
};
