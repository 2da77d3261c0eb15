/* time_split.c - see time_split.h */
#include "score/time_split.h"

void time_split_add(struct time_split *split, int64_t instant, enum time_use use)
{
	int64_t pause = split->last ? instant - split->last : 0;

	if (pause > 0) {
		int64_t active = pause < TIME_SPLIT_ACTIVE_MS ? pause : TIME_SPLIT_ACTIVE_MS;
		int64_t counted = pause < TIME_SPLIT_PAUSE_MS ? pause : TIME_SPLIT_PAUSE_MS;

		split->used[split->before == TIME_AI ? TIME_AI : use] += active;
		split->idle += counted - active;
	}
	if (pause >= 0)
		split->last = instant;
	split->before = use;
}

int64_t time_split_active(const struct time_split *split)
{
	int64_t sum = 0;

	for (int i = 0; i < TIME_USES; i++)
		sum += split->used[i];
	return sum;
}

int64_t time_split_total(const struct time_split *split)
{
	return time_split_active(split) + split->idle;
}
