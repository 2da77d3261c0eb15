/* remark.h - what a candidate says beside the work: notes, and how long the rest will take */
#ifndef TALI_REMARK_H
#define TALI_REMARK_H

#include "work/session.h"
#include "store/event.h"

#include <jansson.h>

#define REMARK_TEXT_MAX (16 * 1024)	/* bytes of a note */
#define REMARK_MINUTES_MAX 100000

/* Event `note`: the text without white space at its end. ERR_INPUT when it is empty, longer than
 * REMARK_TEXT_MAX, not UTF-8 or holds a NUL; ERR_STATE when the assessment is not active or its
 * time is up. *ret_seq is the number of the event. */
int remark_note(struct store *store, const struct session *session, const char *text, size_t len,
		int64_t *ret_seq, struct err *err);

/* Event `estimate`: the duration in minutes, rounded up. ERR_INPUT past REMARK_MINUTES_MAX. */
int remark_estimate(struct store *store, const struct session *session, int64_t duration_ms,
		    int64_t *ret_seq, struct err *err);

#endif
