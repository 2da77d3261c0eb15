/* ai-provider-add.c - `tali ai provider add`: who may be asked for models */
#include "cmd.h"

#include "ai/ai_script.h"
#include "ai/provider_key.h"
#include "provider_options.h"
#include "report/view.h"

#include <stdlib.h>
#include <string.h>

static const char *arg_name, *arg_kind, *arg_url, *arg_key_file, *arg_key_fd, *arg_models;
static bool arg_no_key;

static const struct opt ai_provider_add_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "how it is called here" },
	{ .str = &arg_kind, .name = "kind", .arg = "KIND",
	  .help = "anthropic, openai, compatible or script (else NAME, where it is one of these)" },
	{ .str = &arg_url, .name = "url", .arg = "URL",
	  .help = "its address (else the one of its maker); of a script its file" },
	{ .str = &arg_key_file, .name = "key-file", .arg = "FILE",
	  .help = "file that has the key, - for standard input (else it is asked for)" },
	{ .str = &arg_key_fd, .name = "key-fd", .arg = "N",
	  .help = "open descriptor to read it from" },
	{ .flag = &arg_no_key, .name = "no-key", .help = "it needs none" },
	{ .str = &arg_models, .name = "models", .arg = "PATTERNS",
	  .help = "models it is asked for, with * and ?, by commas (else all)" },
	{ 0 }
};

static const char *default_url(enum provider_kind kind)
{
	switch (kind) {
	case PROVIDER_ANTHROPIC:
		return "https://api.anthropic.com";
	case PROVIDER_OPENAI:
		return "https://api.openai.com/v1";
	default:
		return NULL;
	}
}

static int read_kind(struct provider *provider, struct err *err)
{
	const char *kind = arg_kind ? arg_kind : arg_name;

	provider->kind = provider_kind_find(kind);
	if (provider->kind)
		return 0;
	return err_set(err, ERR_USAGE,
		       "%s'%s' is no kind of provider (anthropic, openai, compatible, script)",
		       arg_kind ? "" : "give --kind: ", kind);
}

/* The file is read again for each answer: by its full path, from wherever that is asked for. */
static int read_script(struct provider *provider, struct err *err)
{
	AUTO_JSON json_t *script = NULL;

	if (!arg_url)
		return err_set(err, ERR_USAGE, "give --url: the file of the script");
	if (arg_key_file || arg_key_fd)
		return err_set(err, ERR_USAGE, "a script needs no key");
	script = ai_script_read(arg_url, err);
	if (!script)
		return -1;
	provider->url = realpath(arg_url, NULL);
	if (!provider->url)
		return err_sys(err, "%s", arg_url);
	if (!arg_models)
		provider->models = ai_script_models(script);
	return 0;
}

/* Without "/" at the end; keys go over TLS, or stay on this machine or its network by its owner's
 * word (http is allowed). */
static int read_url(struct provider *provider, struct err *err)
{
	const char *url = arg_url ? arg_url : default_url(provider->kind);
	size_t len;

	if (provider->kind == PROVIDER_SCRIPT)
		return read_script(provider, err);
	if (!url)
		return err_set(err, ERR_USAGE,
			       "give --url: a compatible provider has no address of its own");
	len = strlen(url);
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(err, ERR_USAGE,
			       "--url: '%s' does not begin with http:// or https://", url);
	if (strpbrk(url, " \t\r\n?#@") || len > 1000)
		return err_set(err, ERR_USAGE, "--url: '%s' is no address of a provider", url);
	while (url[len - 1] == '/')
		len--;
	provider->url = buf_format("%.*s", (int)len, url);
	return 0;
}

static int read_models(struct provider *provider, struct err *err)
{
	const char *models = arg_models ? arg_models : "*";
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789*?._:/@-,";

	if (provider->models)
		return 0;
	if (!*models || strspn(models, letters) != strlen(models) || strlen(models) > 2000)
		return err_set(err, ERR_USAGE, "--models: '%s' are no names of models", models);
	provider->models = buf_strdup(models);
	for (char *at = provider->models; *at; at++)
		if (*at == ',')
			*at = ' ';
	return 0;
}

static int read_key(struct store *store, struct provider *provider, struct err *err)
{
	AUTO(provider_key_wipe) char *key = NULL;
	char *end = NULL;
	long fd = arg_key_fd ? strtol(arg_key_fd, &end, 10) : -1;

	if (arg_key_fd && (end == arg_key_fd || *end || fd < 0))
		return err_set(err, ERR_USAGE, "--key-fd: '%s' is no descriptor", arg_key_fd);
	if (provider->kind == PROVIDER_SCRIPT)
		return 0;
	if (arg_no_key)
		return arg_key_file || arg_key_fd ?
		       err_set(err, ERR_USAGE, "--no-key goes with no key") : 0;
	key = provider_options_key(arg_key_file, fd, err);
	return key ? provider_key_seal(store, provider, key, err) : -1;
}

static int ai_provider_add_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(store_rollback) struct store *tx = ctx->store;

	if (strlen(arg_name) <= PROVIDER_NAME_MAX)	/* else it is refused as an empty one */
		snprintf(provider.name, sizeof(provider.name), "%s", arg_name);
	if (read_kind(&provider, err) < 0 || read_url(&provider, err) < 0 ||
	    read_models(&provider, err) < 0 || read_key(ctx->store, &provider, err) < 0 ||
	    store_begin(ctx->store, err) < 0 || provider_add(ctx->store, &provider, err) < 0 ||
	    store_commit(ctx->store, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_provider(&provider), err);
	fprintf(ctx->out, "%s\t%s\n", provider.name, provider.url);
	return 0;
}

const struct cmd cmd_ai_provider_add = {
	.name = "ai provider add",
	.summary = "add a provider of models, with its key",
	.json = "tali.provider/1",
	.needs = CMD_STORE_WRITE,
	.opts = ai_provider_add_opts,
	.run = ai_provider_add_main,
};
