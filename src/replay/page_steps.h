/* page_steps.h - the changes that a page replays, in order of time
 *
 * One step is a JSON array [MS, CODE, ...]: milliseconds after the step ahead, what it is, and what
 * that needs. Places are [line, column] from 0, columns in UTF-16 units. share/web/replay-state.js
 * reads them.
 *
 *	[MS, 0, path, line, column, "ins"]		insert what was typed
 *	[MS, 0, path, line, column, "ins", origin]	the same from elsewhere: enum text_origin
 *	[MS, 0, path, line, column, "ins", origin, line, column]  and remove up to there first
 *	[MS, 1, path, "text", executable]		a file is there
 *	[MS, 1, path, why, executable]			without its text: 0 it is none, 1 too large
 *	[MS, 2, path]					a file is gone
 *	[MS, 3, path, to]				a file was renamed
 *	[MS, 4, path, action]				0 opened, 1 shown, 2 closed
 *	[MS, 5, path, line, column, line, column]	cursor and other end of the selection
 *	[MS, 6]						snapshot
 *	[MS, 7, terminal, columns, rows]		started or resized: all blank
 *	[MS, 8, terminal, line, column, row, number, row, number ...]
 *				cursor (column -1: hidden), then rows and what they show
 *	[MS, 9, terminal, status]			ended; status -1 when there is none */
#ifndef TALI_PAGE_STEPS_H
#define TALI_PAGE_STEPS_H

#include "base/buf.h"

#include <stdint.h>

enum page_step {
	PAGE_EDIT, PAGE_FILE, PAGE_GONE, PAGE_MOVE, PAGE_OPEN, PAGE_CURSOR, PAGE_SNAPSHOT,
	PAGE_TERMINAL, PAGE_FRAME, PAGE_TERMINAL_END,
};

struct page_steps {
	struct buf out;		/* steps with commas between, without the outer brackets */
	int64_t start, end;	/* instants that the page shows; others are moved to these */
	int64_t last;		/* instant of the last step */
	size_t count;
};

#define PAGE_STEPS_INIT(from, to) \
	{ .out = BUF_INIT(SIZE_MAX), .start = (from), .end = (to), .last = (from) }

void page_steps_release(struct page_steps *steps);

/* Begins a step at an instant (never before the last one). More members follow, each with a comma
 * in front, and page_steps_close. */
struct buf *page_steps_open(struct page_steps *steps, int64_t instant, enum page_step code);
void page_steps_close(struct page_steps *steps);

/* Milliseconds from the start to an instant, at least 0 and at most those to the end. */
int64_t page_steps_clock(const struct page_steps *steps, int64_t instant);

#endif
