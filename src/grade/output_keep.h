/* output_keep.h - keeps the beginning and the end of an output that may be endless */
#ifndef TALI_OUTPUT_KEEP_H
#define TALI_OUTPUT_KEEP_H

#include "base/buf.h"

#include <stdint.h>

#define OUTPUT_KEEP_PART (32 << 10)	/* bytes kept of the beginning, and at least of the end */
#define OUTPUT_KEEP_TEXT (64 << 10)	/* what is kept, as text with the line between */

/* All zero is empty. */
struct output_keep {
	struct buf head, tail;
	uint64_t total;		/* bytes added */
};

void output_keep_release(struct output_keep *keep);
void output_keep_add(struct output_keep *keep, const void *data, size_t len);

/* Clean text (grade_text.h) of at most `most` bytes (at least 200): all of it, or the beginning and
 * the end with one line "[N bytes left out]" between. Yours; NULL when there is nothing. */
char *output_keep_text(const struct output_keep *keep, size_t most);

/* The beginning alone; what was cut ends in "...". For a run that a limit stopped: how much it
 * wrote until then differs from run to run, and a result must not. Yours or NULL. */
char *output_keep_beginning(const struct output_keep *keep, size_t most);

#endif
