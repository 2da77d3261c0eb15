/* ai_budget.h - what one assessment may spend on models, never exceeded by requests side by side
 *
 * A request is let in with its worst case set aside: the most input its body can be, and the most
 * output it may ask for. What is set aside counts as spent until the request has ended and what it
 * really used is known. So the sum of all that run can never be more than the budget. When less
 * output is left than a request may ask for, it is granted what is left (the gateway lowers the
 * maximum in its body). When not even the input fits, it waits for those that run, and is refused
 * when none does. An answer that has begun is never cut.
 *
 * No locks and no clock of its own: its owner has both. Times are ms of any clock that does not go
 * backwards. */
#ifndef TALI_AI_BUDGET_H
#define TALI_AI_BUDGET_H

#include "ai/ai_price.h"

#include <stdbool.h>
#include <stdint.h>

#define AI_BUDGET_OUTPUT_MAX 128000	/* tokens of an answer whose request says no maximum */
#define AI_BUDGET_OUTPUT_LEAST 16	/* with less left than this nothing is asked */

/* 0 means no limit. */
struct ai_limits {
	int64_t tokens;			/* both ways */
	int64_t cost;			/* micro-dollars */
	int64_t messages;		/* prompts of the person */
	int64_t requests_per_minute;
};

struct ai_amount {
	int64_t tokens, cost, messages;
};

/* All zero is one without limits, of which nothing was spent. */
struct ai_budget {
	struct ai_limits limits;
	struct ai_amount spent, aside;
	int running;			/* requests that were let in and have not ended */
	int64_t rate_level, rate_at;	/* ms times requests in the bucket, at that time */
};

/* What a request asks for. */
struct ai_claim {
	const struct ai_price *price;
	int64_t input;			/* most tokens of input (ai_request_input_bound) */
	int64_t output;			/* most of one answer; 0: it does not say */
	int64_t least_output;		/* with a lower maximum the provider would refuse it */
	int choices;			/* answers, from 1 on */
	bool is_prompt;			/* counts as a message of the person */
	bool is_free;			/* counting tokens, lists: only the rate holds */
};

enum ai_verdict {
	AI_BUDGET_GRANTED = 1,
	AI_BUDGET_WAIT,		/* not now: others run that may leave enough */
	AI_BUDGET_TOKENS,	/* spent: these three stay so */
	AI_BUDGET_COST,
	AI_BUDGET_MESSAGES,
	AI_BUDGET_RATE,		/* too many in this minute */
};

struct ai_grant {
	struct ai_amount aside;
	int64_t output;		/* most tokens of one answer that the provider may be asked for */
	bool lowered;		/* less than the request says: its body must be changed */
	int64_t retry_ms;	/* AI_BUDGET_RATE: when there is room again */
};

/* Lets a request in and sets its worst case aside, or says why not; then nothing has changed. */
enum ai_verdict ai_budget_ask(struct ai_budget *budget, const struct ai_claim *claim, int64_t now,
			      struct ai_grant *ret);

/* A request that was let in has ended: what it used (of messages 0 or 1: none when it never came to
 * the provider) replaces what was set aside. */
void ai_budget_settle(struct ai_budget *budget, const struct ai_grant *grant,
		      const struct ai_amount *used);

/* What is left for requests to come, -1: no limit. */
struct ai_amount ai_budget_left(const struct ai_budget *budget);

#endif
