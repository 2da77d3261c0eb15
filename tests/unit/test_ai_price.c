/* test_ai_price.c - tokens by any name, and what they cost */
#include "ai/ai_price.h"

#include "ai_fixture.h"

static void assert_usage(bool openai, const char *raw, bool known, struct ai_usage want)
{
	AUTO_JSON json_t *usage = raw ? parsed(raw) : NULL;
	struct ai_usage got;
	bool is_known = openai ? ai_usage_openai(usage, &got) : ai_usage_anthropic(usage, &got);

	assert_int_equal(is_known, known);
	assert_int_equal(got.input, want.input);
	assert_int_equal(got.cache_write, want.cache_write);
	assert_int_equal(got.cache_write_hour, want.cache_write_hour);
	assert_int_equal(got.cache_read, want.cache_read);
	assert_int_equal(got.output, want.output);
	assert_int_equal(got.reasoning, want.reasoning);
}

static void anthropic_counts_kinds_of_input_apart(void **state)
{
	(void)state;
	assert_usage(false,
		     "{'input_tokens':12,'cache_creation_input_tokens':30,"
		     "'cache_read_input_tokens':5,'cache_creation':{'ephemeral_5m_input_tokens':10,"
		     "'ephemeral_1h_input_tokens':20},'output_tokens':7,"
		     "'output_tokens_details':{'thinking_tokens':3}}",
		     true, (struct ai_usage){ 12, 10, 20, 5, 7, 3 });
	assert_usage(false, "{'input_tokens':12,'output_tokens':7}", true,
		     (struct ai_usage){ .input = 12, .output = 7 });
	assert_usage(false, "{'input_tokens':12}", false, (struct ai_usage){ .input = 12 });
	assert_usage(false, NULL, false, (struct ai_usage){ 0 });
}

static void openai_counts_parts_of_the_input(void **state)
{
	(void)state;
	assert_usage(true,
		     "{'prompt_tokens':100,'completion_tokens':20,'prompt_tokens_details':"
		     "{'cached_tokens':60,'cache_write_tokens':10},"
		     "'completion_tokens_details':{'reasoning_tokens':15}}",
		     true, (struct ai_usage){ 30, 10, 0, 60, 20, 15 });
	assert_usage(true,
		     "{'input_tokens':100,'output_tokens':20,'input_tokens_details':"
		     "{'cached_tokens':60},'output_tokens_details':{'reasoning_tokens':15}}",
		     true, (struct ai_usage){ 40, 0, 0, 60, 20, 15 });
	assert_usage(true, "{'prompt_tokens':8,'completion_tokens':2,'total_tokens':10}", true,
		     (struct ai_usage){ .input = 8, .output = 2 });
}

static void counts_that_are_none_are_not_believed(void **state)
{
	(void)state;
	assert_usage(true, "{'prompt_tokens':-8,'completion_tokens':2}", false,
		     (struct ai_usage){ .output = 2 });
	assert_usage(true, "{'prompt_tokens':8,'completion_tokens':'2'}", false,
		     (struct ai_usage){ .input = 8 });
	assert_usage(false, "{'input_tokens':1e18,'output_tokens':2}", false,
		     (struct ai_usage){ .output = 2 });
	assert_usage(true,
		     "{'prompt_tokens':8,'completion_tokens':2,"
		     "'prompt_tokens_details':{'cached_tokens':9,'cache_write_tokens':9},"
		     "'completion_tokens_details':{'reasoning_tokens':3}}",
		     true, (struct ai_usage){ 0, 0, 0, 8, 2, 2 });
}

static void later_counts_replace_earlier_ones(void **state)
{
	AUTO_JSON json_t *usage = parsed("{'input_tokens':12,'output_tokens':1,'x':'y'}");
	AUTO_JSON json_t *more = parsed("{'input_tokens':null,'output_tokens':25}");

	(void)state;
	ai_usage_merge(usage, more);
	assert_json(usage, "{'input_tokens':12,'output_tokens':25,'x':'y'}");
}

