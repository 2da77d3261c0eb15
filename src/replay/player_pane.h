/* player_pane.h - the large part of the player, in the middle: one of its views */
#ifndef TALI_PLAYER_PANE_H
#define TALI_PLAYER_PANE_H

#include "replay/player_internal.h"

/* The file that is shown, borrowed until the next part; NULL when there is none. */
const struct fold_file *player_file(struct player *player);
void player_draw_pane(struct player *player, struct canvas *canvas, int row, int rows, int columns);
/* The last mark at or before where it stands; NULL when there is none. */
const struct timeline_mark *player_last_mark(const struct player *player);

#endif
