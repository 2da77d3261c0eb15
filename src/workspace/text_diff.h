/* text_diff.h - the edits that make one text of another, exact to the byte
 *
 * Lines are compared (line_diff.h); within lines that changed, the bytes that both have at the
 * beginning and at the end are left alone, cut back to whole characters. */
#ifndef TALI_TEXT_DIFF_H
#define TALI_TEXT_DIFF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define TEXT_DIFF_MAX (1u << 20)	/* most bytes of a side whose lines are compared */

/* Remove `del` bytes at `at`, put `len` bytes of `ins` there. Applied one after the other: `at` is
 * a position in the text as the edits before it have left it. They come from the beginning to the
 * end of the text and never touch each other. `ins` is borrowed (it points into the new text). */
struct text_delta {
	size_t at, del;
	const char *ins;
	size_t len;
};

/* Calls visit for each edit; none when the texts are the same. Both texts must be UTF-8, which
 * keeps each edit on the boundaries of characters. A side larger than TEXT_DIFF_MAX: one edit
 * around all that differs. A visit that returns -1 stops it with its error. */
int text_diff(const char *before, size_t before_len, const char *after, size_t after_len,
	      int (*visit)(void *arg, const struct text_delta *delta, struct err *err), void *arg,
	      struct err *err);

/* Whether bytes are to be followed as text at all: UTF-8 without NUL, at most TEXT_DIFF_MAX. The
 * fold keeps other files by their id only; a recorder sends `file` events for them. */
bool text_diff_fits(const char *bytes, size_t len);

#endif
