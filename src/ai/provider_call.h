/* provider_call.h - how a provider is asked: in which protocol, where, with which head; and what
 * the end of a call means for trying again
 *
 * Whoever asks a model for tali goes by this: the assistant, whose answers are told as they come
 * (assess/assistant_send.h), and those who wait for the whole (model_asker.h). */
#ifndef TALI_PROVIDER_CALL_H
#define TALI_PROVIDER_CALL_H

#include "ai/ai_retry.h"
#include "ai/ai_wire.h"
#include "http/http_client.h"
#include "store/provider.h"

#include <stdbool.h>

/* The protocol that tali speaks with it; borrowed for good. A script is played as `messages`. */
const struct ai_wire *provider_call_wire(const struct provider *provider);

/* The address and the head of a POST with a body of that protocol. */
struct provider_call {
	char *url, *bearer;		/* bearer holds the key: it is wiped at release */
	struct http_field fields[3];	/* point into it, and at the key that was given */
	size_t field_count;
};

/* `key` as provider_key_open gave it; it must stay until the call has begun. `ret` is set up. */
void provider_call_make(const struct provider *provider, const char *key,
			struct provider_call *ret);
void provider_call_release(struct provider_call *call);

/* What went wrong, of a call that failed; status 0: no head came. */
enum ai_fault provider_call_fault(enum http_call_result result, int status);

/* Whether the provider was there and well, also when it said no (ai_retry_gate_report). */
bool provider_call_well(bool failed, int status);

#endif
