/* signals_tools.c - see signals_tools.h */
#include "score/signals_tools.h"

#include "base/auto.h"
#include "grade/grade.h"
#include "score/facts.h"
#include "score/provenance.h"
#include "score/signals_planning.h"

#include <stdlib.h>

#define AI_LEAST 20		/* bytes of the assistant's code that are worth a check */

/* Changes of the candidate: not what runs made. */
static int64_t own_changes(const struct facts *facts)
{
	int64_t count = 0;

	for (size_t i = 0; i < facts->change_count; i++)
		count += facts->changes[i].origin != FACT_MADE;
	return count;
}

/* --- selection */

static int64_t use(struct signal *signal, size_t count, int64_t seq)
{
	if (count)
		signal_cite(signal, seq);
	return count > 0;
}

static const struct fact_check *first_check(const struct facts *facts, bool is_test)
{
	for (size_t i = 0; i < facts->check_count; i++)
		if (facts->checks[i].is_test == is_test && !facts->checks[i].by_hand)
			return &facts->checks[i];
	return NULL;
}

/* Kinds of tools: runs, tests, the terminal, the assistant, notes. */
static void tools_used(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "tools_used");
	const struct fact_check *run = first_check(facts, false), *test = first_check(facts, true);
	int64_t kinds = use(signal, run != NULL, run ? run->seq : -1) +
			use(signal, test != NULL, test ? test->seq : -1);

	kinds += use(signal, facts->command_count,
		     facts->command_count ? facts->commands[0].seq : -1);
	kinds += use(signal, facts->exchange_count,
		     facts->exchange_count ? facts->exchanges[0].seq : -1);
	kinds += use(signal, facts->note_count, facts->note_count ? facts->notes[0].seq : -1);
	signal->number = kinds * 100;
	signal->basis = own_changes(facts);
}

/* How much of the work was there when the last run or test looked at it. */
static void final_check(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "final_check");
	size_t checked = facts->check_count ? facts->checks[facts->check_count - 1].changes : 0;

	for (size_t i = 0; i < facts->change_count; i++)
		signal->basis += facts_can_check(facts, &facts->changes[i]);
	while (checked < facts->change_count &&
	       !facts_can_check(facts, &facts->changes[checked]))
		checked++;
	signal->number = facts->check_count && checked == facts->change_count ? 100 : 0;
	if (facts->check_count)
		signal_cite(signal, facts->checks[facts->check_count - 1].seq);
	if (!signal->number && checked < facts->change_count)
		signal_cite(signal, facts->changes[checked].seq);
}

/* --- coordination */

static bool is_ai(const struct fact_change *change)
{
	return (change->origin == FACT_AI_PASTED || change->origin == FACT_AI_APPLIED) &&
	       change->added >= AI_LEAST;
}

/* The first check that saw a change, or check_count. */
static size_t check_of(const struct facts *facts, size_t change)
{
	size_t low = 0, high = facts->check_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (facts->checks[middle].changes <= change)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Code of the assistant that was run or tested before the next prompt. */
static void ai_code_checked(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "ai_code_checked");
	int64_t pieces = 0, checked = 0;

	for (size_t i = 0; i < facts->change_count; i++) {
		size_t check;
		int64_t prompt;

		if (!is_ai(&facts->changes[i]))
			continue;
		pieces++;
		check = check_of(facts, i);
		prompt = facts_exchange_before(facts, facts->changes[i].seq) + 1;
		if (check == facts->check_count ||
		    (prompt < (int64_t)facts->exchange_count &&
		     facts->exchanges[prompt].seq < facts->checks[check].seq)) {
			signal_cite(signal, facts->changes[i].seq);
			continue;
		}
		checked++;
		signal_cite(signal, facts->checks[check].seq);
	}
	signal->basis = pieces;
	signal_share(signal, checked, pieces);
}

/* Prompts after which something was changed and then run or tested, before the next. */
static void loops(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "ask_apply_verify");
	int64_t closed = 0;

	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];
		bool last = i + 1 == facts->exchange_count;
		size_t checks = last ? facts->check_count : facts->exchanges[i + 1].checks;

		if (checks == one->checks || facts->checks[checks - 1].changes <= one->changes)
			continue;
		closed++;
		signal_cite(signal, one->seq);
	}
	signal->basis = (int64_t)facts->exchange_count;
	signal_share(signal, closed, (int64_t)facts->exchange_count);
}

