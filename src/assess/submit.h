/* submit.h - handing in: the last snapshot is sealed, tagged and signed; afterwards nothing of
 * it changes */
#ifndef TALI_SUBMIT_H
#define TALI_SUBMIT_H

#include "assess/session.h"
#include "assess/snapshot.h"

/* Takes a last snapshot of the work folder and seals. ERR_STATE when it is not active or time is
 * up. */
int submit_session(struct store *store, const struct session *session, struct assessment *ret,
		   struct snapshot *ret_snapshot, struct err *err);

/* Seals what is on record (recorded.h), with the deadline as the time of submission. Nothing
 * happens when it is not due (any more). Nobody needs to be connected. No transaction may be
 * open. */
int submit_due(struct store *store, const char *id, struct err *err);

#endif
