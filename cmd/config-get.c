/* config-get.c - `tali config get`: one setting */
#include "cmd.h"

#include "store/config.h"

static const char *arg_name;

static const struct opt config_get_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "the setting" },
	{ 0 }
};

static int config_get_main(const struct cmd_ctx *ctx, struct err *err)
{
	bool set = false;
	AUTO_FREE char *value = config_get(ctx->store, arg_name, &set, err);

	if (!value)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, json_pack("{s:s, s:s, s:s, s:b}", "schema",
						     "tali.config/1", "name", arg_name, "value",
						     value, "set", set), err);
	fprintf(ctx->out, "%s\n", value);
	return 0;
}

const struct cmd cmd_config_get = {
	.name = "config get",
	.summary = "print a setting of the store",
	.json = "tali.config/1",
	.needs = CMD_STORE_READ,
	.opts = config_get_opts,
	.run = config_get_main,
};
