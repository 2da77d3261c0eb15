/* pango_library.h - cairo and Pango, loaded when the first PDF is written
 *
 * Pango because names come in every script: it finds a font for each character, shapes Arabic and
 * the scripts of India, and breaks lines where they may be broken. The two bring some twenty
 * libraries with them. `pdf(cairo_fill)(...)` calls cairo_fill. */
#ifndef TALI_PANGO_LIBRARY_H
#define TALI_PANGO_LIBRARY_H

#include "base/err.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

/* One library finds them all, since it brings the others with it. */
#define PANGO_LIBRARY_FUNCTIONS(X) \
	X(cairo_arc) X(cairo_close_path) X(cairo_create) X(cairo_destroy) X(cairo_fill) \
	X(cairo_fill_preserve) X(cairo_line_to) X(cairo_move_to) X(cairo_new_path) \
	X(cairo_pdf_surface_create_for_stream) X(cairo_pdf_surface_set_metadata) \
	X(cairo_rectangle) X(cairo_set_line_width) X(cairo_set_source_rgb) \
	X(cairo_set_source_rgba) X(cairo_show_page) X(cairo_status) \
	X(cairo_status_to_string) X(cairo_stroke) X(cairo_surface_destroy) \
	X(cairo_surface_finish) X(cairo_surface_status) X(g_free) X(g_object_unref) \
	X(pango_cairo_create_layout) X(pango_cairo_font_map_get_default) \
	X(pango_cairo_font_map_set_default) X(pango_cairo_show_layout) \
	X(pango_cairo_show_layout_line) X(pango_font_description_free) \
	X(pango_font_description_from_string) X(pango_font_map_list_families) \
	X(pango_layout_get_iter) X(pango_layout_get_size) X(pango_layout_iter_free) \
	X(pango_layout_iter_get_baseline) X(pango_layout_iter_get_line_extents) \
	X(pango_layout_iter_get_line_readonly) X(pango_layout_iter_next_line) \
	X(pango_layout_set_alignment) X(pango_layout_set_ellipsize) \
	X(pango_layout_set_font_description) X(pango_layout_set_height) \
	X(pango_layout_set_text) X(pango_layout_set_width) X(pango_layout_set_wrap)

#define PANGO_LIBRARY_MEMBER(name) __typeof__(name) *name;
struct pango_library {
	PANGO_LIBRARY_FUNCTIONS(PANGO_LIBRARY_MEMBER)
};
extern struct pango_library pango_library;

#define pdf(name) (*pango_library.name)

/* Loads them once. ERR_ENV, also when there is no font at all. */
int pango_library_load(struct err *err);

#endif
