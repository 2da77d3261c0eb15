/* pdf_sheet.c - see pdf_sheet.h */
#include "report/pdf_sheet.h"

#include "base/buf.h"
#include "report/pango_library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define LEFT 44.0
#define TOP 48.0
#define BOTTOM (PAGE_HEIGHT - 56.0)
#define FOOTER (PAGE_HEIGHT - 36.0)
#define BAR_HEIGHT 6.0
#define ROW_GAP 2.0
#define CELL_LINES 4

struct pdf_sheet {
	FILE *out;
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoLayout *layout;
	PangoFontDescription *fonts[PDF_STYLES];
	const char *footer;
	double y;
	int page;
	bool failed;			/* `out` did not take it */
};

static const char *const fonts[PDF_STYLES] = {
	[PDF_TITLE] = "Sans Bold 20", [PDF_HEAD] = "Sans Bold 13", [PDF_SUBHEAD] = "Sans Bold 10.5",
	[PDF_BODY] = "Sans 9", [PDF_STRONG] = "Sans Bold 9", [PDF_SMALL] = "Sans 7.5",
	[PDF_CODE] = "Monospace 7.5", [PDF_HUGE] = "Sans Bold 34",
};

static const double colours[PDF_COLOURS][3] = {
	[PDF_INK] = { .07, .07, .07 }, [PDF_SOFT] = { .35, .35, .35 },
	[PDF_ACCENT] = { .48, 0, .78 }, [PDF_GOOD] = { .04, .42, .18 },
	[PDF_BAD] = { .69, 0, .13 }, [PDF_FAINT] = { .9, .9, .9 },
	[PDF_ADDED] = { .89, .96, .91 }, [PDF_REMOVED] = { .99, .9, .91 },
};

static const double bar_colour[3] = { .616, 0, 1 };

static void set_colour(struct pdf_sheet *sheet, enum pdf_colour colour)
{
	const double *rgb = colours[colour];

	pdf(cairo_set_source_rgb)(sheet->cairo, rgb[0], rgb[1], rgb[2]);
}

