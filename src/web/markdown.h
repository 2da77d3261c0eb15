/* markdown.h - Markdown of strangers as HTML that may stand in a page
 *
 * HTML in the Markdown is shown as text. Links lead to http:, https: or mailto:, and open a window
 * of their own; all others are text. Headings begin at <h2>, as the page has a heading already.
 * Tables are those of markdown_table.h. Pictures become links, since a page loads nothing from
 * elsewhere. libcmark is loaded when it is first needed. */
#ifndef TALI_MARKDOWN_H
#define TALI_MARKDOWN_H

#include "base/buf.h"
#include "base/err.h"

#define MARKDOWN_SIZE_MAX (256 * 1024) /* of what goes in */

/* Appends the HTML. ERR_INPUT when the text is too long, or its HTML for the buffer, which then
 * holds a part of it; ERR_ENV when libcmark is missing. */
int markdown_html(const char *text, size_t len, struct buf *out, struct err *err);

#endif