static void the_floor_is_four_characters_a_token(void **state)
{
	(void)state;
	assert_int_equal(ai_usage_floor("", 0), 0);
	assert_int_equal(ai_usage_floor("a", 1), 1);
	assert_int_equal(ai_usage_floor("abcd", 4), 1);
	assert_int_equal(ai_usage_floor("abcde", 5), 2);
	assert_int_equal(ai_usage_floor("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", 8), 1);
}

static void prices_follow_from_input_unless_they_are_said(void **state)
{
	AUTO_JSON json_t *table = parsed("{'schema':'tali.prices/1','models':["
					 "{'match':'m*','input':1000000,'output':2000000},"
					 "{'match':'m-local','input':0,'output':0},"
					 "{'match':'m-all','input':8,'output':9,'cache_write_5m':1,"
					 "'cache_write_1h':2,'cache_read':3}]}");
	struct err err = ERR_INIT;
	struct ai_price price;

	(void)state;
	assert_int_equal(ai_price_check(table, &err), 0);
	price = ai_price_of(table, "m-1");
	assert_true(price.known);
	assert_int_equal(price.rates.cache_write, 1250000);
	assert_int_equal(price.rates.cache_write_hour, 2000000);
	assert_int_equal(price.rates.cache_read, 100000);
	price = ai_price_of(table, "m-local");
	assert_int_equal(price.rates.output, 0);
	price = ai_price_of(table, "m-all");
	assert_int_equal(price.rates.cache_write, 1);
	assert_int_equal(price.rates.cache_write_hour, 2);
	assert_int_equal(price.rates.cache_read, 3);
}

static void the_longest_match_wins_and_the_store_goes_first(void **state)
{
	AUTO_JSON json_t *table = parsed("{'schema':'tali.prices/1',"
					 "'default':{'input':7,'output':7},"
					 "'models':[{'match':'*opus*','input':1,'output':1},"
					 "{'match':'*opus-5*','input':2,'output':2},"
					 "{'match':'*x*5*','input':3,'output':3},"
					 "{'match':'*y*5*','input':4,'output':4}]}");

	(void)state;
	assert_int_equal(ai_price_of(table, "claude-opus-5-9").rates.input, 2);
	assert_int_equal(ai_price_of(table, "claude-opus-4").rates.input, 1);
	assert_int_equal(ai_price_of(table, "xy5").rates.input, 4);
	assert_int_equal(ai_price_of(table, "y-what").rates.input, 7);
	assert_false(ai_price_of(table, "y-what").known);
	assert_true(ai_price_of(table, "claude-sonnet-5").known);
}

static void an_unknown_model_is_never_free(void **state)
{
	struct ai_price price = ai_price_of(NULL, "nobody-knows-me");

	(void)state;
	assert_false(price.known);
	assert_int_equal(price.rates.input, 5000000);
	assert_int_equal(price.rates.output, 25000000);
}

