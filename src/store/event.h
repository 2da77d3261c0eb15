/* event.h - rows of the journal and the big payloads they point at (journal/ gives them their
 * meaning) */
#ifndef TALI_EVENT_H
#define TALI_EVENT_H

#include "base/hash.h"
#include "store/store.h"

#include <jansson.h>
#include <stddef.h>

struct event {
	int64_t seq;			/* from 0 */
	int64_t time;
	int64_t client_seq;		/* 0: not from a client (clients count from 1) */
	int64_t client_time;		/* when its first part happened; 0: at `time` */
	const char *actor, *kind;
	const char *data;		/* canonical JSON */
	char hash[HASH_HEX_SIZE];
};

/* When its first part happened, ms since the epoch by the store's clock. */
int64_t event_instant(const struct event *event);

/* Needs an open transaction. */
int event_add(struct store *store, const char *assessment_id, const struct event *event,
	      struct err *err);

/* Adds several. */
int event_add_all(struct store *store, const char *assessment_id, const struct event *events,
		  size_t count, struct err *err);

/* Newest event without its texts: 1 found, 0 none yet, -1 error. */
int event_last(struct store *store, const char *assessment_id, struct event *ret, struct err *err);

/* Events from `first` on in order; texts are borrowed during the call. */
int event_each(struct store *store, const char *assessment_id, int64_t first,
	       int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
	       struct err *err);

/* At most `most` events from `first` on; visit may also return 1: no more are wanted. */
int event_page(struct store *store, const char *assessment_id, int64_t first, int64_t most,
	       int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
	       struct err *err);

/* When event `seq` was made: client_time if it has one, else time. 1, 0 no such event, -1. */
int event_read_instant(struct store *store, const char *assessment_id, int64_t seq, int64_t *ret,
		  struct err *err);

/* The few events that a person jumps to, in order: by the index event_mark. */
int event_each_mark(struct store *store, const char *assessment_id,
		    int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
		    struct err *err);
/* How many there are of each kind, {kind: number}; yours. NULL on error. */
json_t *event_counts(struct store *store, const char *assessment_id, struct err *err);
/* How the database finds them, for a test: EXPLAIN QUERY PLAN. Yours; NULL on error. */
char *event_mark_plan(struct store *store, struct err *err);

/* Stores bytes by their SHA-256 (once). Needs an open transaction. */
int event_blob_add(struct store *store, const void *data, size_t len, char ret_hash[HASH_HEX_SIZE],
		   struct err *err);
/* The same when the SHA-256 is known. */
int event_blob_put(struct store *store, const char *hash, const void *data, size_t len,
		   struct err *err);
/* The bytes, yours (NUL added); `ret_len` may be NULL. NULL with ERR_INTEGRITY when missing or
 * changed. */
void *event_blob_get(struct store *store, const char *hash, size_t *ret_len, struct err *err);

#endif
