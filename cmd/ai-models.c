/* ai-models.c - `tali ai models`: the models of all providers */
#include "cmd.h"

#include "ai/model_list.h"
#include "base/json.h"
#include "base/term.h"

struct listing {
	const struct cmd_ctx *ctx;
	struct http_client *client;
	int64_t failed;
};

static int print_model(const struct cmd_ctx *ctx, const struct provider *provider,
		       const json_t *model, struct err *err)
{
	const char *id = json_str(model, "id", ""), *name = json_str(model, "name", id);

	if (!model_list_fits(provider, id))
		return 0;
	if (ctx->json)
		return cmd_print_json(ctx, json_pack("{s:s, s:s, s:s, s:s}", "schema",
						     "tali.model/1", "id", id, "name", name,
						     "provider", provider->name), err);
	term_print_safe(ctx->out, id);
	fprintf(ctx->out, "\t%s\t", provider->name);
	term_print_safe(ctx->out, name);
	putc('\n', ctx->out);
	return 0;
}

/* One that does not answer is told, and the others are listed. */
static int print_models(void *arg, const struct provider *provider, struct err *err)
{
	struct listing *listing = arg;
	AUTO_JSON json_t *models = NULL;
	struct err why = ERR_INIT;
	const json_t *model;
	size_t i;

	if (!listing->client && !(listing->client = http_client_open(err)))
		return -1;
	models = model_list_fetch(listing->ctx->store, listing->client, provider, &why);
	if (!models) {
		cmd_say(listing->ctx, "%s: %s", provider->name, why.text);
		listing->failed++;
	}
	json_array_foreach(models, i, model)
		if (print_model(listing->ctx, provider, model, err) < 0)
			return -1;
	return 0;
}

static int ai_models_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct listing listing = { .ctx = ctx };
	int result = provider_each(ctx->store, print_models, &listing, err);

	http_client_close(&listing.client);
	if (result == 0 && listing.failed)
		return err_set(err, ERR_ENV, "%lld of the providers did not answer",
			       (long long)listing.failed);
	return result;
}

const struct cmd cmd_ai_models = {
	.name = "ai models",
	.summary = "list the models of all providers",
	.json = "tali.model/1",
	.needs = CMD_STORE_READ,
	.run = ai_models_main,
};
