/* ai_no.h - why a model is not asked, in words for the person who reads them */
#ifndef TALI_AI_NO_H
#define TALI_AI_NO_H

#include "ai/ai_budget.h"
#include "ai/ai_policy.h"
#include "ai/ai_refusal.h"
#include "ai/ai_request.h"

struct ai_no {
	enum ai_refusal why;
	int64_t retry_ms;	/* AI_REFUSAL_RATE: asking then helps; 0: later */
	char sentence[256];
};

/* Always -1. */
int ai_no_set(struct ai_no *no, enum ai_refusal why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* -1 when the task, or its time, allows nothing to be asked; else 0. `own`: tali's own assistant
 * asks. `runs`: the session is active and its time not over. */
int ai_no_by_session(struct ai_no *no, const struct ai_policy *policy, bool own, bool runs);
/* The same, and whether this request is allowed. */
int ai_no_by_policy(struct ai_no *no, const struct ai_policy *policy,
		    const struct ai_request *request, bool own, bool runs);

/* Always -1: what the budget said, of which only refusals come here. */
int ai_no_by_budget(struct ai_no *no, enum ai_verdict verdict, const struct ai_limits *limits,
		    const struct ai_grant *grant);

#endif
