/* journal_writer.h - group commit: one thread writes the events of all sessions of the process
 *
 * The thread has a store handle of its own. It takes what has queued, none of it older than
 * JOURNAL_WRITER_DELAY_MS unless the transaction before took longer, and commits it in one
 * transaction with synchronous=FULL: what is acknowledged is on disk. What one caller sends stays
 * in its order. A request that is refused leaves no trace and does no harm to the others; when the
 * transaction itself fails (a full disk), each waiter gets the error, nothing of it is stored, and
 * the writer goes on with what comes next.
 *
 * All functions but open and close may be called from any thread at any time. */
#ifndef TALI_JOURNAL_WRITER_H
#define TALI_JOURNAL_WRITER_H

#include "base/clock.h"
#include "journal/batch.h"
#include "journal/event_list.h"
#include "journal/ingest.h"

#define JOURNAL_WRITER_DELAY_MS 10
#define JOURNAL_WRITER_QUEUE_MAX (64 << 20)	/* bytes that may wait */

struct journal_writer;

/* Starts the thread on the store at the path. `clock` must outlive the writer. NULL on error. */
struct journal_writer *journal_writer_open(const char *store_path, const struct clock *clock,
					   struct err *err);
/* What each session may store in a while, in bytes (byte_allowance.h); 0, as at first: no limit.
 * Before any other call. */
void journal_writer_set_most(struct journal_writer *writer, int64_t bytes);
/* Writes what has queued, answers everybody, ends the thread. No other call may be running. */
void journal_writer_close(struct journal_writer **writer);

/* Whether the session may store more of its own accord: ERR_ENV when it stored too much of late.
 * All that is stored counts, and nothing is refused that comes without asking: the record of what
 * happened stays whole. */
int journal_writer_check(struct journal_writer *writer, const char *assessment_id, struct err *err);
/* What the session stored elsewhere counts, too. */
void journal_writer_count(struct journal_writer *writer, const char *assessment_id, int64_t bytes);

/* Stores events that the server made, all or none, and waits until they are on disk. The list is
 * taken and left empty; on failure it is as it was. *ret_seq (may be NULL) is the number of the
 * first one.
 * An empty list waits for what was sent before it.
 * ERR_STATE when the assessment is not active, ERR_NOT_FOUND, ERR_ENV (the disk). Waits while the
 * queue is full. */
int journal_writer_append(struct journal_writer *writer, const char *assessment_id,
			  struct event_list *list, int64_t *ret_seq, struct err *err);

/* Stores a client's batch as ingest.h says and waits until it is on disk. `batch` is taken and left
 * empty; on failure it is as it was. 0 with an answer also when not all of it was stored. */
int journal_writer_submit(struct journal_writer *writer, const char *assessment_id,
			  struct batch *batch, struct ingest_answer *ret, struct err *err);

/* Called once from the writer's thread when all is on disk (`err` is NULL), or when nothing was
 * stored. It must be quick and must not call the waiting functions. After journal_writer_append
 * the answer has `stored` and `first_seq`. */
typedef void journal_writer_done(void *arg, const struct ingest_answer *answer,
				 const struct err *err);

/* As journal_writer_append, but returns at once. -1 (ERR_ENV) when the queue is full: then `done`
 * is not called, and the list stays as it was. As nobody waits for it, it may wait for others of
 * the next JOURNAL_WRITER_DELAY_MS. */
int journal_writer_append_later(struct journal_writer *writer, const char *assessment_id,
				struct event_list *list, journal_writer_done *done, void *arg,
				struct err *err);
/* What has queued is written without waiting for others to come: now somebody waits for it. */
void journal_writer_hurry(struct journal_writer *writer);

#endif
