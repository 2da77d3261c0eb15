/* judge_merge.c - see judge_merge.h */
#include "score/judge_merge.h"

#define LEVEL_WORTH 2500
#define WHOLE 10000

/* Indexes of the valid samples by level, the earlier first. Gives their number. */
static size_t sort_valid(const struct judge_sample *samples, size_t count,
			 size_t ret[JUDGE_SAMPLES])
{
	size_t valid = 0;

	for (size_t i = 0; i < count && i < JUDGE_SAMPLES; i++) {
		size_t at = valid;

		if (samples[i].fault != JUDGE_VALID)
			continue;
		for (; at && samples[ret[at - 1]].level > samples[i].level; at--)
			ret[at] = ret[at - 1];
		ret[at] = i;
		valid++;
	}
	return valid;
}

static int64_t within(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

static int64_t moved(int level, const struct judge_merged *merged)
{
	return within((int64_t)level * LEVEL_WORTH, merged->low, merged->high);
}

/* Borders that a value has reached. */
static size_t borders_of(const struct judge_rules *rules, int64_t value)
{
	size_t count = 0;

	for (size_t i = 0; i < rules->border_count; i++)
		count += value >= rules->borders[i];
	return count;
}

static void ask_for_review(struct judge_merged *merged, bool holds, const char *why)
{
	if (!holds || merged->needs_review)
		return;
	merged->needs_review = true;
	merged->why = why;
}

void judge_merge(const struct judge_sample *samples, size_t count, const struct judge_rules *rules,
		 struct judge_merged *ret)
{
	size_t order[JUDGE_SAMPLES];
	size_t valid = sort_valid(samples, count, order);
	int least, most;

	*ret = (struct judge_merged){
		.value = rules->facts, .level = -1, .spread = -1, .valid = valid,
		.low = within(rules->facts - JUDGE_BAND, 0, WHOLE),
		.high = rules->failed ? rules->facts
				      : within(rules->facts + JUDGE_BAND, 0, WHOLE),
		.why = "The samples agree.",
	};
	ask_for_review(ret, !valid, "No sample is valid: the value is that of the facts.");
	if (!valid)
		return;
	least = samples[order[0]].level;
	most = samples[order[valid - 1]].level;
	ret->chosen = order[(valid - 1) / 2];
	ret->level = samples[ret->chosen].level;
	ret->spread = most - least;
	if (ret->spread <= 1)
		ret->value = moved(ret->level, ret);
	ask_for_review(ret, ret->spread > 1, "The samples differ by more than one level: the value "
					     "is that of the facts.");
	ask_for_review(ret, rules->spoken_to, "Something in the material speaks to the judge; it "
					      "was left out.");
	ask_for_review(ret, borders_of(rules, moved(least, ret)) !=
			    borders_of(rules, moved(most, ret)),
		       "The samples are on both sides of a border of levels.");
	ask_for_review(ret, valid < 2, "Only one sample is valid.");
	ask_for_review(ret, rules->models_differ, "The samples are of different models.");
	if (!ret->needs_review && rules->failed)
		ret->why = "A hard criterion failed: the value is not lifted.";
}
