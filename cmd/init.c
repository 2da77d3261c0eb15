/* init.c - `tali init`: make a store */
#include "cmd.h"

static const char *arg_dir, *arg_organization = "default";

static const struct opt init_opts[] = {
	{ .pos = &arg_dir, .name = "DIR", .optional = true,
	  .help = "where (else --store, $TALI_STORE, $XDG_DATA_HOME/tali)" },
	{ .str = &arg_organization, .name = "organization", .arg = "NAME",
	  .help = "name of the organization" },
	{ 0 }
};

static int init_main(const struct cmd_ctx *ctx, struct err *err)
{
	const char *path = arg_dir ? arg_dir : ctx->store_path;
	AUTO(store_close) struct store *store = NULL;
	bool made = false;

	if (store_init(path, arg_organization, ctx->clock, &made, err) < 0)
		return -1;
	store = store_open(path, STORE_WRITE, ctx->clock, err);
	if (!store)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx,
				      json_pack("{s:s, s:s, s:b}", "schema", "tali.init/1", "path",
						store_path(store), "made", made),
				      err);
	fprintf(ctx->out, made ? "made a store in %s\n" : "there is a store in %s already\n",
		store_path(store));
	return 0;
}

const struct cmd cmd_init = {
	.name = "init",
	.summary = "make a store: database, repositories, keys, settings",
	.json = "tali.init/1",
	.opts = init_opts,
	.run = init_main,
};
