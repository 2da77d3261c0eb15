/* grade_text.h - foreign text made fit for JSON and terminals: valid UTF-8, bounded, no control
 * characters */
#ifndef TALI_GRADE_TEXT_H
#define TALI_GRADE_TEXT_H

#include "base/buf.h"

/* Length (1-4) of the UTF-8 character that begins at data; 0 when it is not valid UTF-8
 * (overlong forms, surrogates and values past U+10FFFF are not). `len` must not be 0. */
size_t grade_text_char(const char *data, size_t len);

/* The beginning of the text in at most `most` bytes. Invalid bytes and control characters other
 * than line feed and tab become U+FFFD, "\r\n" becomes "\n", white space at the end is dropped;
 * what was cut ends in "...". Yours; NULL when nothing is left. */
char *grade_text_clean(const char *data, size_t len, size_t most);

/* Length of the longest beginning, or end, whose clean text fits in `most` bytes. */
size_t grade_text_fit(const char *data, size_t len, size_t most);
size_t grade_text_fit_end(const char *data, size_t len, size_t most);

/* Appends at most `most` bytes of the text in one line: control characters, invalid bytes and
 * the backslash are escaped (\n, \t, \r, \xNN), what was cut ends in "...". */
void grade_text_show(struct buf *out, const char *data, size_t len, size_t most);

/* The bytes with each `what` (not empty) written as `with`. Yours, NUL added; the length goes
 * to ret_len, which may be NULL. */
char *grade_text_replace(const char *data, size_t len, const char *what, const char *with,
			 size_t *ret_len);

#endif