static void known_families_have_their_price(void **state)
{
	static const struct {
		const char *model;
		int64_t input, output;
	} models[] = {
		{ "claude-opus-4-8", 5000000, 25000000 },
		{ "claude-opus-4-1-20250805", 15000000, 75000000 },
		{ "claude-opus-5-5", 4000000, 20000000 },
		{ "anthropic/claude-sonnet-5-5", 2000000, 10000000 },
		{ "us.anthropic.claude-haiku-4-5-v1:0", 1000000, 5000000 },
		{ "gpt-6-sol", 2000000, 10000000 },
		{ "gpt-5-mini", 250000, 2000000 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(models); i++) {
		struct ai_price price = ai_price_of(NULL, models[i].model);

		assert_true(price.known);
		assert_int_equal(price.rates.input, models[i].input);
		assert_int_equal(price.rates.output, models[i].output);
	}
}

static void cost_is_rounded_up_once(void **state)
{
	struct ai_price price = { .rates = { 3, 5, 7, 1, 11 } };
	struct ai_usage usage = { .input = 1, .output = 1 };
	struct ai_usage most = { AI_USAGE_MAX, AI_USAGE_MAX, INT64_MAX, AI_USAGE_MAX, -5, 0 };

	(void)state;
	assert_int_equal(ai_price_cost(&price, &(struct ai_usage){ 0 }), 0);
	assert_int_equal(ai_price_cost(&price, &usage), 1);
	usage = (struct ai_usage){ 1000000, 2000000, 1000000, 1000000, 1000000, 5 };
	assert_int_equal(ai_price_cost(&price, &usage), 3 + 10 + 7 + 1 + 11);
	usage = (struct ai_usage){ .input = 333334 };
	assert_int_equal(ai_price_cost(&price, &usage), 2);
	price.rates = (struct ai_rates){ AI_PRICE_MAX, AI_PRICE_MAX, AI_PRICE_MAX, AI_PRICE_MAX,
					 1 };
	assert_int_equal(ai_price_cost(&price, &most), 4 * (AI_USAGE_MAX / 1000000) * AI_PRICE_MAX);
}

static void long_input_costs_more_for_all_tokens(void **state)
{
	struct ai_price price = {
		.rates = { 1000000, 1000000, 1000000, 1000000, 1000000 },
		.above = 100,
		.beyond = { 2000000, 2000000, 2000000, 2000000, 3000000 },
	};

	(void)state;
	assert_int_equal(ai_price_cost(&price, &(struct ai_usage){ 60, 0, 0, 40, 10, 0 }), 110);
	assert_int_equal(ai_price_cost(&price, &(struct ai_usage){ 60, 0, 0, 41, 10, 0 }), 232);
	assert_int_equal(ai_price_worst(&price, 100, 10), 110);
	assert_int_equal(ai_price_worst(&price, 101, 10), 232);
}

static void the_worst_is_the_dearest_kind_of_input(void **state)
{
	struct ai_price price = { .rates = { 1000000, 1250000, 2000000, 100000, 5000000 } };

	(void)state;
	assert_int_equal(ai_price_worst(&price, 100, 10), 250);
}

static void a_wrong_table_is_refused_by_place(void **state)
{
	static const char *const tables[][2] = {
		{ "{}", "/schema" },
		{ "{'schema':'tali.prices/1'}", "/models" },
		{ "{'schema':'tali.prices/1','models':[1]}", "/models/0: must be an object" },
		{ "{'schema':'tali.prices/1','models':[{'match':'a','input':-1,'output':1}]}",
		  "/models/0/input" },
		{ "{'schema':'tali.prices/1','models':[{'match':'a','input':1}]}",
		  "/models/0/output" },
		{ "{'schema':'tali.prices/1','models':[{'input':1,'output':1}]}",
		  "/models/0/match" },
		{ "{'schema':'tali.prices/1','models':[],'default':{'input':1,'output':'1'}}",
		  "/default/output" },
		{ "{'schema':'tali.prices/1','models':[{'match':'a','input':1,'output':1,"
		  "'cache_read':2.5}]}",
		  "/models/0/cache_read" },
		{ "{'schema':'tali.prices/1','models':[{'match':'a','input':1,'output':1,"
		  "'long':{'above':0,'input':1,'output':1}}]}",
		  "/models/0/long/above" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(tables); i++) {
		AUTO_JSON json_t *table = parsed(tables[i][0]);
		struct err err = ERR_INIT;

		assert_int_equal(ai_price_check(table, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_int_equal(strncmp(err.text, tables[i][1], strlen(tables[i][1])), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anthropic_counts_kinds_of_input_apart),
		cmocka_unit_test(openai_counts_parts_of_the_input),
		cmocka_unit_test(counts_that_are_none_are_not_believed),
		cmocka_unit_test(later_counts_replace_earlier_ones),
		cmocka_unit_test(the_floor_is_four_characters_a_token),
		cmocka_unit_test(prices_follow_from_input_unless_they_are_said),
		cmocka_unit_test(the_longest_match_wins_and_the_store_goes_first),
		cmocka_unit_test(an_unknown_model_is_never_free),
		cmocka_unit_test(known_families_have_their_price),
		cmocka_unit_test(cost_is_rounded_up_once),
		cmocka_unit_test(long_input_costs_more_for_all_tokens),
		cmocka_unit_test(the_worst_is_the_dearest_kind_of_input),
		cmocka_unit_test(a_wrong_table_is_refused_by_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
