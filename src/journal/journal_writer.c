/* journal_writer.c - see journal_writer.h
 *
 * A transaction begins when something waits and the one before began JOURNAL_WRITER_DELAY_MS ago,
 * or sooner when much waits: a lone request is written at once, many share one sync. */
#include "journal/journal_writer.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/rand.h"
#include "journal/byte_allowance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TRANSACTION_EVENTS 4096		/* enough for one transaction */
#define TRANSACTION_BYTES (8 << 20)

struct request {
	struct request *next;
	char assessment_id[RAND_ID_LEN + 1];
	bool is_batch;			/* else only batch.list is used */
	bool patient;			/* nobody waits for it */
	struct batch batch;
	size_t bytes;			/* that it holds of the queue */
	journal_writer_done *done;
	void *arg;
	int result;
	struct ingest_answer answer;
	struct err err;
};

struct request_list {
	struct request *first, **end;
	size_t events, bytes, eager;	/* the last: for which somebody waits */
};

struct journal_writer {
	struct store *store;		/* of the thread alone */
	pthread_t thread;
	pthread_mutex_t lock;		/* guards all below */
	pthread_cond_t work, room;
	struct byte_allowance allowance;
	struct request_list queue;
	struct timespec queued;		/* when its first request came */
	bool hurry;			/* not to wait for others to come */
	bool closing;
};

/* --- lists */

static void list_clear(struct request_list *list)
{
	*list = (struct request_list){ .first = NULL };
	list->end = &list->first;
}

static void list_add(struct request_list *list, struct request *request)
{
	request->next = NULL;
	*list->end = request;
	list->end = &request->next;
	list->events += request->batch.list.count;
	list->bytes += request->bytes;
	list->eager += !request->patient;
}

static struct request *list_take_first(struct request_list *list)
{
	struct request *request = list->first;

	list->first = request->next;
	if (!list->first)
		list->end = &list->first;
	list->events -= request->batch.list.count;
	list->bytes -= request->bytes;
	list->eager -= !request->patient;
	return request;
}

static bool list_is_enough(const struct request_list *list)
{
	return list->events >= TRANSACTION_EVENTS || list->bytes >= TRANSACTION_BYTES;
}

static void request_free(struct request *request)
{
	batch_release(&request->batch);
	free(request);
}

/* --- the transaction */

static void store_request(struct store *store, struct request *request)
{
	struct ingest_answer *answer = &request->answer;

	request->err = (struct err)ERR_INIT;
	if (request->is_batch) {
		request->result = ingest_batch(store, request->assessment_id, &request->batch,
					       answer, &request->err);
	} else {
		*answer = (struct ingest_answer){ .stored = (int64_t)request->batch.list.count };
		request->result = ingest_list(store, request->assessment_id, &request->batch.list,
					      &answer->first_seq, &request->err);
	}
}

/* A refusal wrote nothing; anything else may have written a part. */
static bool is_refusal(const struct err *err)
{
	return err->code == ERR_STATE || err->code == ERR_NOT_FOUND;
}

static void fail_all(struct request *first, const struct err *err)
{
	for (struct request *request = first; request; request = request->next) {
		request->result = -1;
		request->err = *err;
	}
}

/* All in one transaction. False when the transaction itself failed: then all have its error, and
 * nothing is stored. */
static bool commit_requests(struct store *store, struct request *first)
{
	AUTO(store_rollback) struct store *tx = store;
	struct err err = ERR_INIT;

	if (store_begin(store, &err) < 0) {
		fail_all(first, &err);
		return true;	/* it would be no better for one alone */
	}
	for (struct request *request = first; request; request = request->next) {
		store_request(store, request);
		if (request->result < 0 && !is_refusal(&request->err)) {
			err = request->err;
			fail_all(first, &err);
			return false;
		}
	}
	if (store_commit(store, &err) == 0)
		return true;
	fail_all(first, &err);
	return false;
}

/* When it fails for all together, each gets a transaction of its own: what made it fail harms
 * nobody else. */
static void write_requests(struct store *store, struct request *first)
{
	if (commit_requests(store, first) || !first->next)
		return;
	while (first) {
		struct request *next = first->next;

		first->next = NULL;
		commit_requests(store, first);
		first->next = next;
		first = next;
	}
}

static void answer_requests(struct request *first)
{
	while (first) {
		struct request *next = first->next;

		first->done(first->arg, &first->answer, first->result < 0 ? &first->err : NULL);
		request_free(first);
		first = next;
	}
}

/* --- the thread */

