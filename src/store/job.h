/* job.h - background work that a crash may interrupt: a row that any process can pick up again
 *
 * A running job names its owner process; when that process is gone (or the machine was
 * restarted) the job is open again. */
#ifndef TALI_JOB_H
#define TALI_JOB_H

#include "base/rand.h"
#include "store/store.h"

struct job {
	char id[RAND_ID_LEN + 1];
	char assessment_id[RAND_ID_LEN + 1];
	char *kind;		/* "provision" */
	char *state;		/* "queued", "running", "done", "failed" */
	char *owner;
	char *log;		/* lines "TIME text" */
	int64_t attempts, created, updated;
};

#define JOB_INIT { .id = "" }
void job_release(struct job *job);

/* The next three need an open transaction. */
int job_add(struct store *store, const char *assessment_id, const char *kind,
	    char ret_id[RAND_ID_LEN + 1], struct err *err);
/* Takes a queued job, or a running one whose owner is gone. 1 taken (then it is ours), 0
 * somebody works on it or it is over, -1 error. */
int job_take(struct store *store, const char *id, struct err *err);
/* Sets "done" or "failed". */
int job_finish(struct store *store, const char *id, const char *state, struct err *err);

/* Adds one line to the log of a job (own short statement when no transaction is open). */
int job_log(struct store *store, const char *id, const char *text, struct err *err);

/* Newest job of an assessment and kind: 1, 0, -1. */
int job_find(struct store *store, const char *assessment_id, const char *kind, struct job *ret,
	     struct err *err);
/* Ids of queued jobs and of running ones whose owner is gone, oldest first; number found or -1. */
int job_open_ones(struct store *store, struct job *jobs, int most, struct err *err);
/* All jobs of an assessment, oldest first. */
int job_each(struct store *store, const char *assessment_id,
	     int (*visit)(void *arg, const struct job *job, struct err *err), void *arg,
	     struct err *err);

#endif
