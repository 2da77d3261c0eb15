/* player_move.c - see player_move.h */
#include "replay/player_move.h"

#include <stdlib.h>
#include <string.h>

static struct fold *fold_of(const struct player *player)
{
	return timeline_fold(player->session.timeline);
}

/* The session cannot be followed to there. It stays where it was, if that still works. */
static void fail_back(struct player *player, const struct err *err, int64_t back)
{
	struct err again = ERR_INIT;

	player->clock.playing = false;
	player_say(player, "%s", err->text);
	if (timeline_seek(player->session.timeline, back, &again) < 0)
		player->err = *err;
	player_clock_set(&player->clock, back);
}

void player_go(struct player *player, int64_t instant)
{
	int64_t back = player_clock_now(&player->clock);
	struct err err = ERR_INIT;

	player_clock_set(&player->clock, instant);
	if (timeline_seek(player->session.timeline, player_clock_now(&player->clock), &err) < 0)
		fail_back(player, &err, back);
}

void player_go_mark(struct player *player, const struct timeline_mark *mark)
{
	int64_t back = player_clock_now(&player->clock);
	struct err err = ERR_INIT;

	player_clock_set(&player->clock, mark->instant);
	if (timeline_seek_seq(player->session.timeline, mark->seq, &err) < 0)
		fail_back(player, &err, back);
	else
		player_say(player, "%s", mark->label);
}

void player_follow(struct player *player)
{
	int64_t back = timeline_instant(player->session.timeline);
	struct err err = ERR_INIT;

	if (timeline_seek(player->session.timeline, player_clock_now(&player->clock), &err) < 0)
		fail_back(player, &err, back);
}

static void step_on(struct player *player)
{
	struct timeline *timeline = player->session.timeline;
	int64_t back = player_clock_now(&player->clock);
	struct err err = ERR_INIT;
	int64_t next;
	int found = timeline_peek(timeline, &next, &err);

	if (found == 1 && next <= player->clock.to)
		found = timeline_next(timeline, &err);
	else if (found == 1)
		found = 0;
	if (found < 0)
		fail_back(player, &err, back);
	else if (found == 0)
		player_say(player, "this is the end");
	else
		player_clock_set(&player->clock, timeline_instant(timeline));
}

/* To just before the last part, and there to when the part before was made. */
static void step_back(struct player *player)
{
	int64_t now = player_clock_now(&player->clock), last = fold_instant(fold_of(player));

	if (last > now)
		last = now;
	if (last <= player->clock.from) {
		player_say(player, "this is the beginning");
		return;
	}
	player_go(player, last - 1);
	player_clock_set(&player->clock, fold_instant(fold_of(player)));
}

void player_step(struct player *player, int by)
{
	player->clock.playing = false;
	if (by > 0)
		step_on(player);
	else
		step_back(player);
}

void player_next_mark(struct player *player, int by)
{
	int64_t seq = fold_seq(fold_of(player)), now = player_clock_now(&player->clock);
	const struct timeline_mark *found = NULL;
	size_t i;

	for (i = 0; i < player->mark_count; i++) {
		const struct timeline_mark *mark = &player->marks[i];

		/* back goes to the one it stands on, too, when time went by since */
		if (by < 0 && (mark->seq < seq || (mark->seq == seq && mark->instant < now)))
			found = mark;
		if (by > 0 && mark->seq > seq) {
			found = mark;
			break;
		}
	}
	if (found)
		player_go_mark(player, found);
	else
		player_say(player, by > 0 ? "no later mark" : "no earlier mark");
}

void player_next_kind(struct player *player, char letter)
{
	int64_t seq = fold_seq(fold_of(player));
	size_t i;

	for (i = 0; i < player->mark_count; i++) {
		if (player->marks[i].seq > seq && player_letter(player->marks[i].kind) == letter) {
			player_go_mark(player, &player->marks[i]);
			return;
		}
	}
	player_say(player, "no later mark of this kind");
}

/* --- search */

static void go_hit(struct player *player, size_t i)
{
	const struct player_hit *hit = &player->hits.list[i];

	player->clock.playing = false;
	player_go(player, hit->instant);
	player_say(player, "%zu of %zu: '%s' in %s", i + 1, player->hits.count, player->words,
		   hit->where);
	if (hit->in_file) {
		free(player->path);
		player->path = buf_strdup(hit->where);
		player->view = PLAYER_FILES;
		player->held = false;
	} else if (!strncmp(hit->where, "ai_", 3)) {
		player->view = PLAYER_TALK;
	}
}

void player_next_hit(struct player *player, int by)
{
	int64_t now = player_clock_now(&player->clock);
	size_t i, count = player->hits.count;

	if (!count) {
		player_say(player, *player->words ? "'%s' never appears" : "nothing was searched%s",
			   player->words);
		return;
	}
	if (by > 0) {
		for (i = 0; i < count && player->hits.list[i].instant <= now; i++)
			;
		go_hit(player, i < count ? i : 0);
	} else {
		for (i = count; i > 0 && player->hits.list[i - 1].instant >= now; i--)
			;
		go_hit(player, i > 0 ? i - 1 : count - 1);
	}
}

void player_search(struct player *player)
{
	int64_t back = player_clock_now(&player->clock);
	struct err err = ERR_INIT;

	player->clock.playing = false;
	player_hits_release(&player->hits);
	if (player_find(player->session.timeline, player->words, &player->hits, &err) < 0 &&
	    !player->hits.count) {
		fail_back(player, &err, back);
		return;
	}
	player_go(player, back);
	player_next_hit(player, 1);
}

/* --- marks */

int player_read_marks(struct player *player, struct err *err)
{
	const struct timeline_mark *marks;
	size_t count, first = 0;

	if (timeline_marks(player->session.timeline, &marks, &count, err) < 0)
		return -1;
	while (first < count && marks[first].instant < player->clock.from)
		first++;
	while (count > first && marks[count - 1].instant > player->clock.to)
		count--;
	player->marks = marks + first;
	player->mark_count = count - first;
	return 0;
}
