/* config-set.c - `tali config set`: change or take away a setting */
#include "cmd.h"

#include "store/config.h"

static const char *arg_name, *arg_value;

static const struct opt config_set_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "the setting" },
	{ .pos = &arg_value, .name = "VALUE", .optional = true,
	  .help = "its value; without one it goes back to the default" },
	{ 0 }
};

static int config_set_main(const struct cmd_ctx *ctx, struct err *err)
{
	return config_set(ctx->store, arg_name, arg_value, err);
}

const struct cmd cmd_config_set = {
	.name = "config set",
	.summary = "change a setting of the store",
	.needs = CMD_STORE_WRITE,
	.opts = config_set_opts,
	.run = config_set_main,
};
