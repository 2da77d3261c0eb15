/* signals_planning.c - see signals_planning.h */
#include "score/signals_planning.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/facts.h"

#include <stdlib.h>

struct signal_step *signals_planning_steps(const struct facts *facts, size_t *ret_count)
{
	struct signal_step *steps = buf_alloc((facts->check_count + 1) * sizeof(*steps));
	size_t from = 0, count = 0;

	for (size_t i = 0; i <= facts->check_count; i++) {
		bool is_last = i == facts->check_count;
		size_t to = is_last ? facts->change_count : facts->checks[i].changes;
		struct signal_step step = { from, to, 0, is_last ? -1 : (int64_t)i };

		for (; from < to; from++) {
			if (!facts_can_check(facts, &facts->changes[from]))
				continue;
			step.from = step.bytes ? step.from : from;
			step.bytes += facts->changes[from].added + facts->changes[from].removed;
		}
		if (step.bytes)
			steps[count++] = step;
	}
	*ret_count = count;
	return steps;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void step_size(const struct facts *facts, const struct signal_step *steps, size_t count,
		      struct signals *signals)
{
	struct signal *signal = signal_add(signals, "step_size");
	AUTO_FREE uint64_t *sizes = buf_alloc((count + 1) * sizeof(*sizes));

	for (size_t i = 0; i < count; i++) {
		sizes[i] = steps[i].bytes;
		if (steps[i].check < 0)
			continue;
		signal->basis++;
		signal_cite(signal, facts->checks[steps[i].check].seq);
	}
	qsort(sizes, count, sizeof(*sizes), by_size);
	signal->number = count ? (int64_t)sizes[(count - 1) / 2] * 100 : 0;
	signal->whole = (int64_t)count;
}

/* The share of what was changed in code that a run or test looked at afterwards. */
static void checked_work(const struct facts *facts, const struct signal_step *steps, size_t count,
			 struct signals *signals)
{
	struct signal *signal = signal_add(signals, "checked_work");
	int64_t checked = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		all += (int64_t)steps[i].bytes;
		if (steps[i].check < 0) {
			signal_cite(signal, facts->changes[steps[i].from].seq);
			continue;
		}
		checked += (int64_t)steps[i].bytes;
		signal_cite(signal, facts->checks[steps[i].check].seq);
	}
	signal->basis = (int64_t)count;
	signal_share(signal, checked, all);
}

static void increments(const struct facts *facts, const struct signal_step *steps, size_t count,
		       struct signals *signals)
{
	struct signal *signal = signal_add(signals, "increments");

	signal->basis = (int64_t)count;
	for (size_t i = 0; i < count; i++) {
		if (steps[i].check < 0)
			continue;
		signal->number += 100;
		signal_cite(signal, facts->checks[steps[i].check].seq);
	}
}

/* How many times more visible cases passed than ever before. */
static void green_steps(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "green_steps");
	uint32_t best = 0, first = 0;
	bool begun = false;

	for (size_t i = 0; i < facts->check_count; i++) {
		const struct fact_check *check = &facts->checks[i];

		if (!check->is_test)
			continue;
		if (!begun)
			first = best = check->cases_passed;
		begun = true;
		if (check->cases_passed <= best)
			continue;
		best = check->cases_passed;
		signal->number += 100;
		signal_cite(signal, check->seq);
	}
	signal->part = (int64_t)(best - first);
	signal->basis = begun ? 1 + (int64_t)(best - first) : 0;
}

static void plan_before_code(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "plan_before_code");

	signal->basis = facts->large_seq >= 0;
	signal->number = (int64_t)facts->plan_items * 100;
	if (facts->plan_items)
		signal_cite(signal, facts->plan_seq);
	signal_cite(signal, facts->large_seq);
}

/* How far the time it took was from the time that was said, in percent of the longer one. */
static void estimate_error(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "estimate_error");
	int64_t said = facts->estimate_minutes * 60000;
	int64_t took = facts_took(facts, facts->estimate_instant, facts->estimate_total_ms);
	int64_t longer = said > took ? said : took;

	signal->basis = facts->estimate_seq >= 0 && longer > 0 && facts->change_count > 0;
	if (!signal->basis)
		return;
	signal_share(signal, llabs(said - took), longer);
	signal->part = (took + 30000) / 60000;
	signal->whole = facts->estimate_minutes;
	signal_cite(signal, facts->estimate_seq);
}

/* --- the problem */

static void reading_first(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "reading_first");

	signal->basis = facts->first_change_seq >= 0 && facts->first_change_seen;
	signal->number = (facts->first_change_ms + 5) / 10;	/* hundredths of seconds */
	signal_cite(signal, facts->first_change_seq);
}

static void statement_returns(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "statement_returns");

	for (size_t i = 0; i < facts->look_count; i++) {
		const struct fact_look *look = &facts->looks[i];

		if (!look->statement || facts->first_change_seq < 0)
			continue;
		signal->basis++;
		if (look->seq < facts->first_change_seq)
			continue;
		signal->number += 100;
		signal_cite(signal, look->seq);
	}
}

/* Whether something was written in which terms could stand before the code. */
static bool has_words(const struct facts *facts)
{
	size_t i = 0;

	while (i < facts->change_count &&
	       facts->paths[facts->changes[i].path].kind == PATH_CODE)
		i++;
	return facts->note_count || facts->exchange_count || i < facts->change_count;
}

static void terms_named(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "terms_named");
	int64_t named = 0;

	for (size_t i = 0; i < facts->term_count; i++) {
		const struct fact_term *term = &facts->terms[i];

		if (term->named < 0 || (term->served >= 0 && term->served < term->named))
			continue;
		named++;
		signal_cite(signal, term->named);
	}
	signal->basis = facts->change_count && has_words(facts) ? (int64_t)facts->term_count : 0;
	signal_share(signal, named, (int64_t)facts->term_count);
}

static void add_unrecorded(struct signals *signals)
{
	static const char *const names[] = { "plan_before_code", "step_size", "checked_work",
					     "increments", "green_steps", "estimate_error",
					     "reading_first", "statement_returns", "terms_named" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		signal_add(signals, names[i])->no = SIGNAL_NO_RECORD;
}

void signals_planning(const struct signal_evidence *evidence, struct signals *signals)
{
	const struct facts *facts = evidence->facts;
	AUTO_FREE struct signal_step *steps = NULL;
	size_t count;

	if (!facts) {
		add_unrecorded(signals);
		return;
	}
	steps = signals_planning_steps(facts, &count);
	plan_before_code(facts, signals);
	step_size(facts, steps, count, signals);
	checked_work(facts, steps, count, signals);
	increments(facts, steps, count, signals);
	green_steps(facts, signals);
	estimate_error(facts, signals);
	reading_first(facts, signals);
	statement_returns(facts, signals);
	terms_named(facts, signals);
}
