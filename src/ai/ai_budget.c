/* ai_budget.c - see ai_budget.h */
#include "ai/ai_budget.h"

#define MINUTE_MS 60000

/* Enough for any sum of two: limits and prices are far below. */
#define UNLIMITED (INT64_MAX / 4)

static int64_t left_of(int64_t limit, int64_t spent, int64_t aside)
{
	if (!limit)
		return UNLIMITED;
	return limit - spent - aside > 0 ? limit - spent - aside : 0;
}

/* --- requests per minute: a bucket that fills evenly, in requests times MINUTE_MS */

static void fill_bucket(struct ai_budget *budget, int64_t now)
{
	int64_t a_minute = budget->limits.requests_per_minute, most = a_minute * MINUTE_MS;
	int64_t since = now - budget->rate_at;

	if (budget->rate_at == 0 || since >= MINUTE_MS)
		budget->rate_level = most;
	else if (since > 0)
		budget->rate_level += since * a_minute;
	else
		return;
	if (budget->rate_level > most)
		budget->rate_level = most;
	budget->rate_at = now;
}

/* 0, or in how many ms there will be room. */
static int64_t rate_wait(struct ai_budget *budget, int64_t now)
{
	int64_t a_minute = budget->limits.requests_per_minute;

	if (!a_minute)
		return 0;
	fill_bucket(budget, now);
	if (budget->rate_level >= MINUTE_MS)
		return 0;
	return (MINUTE_MS - budget->rate_level + a_minute - 1) / a_minute;
}

/* --- tokens and cost */

/* The most output of each answer for which `tokens` and `cost` are enough; may be negative. */
static int64_t output_within(const struct ai_claim *claim, int64_t tokens, int64_t cost)
{
	int64_t most = (tokens - claim->input) / claim->choices, low = -1, high;

	if (most < 0)
		return -1;
	high = most < AI_USAGE_MAX ? most : AI_USAGE_MAX;
	/* the cost rises with the output: the largest one that is not too dear */
	while (low < high) {
		int64_t middle = low + (high - low + 1) / 2;

		if (ai_price_worst(claim->price, claim->input, middle * claim->choices) <= cost)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static int64_t wanted_output(const struct ai_claim *claim)
{
	return claim->output ? claim->output : AI_BUDGET_OUTPUT_MAX;
}

/* The smallest output that makes sense to ask for. */
static int64_t least_output(const struct ai_claim *claim)
{
	int64_t least = claim->least_output > AI_BUDGET_OUTPUT_LEAST ? claim->least_output :
								       AI_BUDGET_OUTPUT_LEAST;
	int64_t wanted = wanted_output(claim);

	return wanted < least ? wanted : least;
}

/* Which limit it is that leaves too little. */
static enum ai_verdict refuse(const struct ai_budget *budget, const struct ai_claim *claim)
{
	int64_t tokens = left_of(budget->limits.tokens, budget->spent.tokens, 0);
	int64_t cost = left_of(budget->limits.cost, budget->spent.cost, 0);

	if (output_within(claim, tokens, cost) >= least_output(claim))
		return AI_BUDGET_WAIT;	/* it is set aside for others */
	return output_within(claim, tokens, UNLIMITED) < least_output(claim) ? AI_BUDGET_TOKENS :
									       AI_BUDGET_COST;
}

static enum ai_verdict grant_output(const struct ai_budget *budget, const struct ai_claim *claim,
				    struct ai_grant *ret)
{
	int64_t tokens = left_of(budget->limits.tokens, budget->spent.tokens, budget->aside.tokens);
	int64_t cost = left_of(budget->limits.cost, budget->spent.cost, budget->aside.cost);
	int64_t most = output_within(claim, tokens, cost), wanted = wanted_output(claim);

	if (most < least_output(claim))
		return refuse(budget, claim);
	/* of one that says no maximum a bound is set only where there is one to keep */
	ret->output = most < wanted ? most : wanted;
	ret->lowered = most < wanted;
	if (!claim->output && (budget->limits.tokens || budget->limits.cost))
		ret->lowered = true;
	ret->aside.tokens = claim->input + ret->output * claim->choices;
	ret->aside.cost = ai_price_worst(claim->price, claim->input,
					 ret->output * claim->choices);
	return AI_BUDGET_GRANTED;
}

/* --- */

static enum ai_verdict ask_messages(const struct ai_budget *budget, const struct ai_claim *claim)
{
	int64_t most = budget->limits.messages;

	if (!most || !claim->is_prompt || budget->spent.messages + budget->aside.messages < most)
		return AI_BUDGET_GRANTED;
	return budget->spent.messages < most ? AI_BUDGET_WAIT : AI_BUDGET_MESSAGES;
}

enum ai_verdict ai_budget_ask(struct ai_budget *budget, const struct ai_claim *claim, int64_t now,
			      struct ai_grant *ret)
{
	enum ai_verdict verdict = ask_messages(budget, claim);

	*ret = (struct ai_grant){ .retry_ms = rate_wait(budget, now) };
	if (ret->retry_ms)
		return AI_BUDGET_RATE;
	if (verdict == AI_BUDGET_GRANTED && !claim->is_free)
		verdict = grant_output(budget, claim, ret);
	if (verdict != AI_BUDGET_GRANTED)
		return verdict;
	if (budget->limits.requests_per_minute)
		budget->rate_level -= MINUTE_MS;
	ret->aside.messages = claim->is_prompt;
	budget->aside.tokens += ret->aside.tokens;
	budget->aside.cost += ret->aside.cost;
	budget->aside.messages += ret->aside.messages;
	budget->running++;
	return AI_BUDGET_GRANTED;
}

void ai_budget_settle(struct ai_budget *budget, const struct ai_grant *grant,
		      const struct ai_amount *used)
{
	budget->aside.tokens -= grant->aside.tokens;
	budget->aside.cost -= grant->aside.cost;
	budget->aside.messages -= grant->aside.messages;
	budget->spent.tokens += used->tokens;
	budget->spent.cost += used->cost;
	budget->spent.messages += used->messages;
	budget->running--;
}

static int64_t shown_left(int64_t limit, int64_t spent, int64_t aside)
{
	return limit ? left_of(limit, spent, aside) : -1;
}

struct ai_amount ai_budget_left(const struct ai_budget *budget)
{
	const struct ai_limits *limits = &budget->limits;
	const struct ai_amount *spent = &budget->spent, *aside = &budget->aside;

	return (struct ai_amount){
		.tokens = shown_left(limits->tokens, spent->tokens, aside->tokens),
		.cost = shown_left(limits->cost, spent->cost, aside->cost),
		.messages = shown_left(limits->messages, spent->messages, aside->messages),
	};
}
