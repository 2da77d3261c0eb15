/* text_patch.h - what differs between two texts, in lines with some around them, as people read
 * it */
#ifndef TALI_TEXT_PATCH_H
#define TALI_TEXT_PATCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define TEXT_PATCH_MAX (1u << 20)	/* most bytes of a side */
#define TEXT_PATCH_CONTEXT 3		/* lines around a change */

/* One line: origin ' ' in both, '-' only before, '+' only after; '@' begins a new piece, without
 * text. Numbers count from 1, 0 where the side does not have it. The text is borrowed, without the
 * end of the line. */
struct text_patch_line {
	char origin;
	int before, after;
	const char *text;
	size_t len;
};

/* Calls visit for each line, in order; none when the texts are the same, or one is binary or larger
 * than TEXT_PATCH_MAX (*ret_shown false). -1 from visit stops it. ERR_ENV when libgit2 cannot be
 * loaded. */
int text_patch(const char *before, size_t before_len, const char *after, size_t after_len,
	       int (*visit)(void *arg, const struct text_patch_line *line, struct err *err),
	       void *arg, bool *ret_shown, struct err *err);

#endif
