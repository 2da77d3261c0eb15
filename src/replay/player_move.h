/* player_move.h - a player goes to other moments
 *
 * Each sets player->err when the session cannot be followed. */
#ifndef TALI_PLAYER_MOVE_H
#define TALI_PLAYER_MOVE_H

#include "replay/player_internal.h"

/* To an instant; to a mark, complete. */
void player_go(struct player *player, int64_t instant);
void player_go_mark(struct player *player, const struct timeline_mark *mark);
/* Follows the clock, which has moved. */
void player_follow(struct player *player);
void player_step(struct player *player, int by);	/* one part */
void player_next_mark(struct player *player, int by);
void player_next_kind(struct player *player, char letter);
void player_search(struct player *player);		/* for `words`, then to the next */
void player_next_hit(struct player *player, int by);
int player_read_marks(struct player *player, struct err *err);

#endif
