/* api_gateway.h - /ai/anthropic and /ai/openai: models for the candidate's own programs
 *
 * They speak the providers' own protocols; who asks is known by the token of the invitation's link,
 * in the header where programs put their key (x-api-key or Authorization). Errors are those of the
 * protocol, so that each program stops when it should (ai_refusal.h). */
#ifndef TALI_API_GATEWAY_H
#define TALI_API_GATEWAY_H

#include "web/route.h"

extern const struct route api_gateway_routes[];

/* For route_config. */
bool api_gateway_refuse_body(struct route_call *call, const struct err *err);

#endif
