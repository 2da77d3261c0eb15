/* screen_machine.c - see screen_machine.h
 *
 * Never sent to libvterm 0.1, because it would keep something that cannot be read back, or is not
 * safe with it: more than two parameters (its array is not bounded), saved cursors (not bounded
 * after a resize), the second screen, repetition (may not end), double-width lines, left and right
 * margins, protection, single shifts, colours (reads past the parameters), reports, strings. What
 * of this a screen needs is done by screen.c, or below.
 *
 * Where the next character wraps: libvterm stays on the last column and sets a flag, which any move
 * of the cursor takes away, and some sequences even if they do not move it (CANCELS). */
#include "journal/screen_machine.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANCELS "ABCDEFGH`adefjk"
#define TEXT_CHUNK 1024	/* libvterm takes four times as much from the stack */

/* --- what libvterm calls */

static struct screen_grid *shown_grid(struct screen_machine *machine)
{
	return &machine->grids[machine->shown];
}

static void put_cell(struct screen_machine *machine, const VTermGlyphInfo *info, VTermPos pos)
{
	struct screen_grid *grid = shown_grid(machine);
	struct screen_cell *cell = screen_grid_at(grid, pos.row, pos.col);
	struct screen_cell *right = screen_grid_at(grid, pos.row, pos.col + 1);
	int i;

	if (!cell || info->width < 1)
		return;
	*cell = (struct screen_cell){ .style = machine->pen, .width = info->width > 1 ? 2 : 1 };
	for (i = 0; i < SCREEN_CELL_CHARS && info->chars[i]; i++)
		cell->chars[i] = info->chars[i];
	if (info->width > 1 && right)
		*right = (struct screen_cell){ .style = machine->pen };
}

static int on_put(VTermGlyphInfo *info, VTermPos pos, void *arg)
{
	struct screen_machine *machine = arg;
	struct screen_last *last = &machine->last;
	int i;

	*last = (struct screen_last){ .row = pos.row, .column = pos.col, .width = info->width };
	for (i = 0; i < SCREEN_CELL_CHARS && info->chars[i]; i++)
		last->chars[i] = info->chars[i];
	if (!machine->silent)
		put_cell(machine, info, pos);
	return 1;
}

static int on_scroll(VTermRect rect, int downward, int rightward, void *arg)
{
	struct screen_machine *machine = arg;
	struct screen_area area = { rect.start_row, rect.end_row, rect.start_col, rect.end_col };

	if (!machine->silent)
		screen_grid_scroll(shown_grid(machine), area, downward, rightward, &machine->pen);
	return 1;
}

static int on_erase(VTermRect rect, int selective, void *arg)
{
	struct screen_machine *machine = arg;
	struct screen_area area = { rect.start_row, rect.end_row, rect.start_col, rect.end_col };

	(void)selective;
	if (!machine->silent)
		screen_grid_erase(shown_grid(machine), area, &machine->pen);
	return 1;
}

static const VTermStateCallbacks callbacks = { .putglyph = on_put, .scrollrect = on_scroll,
					       .erase = on_erase };

/* --- the machine */

static void default_tabs(struct screen_machine *machine, int from)
{
	int column;

	for (column = from; column < SCREEN_SIDE_MAX; column++)
		machine->tabs[column] = column % 8 == 0;
}

static void default_modes(struct screen_machine *machine)
{
	machine->wrap_pending = machine->insert = machine->newline = machine->origin = false;
	machine->autowrap = true;
	machine->top = 0;
	machine->bottom = machine->grids[0].rows;
	machine->sets[0] = machine->sets[1] = 'B';
	machine->set = 0;
	default_tabs(machine, 0);
}

static void start_vterm(struct screen_machine *machine)
{
	machine->vterm = vterm_new(machine->grids[0].rows, machine->grids[0].columns);
	if (!machine->vterm)
		abort();
	vterm_set_utf8(machine->vterm, 1);
	machine->state = vterm_obtain_state(machine->vterm);
	vterm_state_set_callbacks(machine->state, &callbacks, machine);
	vterm_state_reset(machine->state, 1);
}

void screen_machine_start(struct screen_machine *machine, int rows, int columns)
{
	*machine = (struct screen_machine){ .shown = 0 };
	machine->grids[0] = screen_grid_make(rows, columns);
	default_modes(machine);
	start_vterm(machine);
}

void screen_machine_release(struct screen_machine *machine)
{
	if (machine->vterm)
		vterm_free(machine->vterm);
	screen_grid_release(&machine->grids[0]);
	screen_grid_release(&machine->grids[1]);
}

