/* player_canvas.h - a rectangle of cells to draw on; what is put in can steer no terminal
 *
 * A cell holds one character, perhaps with accents over it. Control characters, what is not UTF-8,
 * and invisible characters that reorder or hide text stand as one visible replacement each. */
#ifndef TALI_PLAYER_CANVAS_H
#define TALI_PLAYER_CANVAS_H

#include "base/buf.h"
#include "journal/screen.h"

#define CANVAS_CELL_SIZE 20	/* bytes: a character, at most three accents, a NUL */
#define CANVAS_TAB 8

struct canvas_cell {
	char text[CANVAS_CELL_SIZE];	/* "" is the right half of a wide character */
	struct screen_style style;
};

struct canvas {
	int rows, columns;
	bool unicode;		/* else all but ASCII is drawn as '?' */
	int cursor_row, cursor_column;	/* -1: none */
	struct canvas_cell *cells;	/* row by row */
};

/* At least one row and column, at most SCREEN_SIDE_MAX. All blank. */
struct canvas *canvas_new(int rows, int columns, bool unicode);
void canvas_free(struct canvas **canvas);

/* NULL outside. */
const struct canvas_cell *canvas_at(const struct canvas *canvas, int row, int column);

/* Blanks in a style; what lies outside is left out, here and below. */
void canvas_fill(struct canvas *canvas, int row, int column, int width, struct screen_style style);
/* Another style for what is there. */
void canvas_paint(struct canvas *canvas, int row, int column, int width,
		  struct screen_style style);

/* Draws a text in [column, column + width), without its first `skip` cells; tabs go to the next
 * multiple of CANVAS_TAB counted from the text's beginning. A line feed is a control character.
 * Number of cells drawn. */
int canvas_put(struct canvas *canvas, int row, int column, int width, int skip, const char *text,
	       size_t len, struct screen_style style);
/* The same for a string from its beginning. */
int canvas_print(struct canvas *canvas, int row, int column, int width, const char *text,
		 struct screen_style style);

/* The character at text: its length in bytes (at least 1) and how many cells it takes (0, 1, 2; a
 * tab 1). What it is drawn as goes to `shown`, which holds CANVAS_CELL_SIZE bytes. */
size_t canvas_character(const char *text, size_t len, bool unicode, char *shown, int *ret_cells);

/* Cells that the first `len` bytes of a line take, tabs and all. */
int canvas_width(const char *text, size_t len, bool unicode);

/* The characters of a row, without blanks at the end. Yours. */
char *canvas_row(const struct canvas *canvas, int row);

#endif
