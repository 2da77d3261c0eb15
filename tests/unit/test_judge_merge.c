/* test_judge_merge.c - what samples of a judge make of a value, and of a subitem */
#include "judge_session.h"

#include <stdlib.h>

/* --- merging */

static const int64_t borders[] = { 4000, 6500, 8500 };

static struct judge_rules rules_at(int64_t facts)
{
	return (struct judge_rules){ .facts = facts, .borders = borders, .border_count = 3 };
}

/* -1 is an invalid sample. */
static struct judge_merged merge(int a, int b, int c, struct judge_rules rules)
{
	const int levels[] = { a, b, c };
	struct judge_sample samples[JUDGE_SAMPLES];
	struct judge_merged merged;

	for (int i = 0; i < JUDGE_SAMPLES; i++)
		samples[i] = (struct judge_sample){
			.level = levels[i],
			.fault = levels[i] < 0 ? JUDGE_INVENTED : JUDGE_VALID };
	judge_merge(samples, JUDGE_SAMPLES, &rules, &merged);
	return merged;
}

static void assert_merged(struct judge_merged merged, int64_t value, int level, int spread,
			  bool review)
{
	assert_int_equal(merged.value, value);
	assert_int_equal(merged.level, level);
	assert_int_equal(merged.spread, spread);
	assert_int_equal(merged.needs_review, review);
	assert_non_null(merged.why);
}

static void the_median_moves_the_value_towards_its_level(void **state)
{
	(void)state;
	assert_merged(merge(3, 3, 3, rules_at(7000)), 7500, 3, 0, false);
	assert_merged(merge(2, 3, 3, rules_at(7200)), 7500, 3, 1, true);	/* 57 or 75 */
	assert_merged(merge(3, 3, 2, rules_at(5000)), 6500, 3, 1, true);	/* 50 or 65 */
	assert_merged(merge(2, 2, 1, rules_at(5000)), 5000, 2, 1, true);	/* 35 or 50 */
	assert_merged(merge(3, 4, 4, rules_at(9990)), 10000, 4, 1, true);
	assert_merged(merge(1, 1, 0, rules_at(2000)), 2500, 1, 1, false);
}

static void no_level_moves_it_by_more_than_the_band(void **state)
{
	(void)state;
	for (int64_t facts = 0; facts <= 10000; facts += 250) {
		for (int n = 0; n < 6 * 6 * 6; n++) {
			int a = n % 6 - 1, b = n / 6 % 6 - 1, c = n / 36 - 1;
			struct judge_merged merged = merge(a, b, c, rules_at(facts));

			assert_in_range(merged.value, 0, 10000);
			assert_true(llabs(merged.value - facts) <= JUDGE_BAND);
			assert_true(merged.value >= merged.low && merged.value <= merged.high);
			assert_int_equal(merged.value, merge(c, a, b, rules_at(facts)).value);
		}
	}
}

static void samples_that_differ_too_much_move_nothing(void **state)
{
	(void)state;
	assert_merged(merge(1, 3, 3, rules_at(5000)), 5000, 3, 2, true);
	assert_merged(merge(0, 4, 4, rules_at(9000)), 9000, 4, 4, true);
	assert_merged(merge(2, -1, 4, rules_at(5000)), 5000, 2, 2, true);
}

static void samples_on_both_sides_of_a_border_need_a_person(void **state)
{
	(void)state;
	assert_true(merge(3, 3, 2, rules_at(6400)).needs_review);	/* 64 at most 75; 50 */
	assert_false(merge(4, 4, 3, rules_at(7000)).needs_review ==
		     merge(3, 3, 3, rules_at(7000)).needs_review);	/* 85 and 75: a border */
	assert_false(merge(1, 1, 0, rules_at(1000)).needs_review);
}

static void invalid_samples_count_for_nothing(void **state)
{
	(void)state;
	assert_merged(merge(-1, -1, -1, rules_at(5000)), 5000, -1, -1, true);
	assert_merged(merge(-1, 3, -1, rules_at(7000)), 7500, 3, 0, true);
	assert_merged(merge(3, -1, 3, rules_at(7000)), 7500, 3, 0, false);
	assert_merged(merge(1, -1, 0, rules_at(1000)), 0, 0, 1, false);	/* of two the lower */
}

static void where_a_hard_criterion_failed_nothing_is_lifted(void **state)
{
	struct judge_rules rules = rules_at(2000);

	(void)state;
	rules.failed = true;
	assert_merged(merge(4, 4, 4, rules), 2000, 4, 0, false);
	assert_merged(merge(0, 0, 0, rules), 500, 0, 0, false);
}

