/* provider_call.c - see provider_call.h */
#include "ai/provider_call.h"

#include "ai/provider_key.h"
#include "base/auto.h"
#include "base/buf.h"

#include <stdlib.h>

#define API_VERSION "2023-06-01"

const struct ai_wire *provider_call_wire(const struct provider *provider)
{
	return ai_wire_find(provider->kind == PROVIDER_OPENAI ||
			    provider->kind == PROVIDER_COMPATIBLE ? "chat" : "messages");
}

static void add_field(struct provider_call *call, const char *name, const char *value)
{
	call->fields[call->field_count++] = (struct http_field){ name, value };
}

void provider_call_make(const struct provider *provider, const char *key, struct provider_call *ret)
{
	bool messages = provider_call_wire(provider)->dialect == AI_DIALECT_MESSAGES;

	*ret = (struct provider_call){
		.url = buf_format("%s%s", provider->url,
				  messages ? "/v1/messages" : "/chat/completions"),
		.bearer = buf_format("Bearer %s", key),
	};
	add_field(ret, "Content-Type", "application/json");
	if (messages)
		add_field(ret, "anthropic-version", API_VERSION);
	if (*key && messages)
		add_field(ret, "x-api-key", key);
	else if (*key)
		add_field(ret, "Authorization", ret->bearer);
}

void provider_call_release(struct provider_call *call)
{
	free(call->url);
	provider_key_wipe(&call->bearer);
	*call = (struct provider_call){ .url = NULL };
}

enum ai_fault provider_call_fault(enum http_call_result result, int status)
{
	switch (result) {
	case HTTP_CALL_UNREACHED:
		return AI_FAULT_CONNECT;
	case HTTP_CALL_UNTRUSTED:
		return AI_FAULT_CERTIFICATE;
	case HTTP_CALL_SILENT:
		return status ? AI_FAULT_BROKEN : AI_FAULT_TIMEOUT;
	default:
		return status != 200 && status ? AI_FAULT_STATUS : AI_FAULT_BROKEN;
	}
}

bool provider_call_well(bool failed, int status)
{
	return !failed || (status && status < 500 && status != 429);
}
