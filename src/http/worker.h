/* worker.h - a pool of threads with full stacks, for what may not run on a request thread
 *
 * Each has a context of its own, such as a store handle, made when the pool starts. */
#ifndef TALI_WORKER_H
#define TALI_WORKER_H

#include "base/err.h"

#include <stdint.h>

#define WORKER_STACK (8 << 20)

struct worker_config {
	unsigned threads;		/* 1 to 256 */
	unsigned queue_most;		/* calls that may wait for a thread */
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

/* Runs fn(arg, context) on a thread of the pool and waits for its end. -1 when the queue is full:
 * it was not called. Any thread but one of the pool. */
int worker_run(struct worker_pool *pool, void (*fn)(void *arg, void *context), void *arg);

/* Calls it some time later, and does not wait. What `arg` points to is fn's. -1 when the queue is
 * full. Any thread. */
int worker_post(struct worker_pool *pool, void (*fn)(void *arg, void *context), void *arg);

void worker_stats(struct worker_pool *pool, struct worker_stats *ret);

#endif
