/* review_row.h - what reviewers did with a submission: overrides, notes, releases
 *
 * Rows are only ever added, and numbered per assessment: what is said later stands beside what was
 * said before. The rules are in assess/reviewing.
 *
 * Each is signed with the store's key: canonical JSON {assessment, created, kind, number, previous,
 * schema: "tali.review-row/1", subject, text, value, who}, where `previous` is the signature of the
 * row before, in base64, or "". So none can be changed, added or taken out of the middle behind
 * tali's back; that the last ones are missing cannot be seen. */
#ifndef TALI_REVIEW_ROW_H
#define TALI_REVIEW_ROW_H

#include "store/store.h"

#include <stdbool.h>

enum review_kind { REVIEW_OVERRIDE, REVIEW_NOTE, REVIEW_RELEASE, REVIEW_WITHDRAW, REVIEW_KINDS };

const char *review_kind_name(enum review_kind kind);

struct review_row {
	int64_t number;			/* from 1 */
	int64_t created;		/* ms */
	enum review_kind kind;
	/* borrowed: in a visit during the call, for review_row_add until it is back */
	const char *who;		/* who did it */
	const char *subject;		/* override: CATEGORY.SUBITEM, or "" for the whole score */
	bool has_value;
	int64_t value;			/* override: hundredths; release: number of the score run */
	const char *text;		/* reason, note, or message */
};

/* Gives number and time, and signs; NULL texts become "". Needs an open transaction. */
int review_row_add(struct store *store, const char *assessment_id, struct review_row *row,
		   struct err *err);

/* Oldest first. -1 from visit stops it. ERR_INTEGRITY when a row is not what was signed. */
int review_row_each(struct store *store, const char *assessment_id,
		    int (*visit)(void *arg, const struct review_row *row, struct err *err),
		    void *arg, struct err *err);

#endif
