/* screen.c - see screen.h */
#include "journal/screen.h"

#include "base/utf8.h"
#include "journal/screen_machine.h"
#include "journal/screen_reader.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_MIN 2	/* libvterm has no place for a wide character in one */
#define MOVE_MAX SCREEN_SIDE_MAX

/* ESC 7, ESC 8; one for each of the two screens. */
struct saved {
	int row, column;
	struct screen_style pen;
	bool origin;
	char sets[2];
	int set;
};

struct screen {
	struct screen_reader reader;
	struct screen_machine machine;
	struct saved saved[2];
	bool cursor_visible, reverse;
	char title[SCREEN_TITLE_MAX + 1];

	/* of screen_row */
	struct buf text;
	struct screen_run *runs;
};

static int within(int number, int least, int most)
{
	return number < least ? least : number > most ? most : number;
}

static void default_saved(struct screen *screen)
{
	size_t i;

	for (i = 0; i < 2; i++)
		screen->saved[i] = (struct saved){ .sets = { 'B', 'B' } };
}

struct screen *screen_new(int columns, int rows)
{
	struct screen *screen = buf_alloc(sizeof(*screen));

	screen_machine_start(&screen->machine, within(rows, 1, SCREEN_SIDE_MAX),
			     within(columns, COLUMNS_MIN, SCREEN_SIDE_MAX));
	default_saved(screen);
	screen->cursor_visible = true;
	screen->text.limit = SIZE_MAX;
	return screen;
}

void screen_free(struct screen **screen)
{
	if (!*screen)
		return;
	screen_machine_release(&(*screen)->machine);
	buf_release(&(*screen)->text);
	free((*screen)->runs);
	free(*screen);
	*screen = NULL;
}

void screen_resize(struct screen *screen, int columns, int rows)
{
	rows = within(rows, 1, SCREEN_SIDE_MAX);
	columns = within(columns, COLUMNS_MIN, SCREEN_SIDE_MAX);
	if (rows != screen_rows(screen) || columns != screen_columns(screen))
		screen_machine_resize(&screen->machine, rows, columns);
}

/* --- cursor and screens that are kept */

static void save(struct screen *screen)
{
	struct screen_machine *machine = &screen->machine;
	VTermPos pos = screen_machine_cursor(machine);
	struct saved *saved = &screen->saved[machine->shown];

	*saved = (struct saved){ .row = pos.row, .column = pos.col, .pen = machine->pen,
				 .origin = machine->origin, .set = machine->set };
	memcpy(saved->sets, machine->sets, sizeof(saved->sets));
}

/* The screen may have become smaller since. */
static void restore(struct screen *screen)
{
	struct screen_machine *machine = &screen->machine;
	struct saved saved = screen->saved[machine->shown];

	screen_machine_set_origin(machine, saved.origin);
	screen_machine_choose(machine, 0, saved.sets[0]);
	screen_machine_choose(machine, 1, saved.sets[1]);
	screen_machine_use(machine, saved.set);
	machine->pen = saved.pen;
	screen_machine_move(machine, within(saved.row, 0, screen_rows(screen) - 1),
			    within(saved.column, 0, screen_columns(screen) - 1));
}

static void show(struct screen *screen, int which)
{
	struct screen_machine *machine = &screen->machine;

	if (machine->shown == which)
		return;
	machine->shown = which;
	screen_grid_release(&machine->grids[1]);
	if (which)
		machine->grids[1] = screen_grid_make(screen_rows(screen), screen_columns(screen));
}

/* --- colours and attributes (ECMA-48 8.3.117) */

/* The colour of 38 or 48 at params[at]; the number of params that it took. */
static size_t read_colour(const struct screen_unit *unit, size_t at, uint32_t *colour)
{
	const int *params = unit->params + at;
	size_t left = unit->count - at, used = 2, red = 2;

	if (left < 3)
		return left;
	/* 38:2:SPACE:R:G:B has one more than 38;2;R;G;B and 38:2:R:G:B */
	if (params[1] == 2) {
		if (unit->more[at] && left > 5 && unit->more[at + 4])
			red = 3;
		if (left < red + 3)
			return left;
		*colour = SCREEN_RGB | (uint32_t)within(params[red], 0, 255) << 16 |
			  (uint32_t)within(params[red + 1], 0, 255) << 8 |
			  (uint32_t)within(params[red + 2], 0, 255);
		used = red + 3;
	} else if (params[1] == 5) {
		*colour = SCREEN_INDEX | (uint32_t)within(params[2], 0, 255);
		used = 3;
	}
	return used;
}

