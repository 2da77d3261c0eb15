/* override.c - `tali override`: a reviewer's own value beside a computed one */
#include "cmd.h"

#include "assess/reviewing.h"
#include "reviewer.h"

static const char *arg_id, *arg_subitem, *arg_value, *arg_reason, *arg_by;
static bool arg_remove;

static const struct opt override_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_subitem, .name = "subitem", .arg = "NAME",
	  .help = "subitem of the score (the whole score)" },
	{ .str = &arg_value, .name = "value", .arg = "NUMBER", .help = "0 to 100" },
	{ .str = &arg_reason, .name = "reason", .arg = "TEXT", .help = "why; always needed" },
	{ .flag = &arg_remove, .name = "remove", .help = "take an earlier value back" },
	{ .str = &arg_by, .name = "by", .arg = "WHO", .help = "who says so (the user's name)" },
	{ 0 }
};

static int override_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *review = NULL;

	if (!arg_reason)
		return err_set(err, ERR_USAGE, "say why: --reason TEXT");
	if (arg_remove == (arg_value != NULL))
		return err_set(err, ERR_USAGE, "say --value NUMBER, or --remove");
	if (reviewing_override(ctx->store, arg_id, reviewer_name(arg_by), arg_subitem, arg_value,
			       arg_reason, &review, err) < 0)
		return -1;
	return reviewer_print(ctx, review, err);
}

const struct cmd cmd_override = {
	.name = "override",
	.summary = "put a value of one's own beside a computed one",
	.json = "tali.review/1",
	.needs = CMD_STORE_WRITE,
	.opts = override_opts,
	.run = override_main,
};
