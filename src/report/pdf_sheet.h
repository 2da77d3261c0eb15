/* pdf_sheet.h - text, bars and a chart on A4 pages that follow each other
 *
 * Lengths are points (1/72 inch), from the left edge of the text; what does not fit goes to the
 * next page. The same calls give the same bytes on the same fonts. Not for threads. */
#ifndef TALI_PDF_SHEET_H
#define TALI_PDF_SHEET_H

#include "base/err.h"
#include "report/report_radar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define PDF_SHEET_WIDTH 507.0	/* of the text */

enum pdf_style {
	PDF_TITLE, PDF_HEAD, PDF_SUBHEAD, PDF_BODY, PDF_STRONG, PDF_SMALL, PDF_CODE, PDF_HUGE,
	PDF_STYLES
};

enum pdf_colour {
	PDF_INK, PDF_SOFT, PDF_ACCENT, PDF_GOOD, PDF_BAD, PDF_FAINT, PDF_ADDED, PDF_REMOVED,
	PDF_COLOURS
};

struct pdf_sheet;

/* Writes to `out` when it is closed. `footer` stands on each page, with its number; `created` is
 * RFC 3339; all are borrowed until then. ERR_ENV when cairo, Pango or a font is missing. */
struct pdf_sheet *pdf_sheet_open(FILE *out, const char *title, const char *footer,
				 const char *created, struct err *err);
/* ERR_ENV when something failed on the way. */
int pdf_sheet_close(struct pdf_sheet **sheet, struct err *err);
void pdf_sheet_drop(struct pdf_sheet **sheet);	/* without a word */

/* A paragraph in lines; may go over several pages. An empty text is nothing. */
void pdf_sheet_text(struct pdf_sheet *sheet, enum pdf_style style, enum pdf_colour colour,
		    double indent, const char *text);

/* A row that is kept on one page: cells with a text, cut after `lines` (0: 4), or with a bar. */
struct pdf_cell {
	double x, width;
	const char *text;		/* borrowed; NULL: a bar */
	double bar;			/* 0 to 100 */
	enum pdf_style style;
	enum pdf_colour colour;
	bool right;
	int lines;
};
void pdf_sheet_row(struct pdf_sheet *sheet, const struct pdf_cell *cells, size_t count);
/* The same on a ground of that colour. */
void pdf_sheet_row_on(struct pdf_sheet *sheet, enum pdf_colour ground,
		      const struct pdf_cell *cells, size_t count);

void pdf_sheet_space(struct pdf_sheet *sheet, double height);
void pdf_sheet_rule(struct pdf_sheet *sheet);
/* A new page unless so much is left. */
void pdf_sheet_need(struct pdf_sheet *sheet, double height);

/* A chart beside what comes next: its middle is at x, its top here. Takes no room;
 * gives where it ends, for pdf_sheet_down_to. */
double pdf_sheet_radar(struct pdf_sheet *sheet, const struct report_radar *radar, double x,
		       double radius);
void pdf_sheet_down_to(struct pdf_sheet *sheet, double y);

#endif
