/* assistant_models.h - which models a candidate can choose from, and who is asked for one
 *
 * Models that providers or the task name exactly are known; where only patterns do, the provider is
 * asked for its list, which is kept for a while. */
#ifndef TALI_ASSISTANT_MODELS_H
#define TALI_ASSISTANT_MODELS_H

#include "ai/ai_policy.h"
#include "http/http_client.h"
#include "store/provider.h"

#include <jansson.h>

#define ASSISTANT_MODELS_MAX 200		/* in one list */
#define ASSISTANT_MODELS_KEEP_MS 600000		/* a list of a provider is kept; a failure 60 s */

struct assistant_models;

/* `client` is borrowed. */
struct assistant_models *assistant_models_new(struct http_client *client);
void assistant_models_free(struct assistant_models **models);

/* [{id, provider}] that the policy allows, each model once, of the first provider (by name) that
 * has it; in the order of the task's own list when it has names only. Yours; NULL on error.
 * A provider that does not answer has no models. One thread at a time asks it, and waits for as
 * long as that takes; others have what it said before, or wait 2 s for the first answer. */
json_t *assistant_models_list(struct assistant_models *models, struct store *store,
			      const struct ai_policy *policy, struct err *err);

/* Who is asked for a model: 1 found, 0 nobody, -1 error. */
int assistant_models_provider(struct store *store, const char *model, struct provider *ret,
			      struct err *err);

#endif
