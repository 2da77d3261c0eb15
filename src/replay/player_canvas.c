/* player_canvas.c - see player_canvas.h */
#include "replay/player_canvas.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT "\xef\xbf\xbd"

static int clamp(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

struct canvas *canvas_new(int rows, int columns, bool unicode)
{
	struct canvas *canvas = buf_alloc(sizeof(*canvas));
	int row;

	canvas->rows = clamp(rows, 1, SCREEN_SIDE_MAX);
	canvas->columns = clamp(columns, 1, SCREEN_SIDE_MAX);
	canvas->unicode = unicode;
	canvas->cursor_row = canvas->cursor_column = -1;
	canvas->cells = buf_alloc((size_t)canvas->rows * (size_t)canvas->columns *
				  sizeof(*canvas->cells));
	for (row = 0; row < canvas->rows; row++)
		canvas_fill(canvas, row, 0, canvas->columns, (struct screen_style){ 0 });
	return canvas;
}

void canvas_free(struct canvas **canvas)
{
	if (!*canvas)
		return;
	free((*canvas)->cells);
	free(*canvas);
	*canvas = NULL;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int row, int column)
{
	if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

const struct canvas_cell *canvas_at(const struct canvas *canvas, int row, int column)
{
	return cell_at(canvas, row, column);
}

/* Half a wide character is no character: what is left of it becomes blank. */
static void set_cell(struct canvas *canvas, int row, int column, const char *text,
		     struct screen_style style)
{
	struct canvas_cell *cell = cell_at(canvas, row, column);
	struct canvas_cell *right = cell_at(canvas, row, column + 1);
	struct canvas_cell *left = cell_at(canvas, row, column - 1);

	if (!cell)
		return;
	if (right && !*right->text)
		memcpy(right->text, " ", 2);
	if (!*cell->text && *text && left)
		memcpy(left->text, " ", 2);
	snprintf(cell->text, sizeof(cell->text), "%s", text);
	cell->style = style;
}

void canvas_fill(struct canvas *canvas, int row, int column, int width, struct screen_style style)
{
	int i;

	for (i = 0; i < width; i++)
		set_cell(canvas, row, column + i, " ", style);
}

void canvas_paint(struct canvas *canvas, int row, int column, int width,
		  struct screen_style style)
{
	int i;

	for (i = 0; i < width; i++) {
		struct canvas_cell *cell = cell_at(canvas, row, column + i);

		if (cell)
			cell->style = style;
	}
}

/* Marks of direction, joiners, variation and language tags: they change how others look, and are
 * not seen themselves. */
static bool is_sly(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0x61c || c == 0xfeff || c == 0xad ||
	       (c >= 0xfff0 && c <= 0xfffb) || c >= 0xe0000;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

size_t canvas_character(const char *text, size_t len, bool unicode, char *shown, int *ret_cells)
{
	size_t bytes = utf8_char(text, len);
	uint32_t c = bytes ? utf8_decode(text, bytes) : 0;
	int cells = bytes ? wcwidth((wchar_t)c) : -1;

	*ret_cells = 1;
	if (c == '\t' && bytes) {
		snprintf(shown, CANVAS_CELL_SIZE, " ");
	} else if (!bytes || is_control(c) || is_sly(c) || cells < 0 || (!unicode && c >= 0x80)) {
		snprintf(shown, CANVAS_CELL_SIZE, "%s", unicode ? REPLACEMENT : "?");
	} else {
		memcpy(shown, text, bytes);
		shown[bytes] = '\0';
		*ret_cells = cells > 2 ? 2 : cells;
	}
	return bytes ? bytes : 1;
}

/* An accent goes to the character before it, as long as there is room. */
static void add_accent(struct canvas *canvas, int row, int column, const char *accent)
{
	struct canvas_cell *cell = cell_at(canvas, row, column);

	if (cell && !*cell->text)
		cell = cell_at(canvas, row, column - 1);
	if (cell && strlen(cell->text) + strlen(accent) < sizeof(cell->text))
		memcpy(cell->text + strlen(cell->text), accent, strlen(accent) + 1);
}

int canvas_put(struct canvas *canvas, int row, int column, int width, int skip, const char *text,
	       size_t len, struct screen_style style)
{
	int at = 0, last = -1;		/* cells from the beginning of the text */
	char shown[CANVAS_CELL_SIZE];
	int cells, i;

	if (width > canvas->columns - column)
		width = canvas->columns - column;
	while (len && at < skip + width) {
		size_t bytes = canvas_character(text, len, canvas->unicode, shown, &cells);

		if (*text == '\t')
			cells = CANVAS_TAB - at % CANVAS_TAB;
		if (!cells && last >= skip)
			add_accent(canvas, row, column + last - skip, shown);
		if (cells)
			last = at;
		for (i = 0; i < cells && at + i < skip + width; i++) {
			bool whole = at >= skip && at + cells <= skip + width;

			if (at + i >= skip)
				set_cell(canvas, row, column + at + i - skip,
					 *text == '\t' || !whole ? " " : i ? "" : shown, style);
		}
		at += cells;
		text += bytes;
		len -= bytes;
	}
	if (at > skip + width)
		at = skip + width;
	return at > skip ? at - skip : 0;
}

int canvas_print(struct canvas *canvas, int row, int column, int width, const char *text,
		 struct screen_style style)
{
	return canvas_put(canvas, row, column, width, 0, text, strlen(text), style);
}

int canvas_width(const char *text, size_t len, bool unicode)
{
	char shown[CANVAS_CELL_SIZE];
	int at = 0, cells;

	while (len) {
		size_t bytes = canvas_character(text, len, unicode, shown, &cells);

		at += *text == '\t' ? CANVAS_TAB - at % CANVAS_TAB : cells;
		text += bytes;
		len -= bytes;
	}
	return at;
}

char *canvas_row(const struct canvas *canvas, int row)
{
	struct buf text = BUF_INIT((size_t)SCREEN_SIDE_MAX * CANVAS_CELL_SIZE);
	int column;

	for (column = 0; column < canvas->columns; column++)
		buf_add_str(&text, canvas_at(canvas, row, column)->text);
	while (text.len && text.data[text.len - 1] == ' ')
		text.data[--text.len] = '\0';
	return buf_take(&text);
}
