/* model_list.h - asks a provider which models it has: also the test of its key */
#ifndef TALI_MODEL_LIST_H
#define TALI_MODEL_LIST_H

#include "http/http_client.h"
#include "store/provider.h"

#include <jansson.h>

/* [{"id": .., "name": ..}], at most 1,000, in the provider's order; yours. NULL: ERR_NO with a
 * sentence when it answered and says no (a refused key, no list, an answer that is none), ERR_ENV
 * when it was not reached or failed, ERR_INTEGRITY when its key does not open. */
json_t *model_list_fetch(struct store *store, struct http_client *client,
			 const struct provider *provider, struct err *err);

/* Whether the provider is asked for this model: one of its patterns fits ('*' and '?'). */
bool model_list_fits(const struct provider *provider, const char *model);

#endif