/* --- begin and end */

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned int len)
{
	struct pdf_sheet *sheet = closure;

	if (fwrite(data, 1, len, sheet->out) != len)
		sheet->failed = true;
	return sheet->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

struct pdf_sheet *pdf_sheet_open(FILE *out, const char *title, const char *footer,
				 const char *created, struct err *err)
{
	struct pdf_sheet *sheet;
	int i;

	if (pango_library_load(err) < 0)
		return NULL;
	sheet = buf_alloc(sizeof(*sheet));
	*sheet = (struct pdf_sheet){ .out = out, .footer = footer, .y = TOP, .page = 1 };
	sheet->surface = pdf(cairo_pdf_surface_create_for_stream)(take_bytes, sheet, PAGE_WIDTH,
								  PAGE_HEIGHT);
	pdf(cairo_pdf_surface_set_metadata)(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
	pdf(cairo_pdf_surface_set_metadata)(sheet->surface, CAIRO_PDF_METADATA_CREATOR, "tali");
	/* else it is now */
	pdf(cairo_pdf_surface_set_metadata)(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE,
					    created);
	sheet->cairo = pdf(cairo_create)(sheet->surface);
	sheet->layout = pdf(pango_cairo_create_layout)(sheet->cairo);
	for (i = 0; i < PDF_STYLES; i++)
		sheet->fonts[i] = pdf(pango_font_description_from_string)(fonts[i]);
	return sheet;
}

/* A layout as it is after every use: left, words kept whole where they fit. Width 0: one line. */
static void set_layout(struct pdf_sheet *sheet, enum pdf_style style, double width,
		       const char *text)
{
	PangoLayout *layout = sheet->layout;

	pdf(pango_layout_set_font_description)(layout, sheet->fonts[style]);
	pdf(pango_layout_set_width)(layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pdf(pango_layout_set_wrap)(layout, PANGO_WRAP_WORD_CHAR);
	pdf(pango_layout_set_height)(layout, -1000000);
	pdf(pango_layout_set_ellipsize)(layout, PANGO_ELLIPSIZE_NONE);
	pdf(pango_layout_set_alignment)(layout, PANGO_ALIGN_LEFT);
	pdf(pango_layout_set_text)(layout, text, -1);
}

static void print_footer(struct pdf_sheet *sheet)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", sheet->page);
	set_colour(sheet, PDF_SOFT);
	set_layout(sheet, PDF_SMALL, PDF_SHEET_WIDTH - 40, sheet->footer);
	pdf(pango_layout_set_height)(sheet->layout, -1);
	pdf(pango_layout_set_ellipsize)(sheet->layout, PANGO_ELLIPSIZE_END);
	pdf(cairo_move_to)(sheet->cairo, LEFT, FOOTER);
	pdf(pango_cairo_show_layout)(sheet->cairo, sheet->layout);
	set_layout(sheet, PDF_SMALL, 40, number);
	pdf(pango_layout_set_alignment)(sheet->layout, PANGO_ALIGN_RIGHT);
	pdf(cairo_move_to)(sheet->cairo, LEFT + PDF_SHEET_WIDTH - 40, FOOTER);
	pdf(pango_cairo_show_layout)(sheet->cairo, sheet->layout);
}

static void new_page(struct pdf_sheet *sheet)
{
	print_footer(sheet);
	pdf(cairo_show_page)(sheet->cairo);
	sheet->page++;
	sheet->y = TOP;
}

void pdf_sheet_drop(struct pdf_sheet **sheet)
{
	int i;

	if (!*sheet)
		return;
	for (i = 0; i < PDF_STYLES; i++)
		pdf(pango_font_description_free)((*sheet)->fonts[i]);
	pdf(g_object_unref)((*sheet)->layout);
	pdf(cairo_destroy)((*sheet)->cairo);
	pdf(cairo_surface_destroy)((*sheet)->surface);
	/* that of this thread, with all it has kept */
	pdf(pango_cairo_font_map_set_default)(NULL);
	free(*sheet);
	*sheet = NULL;
}

int pdf_sheet_close(struct pdf_sheet **sheet, struct err *err)
{
	cairo_status_t status;

	print_footer(*sheet);
	pdf(cairo_show_page)((*sheet)->cairo);
	status = pdf(cairo_status)((*sheet)->cairo);
	pdf(cairo_surface_finish)((*sheet)->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = pdf(cairo_surface_status)((*sheet)->surface);
	pdf_sheet_drop(sheet);
	return status == CAIRO_STATUS_SUCCESS
		? 0 : err_set(err, ERR_ENV, "the PDF: %s", pdf(cairo_status_to_string)(status));
}

/* --- what stands on it */

void pdf_sheet_need(struct pdf_sheet *sheet, double height)
{
	if (sheet->y + height > BOTTOM && sheet->y > TOP)
		new_page(sheet);
}

void pdf_sheet_space(struct pdf_sheet *sheet, double height)
{
	if (sheet->y > TOP)
		sheet->y += height;
}

void pdf_sheet_down_to(struct pdf_sheet *sheet, double y)
{
	sheet->y = fmax(sheet->y, y);
}

void pdf_sheet_rule(struct pdf_sheet *sheet)
{
	set_colour(sheet, PDF_INK);
	pdf(cairo_rectangle)(sheet->cairo, LEFT, sheet->y, PDF_SHEET_WIDTH, 1.5);
	pdf(cairo_fill)(sheet->cairo);
	sheet->y += 7;
}

void pdf_sheet_text(struct pdf_sheet *sheet, enum pdf_style style, enum pdf_colour colour,
		    double indent, const char *text)
{
	PangoLayoutIter *line;
	PangoRectangle place;

	if (!*text)
		return;
	set_layout(sheet, style, PDF_SHEET_WIDTH - indent, text);
	line = pdf(pango_layout_get_iter)(sheet->layout);
	do {
		double height, baseline;

		pdf(pango_layout_iter_get_line_extents)(line, NULL, &place);
		height = (double)place.height / PANGO_SCALE;
		baseline = (double)(pdf(pango_layout_iter_get_baseline)(line) - place.y);
		if (sheet->y + height > BOTTOM) {
			PangoLayout *kept = sheet->layout;

			/* the footer has a layout of its own */
			sheet->layout = pdf(pango_cairo_create_layout)(sheet->cairo);
			new_page(sheet);
			pdf(g_object_unref)(sheet->layout);
			sheet->layout = kept;
		}
		set_colour(sheet, colour);
		pdf(cairo_move_to)(sheet->cairo, LEFT + indent + (double)place.x / PANGO_SCALE,
				   sheet->y + baseline / PANGO_SCALE);
		pdf(pango_cairo_show_layout_line)(sheet->cairo,
						  pdf(pango_layout_iter_get_line_readonly)(line));
		sheet->y += height;
	} while (pdf(pango_layout_iter_next_line)(line));
	pdf(pango_layout_iter_free)(line);
	sheet->y += ROW_GAP;
}

static void set_cell(struct pdf_sheet *sheet, const struct pdf_cell *cell)
{
	set_layout(sheet, cell->style, cell->width, cell->text);
	pdf(pango_layout_set_height)(sheet->layout, -(cell->lines ? cell->lines : CELL_LINES));
	pdf(pango_layout_set_ellipsize)(sheet->layout, PANGO_ELLIPSIZE_END);
	if (cell->right)
		pdf(pango_layout_set_alignment)(sheet->layout, PANGO_ALIGN_RIGHT);
}

static double cell_height(struct pdf_sheet *sheet, const struct pdf_cell *cell)
{
	int height;

	if (!cell->text)
		return BAR_HEIGHT;
	set_cell(sheet, cell);
	pdf(pango_layout_get_size)(sheet->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void draw_bar(struct pdf_sheet *sheet, const struct pdf_cell *cell)
{
	double share = cell->bar > 0 ? fmin(cell->bar, 100) / 100 : 0, y = sheet->y + 3;

	set_colour(sheet, PDF_FAINT);
	pdf(cairo_rectangle)(sheet->cairo, LEFT + cell->x, y, cell->width, BAR_HEIGHT);
	pdf(cairo_fill)(sheet->cairo);
	pdf(cairo_set_source_rgb)(sheet->cairo, bar_colour[0], bar_colour[1], bar_colour[2]);
	pdf(cairo_rectangle)(sheet->cairo, LEFT + cell->x, y, cell->width * share, BAR_HEIGHT);
	pdf(cairo_fill)(sheet->cairo);
}

static void draw_cell(struct pdf_sheet *sheet, const struct pdf_cell *cell)
{
	if (!cell->text) {
		draw_bar(sheet, cell);
		return;
	}
	set_cell(sheet, cell);
	set_colour(sheet, cell->colour);
	pdf(cairo_move_to)(sheet->cairo, LEFT + cell->x, sheet->y);
	pdf(pango_cairo_show_layout)(sheet->cairo, sheet->layout);
}

static void draw_row(struct pdf_sheet *sheet, const enum pdf_colour *ground, double gap,
		     const struct pdf_cell *cells, size_t count)
{
	double height = 0;
	size_t i;

	for (i = 0; i < count; i++)
		height = fmax(height, cell_height(sheet, &cells[i]));
	pdf_sheet_need(sheet, height);
	if (ground) {
		set_colour(sheet, *ground);
		pdf(cairo_rectangle)(sheet->cairo, LEFT, sheet->y, PDF_SHEET_WIDTH, height);
		pdf(cairo_fill)(sheet->cairo);
	}
	for (i = 0; i < count; i++)
		draw_cell(sheet, &cells[i]);
	sheet->y += height + gap;
}

void pdf_sheet_row(struct pdf_sheet *sheet, const struct pdf_cell *cells, size_t count)
{
	draw_row(sheet, NULL, ROW_GAP, cells, count);
}

void pdf_sheet_row_on(struct pdf_sheet *sheet, enum pdf_colour ground,
		      const struct pdf_cell *cells, size_t count)
{
	draw_row(sheet, &ground, 0, cells, count);
}

/* --- the chart */

static void radar_path(struct pdf_sheet *sheet, const struct report_radar *radar, double x,
		       double y, double radius, double share)
{
	size_t i;

	pdf(cairo_new_path)(sheet->cairo);
	for (i = 0; i < radar->count; i++) {
		const struct report_radar_axis *axis = &radar->axes[i];
		double length = radius * (share < 0 ? axis->share : share);

		pdf(cairo_line_to)(sheet->cairo, x + axis->x * length, y + axis->y * length);
	}
	pdf(cairo_close_path)(sheet->cairo);
}

static void radar_label(struct pdf_sheet *sheet, const struct report_radar_axis *axis, double x,
			double y, double radius)
{
	int width, height;
	double w, h;

	set_layout(sheet, PDF_SMALL, 0, axis->label);
	pdf(pango_layout_get_size)(sheet->layout, &width, &height);
	w = (double)width / PANGO_SCALE;
	h = (double)height / PANGO_SCALE;
	x += axis->x * (radius + 6) - (axis->x > 0.2 ? 0 : axis->x < -0.2 ? w : w / 2);
	y += axis->y * (radius + 6) - (axis->y > 0.2 ? 0 : axis->y < -0.2 ? h : h / 2);
	set_colour(sheet, PDF_INK);
	pdf(cairo_move_to)(sheet->cairo, x, y);
	pdf(pango_cairo_show_layout)(sheet->cairo, sheet->layout);
}

double pdf_sheet_radar(struct pdf_sheet *sheet, const struct report_radar *radar, double x,
		       double radius)
{
	double y = sheet->y + radius + 14, bottom = y;
	size_t i;

	x += LEFT;
	pdf(cairo_set_line_width)(sheet->cairo, .5);
	for (i = 1; i <= 4; i++) {
		set_colour(sheet, PDF_SOFT);
		radar_path(sheet, radar, x, y, radius, (double)i / 4);
		pdf(cairo_stroke)(sheet->cairo);
	}
	for (i = 0; i < radar->count; i++) {
		set_colour(sheet, PDF_SOFT);
		pdf(cairo_move_to)(sheet->cairo, x, y);
		pdf(cairo_line_to)(sheet->cairo, x + radar->axes[i].x * radius,
				   y + radar->axes[i].y * radius);
		pdf(cairo_stroke)(sheet->cairo);
		radar_label(sheet, &radar->axes[i], x, y, radius);
		bottom = fmax(bottom, y + radar->axes[i].y * (radius + 6) + 12);
	}
	radar_path(sheet, radar, x, y, radius, -1);
	pdf(cairo_set_source_rgba)(sheet->cairo, bar_colour[0], bar_colour[1], bar_colour[2], .25);
	pdf(cairo_fill_preserve)(sheet->cairo);
	pdf(cairo_set_source_rgb)(sheet->cairo, bar_colour[0], bar_colour[1], bar_colour[2]);
	pdf(cairo_set_line_width)(sheet->cairo, 1.8);
	pdf(cairo_stroke)(sheet->cairo);
	return bottom;
}
