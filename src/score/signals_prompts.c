/* signals_prompts.c - see signals_prompts.h */
#include "score/signals_prompts.h"

#include "base/auto.h"
#include "base/buf.h"
#include "score/facts.h"
#include "score/prompt_quality.h"
#include "score/wording.h"

#include <stdlib.h>
#include <string.h>

#define MEND_MOST 50		/* checks after which a failure counts as never mended */
#define RECOVERY_LOST 10	/* steps that count for a failure that was never mended */

/* --- clarity */

static void quality(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "prompt_quality");
	int64_t sum = 0, count = (int64_t)facts->exchange_count;

	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];

		sum += prompt_quality(facts, one->prompt, one->prompt_len).value;
		signal_cite(signal, one->seq);
	}
	signal->basis = signal->whole = count;
	signal->number = count ? (sum * 200 + count) / (count * 2) : 0;
}

/* --- context */

static int by_hash(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The place of a hash in the sorted list, or where it would be. */
static size_t hash_place(const uint64_t *list, size_t count, uint64_t hash)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (list[middle] < hash)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* What prompts say again that earlier ones said, by runs of 8 words. The lists are merged when the
 * new one is as long as the old, so that each hash is sorted a few times only. */
struct seen {
	uint64_t *old, *fresh;		/* old is sorted */
	size_t old_count, fresh_count;
};

static bool has_seen(const struct seen *seen, uint64_t hash)
{
	size_t at = hash_place(seen->old, seen->old_count, hash);

	if (at < seen->old_count && seen->old[at] == hash)
		return true;
	at = hash_place(seen->fresh, seen->fresh_count, hash);
	return at < seen->fresh_count && seen->fresh[at] == hash;
}

static void see(struct seen *seen, const uint64_t *hashes, size_t count)
{
	seen->fresh = buf_realloc(seen->fresh, seen->fresh_count + count + 1, sizeof(uint64_t));
	memcpy(seen->fresh + seen->fresh_count, hashes, count * sizeof(uint64_t));
	seen->fresh_count += count;
	qsort(seen->fresh, seen->fresh_count, sizeof(uint64_t), by_hash);
	if (seen->fresh_count < seen->old_count / 16)
		return;
	seen->old = buf_realloc(seen->old, seen->old_count + seen->fresh_count + 1,
				sizeof(uint64_t));
	memcpy(seen->old + seen->old_count, seen->fresh, seen->fresh_count * sizeof(uint64_t));
	seen->old_count += seen->fresh_count;
	qsort(seen->old, seen->old_count, sizeof(uint64_t), by_hash);
	seen->fresh_count = 0;
}

static void repeated_text(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "repeated_text");
	struct seen seen = { NULL, NULL, 0, 0 };
	int64_t repeated = 0, all = 0, later = 0;

	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];
		size_t count;
		AUTO_FREE uint64_t *hashes =
			wording_shingles(one->prompt, one->prompt_len, &count);
		int64_t before = repeated;

		for (size_t k = 0; k < count; k++)
			repeated += has_seen(&seen, hashes[k]);
		all += (int64_t)count;
		later += i > 0 ? (int64_t)count : 0;
		if (repeated > before)
			signal_cite(signal, one->seq);
		see(&seen, hashes, count);
	}
	free(seen.old);
	free(seen.fresh);
	signal->basis = later;
	signal_share(signal, repeated, all);
}

/* The changes between a prompt and the next. */
static size_t changes_until(const struct facts *facts, size_t exchange)
{
	return exchange + 1 < facts->exchange_count ? facts->exchanges[exchange + 1].changes
						    : facts->change_count;
}

static size_t checks_until(const struct facts *facts, size_t exchange)
{
	return exchange + 1 < facts->exchange_count ? facts->exchanges[exchange + 1].checks
						    : facts->check_count;
}

static bool is_changed(const struct facts *facts, int64_t path, size_t from, size_t until)
{
	while (from < until && facts->changes[from].path != path)
		from++;
	return from < until;
}

/* Prompts that name files, and are followed by a change of one of them. */
static void context_used(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "context_used");
	int64_t used = 0, naming = 0;

	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];
		int64_t path = prompt_quality_path(facts, one->prompt, one->prompt_len, 0);
		size_t until = changes_until(facts, i);

		if (path < 0)
			continue;
		naming++;
		signal_cite(signal, one->seq);
		while (path >= 0 && !is_changed(facts, path, one->changes, until))
			path = prompt_quality_path(facts, one->prompt, one->prompt_len,
						   (size_t)path + 1);
		used += path >= 0;
	}
	signal->basis = naming;
	signal_share(signal, used, naming);
}

/* Whether a prompt has a longer word that the answer before it brought up. */
static bool refers_back(const struct fact_exchange *before, const struct fact_exchange *one)
{
	const char *word;
	size_t at = 0, len;

	while (wording_next(one->prompt, one->prompt_len, &at, &word, &len)) {
		char copy[64];

		if (len < 6 || len >= sizeof(copy))
			continue;
		memcpy(copy, word, len);
		copy[len] = '\0';
		if (wording_has(before->answer, before->answer_len, copy) &&
		    !wording_has(before->prompt, before->prompt_len, copy))
			return true;
	}
	return false;
}

