/* remark.h - what a candidate says beside the work: notes, and how long the rest will take */
#ifndef TALI_REMARK_H
#define TALI_REMARK_H

#include "work/session.h"
#include "store/store.h"

/* Event `note`. ERR_INPUT as remark_data_note; ERR_STATE when the assessment is not active or its
 * time is up. *ret_seq is the number of the event. */
int remark_note(struct store *store, const struct session *session, const char *text, size_t len,
		int64_t *ret_seq, struct err *err);

/* Event `estimate`. ERR_INPUT as remark_data_estimate. */
int remark_estimate(struct store *store, const struct session *session, int64_t duration_ms,
		    int64_t *ret_seq, struct err *err);

#endif
