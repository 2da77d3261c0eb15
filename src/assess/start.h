/* start.h - the candidate begins, or comes back: the clock starts once, the work folder is laid
 * out */
#ifndef TALI_START_H
#define TALI_START_H

#include "store/assessment.h"

struct start_request {
	const char *words;		/* passcode or link */
	const char *code;		/* access code or NULL */
	const char *folder;		/* where the work folder goes; NULL: the task's name */
	const char *source;		/* who tries, for the throttle */
	bool again;			/* begin the next attempt when the last one is handed in */
};

struct start_result {
	struct assessment assessment;
	char *folder;			/* absolute */
	bool resumed;			/* the clock was running already */
	bool laid_out; /* the folder is new (else it was there and was left alone) */
};

#define START_RESULT_INIT { .folder = NULL }
void start_result_release(struct start_result *result);

/* The first step of it, for an invitation that is open: from scheduled (or error, or with `again`
 * from what was handed in: then it is the next attempt) to activated; one that has begun is left as
 * it is. provision_run does the rest. ERR_STATE says why it cannot be started. */
int start_activate(struct store *store, struct assessment *assessment, bool again,
		   struct err *err);

/* ERR_NOT_FOUND (wrong passcode), ERR_STATE (locked, too early, expired, revoked, handed in,
 * folder in use). Nothing has happened, and no clock runs, when it fails before the work folder. */
int start_session(struct store *store, const struct start_request *request,
		  struct start_result *ret, struct err *err);

#endif