static struct timespec add_ms(struct timespec time, long ms)
{
	time.tv_nsec += ms % 1000 * 1000000;
	time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static bool is_urgent(const struct journal_writer *writer)
{
	return writer->closing || writer->hurry || list_is_enough(&writer->queue);
}

static bool is_before(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec :
	       one->tv_nsec < other->tv_nsec;
}

/* Waits until it is time for a transaction; the lock is held. */
static void wait_for_work(struct journal_writer *writer, const struct timespec *begun)
{
	int late = 0;

	while (!writer->queue.first && !writer->closing)
		pthread_cond_wait(&writer->work, &writer->lock);
	while (!late && !is_urgent(writer)) {
		bool waits = !writer->queue.eager && is_before(begun, &writer->queued);
		struct timespec next = add_ms(waits ? writer->queued : *begun,
					      JOURNAL_WRITER_DELAY_MS);

		late = pthread_cond_timedwait(&writer->work, &writer->lock, &next);
	}
	writer->hurry = false;
}

static void take_requests(struct journal_writer *writer, struct request_list *taken)
{
	list_clear(taken);
	while (writer->queue.first && !list_is_enough(taken))
		list_add(taken, list_take_first(&writer->queue));
}

static void *run(void *arg)
{
	struct journal_writer *writer = arg;
	struct timespec begun = { 0 };
	struct request_list taken;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		wait_for_work(writer, &begun);
		if (!writer->queue.first)
			break;
		take_requests(writer, &taken);
		pthread_cond_broadcast(&writer->room);
		pthread_mutex_unlock(&writer->lock);
		clock_gettime(CLOCK_MONOTONIC, &begun);
		write_requests(writer->store, taken.first);
		answer_requests(taken.first);
		pthread_mutex_lock(&writer->lock);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

struct journal_writer *journal_writer_open(const char *store_path, const struct clock *clock,
					   struct err *err)
{
	struct store *store = store_open(store_path, STORE_WRITE, clock, err);
	struct journal_writer *writer;
	pthread_condattr_t attributes;
	int code;

	if (!store || store_tune_for_events(store, err) < 0) {
		store_close(&store);
		return NULL;
	}
	writer = buf_alloc(sizeof(*writer));
	writer->store = store;
	list_clear(&writer->queue);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->work, &attributes);
	pthread_cond_init(&writer->room, NULL);
	pthread_condattr_destroy(&attributes);
	code = pthread_create(&writer->thread, NULL, run, writer);
	if (code == 0)
		return writer;
	store_close(&writer->store);
	free(writer);
	err_set(err, ERR_ENV, "cannot start a thread: %s", strerror(code));
	return NULL;
}

void journal_writer_close(struct journal_writer **writer)
{
	struct journal_writer *closed = TAKE(*writer);

	if (!closed)
		return;
	pthread_mutex_lock(&closed->lock);
	closed->closing = true;
	pthread_cond_signal(&closed->work);
	pthread_mutex_unlock(&closed->lock);
	pthread_join(closed->thread, NULL);
	pthread_cond_destroy(&closed->work);
	pthread_cond_destroy(&closed->room);
	pthread_mutex_destroy(&closed->lock);
	store_close(&closed->store);
	byte_allowance_release(&closed->allowance);
	free(closed);
}

void journal_writer_set_most(struct journal_writer *writer, int64_t bytes)
{
	writer->allowance.most = bytes;
}

int journal_writer_check(struct journal_writer *writer, const char *assessment_id, struct err *err)
{
	bool spent;

	pthread_mutex_lock(&writer->lock);
	spent = byte_allowance_is_spent(&writer->allowance, assessment_id, clock_steady());
	pthread_mutex_unlock(&writer->lock);
	return spent ? err_set(err, ERR_ENV, "the session '%s' stored too much of late",
			       assessment_id) : 0;
}

void journal_writer_count(struct journal_writer *writer, const char *assessment_id, int64_t bytes)
{
	pthread_mutex_lock(&writer->lock);
	byte_allowance_take(&writer->allowance, assessment_id, bytes, clock_steady());
	pthread_mutex_unlock(&writer->lock);
}

/* --- requests */

static struct request *request_new(const char *assessment_id, struct batch *batch,
				   journal_writer_done *done, void *arg)
{
	struct request *request = buf_alloc(sizeof(*request));

	snprintf(request->assessment_id, sizeof(request->assessment_id), "%s", assessment_id);
	request->batch = *batch;
	*batch = (struct batch)BATCH_INIT;
	request->bytes = sizeof(*request) + request->batch.list.bytes +
			 request->batch.list.count * sizeof(*request->batch.list.events);
	request->done = done;
	request->arg = arg;
	return request;
}

/* A request that is larger than the whole queue has room when it is alone. */
static bool has_room(const struct journal_writer *writer, const struct request *request)
{
	return !writer->queue.first ||
	       writer->queue.bytes + request->bytes <= JOURNAL_WRITER_QUEUE_MAX;
}

/* False when there is no room. */
static bool enqueue(struct journal_writer *writer, struct request *request, bool may_wait)
{
	bool fits, look = false;

	pthread_mutex_lock(&writer->lock);
	while (!(fits = has_room(writer, request)) && may_wait)
		pthread_cond_wait(&writer->room, &writer->lock);
	if (fits) {
		look = !writer->queue.first || (!writer->queue.eager && !request->patient);
		if (!writer->queue.first)
			clock_gettime(CLOCK_MONOTONIC, &writer->queued);
		list_add(&writer->queue, request);
		byte_allowance_take(&writer->allowance, request->assessment_id,
				    (int64_t)request->bytes, clock_steady());
		look = look || list_is_enough(&writer->queue);
	}
	pthread_mutex_unlock(&writer->lock);
	if (look)
		pthread_cond_signal(&writer->work);
	return fits;
}

int journal_writer_append_later(struct journal_writer *writer, const char *assessment_id,
				struct event_list *list, journal_writer_done *done, void *arg,
				struct err *err)
{
	struct batch batch = { .list = *list };
	struct request *request = request_new(assessment_id, &batch, done, arg);

