/* score_card.c - see score_card.h */
#include "score/score_card.h"

#include "base/auto.h"
#include "base/json.h"
#include "score/hundredths.h"
#include "score/signal_map.h"

#include <math.h>
#include <string.h>

#define UNMEASURED (-1)
#define WHOLE 10000		/* 100 in hundredths */
#define ITEMS_MOST 64		/* categories, or subitems of one; more are not measured */

static json_t *value_json(int64_t value)
{
	return value == UNMEASURED ? json_null() : hundredths_json(value);
}

/* Weights of a rubric may be thirds. */
static int64_t weight_of(const json_t *weight)
{
	return llround(json_number_value(weight) * 1000);
}

/* --- means */

struct mean {
	int64_t weights[ITEMS_MOST], values[ITEMS_MOST];
	size_t count;
};

static void mean_add(struct mean *mean, int64_t weight, int64_t value)
{
	mean->weights[mean->count] = weight;
	mean->values[mean->count++] = value;
}

static int64_t mean_weight(const struct mean *mean)
{
	int64_t sum = 0;

	for (size_t i = 0; i < mean->count; i++)
		if (mean->values[i] != UNMEASURED)
			sum += mean->weights[i];
	return sum;
}

/* Rounded half up; UNMEASURED when nothing with a weight is measured. */
static int64_t mean_value(const struct mean *mean)
{
	int64_t weight = mean_weight(mean), sum = 0;

	for (size_t i = 0; i < mean->count; i++)
		if (mean->values[i] != UNMEASURED)
			sum += mean->weights[i] * mean->values[i];
	return weight ? (2 * sum + weight) / (2 * weight) : UNMEASURED;
}

/* The weight that one counts with, in hundredths of a percent. */
static int64_t mean_used(const struct mean *mean, size_t i)
{
	int64_t weight = mean_weight(mean);

	if (mean->values[i] == UNMEASURED || !weight)
		return 0;
	return (2 * mean->weights[i] * WHOLE + weight) / (2 * weight);
}

/* --- signals */

static json_t *signal_json(const struct signal_rule *rule, const struct signal *signal,
			   int64_t *ret_value)
{
	AUTO_FREE char *text = signal_map_text(rule, signal);
	bool measured = signal_map_measured(rule, signal);
	json_t *events = json_array();

	*ret_value = measured ? signal_map_value(rule, signal->number) : UNMEASURED;
	for (size_t i = 0; measured && i < signal->event_count; i++)
		json_array_append_new(events, json_integer(signal->events[i]));
	return json_pack("{s:s, s:o, s:s, s:o, s:I, s:s, s:o}", "name", rule->name, "number",
			 measured ? hundredths_json(signal->number) : json_null(), "unit",
			 rule->unit, "value", value_json(*ret_value), "share",
			 (json_int_t)rule->share, "text", text, "events", events);
}

/* The signals of a subitem; gives its value. */
static json_t *signals_json(const char *subitem, const struct signals *signals, int64_t *ret_value)
{
	const struct signal_rule *rule;
	struct mean mean = { .count = 0 };
	json_t *list = json_array();

	for (size_t i = 0; (rule = signal_map_at(i)) != NULL; i++) {
		const struct signal *signal = signal_find(signals, rule->name);
		int64_t value;

		if (strcmp(rule->subitem, subitem) != 0 || !signal)
			continue;
		json_array_append_new(list, signal_json(rule, signal, &value));
		mean_add(&mean, rule->share, value);
	}
	*ret_value = mean_value(&mean);
	return list;
}

/* --- subitems, categories */

static json_t *why_json(int64_t value, const json_t *signals)
{
	const json_t *first = json_array_get(signals, 0);

	if (value != UNMEASURED)
		return json_null();
	return json_string(first ? json_str(first, "text", "") : signal_map_reason("no_signal"));
}

static json_t *subitem_json(const struct score_card_parts *parts, const char *name,
			    const json_t *weight, int64_t *ret_value, bool *needs_review)
{
	json_t *list = signals_json(name, parts->signals, ret_value);
	json_t *judge = judge_card_member(parts->judge, name, ret_value, needs_review);

	return json_pack("{s:s, s:O, s:i, s:o, s:o, s:o, s:o, s:n}", "name", name, "weight", weight,
			 "used", 0, "value", value_json(*ret_value), "why",
			 why_json(*ret_value, list), "signals", list, "judge", judge, "override");
}

static void set_used(json_t *items, const struct mean *mean)
{
	for (size_t i = 0; i < mean->count; i++)
		json_object_set_new(json_array_get(items, i), "used",
				    hundredths_json(mean_used(mean, i)));
}

static json_t *category_json(const struct score_card_parts *parts, const char *name,
			     const json_t *category, int64_t *ret_value, bool *needs_review)
{
	json_t *items = json_array(), *weight;
	struct mean mean = { .count = 0 };
	const char *subitem;

	json_object_foreach(json_object_get(category, "subitems"), subitem, weight) {
		int64_t value;

		if (mean.count == ITEMS_MOST)
			break;
		json_array_append_new(items, subitem_json(parts, subitem, weight, &value,
							  needs_review));
		mean_add(&mean, weight_of(weight), value);
	}
	set_used(items, &mean);
	*ret_value = mean_value(&mean);
	return json_pack("{s:s, s:O, s:i, s:o, s:o}", "name", name, "weight",
			 json_object_get(category, "weight"), "used", 0, "value",
			 value_json(*ret_value), "subitems", items);
}

/* --- the whole */

static json_t *level_json(const json_t *thresholds, int64_t value)
{
	static const char *const levels[] = { "innovator", "architect", "operator" };

	if (value == UNMEASURED)
		return json_null();
	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (value >= llround(json_number_value(json_object_get(thresholds, levels[i])) *
				     100))
			return json_string(levels[i]);
	return json_string("developing");
}

json_t *score_card(const struct score_card_parts *parts)
{
	const json_t *rubric = parts->rubric;
	bool needs_review = parts->needs_review;
	json_t *list = json_array(), *category, *why;
	struct mean mean = { .count = 0 };
	const char *name;
	int64_t value;

	json_object_foreach(json_object_get(rubric, "categories"), name, category) {
		if (mean.count == ITEMS_MOST)
			break;
		json_array_append_new(list, category_json(parts, name, category, &value,
							  &needs_review));
		mean_add(&mean, weight_of(json_object_get(category, "weight")), value);
	}
	set_used(list, &mean);
	value = mean_value(&mean);
	why = value == UNMEASURED ? json_string(signal_map_reason("nothing")) : json_null();
	return json_pack("{s:o, s:o, s:o, s:s, s:b, s:o}", "value", value_json(value), "level",
			 level_json(json_object_get(rubric, "thresholds"), value), "why", why,
			 "signals", signal_map_version(), "needs_review", (int)needs_review,
			 "categories", list);
}