static void set_underline(struct screen_style *pen, int how)
{
	pen->attributes &=
		~(unsigned)(SCREEN_UNDERLINE | SCREEN_UNDERLINE_DOUBLE | SCREEN_UNDERLINE_CURLY);
	if (how == 1)
		pen->attributes |= SCREEN_UNDERLINE;
	else if (how == 2)
		pen->attributes |= SCREEN_UNDERLINE_DOUBLE;
	else if (how > 2)
		pen->attributes |= SCREEN_UNDERLINE_CURLY;
}

static void set_attribute(struct screen_style *pen, int param)
{
	static const struct {
		int on, off;
		enum screen_attribute attribute;
	} table[] = {
		{ 1, 22, SCREEN_BOLD },	  { 3, 23, SCREEN_ITALIC },  { 5, 25, SCREEN_BLINK },
		{ 7, 27, SCREEN_REVERSE }, { 9, 29, SCREEN_STRIKE },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (param == table[i].on)
			pen->attributes |= table[i].attribute;
		if (param == table[i].off)
			pen->attributes &= ~(unsigned)table[i].attribute;
	}
}

static void set_simple(struct screen_style *pen, int param)
{
	if (param <= 0)
		*pen = (struct screen_style){ .attributes = 0 };
	else if (param == 21 || param == 4 || param == 24)
		set_underline(pen, param == 24 ? 0 : param == 21 ? 2 : 1);
	else if (param >= 30 && param <= 37)
		pen->foreground = SCREEN_INDEX | (uint32_t)(param - 30);
	else if (param >= 90 && param <= 97)
		pen->foreground = SCREEN_INDEX | (uint32_t)(param - 90 + 8);
	else if (param >= 40 && param <= 47)
		pen->background = SCREEN_INDEX | (uint32_t)(param - 40);
	else if (param >= 100 && param <= 107)
		pen->background = SCREEN_INDEX | (uint32_t)(param - 100 + 8);
	else if (param == 39)
		pen->foreground = SCREEN_DEFAULT;
	else if (param == 49)
		pen->background = SCREEN_DEFAULT;
	else
		set_attribute(pen, param);
}

static void set_style(struct screen_style *pen, const struct screen_unit *unit)
{
	size_t at = 0;

	while (at < unit->count) {
		int param = unit->params[at];
		bool more = unit->more[at];

		if (param == 38 || param == 48) {
			at += read_colour(unit, at,
					  param == 38 ? &pen->foreground : &pen->background);
			continue;
		}
		at++;
		if (param == 4 && more && at < unit->count)
			set_underline(pen, unit->params[at]);
		else
			set_simple(pen, param);
		/* what else belongs to it */
		for (; more && at < unit->count; at++)
			more = unit->more[at];
	}
}

/* --- sequences */

/* A param as a count: absent and 0 are 1. */
static int count_of(const struct screen_unit *unit, size_t i)
{
	int param = i < unit->count ? unit->params[i] : -1;

	return param < 1 ? 1 : within(param, 1, MOVE_MAX);
}

/* At most a whole screen: more would change nothing. */
static void repeat_last(struct screen *screen, int count)
{
	struct screen_last last = screen->machine.last;
	char bytes[4];

	if (!last.chars[0] || last.width < 1)
		return;
	while (count--)
		screen_machine_text(&screen->machine, bytes, utf8_encode(last.chars[0], bytes));
}

static void soft_reset(struct screen *screen)
{
	struct screen_machine *machine = &screen->machine;
	VTermPos pos = screen_machine_cursor(machine);

	machine->pen = (struct screen_style){ .attributes = 0 };
	screen_machine_set_origin(machine, false);
	screen_machine_set_lines(machine, 0, screen_rows(screen));
	screen_machine_set_autowrap(machine, true);
	screen_machine_set_insert(machine, false);
	screen_machine_choose(machine, 0, 'B');
	screen_machine_choose(machine, 1, 'B');
	screen_machine_use(machine, 0);
	screen_machine_move(machine, pos.row, pos.col);
	screen->cursor_visible = true;
}

