/* assistant_models.c - see assistant_models.h */
#include "assess/assistant_models.h"

#include "ai/model_list.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define FAILURE_KEEP_MS 60000
#define WAIT_MS 2000		/* for somebody else's question, when nothing is known yet */

/* What a provider said last. It is asked by one at a time: the others do not wait for one that
 * stands still. */
struct kept {
	struct kept *next;
	char *key;		/* "NAME URL" */
	json_t *list;		/* NULL: it was never asked to the end */
	int64_t until;		/* it is good */
	bool asking;
	int64_t asked;		/* when that began */
};

struct assistant_models {
	struct http_client *client;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t answered;
	struct kept *kept;
};

struct assistant_models *assistant_models_new(struct http_client *client)
{
	struct assistant_models *models = buf_alloc(sizeof(*models));
	pthread_condattr_t monotonic;

	models->client = client;
	pthread_mutex_init(&models->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&models->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return models;
}

void assistant_models_free(struct assistant_models **models)
{
	struct assistant_models *old = TAKE(*models);
	struct kept *next;

	if (!old)
		return;
	for (struct kept *kept = old->kept; kept; kept = next) {
		next = kept->next;
		json_decref(kept->list);
		free(kept->key);
		free(kept);
	}
	pthread_cond_destroy(&old->answered);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

static bool is_exact(const char *pattern)
{
	return *pattern && !strpbrk(pattern, "*?[\\");
}

/* --- the lists of providers */

/* Under the lock. */
static struct kept *find_kept(struct assistant_models *models, const struct provider *provider)
{
	AUTO_FREE char *key = buf_format("%s %s", provider->name, provider->url);
	struct kept *kept = models->kept;

	while (kept && strcmp(kept->key, key) != 0)
		kept = kept->next;
	if (kept)
		return kept;
	kept = buf_alloc(sizeof(*kept));
	*kept = (struct kept){ .next = models->kept, .key = TAKE(key) };
	models->kept = kept;
	return kept;
}

/* Under the lock: for the first answer there is, but not for long. */
static void wait_for_first(struct assistant_models *models, const struct kept *kept)
{
	int64_t end = kept->asked + WAIT_MS;
	const struct timespec until = { .tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000 };

	while (kept->asking && !kept->list &&
	       pthread_cond_timedwait(&models->answered, &models->lock, &until) == 0)
		continue;
}

/* Without the lock for as long as it takes. */
static void ask_provider(struct assistant_models *models, struct kept *kept, struct store *store,
			 const struct provider *provider)
{
	struct err ignored = ERR_INIT;
	json_t *list;

	kept->asking = true;
	kept->asked = clock_steady();
	pthread_mutex_unlock(&models->lock);
	list = model_list_fetch(store, models->client, provider, &ignored);
	pthread_mutex_lock(&models->lock);
	kept->asking = false;
	kept->until = clock_steady() + (list ? ASSISTANT_MODELS_KEEP_MS : FAILURE_KEEP_MS);
	json_decref(kept->list);
	kept->list = list ? list : json_array();
	pthread_cond_broadcast(&models->answered);
}

/* Yours; empty when the provider does not answer. */
static json_t *fetch_list(struct assistant_models *models, struct store *store,
			  const struct provider *provider)
{
	struct kept *kept;
	json_t *list;

	pthread_mutex_lock(&models->lock);
	kept = find_kept(models, provider);
	if (kept->asking)
		wait_for_first(models, kept);
	else if (!kept->list || kept->until <= clock_steady())
		ask_provider(models, kept, store, provider);
	list = kept->list ? json_deep_copy(kept->list) : json_array();
	pthread_mutex_unlock(&models->lock);
	return list;
}

/* --- the list for a task */

struct listing {
	struct assistant_models *models;
	struct store *store;
	const struct ai_policy *policy;
	json_t *list;
	bool named;		/* the task has names only */
};

static void add_model(struct listing *listing, const char *id, const struct provider *provider)
{
	const json_t *other;
	size_t i;

	if (!ai_policy_allows(listing->policy, id) ||
	    json_array_size(listing->list) >= ASSISTANT_MODELS_MAX)
		return;
	json_array_foreach(listing->list, i, other)
		if (!strcmp(json_str(other, "id", ""), id))
			return;
	json_array_append_new(listing->list, json_pack("{s:s, s:s}", "id", id, "provider",
						       provider->name));
}

/* A provider whose models are patterns. */
static void add_fetched(struct listing *listing, const struct provider *provider)
{
	AUTO_JSON json_t *list = fetch_list(listing->models, listing->store, provider);
	const json_t *model;
	size_t i;

	json_array_foreach(list, i, model) {
		const char *id = json_str(model, "id", "");

		if (model_list_fits(provider, id))
			add_model(listing, id, provider);
	}
}

static int list_provider(void *arg, const struct provider *provider, struct err *err)
{
	struct listing *listing = arg;
	AUTO_FREE char *patterns = buf_strdup(provider->models);
	char *rest = patterns, *pattern;
	const json_t *name;
	bool asks = false;
	size_t i;

	(void)err;
	while ((pattern = strsep(&rest, " "))) {
		asks |= *pattern && !is_exact(pattern);
		if (is_exact(pattern))
			add_model(listing, pattern, provider);
	}
	json_array_foreach(listing->policy->models, i, name) {
		const char *id = json_string_value(name);

		if (is_exact(id) && model_list_fits(provider, id))
			add_model(listing, id, provider);
	}
	if (asks && !listing->named)
		add_fetched(listing, provider);
	return 0;
}

static size_t place_of(const json_t *names, const char *id)
{
	size_t place = 0;

	while (place < json_array_size(names) &&
	       strcmp(json_string_value(json_array_get(names, place)), id) != 0)
		place++;
	return place;
}

/* In the order of the task's names; those of patterns stay behind them in theirs. */
static json_t *sort_list(const json_t *list, const json_t *names)
{
	json_t *sorted = json_array();
	const json_t *model;
	size_t place, i;

	for (place = 0; place <= json_array_size(names); place++)
		json_array_foreach(list, i, model)
			if (place_of(names, json_str(model, "id", "")) == place)
				json_array_append(sorted, (json_t *)model);
	return sorted;
}

json_t *assistant_models_list(struct assistant_models *models, struct store *store,
			      const struct ai_policy *policy, struct err *err)
{
	AUTO_JSON json_t *list = json_array();
	struct listing listing = { models, store, policy, list, policy->models != NULL };
	const json_t *name;
	size_t i;

	if (policy->kind == AI_POLICY_OFF)
		return json_array();
	json_array_foreach(policy->models, i, name)
		listing.named &= is_exact(json_string_value(name));
	if (provider_each(store, list_provider, &listing, err) < 0)
		return NULL;
	return sort_list(list, policy->models);
}

/* --- who is asked */

struct choice {
	const char *model;
	struct provider *ret;
	bool found;
};

static int consider(void *arg, const struct provider *provider, struct err *err)
{
	struct choice *choice = arg;

	(void)err;
	if (choice->found || !model_list_fits(provider, choice->model))
		return 0;
	provider_copy(choice->ret, provider);
	choice->found = true;
	return 0;
}

int assistant_models_provider(struct store *store, const char *model, struct provider *ret,
			      struct err *err)
{
	struct choice choice = { .model = model, .ret = ret };

	if (provider_each(store, consider, &choice, err) < 0)
		return -1;
	return choice.found;
}
