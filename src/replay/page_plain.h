/* page_plain.h - what a program printed, as plain text for a page */
#ifndef TALI_PAGE_PLAIN_H
#define TALI_PAGE_PLAIN_H

#include "base/buf.h"

/* Appends the bytes without escape sequences and control characters; lines end with '\n'. Bytes
 * that are not UTF-8 stay (page_json_string shows them as U+FFFD). */
void page_plain_add(struct buf *out, const char *bytes, size_t len);

#endif
