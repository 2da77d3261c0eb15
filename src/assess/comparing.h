/* comparing.h - what the submissions of a task have in common, as tali.similar/1
 *
 * Each candidate's newest submission takes part, whatever version of the task it is of; what the
 * starters of those versions hold is left out (score/similarity.h says what else). Read from the
 * git trees of the submitted commits; nothing is recorded. */
#ifndef TALI_COMPARING_H
#define TALI_COMPARING_H

#include "store/store.h"

#include <jansson.h>

#define COMPARING_THRESHOLD 50		/* percent; pairs below are not listed unless asked for */
#define COMPARING_LEAST 10		/* least threshold that may be asked for */
#define COMPARING_REGION_LINES 400	/* of one side of a region, whose text is told */

struct comparing {
	long threshold;			/* percent, COMPARING_LEAST to 100 */
	/* Assessments whose regions are told too: words for assessment_find; NULL: none. */
	const char *show_a, *show_b;
	void (*progress)(void *arg, unsigned done, unsigned total);	/* may be NULL */
	void *arg;
};

/* Yours; NULL on error: ERR_NOT_FOUND (the task, or no submission of it where two are to be
 * shown), ERR_USAGE (threshold), ERR_INTEGRITY (a commit that is missing). */
json_t *comparing_run(struct store *store, const char *task, const struct comparing *request,
		      struct err *err);

#endif
