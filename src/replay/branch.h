/* branch.h - a session as a git branch: one commit for each step */
#ifndef TALI_BRANCH_H
#define TALI_BRANCH_H

#include "replay/timeline.h"

#include <stddef.h>

struct branch_request {
	struct store *store;
	struct timeline *timeline;
	const char *assessment_id;
	const char *name, *email;	/* of the candidate */
	int64_t start;			/* where the session's own clock begins: an instant */
	const char *folder;		/* to be the repository: must not be there, or be empty */
};

/* Makes a bare repository, with branch "main": a commit for each burst of edits and each milestone
 * (replay_steps.h), by the candidate, dated with the instant at which the step ended; its message
 * is the step and the numbers of its events. Number of commits in *ret_count. ERR_STATE when the
 * folder is not empty; it is left alone then. After another error it is not there. */
int branch_write(const struct branch_request *request, size_t *ret_count, struct err *err);

#endif