	request->patient = true;
	*list = batch.list;
	if (enqueue(writer, request, false))
		return 0;
	*list = request->batch.list;
	free(request);
	return err_set(err, ERR_ENV,
		       "too many events wait to be written for there to be room; try again");
}

void journal_writer_hurry(struct journal_writer *writer)
{
	bool look;

	pthread_mutex_lock(&writer->lock);
	look = writer->queue.first && !writer->hurry;
	writer->hurry = writer->hurry || look;
	pthread_mutex_unlock(&writer->lock);
	if (look)
		pthread_cond_signal(&writer->work);
}

/* --- the waiting forms */

struct waiter {
	struct request *request;	/* of the writer's thread until it answers */
	struct batch refused;		/* what it did not store */
	pthread_mutex_t lock;		/* guards all below */
	pthread_cond_t answered;
	bool is_answered;
	struct ingest_answer answer;
	struct err err;
};

static void wake(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct waiter *waiter = arg;

	pthread_mutex_lock(&waiter->lock);
	waiter->is_answered = true;
	waiter->answer = *answer;
	if (err) {
		waiter->err = *err;
		waiter->refused = waiter->request->batch;
		waiter->request->batch = (struct batch)BATCH_INIT;
	}
	pthread_cond_signal(&waiter->answered);
	pthread_mutex_unlock(&waiter->lock);
}

/* *refused gets the batch when it was not stored. */
static int wait_for_answer(struct journal_writer *writer, struct request *request,
			   struct ingest_answer *ret, struct batch *refused, struct err *err)
{
	struct waiter waiter = { .request = request, .refused = BATCH_INIT };

	request->done = wake;
	request->arg = &waiter;
	pthread_mutex_init(&waiter.lock, NULL);
	pthread_cond_init(&waiter.answered, NULL);
	enqueue(writer, request, true);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.is_answered)
		pthread_cond_wait(&waiter.answered, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	pthread_cond_destroy(&waiter.answered);
	pthread_mutex_destroy(&waiter.lock);
	if (waiter.err.code == ERR_NONE) {
		*ret = waiter.answer;
		return 0;
	}
	*refused = waiter.refused;
	*err = waiter.err;
	return -1;
}

int journal_writer_append(struct journal_writer *writer, const char *assessment_id,
			  struct event_list *list, int64_t *ret_seq, struct err *err)
{
	struct batch batch = { .list = *list };
	struct ingest_answer answer;

	*list = (struct event_list)EVENT_LIST_INIT;
	if (wait_for_answer(writer, request_new(assessment_id, &batch, NULL, NULL), &answer, &batch,
			    err) < 0) {
		*list = batch.list;
		return -1;
	}
	if (ret_seq)
		*ret_seq = answer.first_seq;
	return 0;
}

int journal_writer_submit(struct journal_writer *writer, const char *assessment_id,
			  struct batch *batch, struct ingest_answer *ret, struct err *err)
{
	struct request *request = request_new(assessment_id, batch, NULL, NULL);

	request->is_batch = true;
	return wait_for_answer(writer, request, ret, batch, err);
}
