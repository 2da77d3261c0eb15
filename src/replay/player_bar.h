/* player_bar.h - the edges of the player: where things go, the line at the top, the scrubber */
#ifndef TALI_PLAYER_BAR_H
#define TALI_PLAYER_BAR_H

#include "replay/player_internal.h"

#define PLAYER_LEAST_ROWS 6
#define PLAYER_LEAST_COLUMNS 20
#define PLAYER_SIDE_FROM 120	/* columns from which marks are listed on the right */
#define PLAYER_SIDE_COLUMNS 40

/* Rows and columns of each part. Rows: status, tabs, pane, scrubber, hint. */
struct player_layout {
	bool fits;		/* false: too small for anything but saying so */
	int status, tabs, pane, pane_rows, pane_columns, scrubber, hint;
	int side_column, side_columns;	/* 0 columns: no such part */
};
struct player_layout player_layout(int rows, int columns);

/* The cell of a scrubber of `cells` cells in which an instant lies. */
int player_scrubber_cell(const struct player_clock *clock, int64_t instant, int cells);
/* The scrubber as text: letters of marks among '=' (played) and '-', and '#' where it stands;
 * `text` holds cells + 1 bytes. Where several marks meet, the one that tells most is shown. */
void player_scrubber_text(const struct player *player, int cells, char *text);

void player_draw_status(struct player *player, struct canvas *canvas, int row, int columns);
void player_draw_tabs(struct player *player, struct canvas *canvas, int row, int columns);
void player_draw_scrubber(struct player *player, struct canvas *canvas, int row, int columns);
void player_draw_hint(struct player *player, struct canvas *canvas, int row, int columns);
/* Marks around where it stands. */
void player_draw_side(struct player *player, struct canvas *canvas, int row, int column, int rows,
		      int columns);

#endif
