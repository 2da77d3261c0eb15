/* lifecycle.h - the status moves of an assessment, and the one way in which its row changes
 *
 * scheduled -> activated -> initializing -> configuring -> active -> submitted -> scoring ->
 * scored; off the path: expired, revoked, error. Every change is written with a journal event
 * that carries the changed fields ("row"), so that the journal alone tells what the row must be. */
#ifndef TALI_LIFECYCLE_H
#define TALI_LIFECYCLE_H

#include "store/assessment.h"

#include <jansson.h>

bool lifecycle_may_move(enum status from, enum status to);

/* ERR_STATE "the assessment is scored; it must be active to be submitted" unless the status is
 * `wanted`. */
int lifecycle_require(const struct assessment *assessment, enum status wanted, const char *verb,
		      struct err *err);

/* ERR_STATE when it was imported: it is there to be read, and nothing can be added to it. */
int lifecycle_require_own(const struct assessment *assessment, struct err *err);

/* First event of a new assessment (kind "invite"): writes the row and every field of it. Needs a
 * transaction. */
int lifecycle_create(struct store *store, const struct assessment *assessment, struct err *err);

/* Saves `after` and appends an event of `kind` whose "row" holds what differs from `before`.
 * Takes `data` (may be NULL). A move that does not exist is refused with ERR_STATE, and so is any
 * change of what was imported. Needs a transaction. */
int lifecycle_change(struct store *store, const struct assessment *before,
		     const struct assessment *after, const char *actor, const char *kind,
		     json_t *data, struct err *err);

/* lifecycle_change to another status, kind "status"; assessment->status is set on success. `why`
 * may be NULL. */
int lifecycle_move(struct store *store, struct assessment *assessment, enum status to,
		   const char *actor, const char *why, struct err *err);

/* ERR_INTEGRITY when a field of the row is not what the journal says (`row` of journal_check). */
int lifecycle_compare(const struct assessment *assessment, const json_t *row, struct err *err);

/* The other way: the assessment that such a row tells of, yours. ERR_INTEGRITY when a field is
 * missing or cannot be one. */
int lifecycle_read_row(const json_t *row, struct assessment *ret, struct err *err);

#endif
