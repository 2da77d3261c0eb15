/* model_asker.h - one question to a model, waited for: for commands, not for what a person watches
 *
 * It goes the way of the assistant's calls (provider_call.h, ai_wire.h, ai_script.h) and is tried
 * again as ai_retry.h says. Several threads may ask the same asker, each with its own store. */
#ifndef TALI_MODEL_ASKER_H
#define TALI_MODEL_ASKER_H

#include "ai/ai_answer.h"
#include "ai/ai_wire.h"
#include "store/provider.h"

#define MODEL_ASKER_ANSWER_MAX ((size_t)16 << 20)	/* bytes of an answer as it comes */

struct model_asker_limits {	/* milliseconds */
	int64_t first_byte, idle;
	int64_t whole;		/* of a question with all its tries; no try begins after it */
};

struct model_asker;

/* The provider is copied. NULL: ERR_ENV. */
struct model_asker *model_asker_open(const struct provider *provider,
				     const struct model_asker_limits *limits, struct err *err);
/* No question may be under way. */
void model_asker_close(struct model_asker **asker);

/* Whether an answer can be held to a schema by the provider (ai_call.format). */
bool model_asker_knows_schemas(const struct model_asker *asker);

/* Asks and waits. 0: the whole answer, which may be a refusal or cut at its maximum (`stop`); -1:
 * none came: ERR_ENV with a sentence without addresses, secrets and words of others. `ret` is set
 * up in both cases; yours. */
int model_asker_ask(struct model_asker *asker, struct store *store, const struct ai_call *call,
		    struct ai_answer *ret, struct err *err);

#endif
