/* ai-provider-test.c - `tali ai provider test`: whether a provider answers, and takes the key */
#include "cmd.h"

#include "ai/model_list.h"

static const char *arg_name;

static const struct opt ai_provider_test_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "the provider" },
	{ 0 }
};

/* The error is told on standard error, too. */
static int print(const struct cmd_ctx *ctx, const json_t *models, struct err *err)
{
	const char *problem = models ? NULL : err->text;
	json_t *count = models ? json_integer((json_int_t)json_array_size(models)) : json_null();
	struct err ignored = ERR_INIT;

	if (ctx->json)
		return cmd_print_json(ctx, json_pack("{s:s, s:s, s:b, s:o, s:s?}", "schema",
						     "tali.provider-test/1", "name", arg_name, "ok",
						     models != NULL, "models", count, "problem",
						     problem), models ? err : &ignored);
	json_decref(count);
	if (models)
		fprintf(ctx->out, "%s\tok\t%zu models\n", arg_name, json_array_size(models));
	return 0;
}

static int ai_provider_test_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(http_client_close) struct http_client *client = NULL;
	AUTO_JSON json_t *models = NULL;
	int row = provider_find(ctx->store, arg_name, &provider, err);

	if (row == 0)
		return err_set(err, ERR_NOT_FOUND, "no provider '%s'", arg_name);
	client = row == 1 ? http_client_open(err) : NULL;
	if (!client)
		return -1;
	models = model_list_fetch(ctx->store, client, &provider, err);
	return print(ctx, models, err) == 0 && models ? 0 : -1;
}

const struct cmd cmd_ai_provider_test = {
	.name = "ai provider test",
	.summary = "ask a provider: does it answer, and take the key?",
	.json = "tali.provider-test/1",
	.needs = CMD_STORE_READ,
	.opts = ai_provider_test_opts,
	.run = ai_provider_test_main,
};
