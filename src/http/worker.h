/* worker.h - a pool of threads with full stacks, for what may not run on a request thread
 *
 * Each has a context of its own, such as a store handle, made when the pool starts. Calls begin in
 * their order, but of one `whose` (any number but 0) at most a share of the threads works, and the
 * same share of the queue waits: whoever asks for much at once makes nobody else wait long. */
#ifndef TALI_WORKER_H
#define TALI_WORKER_H

#include "base/err.h"

#include <stdint.h>

#define WORKER_STACK (8 << 20)

struct worker_config {
	unsigned threads;		/* 1 to 256 */
	unsigned queue_most;		/* calls that may wait for a thread */
	unsigned share;			/* threads for calls of one `whose`; 0: all */
	void *(*begin)(void *arg, struct err *err);	/* on the new thread; NULL is an error */
	void (*end)(void *arg, void *context);		/* on that thread too */
	void *arg;
};

struct worker_stats {
	unsigned threads, busy, queued;
	uint64_t done, refused;
};

struct worker_pool;

/* NULL when a thread or its context could not be made; then all are ended again. */
struct worker_pool *worker_start(const struct worker_config *config, struct err *err);
/* Works off what waits, ends the threads. No call may come any more. */
void worker_stop(struct worker_pool **pool);

/* Runs fn(arg, context) on a thread of the pool and waits for its end. -1 when the queue is full,
 * or that part of it which is for `whose`: it was not called. `whose` 0: nobody's in particular.
 * Any thread but one of the pool. */
int worker_run(struct worker_pool *pool, uint64_t whose, void (*fn)(void *arg, void *context),
	       void *arg);

/* Calls it some time later, and does not wait. What `arg` points to is fn's. -1 when the queue is
 * full. Any thread. */
int worker_post(struct worker_pool *pool, void (*fn)(void *arg, void *context), void *arg);

void worker_stats(struct worker_pool *pool, struct worker_stats *ret);

#endif
