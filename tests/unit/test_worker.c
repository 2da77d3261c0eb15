/* test_worker.c - calls run on threads with contexts, wait their turn, and are refused beyond it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

struct pool_fixture {
	struct worker_pool *pool;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	int begun, ended, fail_at;
	bool gate_open;
	int inside;
	atomic_int calls;
};

static void *begin_context(void *arg, struct err *err)
{
	struct pool_fixture *f = arg;
	int number;

	pthread_mutex_lock(&f->lock);
	number = ++f->begun;
	pthread_mutex_unlock(&f->lock);
	if (number == f->fail_at) {
		err_set(err, ERR_ENV, "no context for thread %d", number);
		return NULL;
	}
	return f;
}

static void end_context(void *arg, void *context)
{
	struct pool_fixture *f = arg;

	assert_ptr_equal(arg, context);
	pthread_mutex_lock(&f->lock);
	f->ended++;
	pthread_mutex_unlock(&f->lock);
}

static void start_shared(struct pool_fixture *f, unsigned threads, unsigned queue_most,
			 unsigned share)
{
	struct worker_config config = { .threads = threads, .queue_most = queue_most,
					.share = share, .begin = begin_context,
					.end = end_context, .arg = f };
	struct err err = ERR_INIT;

	memset(f, 0, sizeof(*f));
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	f->pool = worker_start(&config, &err);
	assert_non_null(f->pool);
}

static void start(struct pool_fixture *f, unsigned threads, unsigned queue_most)
{
	start_shared(f, threads, queue_most, 0);
}

static void count_call(void *arg, void *context)
{
	struct pool_fixture *f = arg;

	assert_ptr_equal(context, f);
	atomic_fetch_add(&f->calls, 1);
}

static void *call_many(void *arg)
{
	struct pool_fixture *f = arg;

	for (int i = 0; i < 200; i++)
		assert_int_equal(worker_run(f->pool, 0, count_call, f), 0);
	return NULL;
}

static void each_call_runs_once(void **state)
{
	struct pool_fixture f;
	struct worker_stats stats;
	pthread_t threads[8];

	(void)state;
	start(&f, 3, 8);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, call_many, &f);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&f.calls), 1600);
	worker_stats(f.pool, &stats);
	assert_int_equal(stats.done, 1600);
	assert_int_equal(stats.busy, 0);
	assert_int_equal(stats.queued, 0);
	assert_int_equal(stats.threads, 3);
	worker_stop(&f.pool);
	assert_int_equal(f.begun, 3);
	assert_int_equal(f.ended, 3);
}

static void wait_at_gate(void *arg, void *context)
{
	struct pool_fixture *f = arg;

	(void)context;
	pthread_mutex_lock(&f->lock);
	f->inside++;
	pthread_cond_broadcast(&f->changed);
	while (!f->gate_open)
		pthread_cond_wait(&f->changed, &f->lock);
	pthread_mutex_unlock(&f->lock);
}

static void *call_gate(void *arg)
{
	struct pool_fixture *f = arg;

	assert_int_equal(worker_run(f->pool, 0, wait_at_gate, f), 0);
	return NULL;
}

/* Two are at work, three wait, the next is one too many. */
static void a_full_queue_refuses(void **state)
{
	struct pool_fixture f;
	struct worker_stats stats;
	pthread_t threads[5];

	(void)state;
	start(&f, 2, 3);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, call_gate, &f);
	pthread_mutex_lock(&f.lock);
	while (f.inside < 2)
		pthread_cond_wait(&f.changed, &f.lock);
	pthread_mutex_unlock(&f.lock);
	for (int i = 2; i < 5; i++)
		pthread_create(&threads[i], NULL, call_gate, &f);
	do
		worker_stats(f.pool, &stats);
	while (stats.queued < 3);
	assert_int_equal(worker_run(f.pool, 0, count_call, &f), -1);
	assert_int_equal(atomic_load(&f.calls), 0);
	pthread_mutex_lock(&f.lock);
	f.gate_open = true;
	pthread_cond_broadcast(&f.changed);
	pthread_mutex_unlock(&f.lock);
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(worker_run(f.pool, 0, count_call, &f), 0);
	worker_stats(f.pool, &stats);
	assert_int_equal(stats.refused, 1);
	worker_stop(&f.pool);
}