static void an_attack_and_a_change_of_models_need_a_person(void **state)
{
	struct judge_rules rules = rules_at(7000);

	(void)state;
	rules.spoken_to = true;
	assert_merged(merge(3, 3, 3, rules), 7500, 3, 0, true);
	rules = rules_at(7000);
	rules.models_differ = true;
	assert_merged(merge(3, 3, 3, rules), 7500, 3, 0, true);
}

/* --- the card */

static json_t *stored_sample(const char *model, const char *answer)
{
	json_t *sample = json_pack("{s:s, s:s, s:s, s:s, s:[]}", "seed", SEED, "prompt", "p",
				   "model", model, "stop", "end_turn", "answers");

	if (answer)
		json_array_append_new(json_object_get(sample, "answers"), json_string(answer));
	else
		json_object_set_new(sample, "why", json_string("The provider is away."));
	return sample;
}

static json_t *card_member(const char *a, const char *b, const char *c, const char *last_model,
			   int64_t *value, bool *review)
{
	AUTO(judge_questions_release) struct judge_questions questions = JUDGE_QUESTIONS_INIT;
	AUTO_JSON json_t *thresholds = json_pack("{s:i, s:i, s:i}", "operator", 40, "architect", 65,
						 "innovator", 85);
	AUTO_JSON json_t *askings = json_object();
	const struct judge_card card = { .questions = &questions, .askings = askings,
					 .thresholds = thresholds };

	questions.list[questions.count++] = plain_question();
	json_object_set_new(askings, questions.list[0].hash,
			    json_pack("{s:s, s:[o, o, o]}", "rubric", "1", "samples",
				      stored_sample("m1", a), stored_sample("m1", b),
				      stored_sample(last_model, c)));
	*review = false;
	return judge_card_member(&card, "problem_understanding", value, review);
}

static void a_member_tells_how_it_came_about(void **state)
{
	int64_t value = 7000;
	bool review;
	AUTO_JSON json_t *member = card_member(QUOTED, QUOTED, QUOTED, "m1", &value, &review);
	const json_t *sample = json_array_get(json_object_get(member, "samples"), 0);

	(void)state;
	assert_int_equal(value, 7500);
	assert_false(review);
	assert_int_equal(json_int(member, "level", -1), 3);
	assert_int_equal(json_int(member, "facts", -1), 70);
	assert_string_equal(json_str(member, "model", ""), "m1");
	assert_string_equal(json_str(member, "reason", ""), "A plan.");
	assert_int_equal(json_array_size(json_object_get(member, "evidence")), 1);
	assert_int_equal(strlen(json_str(sample, "answer", "")), 64);
}

static void answers_that_did_not_come_leave_the_value_and_say_so(void **state)
{
	int64_t value = 7000;
	bool review;
	AUTO_JSON json_t *member = card_member(NULL, NULL, NULL, "m1", &value, &review);
	const json_t *sample = json_array_get(json_object_get(member, "samples"), 0);

	(void)state;
	assert_int_equal(value, 7000);
	assert_true(review);
	assert_true(json_is_null(json_object_get(member, "level")));
	assert_string_equal(json_str(sample, "fault", ""), "unanswered");
	assert_string_equal(json_str(sample, "why", ""), "The provider is away.");
}

static void another_model_in_between_needs_a_person(void **state)
{
	int64_t value = 7000;
	bool review;
	AUTO_JSON json_t *member = card_member(QUOTED, QUOTED, QUOTED, "m2", &value, &review);

	(void)state;
	assert_non_null(member);
	assert_true(review);
}

static void what_is_not_measured_is_not_judged(void **state)
{
	int64_t value = -1;
	bool review;
	AUTO_JSON json_t *member = card_member(QUOTED, QUOTED, QUOTED, "m1", &value, &review);

	(void)state;
	assert_true(json_is_null(member));
	assert_int_equal(value, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_moves_the_value_towards_its_level),
		cmocka_unit_test(no_level_moves_it_by_more_than_the_band),
		cmocka_unit_test(samples_that_differ_too_much_move_nothing),
		cmocka_unit_test(samples_on_both_sides_of_a_border_need_a_person),
		cmocka_unit_test(invalid_samples_count_for_nothing),
		cmocka_unit_test(where_a_hard_criterion_failed_nothing_is_lifted),
		cmocka_unit_test(an_attack_and_a_change_of_models_need_a_person),
		cmocka_unit_test(a_member_tells_how_it_came_about),
		cmocka_unit_test(answers_that_did_not_come_leave_the_value_and_say_so),
		cmocka_unit_test(another_model_in_between_needs_a_person),
		cmocka_unit_test(what_is_not_measured_is_not_judged),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