VTermPos screen_machine_cursor(const struct screen_machine *machine)
{
	VTermPos pos;

	vterm_state_get_cursorpos(machine->state, &pos);
	return pos;
}

static bool same_place(VTermPos a, VTermPos b)
{
	return a.row == b.row && a.col == b.col;
}

void screen_machine_send(struct screen_machine *machine, const char *format, ...)
{
	VTermPos before = screen_machine_cursor(machine);
	char text[64];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	vterm_input_write(machine->vterm, text, (size_t)len);
	if (!same_place(before, screen_machine_cursor(machine)) ||
	    (text[0] == '\x1b' && text[1] == '[' && strchr(CANCELS, text[len - 1])))
		machine->wrap_pending = false;
}

void screen_machine_move(struct screen_machine *machine, int row, int column)
{
	if (machine->origin)
		row -= machine->top;
	screen_machine_send(machine, "\x1b[%d;%dH", row < 0 ? 1 : row + 1, column + 1);
}

/* --- characters */

/* The common ones of those that have no width of their own. */
static bool combines(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
	       (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) ||
	       (c >= 0xfe20 && c <= 0xfe2f) || (c >= 0xe0100 && c <= 0xe01ef);
}

/* On the last column libvterm would take it for a character of the next line. */
static void combine_at_edge(struct screen_machine *machine, uint32_t character)
{
	struct screen_cell *cell = screen_grid_at(shown_grid(machine), machine->last.row,
						  machine->last.column);
	int i;

	for (i = 0; cell && i < SCREEN_CELL_CHARS; i++) {
		if (!cell->chars[i]) {
			cell->chars[i] = character;
			break;
		}
	}
}

/* So that nothing combines with what came before, and libvterm's list of it does not grow. */
static void forget_last(struct screen_machine *machine)
{
	VTermPos pos = screen_machine_cursor(machine);
	bool silent = machine->silent;

	machine->silent = true;
	screen_machine_send(machine, "\x1b[H");
	vterm_input_write(machine->vterm, " ", 1);
	screen_machine_move(machine, pos.row, pos.col);
	machine->silent = silent;
}

static void write_text(struct screen_machine *machine, const char *text, size_t len)
{
	const struct screen_last *last = &machine->last;

	vterm_input_write(machine->vterm, text, len);
	machine->wrap_pending =
		machine->autowrap && last->column + last->width >= machine->grids[0].columns &&
		same_place(screen_machine_cursor(machine), (VTermPos){ last->row, last->column });
}

void screen_machine_text(struct screen_machine *machine, const char *text, size_t len)
{
	bool ascii = !(text[0] & 0x80);

	if (!ascii && machine->wrap_pending && combines(utf8_decode(text, len))) {
		combine_at_edge(machine, utf8_decode(text, len));
		return;
	}
	while (len) {
		size_t chunk = len < TEXT_CHUNK ? len : TEXT_CHUNK;

		write_text(machine, text, chunk);
		text += chunk;
		len -= chunk;
	}
	if (machine->last.chars[SCREEN_CELL_CHARS - 1])
		forget_last(machine);
}

/* --- modes */

void screen_machine_set_lines(struct screen_machine *machine, int top, int bottom)
{
	bool fits = top >= 0 && top < bottom && bottom <= machine->grids[0].rows;

	machine->top = fits ? top : 0;
	machine->bottom = fits ? bottom : machine->grids[0].rows;
	screen_machine_send(machine, "\x1b[%d;%dr", machine->top + 1, machine->bottom);
}

void screen_machine_set_origin(struct screen_machine *machine, bool on)
{
	machine->origin = on;
	screen_machine_send(machine, "\x1b[?6%c", on ? 'h' : 'l');
}

void screen_machine_set_autowrap(struct screen_machine *machine, bool on)
{
	machine->autowrap = on;
	screen_machine_send(machine, "\x1b[?7%c", on ? 'h' : 'l');
}

void screen_machine_set_insert(struct screen_machine *machine, bool on)
{
	machine->insert = on;
	screen_machine_send(machine, "\x1b[4%c", on ? 'h' : 'l');
}

void screen_machine_set_newline(struct screen_machine *machine, bool on)
{
	machine->newline = on;
	screen_machine_send(machine, "\x1b[20%c", on ? 'h' : 'l');
}

void screen_machine_choose(struct screen_machine *machine, int set, char charset)
{
	machine->sets[set] = charset == '0' || charset == 'A' ? charset : 'B';
	screen_machine_send(machine, "\x1b%c%c", "()"[set], machine->sets[set]);
}

void screen_machine_use(struct screen_machine *machine, int set)
{
	machine->set = set;
	screen_machine_send(machine, "%c", set ? '\x0e' : '\x0f');
}

