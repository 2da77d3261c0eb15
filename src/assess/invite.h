/* invite.h - invitations: make one, and what may be done with it afterwards */
#ifndef TALI_INVITE_H
#define TALI_INVITE_H

#include "store/assessment.h"

struct invite_request {
	const char *task;		/* name, id or prefix */
	const char *email, *name;	/* name NULL: keep, or the address */
	const char *code;		/* access code or NULL */
	const char *instructions, *message;	/* or NULL */
	bool live;
	int64_t round;			/* 0 is 1 */
	int64_t not_before;		/* 0: none */
	int64_t valid_ms;		/* 0: the setting invite.valid */
	int64_t duration_ms;		/* 0: the task's time limit */
	int64_t extra_ms;
	bool dry_run;
};

struct invite_result {
	struct assessment assessment;	/* id "" when dry and new */
	char *link;			/* NULL when dry and new */
	char passcode[16];
	bool made;			/* false: it was there already */
};

#define INVITE_RESULT_INIT { .link = NULL }
void invite_result_release(struct invite_result *result);

/* Makes the assessment (status scheduled), its candidate when new, and the first journal event,
 * in one transaction. The same task, address and round again gives the one that is there.
 * ERR_INPUT, ERR_NOT_FOUND, ERR_STATE (archived task, no more attempts). */
int invite_make(struct store *store, const struct invite_request *request,
		struct invite_result *ret, struct err *err);

/* Fills link and passcode of an assessment that has them. */
int invite_describe(struct store *store, const struct assessment *assessment,
		    struct invite_result *ret, struct err *err);

/* Ends it: scheduled, being set up, in error, or active (then the work so far is kept but not
 * graded). */
int invite_revoke(struct store *store, const char *id, const char *reason, struct assessment *ret,
		  struct err *err);

/* More working time (scheduled or active) and/or another end of the window (scheduled). 0 leaves
 * as it is. */
int invite_extend(struct store *store, const char *id, int64_t more_ms, int64_t expires,
		  struct assessment *ret, struct err *err);

/* New link and passcode; the old ones stop working. */
int invite_resend(struct store *store, const char *id, struct invite_result *ret, struct err *err);

#endif