static void set_private_mode(struct screen *screen, int mode, bool on)
{
	switch (mode) {
	case 5: screen->reverse = on; break;
	case 6: screen_machine_set_origin(&screen->machine, on); break;
	case 7: screen_machine_set_autowrap(&screen->machine, on); break;
	case 25: screen->cursor_visible = on; break;
	case 47:
	case 1047: show(screen, on); break;
	case 1048: on ? save(screen) : restore(screen); break;
	case 1049:
		if (on && !screen->machine.shown)
			save(screen);
		show(screen, on);
		if (!on)
			restore(screen);
		break;
	default: break;
	}
}

static void set_modes(struct screen *screen, const struct screen_unit *unit, bool on)
{
	size_t i;

	for (i = 0; i < unit->count; i++) {
		if (unit->leader == '?')
			set_private_mode(screen, unit->params[i], on);
		else if (unit->params[i] == 4)
			screen_machine_set_insert(&screen->machine, on);
		else if (unit->params[i] == 20)
			screen_machine_set_newline(&screen->machine, on);
	}
}

/* Those that go on to the machine with one count, and those with one place. */
#define COUNTED "@ABCDEFILMPSTXZaejk"
#define PLACED "G`d"

static void on_csi(struct screen *screen, const struct screen_unit *unit)
{
	struct screen_machine *machine = &screen->machine;
	int first = unit->params[0] < 0 ? 0 : unit->params[0];

	switch (unit->final) {
	case 'H':
	case 'f':
		screen_machine_send(machine, "\x1b[%d;%dH", count_of(unit, 0), count_of(unit, 1));
		break;
	case 'J':
	case 'K':
		if (first <= 2)
			screen_machine_send(machine, "\x1b[%d%c", first, unit->final);
		break;
	case 'b': repeat_last(screen, count_of(unit, 0)); break;
	case 'g':
		if (first == 0 || first == 3)
			screen_machine_clear_tab(machine, first == 3);
		break;
	case 'h':
	case 'l': set_modes(screen, unit, unit->final == 'h'); break;
	case 'm': set_style(&machine->pen, unit); break;
	case 'r':
		screen_machine_set_lines(machine, count_of(unit, 0) - 1,
					 unit->count < 2 || unit->params[1] < 1
						 ? screen_rows(screen)
						 : unit->params[1]);
		break;
	case 's': save(screen); break;
	case 'u': restore(screen); break;
	default:
		if (strchr(COUNTED PLACED, unit->final) && unit->count == 1)
			screen_machine_send(machine, "\x1b[%d%c", count_of(unit, 0), unit->final);
		break;
	}
}

static void on_escape(struct screen *screen, const struct screen_unit *unit)
{
	struct screen_machine *machine = &screen->machine;

	if (unit->intermediate == '(' || unit->intermediate == ')')
		screen_machine_choose(machine, unit->intermediate == ')', unit->final);
	if (unit->intermediate)
		return;
	switch (unit->final) {
	case '7': save(screen); break;
	case '8': restore(screen); break;
	case 'D':
	case 'E':
	case 'M': screen_machine_send(machine, "\x1b%c", unit->final); break;
	case 'H': screen_machine_set_tab(machine); break;
	case 'c':
		screen_machine_reset(machine);
		default_saved(screen);
		screen->cursor_visible = true;
		screen->reverse = false;
		break;
	default: break;
	}
}

static void on_control(struct screen *screen, char control)
{
	if (control == 0x0e || control == 0x0f)
		screen_machine_use(&screen->machine, control == 0x0e);
	else if (control >= 0x08 && control <= 0x0d)
		screen_machine_send(&screen->machine, "%c", control);
}

static void on_title(struct screen *screen, const struct screen_unit *unit)
{
	memcpy(screen->title, unit->text, unit->len);
	screen->title[unit->len] = '\0';
}

