/* screen_machine.h - libvterm as the machine that moves the cursor and places characters
 *
 * Of libvterm only the state layer is used: it is told characters, movements and modes, and calls
 * back with what is to be put, erased or moved in our own cells. It has no way to read its state
 * back, so what it remembers is bounded to what stands in struct screen_machine, which can be
 * played to a new one: see the table in screen_machine.c of what is never sent to it. */
#ifndef TALI_SCREEN_MACHINE_H
#define TALI_SCREEN_MACHINE_H

#include "journal/screen_grid.h"

#include <vterm.h>

/* The character that was put last: others may combine with it. */
struct screen_last {
	uint32_t chars[SCREEN_CELL_CHARS];	/* all 0: none yet */
	int row, column, width;
};

struct screen_machine {
	VTerm *vterm;
	VTermState *state;
	struct screen_grid grids[2];	/* the second has cells while it is shown */
	int shown;			/* 0 or 1 */
	struct screen_style pen;
	bool silent;			/* what it puts does not reach the cells */

	/* what libvterm does not tell */
	struct screen_last last;
	bool wrap_pending;		/* the next character goes to the next line */
	bool autowrap, insert, newline, origin;
	int top, bottom;		/* lines that scroll, without bottom */
	char sets[2];			/* 'B' ASCII, 'A' British, '0' line drawing */
	int set;			/* 0 or 1 is in use */
	uint8_t tabs[SCREEN_SIDE_MAX];	/* 1 where a tabulator stops */
};

void screen_machine_start(struct screen_machine *machine, int rows, int columns);
void screen_machine_release(struct screen_machine *machine);

VTermPos screen_machine_cursor(const struct screen_machine *machine);

/* Printable ASCII, or one other character. */
void screen_machine_text(struct screen_machine *machine, const char *text, size_t len);
/* A control or sequence of the table; the cursor may move. */
void screen_machine_send(struct screen_machine *machine, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* To a place of the screen, from 0; within the scrolling lines where `origin` says so. */
void screen_machine_move(struct screen_machine *machine, int row, int column);
void screen_machine_set_lines(struct screen_machine *machine, int top, int bottom);
void screen_machine_set_origin(struct screen_machine *machine, bool on);
void screen_machine_set_autowrap(struct screen_machine *machine, bool on);
void screen_machine_set_insert(struct screen_machine *machine, bool on);
void screen_machine_set_newline(struct screen_machine *machine, bool on);
void screen_machine_choose(struct screen_machine *machine, int set, char charset);
void screen_machine_use(struct screen_machine *machine, int set);
void screen_machine_set_tab(struct screen_machine *machine);
void screen_machine_clear_tab(struct screen_machine *machine, bool all);
/* As after screen_machine_start, with the cells of the first grid blank. */
void screen_machine_reset(struct screen_machine *machine);
void screen_machine_resize(struct screen_machine *machine, int rows, int columns);

void screen_machine_pack(const struct screen_machine *machine, struct buf *out);
/* Starts it. */
void screen_machine_unpack(struct screen_machine *machine, struct unpack *in);

#endif
