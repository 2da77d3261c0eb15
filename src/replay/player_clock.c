/* player_clock.c - see player_clock.h */
#include "replay/player_clock.h"

static const struct {
	const char *name;
	double factor;
} speeds[PLAYER_SPEEDS] = {
	{ "0.5", 0.5 }, { "1", 1 }, { "2", 2 }, { "4", 4 }, { "8", 8 }, { "16", 16 },
};

const char *player_clock_speed(const struct player_clock *clock)
{
	return speeds[clock->speed].name;
}

void player_clock_change_speed(struct player_clock *clock, int by)
{
	clock->speed += by;
	if (clock->speed < 0)
		clock->speed = 0;
	if (clock->speed >= PLAYER_SPEEDS)
		clock->speed = PLAYER_SPEEDS - 1;
}

int64_t player_clock_now(const struct player_clock *clock)
{
	return (int64_t)clock->at;
}

void player_clock_set(struct player_clock *clock, int64_t instant)
{
	if (instant > clock->to)
		instant = clock->to;
	if (instant < clock->from)
		instant = clock->from;
	clock->at = (double)instant;
}

void player_clock_toggle(struct player_clock *clock)
{
	clock->playing = !clock->playing;
	if (clock->playing && clock->at >= (double)clock->to)
		clock->at = (double)clock->from;
}

/* The first gap that is long enough and does not end before `at`. */
static const struct timeline_gap *gap_from(const struct player_clock *clock, double at)
{
	size_t low = 0, high = clock->gap_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((double)clock->gaps[middle].to <= at)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < clock->gap_count &&
	       clock->gaps[low].to - clock->gaps[low].from <= PLAYER_GAP_MS)
		low++;
	return low < clock->gap_count ? &clock->gaps[low] : NULL;
}

/* Goes on at one rate, at most to where another begins. Gives what is left of the time. */
static double advance_evenly(struct player_clock *clock, double ms)
{
	const struct timeline_gap *gap = clock->skip_idle ? gap_from(clock, clock->at) : NULL;
	double until = (double)clock->to, rate = 1, needed;

	if (gap && (double)gap->from <= clock->at) {
		rate = (double)(gap->to - gap->from) / PLAYER_GAP_AS_MS;
		until = (double)gap->to < until ? (double)gap->to : until;
	} else if (gap && (double)gap->from < until) {
		until = (double)gap->from;
	}
	needed = (until - clock->at) / rate;
	if (needed > ms) {
		clock->at += ms * rate;
		return 0;
	}
	clock->at = until;
	return ms - needed;
}

bool player_clock_advance(struct player_clock *clock, double wall_ms)
{
	double ms = wall_ms * speeds[clock->speed].factor;

	if (!clock->playing || !(ms > 0))
		return false;
	while (ms > 0 && clock->at < (double)clock->to)
		ms = advance_evenly(clock, ms);
	if (clock->at >= (double)clock->to)
		clock->playing = false;
	return true;
}
