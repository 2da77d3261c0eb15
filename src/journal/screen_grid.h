/* screen_grid.h - the cells of a screen
 *
 * Positions are from 0 and need not lie inside: what is outside is left out. */
#ifndef TALI_SCREEN_GRID_H
#define TALI_SCREEN_GRID_H

#include "journal/screen.h"

#define SCREEN_CELL_CHARS 4	/* a character and what combines with it */

struct screen_cell {
	uint32_t chars[SCREEN_CELL_CHARS];	/* 0 from the end on; all 0 is blank */
	struct screen_style style;
	uint8_t width;				/* 0: the right half of a wide one */
};

struct screen_grid {
	int rows, columns;
	struct screen_cell *cells;	/* NULL: no grid */
};

/* All blank in the default style. */
struct screen_grid screen_grid_make(int rows, int columns);
void screen_grid_release(struct screen_grid *grid);

struct screen_cell *screen_grid_at(const struct screen_grid *grid, int row, int column);

struct screen_area {
	int top, bottom, left, right;	/* without bottom and right */
};

/* Blank, with the background of the style. */
void screen_grid_erase(struct screen_grid *grid, struct screen_area area,
		       const struct screen_style *style);
/* Moves the content of the area up and left (negative: down and right); blank comes in. */
void screen_grid_scroll(struct screen_grid *grid, struct screen_area area, int up, int left,
			const struct screen_style *style);
/* Another size: `lost` rows go away at the top, the rest at the bottom and right. */
void screen_grid_resize(struct screen_grid *grid, int rows, int columns, int lost);

/* A row in runs: texts go to `text`, runs to *runs, which is made larger. */
size_t screen_grid_runs(const struct screen_grid *grid, int row, bool reverse, struct buf *text,
			struct screen_run **runs);

void screen_grid_pack(const struct screen_grid *grid, struct buf *out);
/* Into a grid of its size. */
void screen_grid_unpack(struct screen_grid *grid, struct unpack *in);

/* A style, for checkpoints. */
void screen_grid_pack_style(const struct screen_style *style, struct buf *out);
struct screen_style screen_grid_unpack_style(struct unpack *in);

#endif
