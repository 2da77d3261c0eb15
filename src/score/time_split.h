/* time_split.h - where the time of a session went, from the instants at which something happened
 *
 * A pause between two of them counts as active for its first minute, as idle for the next four, and
 * not at all beyond: who sleeps over it loses nothing. The active part belongs to what the pause
 * ends with, but what follows a prompt or an answer is the waiting for it or the reading of it.
 * Milliseconds. */
#ifndef TALI_TIME_SPLIT_H
#define TALI_TIME_SPLIT_H

#include <stdint.h>

#define TIME_SPLIT_ACTIVE_MS 60000	/* of a pause */
#define TIME_SPLIT_PAUSE_MS 300000	/* what a pause may count */

enum time_use { TIME_AI, TIME_CODING, TIME_READING, TIME_USES };

struct time_split {
	int64_t last;			/* instant; 0 before the first */
	enum time_use before;		/* what happened then */
	int64_t used[TIME_USES];	/* active */
	int64_t idle;
};

/* Something happened. Instants before the last are taken as the last. */
void time_split_add(struct time_split *split, int64_t instant, enum time_use use);

int64_t time_split_active(const struct time_split *split);
/* Active and idle. */
int64_t time_split_total(const struct time_split *split);

#endif