#define GREEDY 7
#define MODEST 8

static void *call_gate_greedily(void *arg)
{
	struct pool_fixture *f = arg;

	assert_int_equal(worker_run(f->pool, GREEDY, wait_at_gate, f), 0);
	return NULL;
}

/* Of four threads one works for it, and of eight that may wait two are its. */
static void who_asks_for_much_leaves_room_for_others(void **state)
{
	struct pool_fixture f;
	struct worker_stats stats;
	pthread_t threads[3];

	(void)state;
	start_shared(&f, 4, 8, 1);
	for (unsigned i = 0; i < 3; i++) {
		pthread_create(&threads[i], NULL, call_gate_greedily, &f);
		do
			worker_stats(f.pool, &stats);
		while (stats.queued + stats.busy < i + 1);
	}
	assert_int_equal(worker_run(f.pool, MODEST, count_call, &f), 0);
	do	/* who was called is told a moment before its thread is free */
		worker_stats(f.pool, &stats);
	while (stats.busy > 1);
	assert_int_equal(stats.queued, 2);
	assert_int_equal(worker_run(f.pool, GREEDY, count_call, &f), -1);
	assert_int_equal(worker_run(f.pool, MODEST, count_call, &f), 0);
	assert_int_equal(worker_run(f.pool, 0, count_call, &f), 0);
	pthread_mutex_lock(&f.lock);
	f.gate_open = true;
	pthread_cond_broadcast(&f.changed);
	pthread_mutex_unlock(&f.lock);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	worker_stop(&f.pool);
	assert_int_equal(f.inside, 3);
	assert_int_equal(atomic_load(&f.calls), 3);
}

/* What may not begin yet is worked off, too, when the pool ends. */
static void the_end_waits_for_what_is_posted(void **state)
{
	struct pool_fixture f;

	(void)state;
	start_shared(&f, 4, 8, 1);
	for (int i = 0; i < 8; i++)
		assert_int_equal(worker_post(f.pool, count_call, &f), 0);
	worker_stop(&f.pool);
	assert_int_equal(atomic_load(&f.calls), 8);
}

static void a_context_that_fails_ends_all(void **state)
{
	struct pool_fixture f = { .fail_at = 2, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct worker_config config = { .threads = 4, .queue_most = 1, .begin = begin_context,
					.end = end_context, .arg = &f };
	struct err err = ERR_INIT;

	(void)state;
	assert_null(worker_start(&config, &err));
	assert_int_equal(err.code, ERR_ENV);
	assert_string_equal(err.text, "no context for thread 2");
	assert_int_equal(f.begun, 4);
	assert_int_equal(f.ended, 3);
}

static void use_stack(void *arg, void *context)
{
	volatile char much[6 << 20];

	(void)context;
	for (size_t i = 0; i < sizeof(much); i += 4096)
		much[i] = 1;
	*(int *)arg = much[0];
}

static void a_worker_has_a_full_stack(void **state)
{
	struct pool_fixture f;
	int used = 0;

	(void)state;
	start(&f, 1, 1);
	assert_int_equal(worker_run(f.pool, 0, use_stack, &used), 0);
	assert_int_equal(used, 1);
	worker_stop(&f.pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_runs_once),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(who_asks_for_much_leaves_room_for_others),
		cmocka_unit_test(the_end_waits_for_what_is_posted),
		cmocka_unit_test(a_context_that_fails_ends_all),
		cmocka_unit_test(a_worker_has_a_full_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
