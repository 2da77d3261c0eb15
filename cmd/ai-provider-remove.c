/* ai-provider-remove.c - `tali ai provider remove`: forget a provider and its key */
#include "cmd.h"

#include "store/provider.h"

static const char *arg_name;

static const struct opt ai_provider_remove_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "the provider" },
	{ 0 }
};

static int ai_provider_remove_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(store_rollback) struct store *tx = ctx->store;

	if (store_begin(ctx->store, err) < 0 || provider_remove(ctx->store, arg_name, err) < 0)
		return -1;
	return store_commit(ctx->store, err);
}

const struct cmd cmd_ai_provider_remove = {
	.name = "ai provider remove",
	.summary = "forget a provider of models, and its key",
	.needs = CMD_STORE_WRITE,
	.opts = ai_provider_remove_opts,
	.run = ai_provider_remove_main,
};
