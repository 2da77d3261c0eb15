/* provision.h - sets an assessment up: its repository, the first commit, the clock (a job, so
 * that a crash anywhere leaves a state from which it goes on) */
#ifndef TALI_PROVISION_H
#define TALI_PROVISION_H

#include "store/assessment.h"

/* Makes the job in the open transaction and moves scheduled (or error) to activated. */
int provision_request(struct store *store, struct assessment *assessment, struct err *err);

/* Takes the open job of the assessment and works it off: activated -> initializing ->
 * configuring -> active. The clock starts with the last step. Only the candidate's own start
 * calls this: a job that was left behind by a crash waits for the candidate to come back, and no
 * clock runs meanwhile. While another process is at it, its end is waited for. On failure the
 * assessment is in error, from which it can be started again. `assessment` is read anew. */
int provision_run(struct store *store, struct assessment *assessment, struct err *err);

#endif
