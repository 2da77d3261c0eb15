/* test_score_card.c - what numbers are worth, and how a rubric joins them */
#include "score/score_card.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/signal_map.h"
#include "task/rubric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_rule_is_whole_and_has_a_subitem_of_the_house(void **state)
{
	AUTO_JSON json_t *rubric = rubric_of(NULL, "bug_fix");
	const struct signal_rule *rule;
	size_t i;

	(void)state;
	assert_string_equal(signal_map_version(), "1");
	for (i = 0; (rule = signal_map_at(i)) != NULL; i++) {
		json_t *category;
		const char *name;
		int found = 0;

		json_object_foreach(json_object_get(rubric, "categories"), name, category)
			found += json_object_get(json_object_get(category, "subitems"),
						 rule->subitem) != NULL;
		assert_int_equal(found, 1);
		assert_ptr_equal(signal_map_find(rule->name), rule);
	}
	assert_true(i > 30);
}

static void every_subitem_of_the_house_has_a_signal(void **state)
{
	AUTO_JSON json_t *rubric = rubric_of(NULL, "code_generation");
	json_t *category, *weight;
	const char *name, *subitem;

	(void)state;
	json_object_foreach(json_object_get(rubric, "categories"), name, category) {
		json_object_foreach(json_object_get(category, "subitems"), subitem, weight) {
			const struct signal_rule *rule;
			size_t i = 0;

			while ((rule = signal_map_at(i)) != NULL &&
			       strcmp(rule->subitem, subitem) != 0)
				i++;
			assert_non_null(rule);
		}
	}
}

static void a_table_is_linear_between_its_points_and_level_outside(void **state)
{
	const struct signal_rule *rule = signal_map_find("plan_before_code");

	(void)state;
	assert_int_equal(signal_map_value(rule, -100), 2000);
	assert_int_equal(signal_map_value(rule, 0), 2000);
	assert_int_equal(signal_map_value(rule, 100), 3750);
	assert_int_equal(signal_map_value(rule, 200), 5500);
	assert_int_equal(signal_map_value(rule, 600), 10000);
	assert_int_equal(signal_map_value(rule, 99999), 10000);
	rule = signal_map_find("step_size");	/* falls */
	assert_int_equal(signal_map_value(rule, 47500), 8750);
	assert_int_equal(signal_map_value(rule, 47501), 8750);
	assert_int_equal(signal_map_value(rule, 1000000), 0);
}

static void assert_text(const struct signal *signal, const char *expected)
{
	AUTO_FREE char *text = signal_map_text(signal_map_find(signal->name), signal);

	assert_string_equal(text, expected);
}

static void sentences_have_their_numbers(void **state)
{
	struct signal signal = { .name = "plan_before_code", .basis = 1 };

	(void)state;
	assert_text(&signal, "No plan was written before the first larger change.");
	signal.number = 100;
	assert_text(&signal, "A plan of one item was written before the first larger change.");
	signal.number = 350;
	assert_text(&signal, "A plan of 3.5 items was written before the first larger change.");
	signal.number = 405;
	assert_text(&signal, "A plan of 4.05 items was written before the first larger change.");
	signal.basis = 0;
	assert_text(&signal, "No larger change was made that a plan could stand before.");
	signal.no = SIGNAL_NO_RECORD;
	assert_text(&signal, "There is no record of a session.");
	signal = (struct signal){ .name = "acted_on", .basis = 4, .number = 7500, .part = 3,
				  .whole = 4 };
	assert_text(&signal, "3 of the 4 prompts were followed by a change or a run before the "
			     "next.");
}

static void events_are_cited_once_and_rise(void **state)
{
	struct signal signal = { .name = "acted_on" };

	(void)state;
	signal_cite(&signal, 9);
	signal_cite(&signal, 3);
	signal_cite(&signal, 9);
	signal_cite(&signal, -1);
	assert_int_equal(signal.event_count, 2);
	assert_int_equal(signal.events[0], 3);
	assert_int_equal(signal.events[1], 9);
	for (int i = 0; i < 100; i++)
		signal_cite(&signal, 100 - i);
	assert_int_equal(signal.event_count, SIGNAL_EVENTS);
}

/* --- cards */

static struct signal *measured(struct signals *signals, const char *name, int64_t number)
{
	struct signal *signal = signal_add(signals, name);

	signal->number = number;
	signal->basis = 1000;
	return signal;
}

