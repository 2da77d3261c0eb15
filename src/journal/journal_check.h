/* journal_check.h - checks events one after the other: chain, time, schema, signatures; folds
 * the row
 *
 * The same check serves the database and an exported file. */
#ifndef TALI_JOURNAL_CHECK_H
#define TALI_JOURNAL_CHECK_H

#include "base/buf.h"
#include "base/json_flat.h"
#include "base/sign.h"
#include "store/event.h"

#include <jansson.h>

struct journal_check {
	const char *assessment_id;	/* borrowed */
	const uint8_t *public_key;	/* borrowed; 32 bytes */
	struct hash head;
	int64_t next_seq, last_time, last_instant;
	int signatures;			/* good ones seen so far */
	int64_t signed_seq;		/* the last event that one of them covers, or -1 */
	json_t *row;			/* what all "row" members together say of the assessment */
	json_t *blobs;			/* SHA-256 -> size of every payload pointed at */
	json_t *snapshots;		/* commit and tree of each snapshot, in order */
	json_t *seal;			/* data of the first signature, or NULL */
	json_t *scores;			/* digest of each score run, in order */
	struct json_flat flat;		/* of the event at hand, and its text: memory */
	struct buf canonical;
};

void journal_check_start(struct journal_check *check, const char *assessment_id,
			 const uint8_t *public_key);
void journal_check_release(struct journal_check *check);

/* Next event. ERR_INTEGRITY "event N (KIND): what". */
int journal_check_event(struct journal_check *check, const struct event *event, struct err *err);

/* After the last event: what was handed in, and each score, must be signed. ERR_INTEGRITY. */
int journal_check_end(const struct journal_check *check, struct err *err);

/* One score run after the other: `count` came before it. ERR_INTEGRITY unless it is the one that
 * the journal tells of; and when, of all of them, one is missing. */
int journal_check_score(const struct journal_check *check, int64_t count, int64_t number,
			const char *result, struct err *err);
int journal_check_scores(const struct journal_check *check, int64_t count, struct err *err);

/* Runs over all events of the assessment in the store, and reads every payload. */
int journal_check_store(struct store *store, struct journal_check *check, struct err *err);

#endif
