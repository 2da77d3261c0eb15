/* test_ai_retry.c - which calls are made again, and when */
#include "ai/ai_retry.h"

#include "ai_fixture.h"

#define NOW 784111777000	/* Sun, 06 Nov 1994 08:49:37 GMT */

static struct ai_retry failed(enum ai_fault fault, int status)
{
	return (struct ai_retry){
		.fault = fault,
		.status = status,
		.tries = 1,
		.now = NOW,
		.deadline = NOW + 600000,
	};
}

static void what_may_pass_is_tried_again(void **state)
{
	static const int again[] = { 408, 409, 429, 500, 502, 503, 504, 529 };
	static const int never[] = { 400, 401, 402, 403, 404, 413, 301, 200 };

	(void)state;
	for (size_t i = 0; i < LENGTH(again); i++) {
		struct ai_retry retry = failed(AI_FAULT_STATUS, again[i]);

		assert_true(ai_retry_wait(&retry) >= 0);
	}
	for (size_t i = 0; i < LENGTH(never); i++) {
		struct ai_retry retry = failed(AI_FAULT_STATUS, never[i]);

		assert_int_equal(ai_retry_wait(&retry), -1);
	}
	for (int fault = AI_FAULT_CONNECT; fault <= AI_FAULT_BROKEN; fault++) {
		struct ai_retry retry = failed((enum ai_fault)fault, 0);

		assert_int_equal(ai_retry_wait(&retry) >= 0, fault != AI_FAULT_CERTIFICATE);
	}
}

static void a_spent_budget_is_not_tried_again(void **state)
{
	static const char *const spent[] = { "enforced_spend_limit_reached", "insufficient_quota",
					     "contract_spend_limit_reached",
					     "credit_balance_exhausted" };

	(void)state;
	for (size_t i = 0; i < LENGTH(spent); i++) {
		struct ai_retry retry = failed(AI_FAULT_STATUS, 429);

		retry.code = "rate_limit_exceeded";
		assert_true(ai_retry_wait(&retry) >= 0);
		retry.code = spent[i];
		assert_int_equal(ai_retry_wait(&retry), -1);
	}
}

static void nothing_is_tried_again_once_a_tool_ran(void **state)
{
	struct ai_retry retry = failed(AI_FAULT_BROKEN, 0);

	(void)state;
	retry.acted = true;
	assert_int_equal(ai_retry_wait(&retry), -1);
}

static void waits_grow_and_are_half_by_chance(void **state)
{
	(void)state;
	for (int tries = 1; tries < AI_RETRY_TRIES; tries++) {
		struct ai_retry retry = failed(AI_FAULT_STATUS, 500);
		int64_t most = 500 << (tries - 1);

		retry.tries = tries;
		assert_int_equal(ai_retry_wait(&retry), most / 2);
		retry.random = (uint32_t)(most / 2);
		assert_int_equal(ai_retry_wait(&retry), most);
		for (uint32_t i = 0; i < 1000; i++) {
			retry.random = i * 2654435761u;
			assert_in_range(ai_retry_wait(&retry), most / 2, most);
		}
	}
}

static void tries_end(void **state)
{
	struct ai_retry retry = failed(AI_FAULT_STATUS, 500);

	(void)state;
	retry.tries = AI_RETRY_TRIES;
	assert_int_equal(ai_retry_wait(&retry), -1);
	retry.tries = 1;
	retry.deadline = retry.now + 250;
	assert_int_equal(ai_retry_wait(&retry), 250);
	retry.deadline = retry.now + 249;
	assert_int_equal(ai_retry_wait(&retry), -1);
}

static void the_provider_says_when(void **state)
{
	static const struct {
		const char *after, *after_ms;
		int64_t wait;
	} cases[] = {
		{ "3", NULL, 3000 },
		{ "0", NULL, 0 },
		{ "1.5", NULL, 1500 },
		{ "3", "300", 300 },
		{ "3600", NULL, 60000 },
		{ "99999999999999999999", NULL, 250 },
		{ "Sun, 06 Nov 1994 08:49:40 GMT", NULL, 3000 },
		{ "Sun, 06 Nov 1994 08:49:30 GMT", NULL, 0 },
		{ "Sun, 06 Nov 1995 08:49:37 GMT", NULL, 60000 },
		{ "Sun, 06 Nov 1994 08:49:40 CET", NULL, 250 },
		{ "Sun, 06 Foo 1994 08:49:40 GMT", NULL, 250 },
		{ "soon", "x", 250 },
		{ "-1", "", 250 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ai_retry retry = failed(AI_FAULT_STATUS, 429);

		retry.retry_after = cases[i].after;
		retry.retry_after_ms = cases[i].after_ms;
		if (ai_retry_wait(&retry) != cases[i].wait)
			fail_msg("%s: %lld", cases[i].after, (long long)ai_retry_wait(&retry));
	}
}

static void five_failures_close_the_gate_and_one_call_opens_it(void **state)
{
	struct ai_retry_gate gate = AI_RETRY_GATE_INIT;

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_true(ai_retry_gate_enter(&gate, NOW + i));
		ai_retry_gate_report(&gate, NOW + i, false);
	}
	assert_false(ai_retry_gate_enter(&gate, NOW + 5));
	assert_false(ai_retry_gate_enter(&gate, NOW + 4 + 14999));
	assert_true(ai_retry_gate_enter(&gate, NOW + 4 + 15000));
	assert_false(ai_retry_gate_enter(&gate, NOW + 4 + 15000));
	ai_retry_gate_report(&gate, NOW + 90000, false);
	assert_false(ai_retry_gate_enter(&gate, NOW + 104999));
	assert_true(ai_retry_gate_enter(&gate, NOW + 105000));
	ai_retry_gate_report(&gate, NOW + 105001, true);
	assert_true(ai_retry_gate_enter(&gate, NOW + 105002));
	assert_true(ai_retry_gate_enter(&gate, NOW + 105002));
}

static void failures_far_apart_do_not_close_the_gate(void **state)
{
	struct ai_retry_gate gate = AI_RETRY_GATE_INIT;

	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_true(ai_retry_gate_enter(&gate, NOW + i * 7501));
		ai_retry_gate_report(&gate, NOW + i * 7501, false);
	}
	for (int i = 0; i < 20; i++) {
		assert_true(ai_retry_gate_enter(&gate, NOW + 200000));
		ai_retry_gate_report(&gate, NOW + 200000, i % 4 != 0);
	}
}

static void tries_again_are_a_tenth_of_the_calls(void **state)
{
	struct ai_retry_gate gate = AI_RETRY_GATE_INIT;
	int again = 0;

	(void)state;
	while (ai_retry_gate_again(&gate))
		again++;
	assert_int_equal(again, 10);
	for (int i = 0; i < 30; i++)
		assert_true(ai_retry_gate_enter(&gate, NOW));
	for (again = 0; ai_retry_gate_again(&gate);)
		again++;
	assert_int_equal(again, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_pass_is_tried_again),
		cmocka_unit_test(a_spent_budget_is_not_tried_again),
		cmocka_unit_test(nothing_is_tried_again_once_a_tool_ran),
		cmocka_unit_test(waits_grow_and_are_half_by_chance),
		cmocka_unit_test(tries_end),
		cmocka_unit_test(the_provider_says_when),
		cmocka_unit_test(five_failures_close_the_gate_and_one_call_opens_it),
		cmocka_unit_test(failures_far_apart_do_not_close_the_gate),
		cmocka_unit_test(tries_again_are_a_tenth_of_the_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
