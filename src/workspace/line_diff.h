/* line_diff.h - which lines of two texts are not the same
 *
 * By E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), in linear space: the
 * fewest lines, up to LINE_DIFF_MOST of them; what differs more is one hunk. */
#ifndef TALI_LINE_DIFF_H
#define TALI_LINE_DIFF_H

#include "base/err.h"

#include <stddef.h>

#define LINE_DIFF_MOST 4000	/* lines gone or new: time grows by its square */

/* Line i is text[at[i]] to text[at[i + 1]], its line feed with it. Fewer than 2^30. */
struct line_list {
	const char *text;
	size_t *at, count;		/* count + 1 offsets */
};

#define LINE_LIST_INIT { .at = NULL }
/* The lines of a text, which stays borrowed. */
struct line_list line_list_of(const char *text, size_t len);
void line_list_release(struct line_list *list);

/* `old_count` lines from `old_first` on became `new_count` from `new_first` on. */
struct line_hunk {
	size_t old_first, old_count, new_first, new_count;
};

/* Calls visit for each hunk from the beginning to the end; lines that both have lie between any
 * two. -1 from it stops with its error. */
int line_diff(const struct line_list *before, const struct line_list *after,
	      int (*visit)(void *arg, const struct line_hunk *hunk, struct err *err), void *arg,
	      struct err *err);

#endif
