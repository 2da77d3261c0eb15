/* reviewing.h - what reviewers add to a score: overrides with a reason, notes, and the release to
 * the candidate
 *
 * None of it changes a score run: a report shows the value of a reviewer beside the computed one.
 * Each is a row of its own (store/review_row), and the newest one counts. */
#ifndef TALI_REVIEWING_H
#define TALI_REVIEWING_H

#include "store/assessment.h"
#include "store/review_row.h"

#include <jansson.h>

#define REVIEWING_TEXT_MAX (16 * 1024)	/* bytes of a reason, note or message */
#define REVIEWING_WHO_MAX 200		/* bytes */

/* Of these two and the next one: *ret (tali.review/1) is what was stored, yours. ERR_STATE when
 * there is no score run yet, ERR_INPUT when a text is empty, too long, or not UTF-8.
 *
 * A value of the reviewer's own, for one subitem of the newest score run, as in
 * "planning.task_breakdown" (the last part alone will do where it is clear; ERR_INPUT lists them),
 * or for the whole score when `subitem` is NULL. `value` is 0 to 100 with at most two decimals;
 * NULL takes an earlier one back. */
int reviewing_override(struct store *store, const char *id, const char *who, const char *subitem,
		       const char *value, const char *reason, json_t **ret, struct err *err);

/* A remark for the hiring team. Also before there is a score. */
int reviewing_note(struct store *store, const char *id, const char *who, const char *text,
		   json_t **ret, struct err *err);

/* Lets the candidate see the result of score run `number` (0: the newest): feedback and visible
 * tests, and the score unless `feedback_only`. `message` may be NULL. Again: replaces it. */
int reviewing_release(struct store *store, const char *id, const char *who, int64_t number,
		      bool feedback_only, const char *message, json_t **ret, struct err *err);

/* Takes the release back. ERR_STATE when there is none. `reason` may be NULL. */
int reviewing_withdraw(struct store *store, const char *id, const char *who, const char *reason,
		       json_t **ret, struct err *err);

/* All of an assessment, oldest first, as an array of tali.review/1; yours. NULL on error. */
json_t *reviewing_list(struct store *store, const char *assessment_id, struct err *err);

/* What is released now. */
struct released {
	int64_t number;			/* score run; 0: nothing is released */
	int64_t time;
	bool feedback_only;
	char *message;			/* yours */
};

#define RELEASED_INIT { .number = 0 }
void released_release(struct released *released);
int reviewing_released(struct store *store, const char *assessment_id, struct released *ret,
		       struct err *err);

#endif
