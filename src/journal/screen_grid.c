/* screen_grid.c - see screen_grid.h */
#include "journal/screen_grid.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define STYLE_ATTRIBUTES 255u
#define COLOUR_MAX (SCREEN_RGB | 0xffffffu)
#define CHARACTER_MAX 0x10ffffu

static const struct screen_cell blank = { .width = 1 };

struct screen_grid screen_grid_make(int rows, int columns)
{
	struct screen_grid grid = { .rows = rows, .columns = columns };
	size_t count = (size_t)rows * (size_t)columns, i;

	grid.cells = buf_alloc(count * sizeof(*grid.cells));
	for (i = 0; i < count; i++)
		grid.cells[i] = blank;
	return grid;
}

void screen_grid_release(struct screen_grid *grid)
{
	free(grid->cells);
	*grid = (struct screen_grid){ .rows = 0 };
}

static struct screen_cell *row_of(const struct screen_grid *grid, int row)
{
	return grid->cells + (size_t)row * (size_t)grid->columns;
}

struct screen_cell *screen_grid_at(const struct screen_grid *grid, int row, int column)
{
	if (row < 0 || row >= grid->rows || column < 0 || column >= grid->columns)
		return NULL;
	return row_of(grid, row) + column;
}

static struct screen_area clip(const struct screen_grid *grid, struct screen_area area)
{
	area.top = area.top < 0 ? 0 : area.top;
	area.left = area.left < 0 ? 0 : area.left;
	area.bottom = area.bottom > grid->rows ? grid->rows : area.bottom;
	area.right = area.right > grid->columns ? grid->columns : area.right;
	return area;
}

void screen_grid_erase(struct screen_grid *grid, struct screen_area area,
		       const struct screen_style *style)
{
	struct screen_cell cell = blank;
	int row, column;

	area = clip(grid, area);
	cell.style.background = style->background;
	for (row = area.top; row < area.bottom; row++)
		for (column = area.left; column < area.right; column++)
			row_of(grid, row)[column] = cell;
}

static void move_row(struct screen_grid *grid, struct screen_area area, int to, int from, int left)
{
	int width = area.right - area.left - abs(left);

	memmove(row_of(grid, to) + area.left + (left < 0 ? -left : 0),
		row_of(grid, from) + area.left + (left > 0 ? left : 0),
		(size_t)width * sizeof(struct screen_cell));
}

void screen_grid_scroll(struct screen_grid *grid, struct screen_area area, int up, int left,
			const struct screen_style *style)
{
	struct screen_area in = clip(grid, area);
	int row, height = in.bottom - in.top, width = in.right - in.left;

	if (height <= 0 || width <= 0)
		return;
	if (abs(up) >= height || abs(left) >= width) {
		screen_grid_erase(grid, in, style);
		return;
	}
	for (row = 0; row < height - abs(up); row++)
		move_row(grid, in, up >= 0 ? in.top + row : in.bottom - 1 - row,
			 up >= 0 ? in.top + row + up : in.bottom - 1 - row + up, left);
	if (up > 0)
		screen_grid_erase(grid, (struct screen_area){ in.bottom - up, in.bottom, in.left,
							      in.right }, style);
	if (up < 0)
		screen_grid_erase(grid, (struct screen_area){ in.top, in.top - up, in.left,
							      in.right }, style);
	if (left > 0)
		screen_grid_erase(grid, (struct screen_area){ in.top, in.bottom, in.right - left,
							      in.right }, style);
	if (left < 0)
		screen_grid_erase(grid, (struct screen_area){ in.top, in.bottom, in.left,
							      in.left - left }, style);
}

void screen_grid_resize(struct screen_grid *grid, int rows, int columns, int lost)
{
	struct screen_grid next = screen_grid_make(rows, columns);
	int width = columns < grid->columns ? columns : grid->columns, row;

	for (row = 0; row < rows && row + lost < grid->rows; row++)
		memcpy(row_of(&next, row), row_of(grid, row + lost),
		       (size_t)width * sizeof(struct screen_cell));
	screen_grid_release(grid);
	*grid = next;
}

/* --- rows for people */

static bool same_style(const struct screen_style *a, const struct screen_style *b)
{
	return a->foreground == b->foreground && a->background == b->background &&
	       a->attributes == b->attributes;
}

static bool is_blank(const struct screen_cell *cell)
{
	return !cell->chars[0] && cell->width == 1 && same_style(&cell->style, &blank.style);
}

/* Columns up to the last cell that is not blank. */
static int used(const struct screen_cell *cells, int columns)
{
	while (columns > 0 && is_blank(&cells[columns - 1]))
		columns--;
	return columns;
}

static bool wide(const struct screen_cell *cells, int column, int columns)
{
	return cells[column].width == 2 && column + 1 < columns && !cells[column + 1].width;
}

/* Half of a wide character that was written over shows as a blank. */
static void add_cell(struct buf *text, const struct screen_cell *cells, int column, int columns)
{
	const struct screen_cell *cell = &cells[column];
	bool half = cell->width == 0 || (cell->width == 2 && !wide(cells, column, columns));
	char bytes[4];
	size_t i;

	if (half || !cell->chars[0]) {
		buf_add_byte(text, ' ');
		return;
	}
	for (i = 0; i < SCREEN_CELL_CHARS && cell->chars[i]; i++)
		buf_add(text, bytes, utf8_encode(cell->chars[i], bytes));
}

