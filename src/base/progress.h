/* progress.h - a bar on stderr: how much is done of how much, for how long, and how long still
 *
 *	grading [##########..........]  45/100  45%  0:12  left 0:15
 *
 * Drawn only on a terminal and when not quiet, in its width; erased at the end. Plain (no escape
 * sequence at all) with NO_COLOR or TERM=dumb. */
#ifndef TALI_PROGRESS_H
#define TALI_PROGRESS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* What a bar tells. */
struct progress_state {
	const char *what;		/* what is shown of it is ASCII, at most 24 characters */
	unsigned done, total;
	unsigned first;			/* done before the time began to run */
	int64_t elapsed_ms;
};

/* Adds the text of the bar, narrower than `columns`: with less room the bar goes first, then the
 * time left, then the time, then the percent. Returns its width on the screen, that is, without the
 * escape sequences of colour. */
unsigned progress_text(const struct progress_state *state, unsigned columns, bool colour,
		       struct buf *out);

struct progress {
	const char *what;
	int64_t begun_ms, drawn_ms;
	unsigned first, width;
	bool on, counting, colour;
};

void progress_start(struct progress *progress, const char *what, bool quiet);
/* Draws when the last time was 50 ms ago or all is done. The first call says what was done when the
 * time began. */
void progress_step(struct progress *progress, unsigned done, unsigned total);
/* Takes the bar away until the next step: before anything else is printed. */
void progress_hide(struct progress *progress);
void progress_end(struct progress *progress);

#endif
