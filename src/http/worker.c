/* worker.c - see worker.h */
#include "http/worker.h"

#include "base/buf.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>

#define THREADS_MAX 256

/* One call. It lies on the stack of the caller who waits, or is freed when it is done. */
struct call {
	void (*fn)(void *arg, void *context);
	void *arg;
	uint64_t whose;
	struct call *next;		/* of those that wait, or of those that run */
	sem_t ended;
	bool posted;
};

/* A thread with nothing to do, on its own stack. */
struct idle {
	sem_t woken;
	struct idle *next;
};

struct worker_pool {
	struct worker_config config;
	pthread_t threads[THREADS_MAX];
	unsigned thread_count;

	pthread_mutex_t lock;		/* of all below */
	struct idle *idle;		/* who came last is woken first: its caches are warm */
	pthread_cond_t ready;		/* a thread has its context, or failed */
	struct call *first, **last;	/* those that wait */
	struct call *running;
	struct worker_stats stats;
	unsigned begun;			/* threads that tried */
	bool failed, ending;
	struct err err;
};

static void wait_idle(struct worker_pool *pool, struct idle *self)
{
	self->next = pool->idle;
	pool->idle = self;
	pthread_mutex_unlock(&pool->lock);
	while (sem_wait(&self->woken) < 0)
		continue;	/* a signal */
	pthread_mutex_lock(&pool->lock);
}

static unsigned count_of(const struct call *list, uint64_t whose)
{
	unsigned count = 0;

	for (; list; list = list->next)
		count += list->whose == whose;
	return count;
}

static bool is_limited(const struct worker_pool *pool, const struct call *call)
{
	return call->whose && pool->config.share;
}

/* The first that may begin, out of the queue. One that may not is taken by a thread that works for
 * the same, when it has ended. */
static struct call *take_call(struct worker_pool *pool)
{
	struct call **place = &pool->first, *call;

	while ((call = *place) && is_limited(pool, call) &&
	       count_of(pool->running, call->whose) >= pool->config.share)
		place = &call->next;
	if (!call)
		return NULL;
	*place = call->next;
	if (!*place)
		pool->last = place;
	call->next = pool->running;
	pool->running = call;
	return call;
}

static struct call *next_call(struct worker_pool *pool, struct idle *self)
{
	struct call *call;

	while (!(call = take_call(pool)) && !pool->ending)
		wait_idle(pool, self);
	if (!call)
		return NULL;
	pool->stats.queued--;
	pool->stats.busy++;
	return call;
}

static void leave(struct worker_pool *pool, const struct call *call)
{
	struct call **place = &pool->running;

	while (*place != call)
		place = &(*place)->next;
	*place = call->next;
	pool->stats.busy--;
	pool->stats.done++;
}

static void end_call(struct call *call)
{
	if (call->posted) {
		free(call);
		return;
	}
	sem_post(&call->ended);
}