static void on_unit(void *arg, const struct screen_unit *unit)
{
	struct screen *screen = arg;

	switch (unit->kind) {
	case SCREEN_TEXT: screen_machine_text(&screen->machine, unit->text, unit->len); break;
	case SCREEN_CONTROL: on_control(screen, unit->control); break;
	case SCREEN_ESCAPE: on_escape(screen, unit); break;
	case SCREEN_TITLE: on_title(screen, unit); break;
	case SCREEN_CSI:
		if (unit->intermediate == '!' && unit->final == 'p' && !unit->leader)
			soft_reset(screen);
		else if (!unit->intermediate &&
			 (!unit->leader ||
			  (unit->leader == '?' && strchr("hlJK", unit->final))))
			on_csi(screen, unit);
		break;
	}
}

void screen_feed(struct screen *screen, const void *bytes, size_t len)
{
	screen_reader_feed(&screen->reader, bytes, len, on_unit, screen);
}

/* --- what it shows */

int screen_columns(const struct screen *screen)
{
	return screen->machine.grids[0].columns;
}

int screen_rows(const struct screen *screen)
{
	return screen->machine.grids[0].rows;
}

struct screen_cursor screen_cursor(const struct screen *screen)
{
	VTermPos pos = screen_machine_cursor(&screen->machine);

	return (struct screen_cursor){ pos.row, pos.col, screen->cursor_visible };
}

bool screen_is_alternate(const struct screen *screen)
{
	return screen->machine.shown;
}

const char *screen_title(const struct screen *screen)
{
	return screen->title;
}

size_t screen_row(struct screen *screen, int row, const struct screen_run **ret)
{
	size_t count = screen_grid_runs(&screen->machine.grids[screen->machine.shown], row,
					screen->reverse, &screen->text, &screen->runs);

	*ret = screen->runs;
	return count;
}

void screen_text(struct screen *screen, struct buf *out)
{
	int row, rows = screen_rows(screen);
	const struct screen_run *runs;
	size_t count, i;

	for (row = 0; row < rows; row++) {
		size_t start = out->len;

		count = screen_row(screen, row, &runs);
		for (i = 0; i < count; i++)
			buf_add(out, runs[i].text, runs[i].len);
		while (out->len > start && out->data[out->len - 1] == ' ')
			out->len--;
		buf_add_byte(out, '\n');
	}
}

/* --- checkpoints */

static void pack_saved(const struct saved *saved, struct buf *out)
{
	pack_number(out, (uint64_t)saved->row);
	pack_number(out, (uint64_t)saved->column);
	screen_grid_pack_style(&saved->pen, out);
	pack_number(out, saved->origin);
	pack_number(out, (uint64_t)saved->set);
	pack_bytes(out, saved->sets, sizeof(saved->sets));
}

static void unpack_saved(struct saved *saved, struct unpack *in)
{
	const char *sets;
	size_t len;

	saved->row = (int)unpack_number(in, SCREEN_SIDE_MAX);
	saved->column = (int)unpack_number(in, SCREEN_SIDE_MAX);
	saved->pen = screen_grid_unpack_style(in);
	saved->origin = unpack_number(in, 1);
	saved->set = (int)unpack_number(in, 1);
	sets = unpack_bytes(in, sizeof(saved->sets), &len);
	if (unpack_check(in, len == sizeof(saved->sets)))
		memcpy(saved->sets, sets, len);
}

void screen_pack(const struct screen *screen, struct buf *out)
{
	screen_machine_pack(&screen->machine, out);
	screen_reader_pack(&screen->reader, out);
	pack_saved(&screen->saved[0], out);
	pack_saved(&screen->saved[1], out);
	pack_number(out, screen->cursor_visible);
	pack_number(out, screen->reverse);
	pack_text(out, screen->title);
}

struct screen *screen_unpack(struct unpack *in)
{
	struct screen *screen = buf_alloc(sizeof(*screen));
	char *title;

	screen->text.limit = SIZE_MAX;
	screen_machine_unpack(&screen->machine, in);
	screen_reader_unpack(&screen->reader, in);
	unpack_saved(&screen->saved[0], in);
	unpack_saved(&screen->saved[1], in);
	screen->cursor_visible = unpack_number(in, 1);
	screen->reverse = unpack_number(in, 1);
	title = unpack_text(in, SCREEN_TITLE_MAX);
	if (title)
		memcpy(screen->title, title, strlen(title));
	free(title);
	if (in->bad)
		screen_free(&screen);
	return screen;
}
