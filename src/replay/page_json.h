/* page_json.h - JSON that may stand inside a script element of a page
 *
 * `<`, `>`, `&`, U+2028, U+2029 and control characters are escaped, so no text can end the element
 * or begin a comment; a byte that is not UTF-8 becomes U+FFFD. */
#ifndef TALI_PAGE_JSON_H
#define TALI_PAGE_JSON_H

#include "base/buf.h"

/* Appends the bytes as a JSON string with its quotes. */
void page_json_string(struct buf *out, const char *bytes, size_t len);
void page_json_text(struct buf *out, const char *text);	/* NULL: "" */

#endif