static void work(struct worker_pool *pool, void *context)
{
	struct idle self = { .next = NULL };
	struct call *call;

	sem_init(&self.woken, 0, 0);
	pthread_mutex_lock(&pool->lock);
	while ((call = next_call(pool, &self))) {
		pthread_mutex_unlock(&pool->lock);
		call->fn(call->arg, context);
		pthread_mutex_lock(&pool->lock);
		leave(pool, call);
		/* who waits for it would find the lock taken */
		pthread_mutex_unlock(&pool->lock);
		end_call(call);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	sem_destroy(&self.woken);
}

static void *thread_main(void *arg)
{
	struct worker_pool *pool = arg;
	struct err err = ERR_INIT;
	void *context = pool->config.begin(pool->config.arg, &err);

	pthread_mutex_lock(&pool->lock);
	pool->begun++;
	if (!context && !pool->failed) {
		pool->failed = true;
		pool->err = err;
	}
	pthread_cond_signal(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
	if (!context)
		return NULL;
	work(pool, context);
	pool->config.end(pool->config.arg, context);
	return NULL;
}

/* Starts them all and waits until each has its context. */
static int start_threads(struct worker_pool *pool, struct err *err)
{
	pthread_attr_t attributes;
	int error = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, WORKER_STACK);
	while (!error && pool->thread_count < pool->config.threads) {
		error = pthread_create(&pool->threads[pool->thread_count], &attributes, thread_main,
				       pool);
		pool->thread_count += !error;
	}
	pthread_attr_destroy(&attributes);
	pthread_mutex_lock(&pool->lock);
	while (pool->begun < pool->thread_count)
		pthread_cond_wait(&pool->ready, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	if (error) {
		errno = error;
		return err_sys(err, "cannot start a thread");
	}
	if (pool->failed)
		*err = pool->err;
	return pool->failed ? -1 : 0;
}

struct worker_pool *worker_start(const struct worker_config *config, struct err *err)
{
	struct worker_pool *pool = buf_alloc(sizeof(*pool));

	pool->config = *config;
	if (pool->config.threads > THREADS_MAX)
		pool->config.threads = THREADS_MAX;
	if (pool->config.threads == 0)
		pool->config.threads = 1;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->ready, NULL);
	pool->last = &pool->first;
	if (start_threads(pool, err) < 0)
		worker_stop(&pool);
	return pool;
}

/* Under the lock. */
static struct idle *take_idle(struct worker_pool *pool)
{
	struct idle *idle = pool->idle;

	if (idle)
		pool->idle = idle->next;
	return idle;
}

void worker_stop(struct worker_pool **pool)
{
	struct worker_pool *old = *pool;
	struct idle *idle;

	*pool = NULL;
	if (!old)
		return;
	pthread_mutex_lock(&old->lock);
	old->ending = true;
	while ((idle = take_idle(old)))
		sem_post(&idle->woken);
	pthread_mutex_unlock(&old->lock);
	for (unsigned i = 0; i < old->thread_count; i++)
		pthread_join(old->threads[i], NULL);
	pthread_cond_destroy(&old->ready);
	pthread_mutex_destroy(&old->lock);
	free(old);
}

/* Under the lock. */
static bool has_room(const struct worker_pool *pool, const struct call *call)
{
	const struct worker_config *config = &pool->config;

	if (pool->stats.queued >= config->queue_most)
		return false;
	return !is_limited(pool, call) || count_of(pool->first, call->whose) <
	       (uint64_t)config->queue_most * config->share / config->threads;
}

/* False when the queue is full. */
static bool add_call(struct worker_pool *pool, struct call *call)
{
	struct idle *idle = NULL;
	bool fits;

	pthread_mutex_lock(&pool->lock);
	fits = has_room(pool, call);
	if (fits) {
		*pool->last = call;
		pool->last = &call->next;
		pool->stats.queued++;
		idle = take_idle(pool);
	} else {
		pool->stats.refused++;
	}
	pthread_mutex_unlock(&pool->lock);
	if (idle)
		sem_post(&idle->woken);
	return fits;
}

int worker_run(struct worker_pool *pool, uint64_t whose, void (*fn)(void *arg, void *context),
	       void *arg)
{
	struct call call = { .fn = fn, .arg = arg, .whose = whose };
	bool added;

	sem_init(&call.ended, 0, 0);
	added = add_call(pool, &call);
	while (added && sem_wait(&call.ended) < 0)
		continue;	/* a signal */
	sem_destroy(&call.ended);
	return added ? 0 : -1;
}

int worker_post(struct worker_pool *pool, void (*fn)(void *arg, void *context), void *arg)
{
	struct call *call = buf_alloc(sizeof(*call));
	bool added;

	*call = (struct call){ .fn = fn, .arg = arg, .posted = true };
	added = add_call(pool, call);
	if (!added)
		free(call);
	return added ? 0 : -1;
}

void worker_stats(struct worker_pool *pool, struct worker_stats *ret)
{
	pthread_mutex_lock(&pool->lock);
	*ret = pool->stats;
	ret->threads = pool->thread_count;
	pthread_mutex_unlock(&pool->lock);
}
