/* ingest.h - stores what a client sent: no event twice, none left out, none too fast
 *
 * A client of an assessment numbers its events. Events up to the last number stored are
 * duplicates and are passed over. When the first new one is not the next number, nothing is
 * stored and the answer says which are missing. What goes beyond the rate of the assessment is not
 * stored either; the answer says how far it came and when to send the rest.
 *
 * A list that says where it must stand (at_seq) is refused with ERR_STATE when other events came
 * first. */
#ifndef TALI_INGEST_H
#define TALI_INGEST_H

#include "journal/batch.h"
#include "store/store.h"

#include <stdbool.h>

#define INGEST_RATE 200			/* events a second, sustained, of one assessment */
#define INGEST_BURST 2000		/* events at once after a rest */

struct ingest_answer {
	int64_t acknowledged;		/* all events of the client up to this number are stored */
	int64_t stored, duplicates;	/* events of this batch */
	int64_t gap_from, gap_to;	/* numbers that are missing; 0, 0: none */
	int64_t retry_ms;		/* send the rest after this time; 0: all was taken */
	int64_t first_seq;		/* of the first stored event in the journal; -1: none */
};

/* Stores it in the open transaction. ERR_STATE when the assessment is not active or its time is up,
 * ERR_NOT_FOUND. 0 with an answer also when not all was stored. */
int ingest_batch(struct store *store, const char *assessment_id, const struct batch *batch,
		 struct ingest_answer *ret, struct err *err);

/* The same in a transaction of its own: with 0, what is acknowledged is on disk. */
int ingest_now(struct store *store, const char *assessment_id, const struct batch *batch,
	       struct ingest_answer *ret, struct err *err);

/* Events that the server made: all or none. ERR_STATE when the assessment is not active. */
int ingest_list(struct store *store, const char *assessment_id, const struct event_list *list,
		int64_t *ret_seq, struct err *err);

/* Whether all was stored that was sent. */
bool ingest_is_whole(const struct ingest_answer *answer);

/* The answer as tali.ingest/1; yours. */
json_t *ingest_json(const struct ingest_answer *answer);

#endif
