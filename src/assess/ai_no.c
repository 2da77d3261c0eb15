/* ai_no.c - see ai_no.h */
#include "assess/ai_no.h"

#include <stdarg.h>
#include <stdio.h>

#define GOES_ON "The session goes on without the assistant."

int ai_no_set(struct ai_no *no, enum ai_refusal why, const char *format, ...)
{
	va_list args;

	*no = (struct ai_no){ .why = why };
	va_start(args, format);
	vsnprintf(no->sentence, sizeof(no->sentence), format, args);
	va_end(args);
	return -1;
}

int ai_no_by_session(struct ai_no *no, const struct ai_policy *policy, bool own, bool runs)
{
	if (!runs)
		return ai_no_set(no, AI_REFUSAL_OVER,
				 "This session does not run: models cannot be asked.");
	if (policy->kind == AI_POLICY_OFF)
		return ai_no_set(no, AI_REFUSAL_POLICY,
				 "This task is solved without an assistant.");
	if (!own && !policy->tools)
		return ai_no_set(no, AI_REFUSAL_POLICY,
				 "In this task only the assistant of the workspace may be used, no "
				 "other tools.");
	return 0;
}

int ai_no_by_policy(struct ai_no *no, const struct ai_policy *policy,
		    const struct ai_request *request, bool own, bool runs)
{
	bool bounded = policy->limits.tokens || policy->limits.cost;

	if (ai_no_by_session(no, policy, own, runs) < 0)
		return -1;
	if (!ai_policy_allows(policy, request->model))
		return ai_no_set(no, AI_REFUSAL_MODEL,
				 "The model '%.100s' is not allowed in this task.", request->model);
	if (request->unseen && bounded)
		return ai_no_set(no, AI_REFUSAL_REQUEST,
				 "'%.100s' cannot be used here: what it costs is not known before.",
				 request->unseen);
	return 0;
}

int ai_no_by_budget(struct ai_no *no, enum ai_verdict verdict, const struct ai_limits *limits,
		    const struct ai_grant *grant)
{
	switch (verdict) {
	case AI_BUDGET_RATE:
		ai_no_set(no, AI_REFUSAL_RATE,
			  "More than %lld requests in a minute: please wait %lld s.",
			  (long long)limits->requests_per_minute,
			  (long long)(grant->retry_ms + 999) / 1000);
		no->retry_ms = grant->retry_ms;
		return -1;
	case AI_BUDGET_MESSAGES:
		return ai_no_set(no, AI_REFUSAL_BUDGET,
				 "All %lld messages to the assistant are used. " GOES_ON,
				 (long long)limits->messages);
	case AI_BUDGET_COST:
		return ai_no_set(no, AI_REFUSAL_BUDGET,
				 "What the assistant may cost in this session is spent. " GOES_ON);
	default:
		return ai_no_set(no, AI_REFUSAL_BUDGET,
				 "The %lld tokens of this session are spent, or too few are left "
				 "for this request. " GOES_ON, (long long)limits->tokens);
	}
}
