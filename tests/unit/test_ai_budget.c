/* test_ai_budget.c - what is let in can never be more than the budget, however it runs */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ai/ai_budget.h"

#include <stdlib.h>

/* 5 and 25 micro-dollars for a token, into the cache 10 */
static const struct ai_price price = {
	.rates = { .input = 5000000, .cache_write = 6250000, .cache_write_hour = 10000000,
		   .cache_read = 500000, .output = 25000000 },
	.known = true,
};

static struct ai_claim claim_of(int64_t input, int64_t output)
{
	return (struct ai_claim){ .price = &price, .input = input, .output = output, .choices = 1 };
}

static enum ai_verdict ask(struct ai_budget *budget, struct ai_claim claim, struct ai_grant *ret)
{
	return ai_budget_ask(budget, &claim, 1, ret);
}

static void settle(struct ai_budget *budget, const struct ai_grant *grant, int64_t tokens,
		   int64_t cost)
{
	const struct ai_amount used = { tokens, cost, grant->aside.messages };

	ai_budget_settle(budget, grant, &used);
}

static void without_limits_all_is_granted_as_asked(void **state)
{
	struct ai_budget budget = { 0 };
	struct ai_grant grant;

	(void)state;
	assert_int_equal(ask(&budget, claim_of(1000000, 0), &grant), AI_BUDGET_GRANTED);
	assert_false(grant.lowered);
	assert_int_equal(ask(&budget, claim_of(10, 500), &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.output, 500);
	assert_false(grant.lowered);
	assert_int_equal(budget.running, 2);
	assert_int_equal(ai_budget_left(&budget).tokens, -1);
}

static void the_worst_case_is_set_aside_and_given_back(void **state)
{
	struct ai_budget budget = { .limits = { .tokens = 1000 } };
	struct ai_grant one, two, three;

	(void)state;
	assert_int_equal(ask(&budget, claim_of(100, 500), &one), AI_BUDGET_GRANTED);
	assert_int_equal(ai_budget_left(&budget).tokens, 400);
	assert_int_equal(ask(&budget, claim_of(100, 500), &two), AI_BUDGET_GRANTED);
	assert_int_equal(two.output, 300);
	assert_true(two.lowered);
	assert_int_equal(ask(&budget, claim_of(100, 500), &three), AI_BUDGET_WAIT);
	settle(&budget, &one, 120, 0);
	assert_int_equal(ask(&budget, claim_of(100, 300), &three), AI_BUDGET_GRANTED);
	assert_int_equal(three.output, 300);
	assert_false(three.lowered);
	settle(&budget, &two, 400, 0);
	settle(&budget, &three, 400, 0);
	assert_int_equal(budget.spent.tokens, 920);
	assert_int_equal(budget.aside.tokens, 0);
	assert_int_equal(ask(&budget, claim_of(70, 100), &one), AI_BUDGET_TOKENS);
	assert_int_equal(ask(&budget, claim_of(64, 100), &one), AI_BUDGET_GRANTED);
	assert_int_equal(one.output, 16);
}

static void one_that_says_no_maximum_gets_one_where_there_is_a_limit(void **state)
{
	struct ai_budget budget = { .limits = { .tokens = 1000000 } };
	struct ai_grant grant;

	(void)state;
	assert_int_equal(ask(&budget, claim_of(10, 0), &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.output, AI_BUDGET_OUTPUT_MAX);
	assert_true(grant.lowered);
}

static void a_request_that_needs_more_than_is_left_is_refused(void **state)
{
	struct ai_budget budget = { .limits = { .tokens = 1000 } };
	struct ai_claim claim = claim_of(10, 2000);
	struct ai_grant grant;

	(void)state;
	claim.least_output = 1024;
	assert_int_equal(ask(&budget, claim, &grant), AI_BUDGET_TOKENS);
	claim.least_output = 900;
	assert_int_equal(ask(&budget, claim, &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.output, 990);
}

static void each_answer_counts(void **state)
{
	struct ai_budget budget = { .limits = { .tokens = 1000 } };
	struct ai_claim claim = claim_of(100, 500);
	struct ai_grant grant;

	(void)state;
	claim.choices = 3;
	assert_int_equal(ask(&budget, claim, &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.output, 300);
	assert_int_equal(ai_budget_left(&budget).tokens, 0);
}

static void the_cost_bounds_the_output_too(void **state)
{
	/* 10 tokens of input cost at most 100, each of output 25 */
	struct ai_budget budget = { .limits = { .cost = 1000 } };
	struct ai_grant grant;

	(void)state;
	assert_int_equal(ask(&budget, claim_of(10, 500), &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.output, 36);
	assert_int_equal(grant.aside.cost, 1000);
	settle(&budget, &grant, 20, 900);
	assert_int_equal(ask(&budget, claim_of(10, 500), &grant), AI_BUDGET_COST);
}

static void messages_are_those_of_the_person(void **state)
{
	struct ai_budget budget = { .limits = { .messages = 1 } };
	struct ai_claim prompt = claim_of(10, 10), turn = claim_of(10, 10);
	struct ai_amount nothing = { 0 };
	struct ai_grant one, two;

	(void)state;
	prompt.is_prompt = true;
	assert_int_equal(ask(&budget, prompt, &one), AI_BUDGET_GRANTED);
	assert_int_equal(ask(&budget, prompt, &two), AI_BUDGET_WAIT);
	assert_int_equal(ask(&budget, turn, &two), AI_BUDGET_GRANTED);
	ai_budget_settle(&budget, &one, &nothing);	/* it never came to the provider */
	assert_int_equal(ask(&budget, prompt, &one), AI_BUDGET_GRANTED);
	settle(&budget, &one, 1, 1);
	assert_int_equal(ask(&budget, prompt, &one), AI_BUDGET_MESSAGES);
	assert_int_equal(ai_budget_left(&budget).messages, 0);
}

static void the_rate_holds_over_any_minute(void **state)
{
	struct ai_budget budget = { .limits = { .requests_per_minute = 6 } };
	struct ai_claim claim = claim_of(1, 1);
	struct ai_grant grant;
	int let_in = 0;

	(void)state;
	for (int i = 0; i < 6; i++)
		assert_int_equal(ai_budget_ask(&budget, &claim, 1000, &grant), AI_BUDGET_GRANTED);
	assert_int_equal(ai_budget_ask(&budget, &claim, 1000, &grant), AI_BUDGET_RATE);
	assert_int_equal(grant.retry_ms, 10000);
	assert_int_equal(ai_budget_ask(&budget, &claim, 10999, &grant), AI_BUDGET_RATE);
	assert_int_equal(ai_budget_ask(&budget, &claim, 11001, &grant), AI_BUDGET_GRANTED);
	claim.is_free = true;
	assert_int_equal(ai_budget_ask(&budget, &claim, 11002, &grant), AI_BUDGET_RATE);
	for (int64_t now = 11003; now < 311003; now += 7)
		let_in += ai_budget_ask(&budget, &claim, now, &grant) == AI_BUDGET_GRANTED;
	assert_int_equal(let_in, 30);
}

static void what_is_free_needs_no_tokens(void **state)
{
	struct ai_budget budget = { .limits = { .tokens = 10 }, .spent = { .tokens = 10 } };
	struct ai_claim claim = claim_of(1000, 0);
	struct ai_grant grant;

	(void)state;
	assert_int_equal(ask(&budget, claim, &grant), AI_BUDGET_TOKENS);
	claim.is_free = true;
	assert_int_equal(ask(&budget, claim, &grant), AI_BUDGET_GRANTED);
	assert_int_equal(grant.aside.tokens, 0);
}

#define SIDE_BY_SIDE 50

/* Requests that begin and end in any order and use anything up to what they were granted. */
static void many_side_by_side_never_exceed_it(void **state)
{
	(void)state;
	srand(6);
	for (int round = 0; round < 200; round++) {
		struct ai_budget budget = { .limits = { .tokens = rand() % 20000,
							.cost = rand() % 300000,
							.messages = 1 + rand() % 40 } };
		struct ai_grant grants[SIDE_BY_SIDE];
		bool runs[SIDE_BY_SIDE] = { false };

		for (int step = 0; step < 500; step++) {
			int at = rand() % SIDE_BY_SIDE;
			struct ai_claim claim = claim_of(1 + rand() % 500, rand() % 1000);

			claim.is_prompt = rand() % 2;
			claim.choices = 1 + rand() % 2;
			if (runs[at]) {
				settle(&budget, &grants[at],
				       rand() % (grants[at].aside.tokens + 1),
				       rand() % (grants[at].aside.cost + 1));
				runs[at] = false;
			} else {
				runs[at] = ask(&budget, claim, &grants[at]) == AI_BUDGET_GRANTED;
			}
			assert_true(!budget.limits.tokens || budget.spent.tokens +
				    budget.aside.tokens <= budget.limits.tokens);
			assert_true(!budget.limits.cost || budget.spent.cost +
				    budget.aside.cost <= budget.limits.cost);
			assert_true(budget.spent.messages + budget.aside.messages <=
				    budget.limits.messages);
			assert_true(budget.aside.tokens >= 0 && budget.running >= 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_limits_all_is_granted_as_asked),
		cmocka_unit_test(the_worst_case_is_set_aside_and_given_back),
		cmocka_unit_test(one_that_says_no_maximum_gets_one_where_there_is_a_limit),
		cmocka_unit_test(a_request_that_needs_more_than_is_left_is_refused),
		cmocka_unit_test(each_answer_counts),
		cmocka_unit_test(the_cost_bounds_the_output_too),
		cmocka_unit_test(messages_are_those_of_the_person),
		cmocka_unit_test(the_rate_holds_over_any_minute),
		cmocka_unit_test(what_is_free_needs_no_tokens),
		cmocka_unit_test(many_side_by_side_never_exceed_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