size_t screen_grid_runs(const struct screen_grid *grid, int row, bool reverse, struct buf *text,
			struct screen_run **runs)
{
	const struct screen_cell *cells = row_of(grid, row);
	int columns = reverse ? grid->columns : used(cells, grid->columns), at = 0;
	size_t count = 0, i, *starts = buf_alloc((size_t)(columns + 1) * sizeof(*starts));

	buf_clear(text);
	*runs = buf_realloc(*runs, (size_t)columns, sizeof(**runs));
	while (at < columns) {
		struct screen_run *run = &(*runs)[count];

		*run = (struct screen_run){ .column = at, .style = cells[at].style };
		starts[count++] = text->len;
		while (at < columns && same_style(&cells[at].style, &run->style)) {
			add_cell(text, cells, at, columns);
			at += wide(cells, at, columns) ? 2 : 1;
		}
		run->len = text->len - starts[count - 1];
		run->width = at - run->column;
		if (reverse)
			run->style.attributes ^= SCREEN_REVERSE;
		buf_add_byte(text, '\0');
	}
	for (i = 0; i < count; i++)
		(*runs)[i].text = text->data + starts[i];
	free(starts);
	return count;
}

/* --- checkpoints: each row as its used columns, in pieces of one style */

void screen_grid_pack_style(const struct screen_style *style, struct buf *out)
{
	pack_number(out, style->foreground);
	pack_number(out, style->background);
	pack_number(out, style->attributes);
}

static bool colour_fits(uint32_t colour)
{
	return colour == SCREEN_DEFAULT || (colour & ~0xffu) == SCREEN_INDEX ||
	       (colour & ~0xffffffu) == SCREEN_RGB;
}

struct screen_style screen_grid_unpack_style(struct unpack *in)
{
	struct screen_style style;

	style.foreground = (uint32_t)unpack_number(in, COLOUR_MAX);
	style.background = (uint32_t)unpack_number(in, COLOUR_MAX);
	style.attributes = (unsigned)unpack_number(in, STYLE_ATTRIBUTES);
	unpack_check(in, colour_fits(style.foreground) && colour_fits(style.background));
	return style;
}

/* Nearly all are one character of one column: the low bit is for the others. */
static void pack_cell(const struct screen_cell *cell, struct buf *out)
{
	size_t i;

	if (cell->width == 1 && !cell->chars[1]) {
		pack_number(out, cell->chars[0] << 1);
		return;
	}
	pack_number(out, cell->chars[0] << 1 | 1);
	pack_number(out, cell->width);
	for (i = 1; i < SCREEN_CELL_CHARS; i++)
		pack_number(out, cell->chars[i]);
}

static uint32_t unpack_character(struct unpack *in, uint64_t number)
{
	unpack_check(in, number <= CHARACTER_MAX && (number < 0xd800 || number > 0xdfff) &&
				 (number == 0 || (number >= 0x20 && number != 0x7f)));
	return (uint32_t)number;
}

static struct screen_cell unpack_cell(struct unpack *in, const struct screen_style *style)
{
	struct screen_cell cell = { .style = *style, .width = 1 };
	uint64_t first = unpack_number(in, CHARACTER_MAX << 1 | 1);
	size_t i;

	cell.chars[0] = unpack_character(in, first >> 1);
	if (!(first & 1))
		return cell;
	cell.width = (uint8_t)unpack_number(in, 2);
	for (i = 1; i < SCREEN_CELL_CHARS; i++)
		cell.chars[i] = unpack_character(in, unpack_number(in, CHARACTER_MAX));
	return cell;
}

static void pack_row(const struct screen_cell *cells, int columns, struct buf *out)
{
	int at = 0, end, i;

	pack_number(out, (uint64_t)columns);
	while (at < columns) {
		for (end = at + 1; end < columns; end++)
			if (!same_style(&cells[end].style, &cells[at].style))
				break;
		pack_number(out, (uint64_t)(end - at));
		screen_grid_pack_style(&cells[at].style, out);
		for (i = at; i < end; i++)
			pack_cell(&cells[i], out);
		at = end;
	}
}

static void unpack_row(struct screen_cell *cells, int columns, struct unpack *in)
{
	int left = (int)unpack_number(in, (uint64_t)columns);

	while (left > 0 && !in->bad) {
		int piece = (int)unpack_number(in, (uint64_t)left);
		struct screen_style style = screen_grid_unpack_style(in);

		if (!unpack_check(in, piece > 0))
			return;
		for (left -= piece; piece > 0 && !in->bad; piece--)
			*cells++ = unpack_cell(in, &style);
	}
}

void screen_grid_pack(const struct screen_grid *grid, struct buf *out)
{
	int row;

	for (row = 0; row < grid->rows; row++)
		pack_row(row_of(grid, row), used(row_of(grid, row), grid->columns), out);
}

void screen_grid_unpack(struct screen_grid *grid, struct unpack *in)
{
	int row;

	for (row = 0; row < grid->rows && !in->bad; row++)
		unpack_row(row_of(grid, row), grid->columns, in);
}
