/* page_screens.h - the terminals of a session as steps of a page: rows that changed, frame by frame
 *
 * The screens are drawn by the fold, so no escape sequence reaches a page. Changes of one terminal
 * within 50 ms are one frame; the more a session's frames take, the further apart they are (twice
 * as far every 4 MiB), so that a page stays small whatever a program prints. */
#ifndef TALI_PAGE_SCREENS_H
#define TALI_PAGE_SCREENS_H

#include "journal/fold.h"
#include "replay/page_steps.h"
#include "replay/page_table.h"

#define PAGE_FRAME_MS 50
#define PAGE_RUNS_MAX 256		/* pieces of a row */
#define PAGE_STYLES_MAX 4096	/* further styles look like none */

struct page_screen;

struct page_screens {
	struct page_steps *steps;	/* borrowed */
	/* Rows as JSON: "text" or ["text",style,"text",style ...]; 0 is a blank one. */
	struct page_table rows;
	struct page_table styles;	/* CSS declarations; 0 is the default */
	struct page_screen *screens;
	size_t count;
	size_t frame_bytes;
	bool waiting;			/* a change is not told yet */
};

#define PAGE_SCREENS_INIT(to) \
	{ .steps = (to), .rows = PAGE_TABLE_INIT, .styles = PAGE_TABLE_INIT }

void page_screens_release(struct page_screens *screens);

/* After the fold took a part of a terminal's event at `instant`. */
void page_screens_change(struct page_screens *screens, struct fold *fold, const char *id,
			 int64_t instant);

/* Before a part that happens at `next` is folded: tells the frames that end before it. INT64_MAX
 * tells all. */
void page_screens_flush(struct page_screens *screens, struct fold *fold, int64_t next);

/* Appends [["id","command"], ...]; and the rules .s1{...}.s2{...} ... */
void page_screens_write(const struct page_screens *screens, struct buf *out);
void page_screens_write_css(const struct page_screens *screens, struct buf *out);

#endif