void screen_machine_set_tab(struct screen_machine *machine)
{
	machine->tabs[screen_machine_cursor(machine).col] = 1;
	screen_machine_send(machine, "\x1bH");
}

void screen_machine_clear_tab(struct screen_machine *machine, bool all)
{
	if (all)
		memset(machine->tabs, 0, (size_t)machine->grids[0].columns);
	else
		machine->tabs[screen_machine_cursor(machine).col] = 0;
	screen_machine_send(machine, "\x1b[%dg", all ? 3 : 0);
}

void screen_machine_reset(struct screen_machine *machine)
{
	machine->shown = 0;
	screen_grid_release(&machine->grids[1]);
	machine->pen = (struct screen_style){ .attributes = 0 };
	screen_machine_send(machine, "\x1b"
				     "c");
	default_modes(machine);
	forget_last(machine);
}

/* Lines that do not fit go away above the cursor first. libvterm would leave its scrolling lines
 * reaching past the end. */
void screen_machine_resize(struct screen_machine *machine, int rows, int columns)
{
	VTermPos pos = screen_machine_cursor(machine);
	int lost = pos.row >= rows ? pos.row - rows + 1 : 0;
	int old_columns = machine->grids[0].columns;

	screen_machine_set_lines(machine, 0, machine->grids[0].rows);
	screen_machine_move(machine, pos.row - lost, pos.col);
	screen_grid_resize(&machine->grids[0], rows, columns, machine->shown ? 0 : lost);
	if (machine->grids[1].cells)
		screen_grid_resize(&machine->grids[1], rows, columns, machine->shown ? lost : 0);
	machine->bottom = rows;
	vterm_set_size(machine->vterm, rows, columns);
	if (columns > old_columns)
		default_tabs(machine, old_columns);
	forget_last(machine);
}

/* --- checkpoints */

static void pack_tabs(const struct screen_machine *machine, struct buf *out)
{
	int column, columns = machine->grids[0].columns;

	for (column = 0; column < columns; column++)
		if (machine->tabs[column] != (column % 8 == 0))
			break;
	pack_number(out, column == columns);
	if (column < columns)
		pack_bytes(out, machine->tabs, (size_t)columns);
}

static void unpack_tabs(struct screen_machine *machine, struct unpack *in)
{
	const char *tabs;
	size_t len, i;

	if (unpack_number(in, 1))
		return;
	tabs = unpack_bytes(in, SCREEN_SIDE_MAX, &len);
	if (!unpack_check(in, tabs && len == (size_t)machine->grids[0].columns))
		return;
	for (i = 0; i < len; i++)
		machine->tabs[i] = tabs[i] & 1;
}

static void pack_last(const struct screen_last *last, struct buf *out)
{
	int i;

	for (i = 0; i < SCREEN_CELL_CHARS; i++)
		pack_number(out, last->chars[i]);
	pack_number(out, (uint64_t)last->row);
	pack_number(out, (uint64_t)last->column);
	pack_number(out, (uint64_t)last->width);
}

void screen_machine_pack(const struct screen_machine *machine, struct buf *out)
{
	VTermPos pos = screen_machine_cursor(machine);

	pack_number(out, (uint64_t)machine->grids[0].rows);
	pack_number(out, (uint64_t)machine->grids[0].columns);
	pack_number(out, (uint64_t)machine->shown);
	pack_number(out, (uint64_t)pos.row);
	pack_number(out, (uint64_t)pos.col);
	screen_grid_pack_style(&machine->pen, out);
	pack_last(&machine->last, out);
	pack_number(out, (machine->wrap_pending ? 1u : 0) | (machine->autowrap ? 2u : 0) |
				 (machine->insert ? 4u : 0) | (machine->newline ? 8u : 0) |
				 (machine->origin ? 16u : 0) | (machine->set ? 32u : 0));
	pack_number(out, (uint64_t)machine->top);
	pack_number(out, (uint64_t)machine->bottom);
	pack_bytes(out, machine->sets, 2);
	pack_tabs(machine, out);
	screen_grid_pack(&machine->grids[0], out);
	if (machine->shown)
		screen_grid_pack(&machine->grids[1], out);
}

/* Puts the last character again, so that the machine remembers it. */
static void play_last(struct screen_machine *machine)
{
	struct screen_last last = machine->last;
	char bytes[4];
	int i;

	screen_machine_move(machine, last.row, last.column);
	for (i = 0; i < SCREEN_CELL_CHARS && last.chars[i]; i++)
		vterm_input_write(machine->vterm, bytes, utf8_encode(last.chars[i], bytes));
	machine->last = last;
}