static json_t *card_of(const char *rubric, const struct signals *signals)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *written = json_parse(rubric, strlen(rubric), "rubric", &err);
	AUTO_JSON json_t *whole = rubric_of(written, "bug_fix");

	assert_non_null(written);
	return score_card(&(struct score_card_parts){ .rubric = whole, .signals = signals });
}

static double at(const json_t *card, size_t category, const char *member)
{
	const json_t *value = json_object_get(
		json_array_get(json_object_get(card, "categories"), category), member);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

#define TWO                                                                                        \
	"{\"categories\": {\"outcome_quality\": {\"weight\": 60, \"subitems\": "                   \
	"{\"correctness\": 50, \"edge_case_handling\": 50}}, \"own\": {\"weight\": 40, "           \
	"\"subitems\": {\"charm\": 100}}}}"

static void what_is_not_measured_gives_its_weight_away(void **state)
{
	struct signals signals = { .count = 0 };
	AUTO_JSON json_t *card = NULL;
	const json_t *own, *edge;

	(void)state;
	measured(&signals, "test_points", 8000);
	signal_add(&signals, "edge_points");
	card = card_of(TWO, &signals);
	assert_true(at(card, 0, "value") == 80);
	assert_true(at(card, 0, "used") == 100 && at(card, 0, "weight") == 60);
	assert_true(at(card, 1, "used") == 0);
	own = json_array_get(json_object_get(json_array_get(json_object_get(card, "categories"), 1),
					     "subitems"), 0);
	assert_string_equal(json_str(own, "why", ""), "No signal measures it: a person has to "
						      "look.");
	edge = json_array_get(json_object_get(json_array_get(json_object_get(card, "categories"),
							     0), "subitems"), 1);
	assert_true(json_is_null(json_object_get(edge, "value")));
	assert_string_equal(json_str(edge, "why", ""),
			    "No test of the task is tagged as an edge case.");
	assert_true(json_number_value(json_object_get(card, "value")) == 80);
	assert_string_equal(json_str(card, "level", ""), "architect");
}

static void nothing_measured_is_no_score(void **state)
{
	struct signals signals = { .count = 0 };
	AUTO_JSON json_t *card = card_of(TWO, &signals);

	(void)state;
	assert_true(json_is_null(json_object_get(card, "value")));
	assert_true(json_is_null(json_object_get(card, "level")));
	assert_string_equal(json_str(card, "why", ""), "Nothing of it could be measured.");
}

static void assert_level(int64_t points, const char *level)
{
	struct signals signals = { .count = 0 };
	AUTO_JSON json_t *card = NULL;

	measured(&signals, "test_points", points);
	card = card_of(TWO, &signals);
	assert_string_equal(json_str(card, "level", ""), level);
}

static void levels_begin_at_their_thresholds(void **state)
{
	(void)state;
	assert_level(0, "developing");
	assert_level(3999, "developing");
	assert_level(4000, "operator");
	assert_level(6499, "operator");
	assert_level(6500, "architect");
	assert_level(8499, "architect");
	assert_level(8500, "innovator");
	assert_level(10000, "innovator");
}

static void weights_that_are_thirds_are_joined_as_a_pencil_does(void **state)
{
	struct signals signals = { .count = 0 };
	AUTO_JSON json_t *card = NULL;

	(void)state;
	measured(&signals, "test_points", 10000);
	measured(&signals, "edge_points", 0);
	card = card_of("{\"categories\": {\"outcome_quality\": {\"weight\": 100, \"subitems\": "
		       "{\"correctness\": 66.667, \"edge_case_handling\": 33.333}}}}", &signals);
	assert_true(json_number_value(json_object_get(card, "value")) == 66.67);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_is_whole_and_has_a_subitem_of_the_house),
		cmocka_unit_test(every_subitem_of_the_house_has_a_signal),
		cmocka_unit_test(a_table_is_linear_between_its_points_and_level_outside),
		cmocka_unit_test(sentences_have_their_numbers),
		cmocka_unit_test(events_are_cited_once_and_rise),
		cmocka_unit_test(what_is_not_measured_gives_its_weight_away),
		cmocka_unit_test(nothing_measured_is_no_score),
		cmocka_unit_test(levels_begin_at_their_thresholds),
		cmocka_unit_test(weights_that_are_thirds_are_joined_as_a_pencil_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