/* Turns of change and check. */
static void change_check_turns(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "change_check_turns");
	AUTO_FREE struct signal_step *steps = NULL;
	size_t count;

	steps = signals_planning_steps(facts, &count);
	for (size_t i = 0; i < count; i++) {
		if (steps[i].check < 0)
			continue;
		signal->number += 100;
		signal_cite(signal, facts->checks[steps[i].check].seq);
	}
	signal->basis = (int64_t)count;
}

/* --- efficiency */

static void active_share(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "active_share");
	int64_t total = time_split_total(&facts->time);

	signal->basis = own_changes(facts) && facts_seen(facts) ? total / 1000 : 0;
	signal_share(signal, time_split_active(&facts->time), total);
	signal->part = (time_split_active(&facts->time) + 30000) / 60000;
	signal->whole = (total + 30000) / 60000;
}

static void surviving_share(const struct facts *facts, const struct provenance *provenance,
			    struct signals *signals)
{
	struct signal *signal = signal_add(signals, "surviving_share");
	int64_t typed = (int64_t)facts->put[FACT_TYPED];
	/* what was cut and pasted within the work is not thrown away */
	int64_t left = (int64_t)(provenance->bytes[FACT_TYPED] + provenance->bytes[FACT_MOVED]);

	signal->basis = typed;
	signal_share(signal, left < typed ? left : typed, typed);
	for (size_t i = 0; i < facts->change_count; i++)
		if (facts->changes[i].origin == FACT_TYPED && facts->changes[i].removed >= 100)
			signal_cite(signal, facts->changes[i].seq);
}

/* --- resources */

/* What was used of what there was, for each whole grade: half the time for half the points is as
 * much as all of it for all of them. The basis is the grade: who earned little saved nothing. */
static void cost(struct signal *signal, int64_t used, int64_t budget, const struct grade *grade)
{
	signal->basis = (int64_t)grade_percent(grade);
	signal_share(signal, used, budget);
	if (signal->basis > 0)
		signal->number = (signal->number * 200 + signal->basis) / (signal->basis * 2);
}

static void tokens_for_points(const struct signal_evidence *evidence, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "tokens_for_points");
	const struct facts *facts = evidence->facts;
	int64_t used = facts->input_tokens + facts->output_tokens;

	if (!evidence->token_budget || !used)
		return;
	cost(signal, used, evidence->token_budget, evidence->grade);
	for (size_t i = 0; i < facts->exchange_count; i++)
		signal_cite(signal, facts->exchanges[i].answer_seq);
}

static void time_for_points(const struct signal_evidence *evidence, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "time_for_points");
	const struct facts *facts = evidence->facts;
	int64_t used = facts_took(facts, facts->started, 0);

	if (!evidence->limit_ms || !own_changes(facts))
		return;
	cost(signal, used, evidence->limit_ms, evidence->grade);
	signal->part = (used + 30000) / 60000;
	signal->whole = evidence->limit_ms / 60000;
}

void signals_tools(const struct signal_evidence *evidence, struct signals *signals)
{
	static const char *const names[] = { "tools_used", "final_check", "ai_code_checked",
					     "ask_apply_verify", "change_check_turns",
					     "active_share", "surviving_share",
					     "tokens_for_points", "time_for_points" };
	const struct facts *facts = evidence->facts;

	for (size_t i = 0; !facts && i < sizeof(names) / sizeof(*names); i++)
		signal_add(signals, names[i])->no = SIGNAL_NO_RECORD;
	if (!facts)
		return;
	tools_used(facts, signals);
	final_check(facts, signals);
	ai_code_checked(facts, signals);
	loops(facts, signals);
	change_check_turns(facts, signals);
	active_share(facts, signals);
	surviving_share(facts, evidence->provenance, signals);
	tokens_for_points(evidence, signals);
	time_for_points(evidence, signals);
}
