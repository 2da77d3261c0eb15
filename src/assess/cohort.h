/* cohort.h - what was observed in the sessions of a task, for base rates
 *
 * A score document says what was observed in one session (score/integrity.h); what of it is usual
 * depends on who else handed in, and is found when it is shown. */
#ifndef TALI_COHORT_H
#define TALI_COHORT_H

#include "store/store.h"

#include <jansson.h>

#define COHORT_MOST 200		/* submissions, the newest ones: each costs its document */

/* Array of {assessment, observations}, by the newest score run of each submission of the task;
 * those without one, or with one that observed nothing, are passed over. `except` (an assessment's
 * id, or NULL) is too. Yours; NULL on error. */
json_t *cohort_observations(struct store *store, const char *task_id, const char *except,
			    struct err *err);

/* Sets "base" in the observations of a score document (tali.score/1) by the other submissions of
 * the task. 0, -1. */
int cohort_add_base(struct store *store, const char *task_id, const char *assessment_id,
		    json_t *document, struct err *err);

#endif
