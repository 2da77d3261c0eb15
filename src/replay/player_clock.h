/* player_clock.h - where a player stands in a session while time on the wall goes by
 *
 * Idle time is played fast: a gap of more than PLAYER_GAP_MS takes PLAYER_GAP_AS_MS of the
 * session's time. */
#ifndef TALI_PLAYER_CLOCK_H
#define TALI_PLAYER_CLOCK_H

#include "replay/timeline.h"

#define PLAYER_GAP_MS 3000
#define PLAYER_GAP_AS_MS 500

struct player_clock {
	int64_t from, to;	/* the session: instants */
	double at;		/* instant, with parts of a millisecond */
	int speed;		/* place among 0.5, 1, 2, 4, 8, 16 */
	bool playing, skip_idle;
	/* stretches without an event, in order; borrowed */
	const struct timeline_gap *gaps;
	size_t gap_count;
};

#define PLAYER_SPEEDS 6
/* "0.5", "1", ...; borrowed. */
const char *player_clock_speed(const struct player_clock *clock);
/* Places up or down, within bounds. */
void player_clock_change_speed(struct player_clock *clock, int by);

int64_t player_clock_now(const struct player_clock *clock);
/* Within the session. */
void player_clock_set(struct player_clock *clock, int64_t instant);
/* Starts, from the beginning when it stands at the end, or pauses. */
void player_clock_toggle(struct player_clock *clock);

/* So many milliseconds went by on the wall. Pauses at the end. True when it moved. */
bool player_clock_advance(struct player_clock *clock, double wall_ms);

#endif