static void play_tabs(struct screen_machine *machine)
{
	int column;

	vterm_input_write(machine->vterm, "\x1b[3g", 4);
	for (column = 0; column < machine->grids[0].columns; column++) {
		if (!machine->tabs[column])
			continue;
		screen_machine_send(machine, "\x1b[1;%dH", column + 1);
		vterm_input_write(machine->vterm, "\x1bH", 2);
	}
}

/* Tells a new machine all that the old one knew. Setting lines and origin moves the cursor, so the
 * pending wrap, which putting the last character brings, comes after. */
static void play(struct screen_machine *machine, VTermPos pos)
{
	struct screen_machine want = *machine;

	machine->silent = true;
	play_tabs(machine);
	machine->origin = false;
	if (want.last.chars[0] && !want.wrap_pending)
		play_last(machine);
	screen_machine_set_lines(machine, want.top, want.bottom);
	if (want.origin)
		screen_machine_set_origin(machine, true);
	if (want.wrap_pending)
		play_last(machine);
	else
		screen_machine_move(machine, pos.row, pos.col);
	screen_machine_set_autowrap(machine, want.autowrap);
	screen_machine_set_insert(machine, want.insert);
	screen_machine_set_newline(machine, want.newline);
	screen_machine_choose(machine, 0, want.sets[0]);
	screen_machine_choose(machine, 1, want.sets[1]);
	screen_machine_use(machine, want.set);
	machine->wrap_pending = want.wrap_pending;
	machine->silent = false;
}

static void unpack_last(struct screen_machine *machine, struct unpack *in)
{
	struct screen_last *last = &machine->last;
	int i, columns = machine->grids[0].columns;

	for (i = 0; i < SCREEN_CELL_CHARS; i++) {
		last->chars[i] = (uint32_t)unpack_number(in, 0x10ffff);
		unpack_check(in, !last->chars[i] ||
					 (last->chars[i] >= 0x20 && last->chars[i] != 0x7f &&
					  (last->chars[i] < 0x80 || last->chars[i] >= 0xa0) &&
					  (last->chars[i] < 0xd800 || last->chars[i] > 0xdfff)));
	}
	last->row = (int)unpack_number(in, (uint64_t)machine->grids[0].rows - 1);
	last->column = (int)unpack_number(in, (uint64_t)columns - 1);
	last->width = (int)unpack_number(in, 2);
	unpack_check(in, last->column + last->width <= columns);
}

static void unpack_modes(struct screen_machine *machine, struct unpack *in)
{
	unsigned flags = (unsigned)unpack_number(in, 63);
	const char *sets;
	size_t len;

	machine->wrap_pending = flags & 1;
	machine->autowrap = flags & 2;
	machine->insert = flags & 4;
	machine->newline = flags & 8;
	machine->origin = flags & 16;
	machine->set = flags & 32 ? 1 : 0;
	machine->top = (int)unpack_number(in, (uint64_t)machine->grids[0].rows - 1);
	machine->bottom = (int)unpack_number(in, (uint64_t)machine->grids[0].rows);
	sets = unpack_bytes(in, 2, &len);
	if (unpack_check(in, sets && len == 2 && machine->top < machine->bottom &&
				     strchr("BA0", sets[0]) && strchr("BA0", sets[1])))
		memcpy(machine->sets, sets, 2);
}

void screen_machine_unpack(struct screen_machine *machine, struct unpack *in)
{
	int rows = (int)unpack_number(in, SCREEN_SIDE_MAX);
	int columns = (int)unpack_number(in, SCREEN_SIDE_MAX);
	VTermPos pos;

	unpack_check(in, rows >= 1 && columns >= 2 && in->end - in->at >= rows);
	screen_machine_start(machine, in->bad ? 1 : rows, in->bad ? 2 : columns);
	machine->shown = (int)unpack_number(in, 1);
	pos.row = (int)unpack_number(in, (uint64_t)machine->grids[0].rows - 1);
	pos.col = (int)unpack_number(in, (uint64_t)machine->grids[0].columns - 1);
	machine->pen = screen_grid_unpack_style(in);
	unpack_last(machine, in);
	unpack_modes(machine, in);
	unpack_tabs(machine, in);
	if (machine->shown)
		machine->grids[1] = screen_grid_make(machine->grids[0].rows,
						     machine->grids[0].columns);
	if (!in->bad)
		play(machine, pos);
	unpack_check(in, same_place(pos, screen_machine_cursor(machine)));
	screen_grid_unpack(&machine->grids[0], in);
	if (machine->shown)
		screen_grid_unpack(&machine->grids[1], in);
}
