/* submit.h - handing in: the last snapshot is sealed, tagged and signed; afterwards nothing of
 * it changes */
#ifndef TALI_SUBMIT_H
#define TALI_SUBMIT_H

#include "work/session.h"
#include "assess/snapshot.h"

/* Takes a last snapshot of the work folder and seals. ERR_STATE when it is not active or time is
 * up. */
int submit_session(struct store *store, const struct session *session, struct assessment *ret,
		   struct snapshot *ret_snapshot, struct err *err);

/* Seals a snapshot that was just taken, the newest. `next_seq` is the number that the next event
 * must have, 0 for any: ERR_ENV when another came first. */
int submit_snapshot(struct store *store, struct repo *repo, const char *id,
		    const struct snapshot *snapshot, int64_t next_seq, struct assessment *ret,
		    struct err *err);

/* Seals what is on record (recorded.h), with the deadline as the time of submission. Nothing
 * happens when it is not due (any more). Nobody needs to be connected. No transaction may be
 * open. */
int submit_due(struct store *store, const char *id, struct err *err);

#endif
