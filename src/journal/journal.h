/* journal.h - the append-only record of an assessment: write to it and seal it (tali-journal(5)) */
#ifndef TALI_JOURNAL_H
#define TALI_JOURNAL_H

#include "journal/event_list.h"
#include "store/event.h"

#include <jansson.h>

/* Appends events that are ready, in the open transaction. Time is the store's clock, but never
 * before the event ahead. An event that has an instant, or comes from a client, gets a client_time:
 * its instant and `shift` (ms), put between the instant of the event ahead and its own time.
 * *ret_seq (may be NULL) is the number of the first. */
int journal_add(struct store *store, const char *assessment_id, const struct ready_event *events,
		size_t count, int64_t shift, int64_t *ret_seq, struct err *err);

/* Appends one event in the open transaction, so that it stands or falls with what it tells.
 * Takes `data`. The kind must have a schema in share/schema/events/ and the data must fit it. */
int journal_append(struct store *store, const char *assessment_id, const char *actor,
		   const char *kind, json_t *data, struct err *err);

/* The seq that the next event will get; -1 on error. */
int64_t journal_next_seq(struct store *store, const char *assessment_id, struct err *err);

/* Stores bytes and gives {"blob": SHA-256, "size": bytes} for an event's data. Yours; NULL on
 * error. */
json_t *journal_blob(struct store *store, const void *data, size_t len, struct err *err);

/* Appends the event "signature": the store's key signs the head of the chain together with what was
 * submitted. Needs an open transaction. */
struct journal_seal {
	const char *tree, *commit, *task_version;	/* git ids; "" when there is none */
};
int journal_seal(struct store *store, const char *assessment_id, const struct journal_seal *seal,
		 struct err *err);

/* The bytes that are signed: canonical {assessment, commit, head, schema: "tali.seal/1", seq,
 * task_version, time, tree} taken from a signature event's data. Yours. */
char *journal_sealed_text(const char *assessment_id, const json_t *data);

#endif
