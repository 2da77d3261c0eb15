/* ai-provider-list.c - `tali ai provider list`: who may be asked for models */
#include "cmd.h"

#include "report/view.h"

static int print(void *arg, const struct provider *provider, struct err *err)
{
	const struct cmd_ctx *ctx = arg;

	if (ctx->json)
		return cmd_print_json(ctx, view_provider(provider), err);
	fprintf(ctx->out, "%s\t%s\t%s\t%s%s\t%s\n", provider->name,
		provider_kind_name(provider->kind), provider->url,
		provider->sealed ? "…" : "no key", provider->hint, provider->models);
	return 0;
}

static int ai_provider_list_main(const struct cmd_ctx *ctx, struct err *err)
{
	return provider_each(ctx->store, print, (void *)ctx, err);
}

const struct cmd cmd_ai_provider_list = {
	.name = "ai provider list",
	.summary = "list the providers of models",
	.json = "tali.provider/1",
	.needs = CMD_STORE_READ,
	.run = ai_provider_list_main,
};
