/* model_list.c - see model_list.h */
#include "ai/model_list.h"

#include "ai/ai_script.h"
#include "ai/provider_key.h"
#include "base/auto.h"
#include "base/json.h"
#include "http/http_fetch.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX (4 << 20)
#define MODELS_MAX 1000
#define TOTAL_MS 30000
#define API_VERSION "2023-06-01"	/* of the Messages API: the list is the same in all */

bool model_list_fits(const struct provider *provider, const char *model)
{
	AUTO_FREE char *patterns = buf_strdup(provider->models);
	char *rest = patterns, *pattern;

	while ((pattern = strsep(&rest, " ")))
		if (*pattern && fnmatch(pattern, model, 0) == 0)
			return true;
	return false;
}

static int ask(struct http_client *client, const struct provider *provider, const char *key,
	       struct http_answer *ret, struct err *err)
{
	bool anthropic = provider->kind == PROVIDER_ANTHROPIC;
	AUTO_FREE char *url = buf_format("%s%s", provider->url,
					 anthropic ? "/v1/models?limit=1000" : "/models");
	AUTO(provider_key_wipe) char *bearer = buf_format("Bearer %s", key);
	struct http_field fields[2];
	size_t count = 0;

	if (anthropic)
		fields[count++] = (struct http_field){ "anthropic-version", API_VERSION };
	if (*key)
		fields[count++] = anthropic ? (struct http_field){ "x-api-key", key } :
					      (struct http_field){ "Authorization", bearer };
	return http_fetch(client,
			  &(struct http_call_config){ .method = "GET", .url = url, .fields = fields,
						      .field_count = count, .total_ms = TOTAL_MS },
			  ANSWER_MAX, ret, err);
}

static int check_answer(const struct provider *provider, const struct http_answer *answer,
			struct err *err)
{
	if (answer->too_long)
		return err_set(err, ERR_NO, "%s: its answer is too long", provider->url);
	if (answer->result != HTTP_CALL_DONE)
		return err_set(err, ERR_ENV, "%s: %s", provider->url, answer->text);
	if (answer->status == 401 || answer->status == 403)
		return err_set(err, ERR_NO, "%s refuses the key (status %d)", provider->url,
			       answer->status);
	if (answer->status == 404)
		return err_set(err, ERR_NO, "%s has no list of models (status 404): is the address "
					    "right?", provider->url);
	if (answer->status >= 500 || answer->status == 429)
		return err_set(err, ERR_ENV, "%s cannot answer just now (status %d)", provider->url,
			       answer->status);
	if (answer->status != 200)
		return err_set(err, ERR_NO, "%s answers with status %d", provider->url,
			       answer->status);
	return 0;
}

/* Both protocols: {"data":[{"id":..}]}; one of them with display_name. */
static json_t *read_list(const struct provider *provider, const struct buf *body, struct err *err)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *answer = json_parse(buf_str(body), body->len, provider->url, &ignored);
	AUTO_JSON json_t *list = json_array();
	const json_t *data = json_object_get(answer, "data"), *model;
	size_t i;

	if (!json_is_array(data)) {
		err_set(err, ERR_NO, "%s answers with something else than a list of models",
			provider->url);
		return NULL;
	}
	json_array_foreach(data, i, model) {
		const char *id = json_str(model, "id", "");

		if (*id && json_array_size(list) < MODELS_MAX)
			json_array_append_new(list, json_pack("{s:s, s:s}", "id", id, "name",
							      json_str(model, "display_name", id)));
	}
	return TAKE(list);
}

static json_t *ask_list(struct store *store, struct http_client *client,
			const struct provider *provider, struct err *err)
{
	AUTO(provider_key_wipe) char *key = provider_key_open(store, provider, err);
	AUTO(http_answer_release) struct http_answer answer = { 0 };

	if (!key || ask(client, provider, key, &answer, err) < 0 ||
	    check_answer(provider, &answer, err) < 0)
		return NULL;
	return read_list(provider, &answer.body, err);
}

/* Nobody is asked: its file says it. */
static json_t *read_script(const struct provider *provider, struct err *err)
{
	AUTO_JSON json_t *script = ai_script_read(provider->url, err);
	json_t *list = script ? json_array() : NULL;
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(script, "models"), i, name)
		json_array_append_new(list, json_pack("{s:O, s:O}", "id", name, "name", name));
	return list;
}

json_t *model_list_fetch(struct store *store, struct http_client *client,
			 const struct provider *provider, struct err *err)
{
	if (provider->kind == PROVIDER_SCRIPT)
		return read_script(provider, err);
	return ask_list(store, client, provider, err);
}