static void references_back(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "references_back");
	int64_t back = 0, later = 0;

	for (size_t i = 1; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];
		const struct fact_exchange *before = &facts->exchanges[i - 1];

		if (strcmp(one->conversation, before->conversation) != 0 || !before->answer_len)
			continue;
		later++;
		if (!refers_back(before, one))
			continue;
		back++;
		signal_cite(signal, one->seq);
	}
	signal->basis = later;
	signal_share(signal, back, later);
}

/* --- iterations */

static void acted_on(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "acted_on");
	int64_t acted = 0;

	for (size_t i = 0; i < facts->exchange_count; i++) {
		const struct fact_exchange *one = &facts->exchanges[i];

		if (changes_until(facts, i) == one->changes &&
		    checks_until(facts, i) == one->checks)
			continue;
		acted++;
		signal_cite(signal, one->seq);
	}
	signal->basis = (int64_t)facts->exchange_count;
	signal_share(signal, acted, (int64_t)facts->exchange_count);
}

static void prompts_per_case(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "prompts_per_case");
	int64_t prompts = (int64_t)facts->exchange_count, gained = 0;
	uint32_t best = 0;
	bool begun = false, won = false;	/* won: all passed at first */

	for (size_t i = 0; i < facts->check_count; i++) {
		const struct fact_check *check = &facts->checks[i];

		if (!check->is_test)
			continue;
		if (begun && check->cases_passed > best) {
			gained += check->cases_passed - best;
			signal_cite(signal, check->seq);
		}
		won |= !begun && check->passed;
		if (!begun || check->cases_passed > best)
			best = check->cases_passed;
		begun = true;
		signal->basis += !won;
	}
	signal->part = prompts;
	signal->whole = gained;
	signal->number = (prompts * 200 + (gained ? gained : 1)) / ((gained ? gained : 1) * 2);
}

/* --- errors */

/* Here what a check says counts, so those that only the candidate's machine tells of do not. */

/* Tests that all pass mend a run that failed, too; a run that passes says nothing of tests. */
static bool mends(const struct fact_check *check, const struct fact_check *failed)
{
	return check->passed && !check->reported && (check->is_test || !failed->is_test);
}

/* From each failed check to the next that mends it: how many checks it took. */
static void recovery_steps(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "recovery_steps");
	int64_t failures = 0, steps = 0, tries = 0;
	size_t failed = 0;
	bool open = false;

	for (size_t i = 0; i < facts->check_count; i++) {
		const struct fact_check *check = &facts->checks[i];

		if (check->reported)
			continue;
		tries++;
		if (!open && !check->passed) {
			open = true;
			failed = i;
			tries = 0;
			failures++;
			signal_cite(signal, check->seq);
		} else if (open && mends(check, &facts->checks[failed])) {
			open = false;
			steps += tries;
			signal_cite(signal, check->seq);
		}
	}
	if (open)
		steps += RECOVERY_LOST;
	signal->part = open;
	signal->basis = signal->whole = failures;
	signal->number = failures ? (steps * 200 + failures) / (failures * 2) : 0;
}

static bool is_ai(const struct fact_change *change)
{
	return change->origin == FACT_AI_PASTED || change->origin == FACT_AI_APPLIED;
}

/* Whether the check looked at code of the assistant that no check before had looked at. */
static bool follows_ai_code(const struct facts *facts, size_t check)
{
	size_t before = check, from;

	while (before > 0 && facts->checks[before - 1].reported)
		before--;
	from = before ? facts->checks[before - 1].changes : 0;
	for (; from < facts->checks[check].changes; from++)
		if (is_ai(&facts->changes[from]))
			return true;
	return false;
}

/* The assistant's code that failed: whether something was changed, and then passed. */
static void ai_code_mended(const struct facts *facts, struct signals *signals)
{
	struct signal *signal = signal_add(signals, "ai_code_mended");
	int64_t failed = 0, mended = 0;

	for (size_t i = 0; i < facts->check_count; i++) {
		const struct fact_check *check = &facts->checks[i];
		size_t k = i + 1;

		if (check->reported || check->passed || !follows_ai_code(facts, i))
			continue;
		failed++;
		signal_cite(signal, check->seq);
		while (k < facts->check_count && k <= i + MEND_MOST &&
		       !mends(&facts->checks[k], check))
			k++;
		if (k == facts->check_count || k > i + MEND_MOST ||
		    facts->checks[k].changes == check->changes)
			continue;
		mended++;
		signal_cite(signal, facts->checks[k].seq);
	}
	signal->basis = failed;
	signal_share(signal, mended, failed);
}

void signals_prompts(const struct signal_evidence *evidence, struct signals *signals)
{
	static const char *const names[] = { "prompt_quality", "repeated_text", "context_used",
					     "references_back", "acted_on", "prompts_per_case",
					     "recovery_steps", "ai_code_mended" };
	const struct facts *facts = evidence->facts;

	if (facts && facts->exchange_count && !evidence->ai_off) {
		quality(facts, signals);
		repeated_text(facts, signals);
		context_used(facts, signals);
		references_back(facts, signals);
		acted_on(facts, signals);
		prompts_per_case(facts, signals);
		recovery_steps(facts, signals);
		ai_code_mended(facts, signals);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		signal_add(signals, names[i])->no = evidence->ai_off ? SIGNAL_NO_AI
						    : facts ? SIGNAL_NO_PROMPT
							    : SIGNAL_NO_RECORD;
}
