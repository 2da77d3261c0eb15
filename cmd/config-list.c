/* config-list.c - `tali config list`: all settings with values and meaning */
#include "cmd.h"

#include "store/config.h"

static int print_key(const struct cmd_ctx *ctx, const struct config_key *key, struct err *err)
{
	bool set = false;
	AUTO_FREE char *value = config_get(ctx->store, key->name, &set, err);

	if (!value)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, json_pack("{s:s, s:s, s:s, s:b, s:s, s:s}", "schema",
						     "tali.config/1", "name", key->name, "value",
						     value, "set", set, "default", key->fallback,
						     "help", key->help), err);
	fprintf(ctx->out, "%-20s %-24s %s%s\n", key->name, value, key->help, set ? " (set)" : "");
	return 0;
}

static int config_list_main(const struct cmd_ctx *ctx, struct err *err)
{
	const struct config_key *key;

	for (key = config_keys; key->name; key++)
		if (print_key(ctx, key, err) < 0)
			return -1;
	return 0;
}

const struct cmd cmd_config_list = {
	.name = "config list",
	.summary = "print all settings of the store with their meaning",
	.json = "tali.config/1",
	.needs = CMD_STORE_READ,
	.run = config_list_main,
};
