/* html.h - texts of anybody in pages */
#ifndef TALI_HTML_H
#define TALI_HTML_H

#include "base/buf.h"

#include <jansson.h>

/* Appends a text, for the content of an element and for an attribute in quotes: & < > " ' are
 * escaped; what is not UTF-8, and control characters but tab and newline, become U+FFFD. NULL:
 * none. */
void html_escape(struct buf *out, const char *text);

/* Appends a value as JSON for a script element: no < > & and no line separator is in it, so nothing
 * can end the element. */
void html_json(struct buf *out, const json_t *value);

#endif
