/* ai-provider-test.c - `tali ai provider test`: whether a provider answers, and takes the key */
#include "cmd.h"

#include "ai/model_list.h"

static const char *arg_name;

static const struct opt ai_provider_test_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "the provider" },
	{ 0 }
};

static int ai_provider_test_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(http_client_close) struct http_client *client = NULL;
	AUTO_JSON json_t *models = NULL;
	int row = provider_find(ctx->store, arg_name, &provider, err);

	if (row == 0)
		return err_set(err, ERR_NOT_FOUND, "no provider '%s'", arg_name);
	client = row == 1 ? http_client_open(err) : NULL;
	models = client ? model_list_fetch(ctx->store, client, &provider, err) : NULL;
	if (!models)
		return -1;
	fprintf(ctx->out, "%s\tok\t%zu models\n", provider.name, json_array_size(models));
	return 0;
}

const struct cmd cmd_ai_provider_test = {
	.name = "ai provider test",
	.summary = "ask a provider for its models: does it answer, and take the key?",
	.needs = CMD_STORE_READ,
	.opts = ai_provider_test_opts,
	.run = ai_provider_test_main,
};
