/* facts.c - see facts.h */
#include "score/facts.h"

#include <stdlib.h>

const char *facts_origin_name(enum fact_origin origin)
{
	static const char *const names[FACT_ORIGINS] = {
		[FACT_TYPED] = "typed",	    [FACT_MOVED] = "moved",
		[FACT_AI_PASTED] = "ai_pasted", [FACT_AI_APPLIED] = "ai_applied",
		[FACT_OUTSIDE] = "outside", [FACT_SAVED] = "saved",
		[FACT_MADE] = "made",	    [FACT_STARTER] = "starter",
	};

	return names[origin];
}

static void free_texts(struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->path_count; i++)
		free(facts->paths[i].path);
	for (i = 0; i < facts->exchange_count; i++) {
		free(facts->exchanges[i].prompt);
		free(facts->exchanges[i].answer);
		free(facts->exchanges[i].conversation);
	}
	for (i = 0; i < facts->note_count; i++)
		free(facts->notes[i].text);
	for (i = 0; i < facts->command_count; i++)
		free(facts->commands[i].text);
	for (i = 0; i < facts->term_count; i++)
		free(facts->terms[i].word);
	for (i = 0; i < facts->model_count; i++)
		free(facts->models[i]);
}

void facts_release(struct facts *facts)
{
	free_texts(facts);
	free(facts->paths);
	free(facts->changes);
	free(facts->checks);
	free(facts->exchanges);
	free(facts->notes);
	free(facts->pastes);
	free(facts->looks);
	free(facts->commands);
	free(facts->focus);
	free(facts->terms);
	free(facts->models);
	*facts = (struct facts)FACTS_INIT;
}

bool facts_seen(const struct facts *facts)
{
	uint64_t all = 0;

	for (int i = 0; i < FACT_ORIGINS; i++)
		if (i != FACT_MADE)
			all += facts->put[i];
	return facts->found * 2 <= all;
}

int64_t facts_took(const struct facts *facts, int64_t instant, int64_t before)
{
	return facts_seen(facts) ? time_split_total(&facts->time) - before
				 : facts->ended - instant;
}

bool facts_can_check(const struct facts *facts, const struct fact_change *change)
{
	return change->origin != FACT_MADE && facts->paths[change->path].kind != PATH_TEXT;
}

/* Changes are in order, and of two neighbours only the ends can meet. */
static size_t first_change_upto(const struct facts *facts, int64_t seq)
{
	size_t low = 0, high = facts->change_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (facts->changes[middle].last_seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct fact_change *facts_change_of(const struct facts *facts, int64_t seq)
{
	size_t i = first_change_upto(facts, seq);

	if (i == facts->change_count || facts->changes[i].seq > seq)
		return NULL;
	return &facts->changes[i];
}

const struct fact_change *facts_paste_of(const struct facts *facts, int64_t seq)
{
	size_t i = first_change_upto(facts, seq);

	for (; i < facts->change_count && facts->changes[i].seq <= seq; i++) {
		const struct fact_change *change = &facts->changes[i];

		if (change->origin == FACT_MOVED || change->origin == FACT_AI_PASTED ||
		    change->origin == FACT_OUTSIDE)
			return change;
	}
	return NULL;
}

int64_t facts_exchange_before(const struct facts *facts, int64_t seq)
{
	size_t low = 0, high = facts->exchange_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (facts->exchanges[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return (int64_t)low - 1;
}
