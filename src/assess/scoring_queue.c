/* scoring_queue.c - see scoring_queue.h */
#include "assess/scoring_queue.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/score_row.h"
#include "store/score_sweep.h"
#include "store/task.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

/* A submission that waits. */
struct entry {
	char id[RAND_ID_LEN + 1], candidate[RAND_ID_LEN + 1];
	int64_t submitted;
	int64_t runs;		/* score runs so far */
	int64_t turn;		/* which of its candidate's, among those with as many runs */
	int64_t number;		/* the run that this sweep made in an earlier process, or 0 */
};

/* A submission that is over, on its way to the caller's thread. */
struct ended {
	const struct entry *entry;
	json_t *before, *document;
	struct err err;
	struct ended *next;
};

struct sweep {
	const struct scoring_queue *queue;
	struct scoring scoring;		/* the caller's, without progress; version resolved */
	struct score_sweep row;		/* unless nothing is recorded */
	const char *store_path;
	struct entry *entries;
	size_t count;
	int wake;			/* eventfd: something is in `first`, or a thread is over */

	pthread_mutex_t lock;		/* for all below */
	size_t next;
	bool ending;			/* nothing new is begun */
	int working;			/* threads that are not over */
	struct ended *first, **last;	/* in the order in which they ended */
	struct err failure;		/* a thread could not begin */
};

static void sweep_release(struct sweep *sweep)
{
	free(sweep->entries);
	auto_close(&sweep->wake);
	pthread_mutex_destroy(&sweep->lock);
}

static void ended_free(struct ended **ended)
{
	if (!*ended)
		return;
	json_decref((*ended)->before);
	json_decref((*ended)->document);
	free(*ended);
	*ended = NULL;
}

/* --- what is to be scored, in which order */

static int add_entry(void *arg, const struct assessment *assessment, struct err *err)
{
	struct sweep *sweep = arg;
	struct entry *entry;

	(void)err;
	if (!assessment->submitted || *assessment->signer)	/* imported: only to be read */
		return 0;
	sweep->entries = buf_realloc(sweep->entries, sweep->count + 1, sizeof(*entry));
	entry = &sweep->entries[sweep->count++];
	*entry = (struct entry){ .submitted = assessment->submitted };
	memcpy(entry->id, assessment->id, sizeof(entry->id));
	memcpy(entry->candidate, assessment->candidate_id, sizeof(entry->candidate));
	return 0;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_age(const struct entry *a, const struct entry *b)
{
	int order = compare_numbers(a->submitted, b->submitted);

	return order ? order : strcmp(a->id, b->id);
}

static int by_candidate(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_numbers(a->runs, b->runs);

	if (!order)
		order = strcmp(a->candidate, b->candidate);
	return order ? order : by_age(a, b);
}

static int by_turn(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_numbers(a->runs, b->runs);

	if (!order)
		order = compare_numbers(a->turn, b->turn);
	return order ? order : by_age(a, b);
}

static void put_in_order(struct entry *entries, size_t count)
{
	qsort(entries, count, sizeof(*entries), by_candidate);
	for (size_t i = 1; i < count; i++)
		if (entries[i].runs == entries[i - 1].runs &&
		    !strcmp(entries[i].candidate, entries[i - 1].candidate))
			entries[i].turn = entries[i - 1].turn + 1;
	qsort(entries, count, sizeof(*entries), by_turn);
}

static int list_entries(struct sweep *sweep, struct store *store, const char *task_id,
			struct err *err)
{
	struct assessment_filter filter = { .task_id = task_id, .limit = -1 };

	if (assessment_each(store, &filter, add_entry, sweep, err) < 0)
		return -1;
	for (size_t i = 0; i < sweep->count; i++) {
		struct entry *entry = &sweep->entries[i];

		entry->runs = score_row_count(store, entry->id, err);
		if (sweep->scoring.sweep)
			entry->number = score_row_of_sweep(store, entry->id, sweep->row.id, err);
		if (entry->runs < 0 || entry->number < 0)
			return -1;
	}
	if (sweep->count)
		put_in_order(sweep->entries, sweep->count);
	return 0;
}

/* --- the row, and what was done before */

static int resolve_version(struct sweep *sweep, struct store *store, const char *task_id,
			   struct task_version *ret, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	const char *version = sweep->scoring.task_version;

	if (!version)
		return 0;
	if (task_find(store, task_id, &task, err) < 0 ||
	    task_version_get(store, task_id, strcmp(version, "latest") ? version : task.version,
			     ret, err) < 0)
		return -1;
	sweep->scoring.task_version = ret->version;
	return 0;
}

static int take_row(struct sweep *sweep, struct store *store, const char *task_id, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	const char *version = sweep->scoring.task_version;

	if (sweep->scoring.dry_run)
		return 0;
	if (store_begin(store, err) < 0 ||
	    score_sweep_take(store, task_id, version ? version : "", sweep->queue->again,
			     &sweep->row, err) < 0)
		return -1;
	sweep->scoring.sweep = sweep->row.id;
	return store_commit(store, err);
}

static int leave_row(const struct sweep *sweep, struct store *store, bool finished, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;

	if (!sweep->scoring.sweep)
		return 0;
	if (store_begin(store, err) < 0 ||
	    score_sweep_leave(store, sweep->row.id, finished, err) < 0)
		return -1;
	return store_commit(store, err);
}

static int tell_earlier(const struct sweep *sweep, struct store *store, const struct entry *entry,
			struct scoring_sweep *ret, struct err *err)
{
	AUTO_JSON json_t *document = NULL;
	AUTO_JSON json_t *before = NULL;
	struct scoring_outcome outcome = { .assessment_id = entry->id, .total = ret->total };

	if (scoring_recorded(store, entry->id, entry->number, &document, err) < 0)
		return -1;
	if (sweep->queue->compare && entry->number > 1 &&
	    scoring_recorded(store, entry->id, entry->number - 1, &before, err) < 0)
		return -1;
	outcome.document = document;
	outcome.before = before;
	outcome.done = ++ret->done;
	return sweep->queue->outcome(sweep->queue->arg, &outcome, err);
}

/* Hands out what is done, and leaves the rest in `entries`. */
static int hand_out_earlier(struct sweep *sweep, struct store *store, struct scoring_sweep *ret,
			    struct err *err)
{
	const struct scoring_queue *queue = sweep->queue;
	size_t left = 0;
	int done = 0;

	for (size_t i = 0; i < sweep->count; i++)
		done += sweep->entries[i].number != 0;
	queue->begin(queue->arg, done ? sweep->row.begun : 0, done, ret->total);
	for (size_t i = 0; i < sweep->count; i++) {
		if (!sweep->entries[i].number)
			sweep->entries[left++] = sweep->entries[i];
		else if (tell_earlier(sweep, store, &sweep->entries[i], ret, err) < 0)
			return -1;
	}
	sweep->count = left;
	return 0;
}

/* --- the threads */

static void wake(const struct sweep *sweep)
{
	uint64_t one = 1;

	while (write(sweep->wake, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static const struct entry *take_entry(struct sweep *sweep)
{
	const struct entry *entry = NULL;

	pthread_mutex_lock(&sweep->lock);
	if (!sweep->ending && sweep->next < sweep->count)
		entry = &sweep->entries[sweep->next++];
	pthread_mutex_unlock(&sweep->lock);
	return entry;
}

static struct ended *score(const struct sweep *sweep, struct store *store,
			   const struct entry *entry)
{
	struct ended *ended = buf_alloc(sizeof(*ended));

	ended->entry = entry;
	if (sweep->queue->compare &&
	    scoring_recorded(store, entry->id, 0, &ended->before, &ended->err) < 0)
		return ended;
	ended->document = scoring_run(store, entry->id, &sweep->scoring, &ended->err);
	return ended;
}

static void hand_over(struct sweep *sweep, struct ended *ended)
{
	pthread_mutex_lock(&sweep->lock);
	*sweep->last = ended;
	sweep->last = &ended->next;
	pthread_mutex_unlock(&sweep->lock);
	wake(sweep);
}

static void *work(void *arg)
{
	struct sweep *sweep = arg;
	struct err err = ERR_INIT;
	struct store *store =
		store_open(sweep->store_path, STORE_WRITE, sweep->queue->clock, &err);
	const struct entry *entry;

	while (store && (entry = take_entry(sweep)))
		hand_over(sweep, score(sweep, store, entry));
	store_close(&store);

	pthread_mutex_lock(&sweep->lock);
	if (err.code) {
		sweep->failure = err;
		sweep->ending = true;
	}
	sweep->working--;
	pthread_mutex_unlock(&sweep->lock);
	wake(sweep);
	return NULL;
}

/* One thread is enough to go on with. */
static int start_threads(struct sweep *sweep, pthread_t *threads, struct err *err)
{
	int wanted = sweep->queue->jobs, count = 0;

	if ((size_t)wanted > sweep->count)
		wanted = (int)sweep->count;
	while (count < wanted) {
		int code;

		pthread_mutex_lock(&sweep->lock);
		code = pthread_create(&threads[count], NULL, work, sweep);
		sweep->working += code == 0;
		pthread_mutex_unlock(&sweep->lock);
		if (code == 0) {
			count++;
			continue;
		}
		errno = code;
		return count ? count : err_sys(err, "cannot start a thread");
	}
	return count;
}

/* --- the caller's thread */

static void end_soon(struct sweep *sweep)
{
	pthread_mutex_lock(&sweep->lock);
	sweep->ending = true;
	pthread_mutex_unlock(&sweep->lock);
}

static void stop(struct sweep *sweep, struct scoring_sweep *ret)
{
	end_soon(sweep);
	ret->stopped = true;
	if (sweep->queue->give_up)
		sweep->queue->give_up(sweep->queue->arg);
}

static int tell(const struct sweep *sweep, const struct ended *ended, struct scoring_sweep *ret,
		struct err *err)
{
	struct scoring_outcome outcome = {
		.assessment_id = ended->entry->id, .before = ended->before,
		.document = ended->document, .err = &ended->err, .total = ret->total,
	};

	if (!ended->document && ended->err.code == ERR_ENV && ret->stopped)
		return 0;	/* given up: as if it had not been begun */
	if (!ended->document && ended->err.code != ERR_ENV && ended->err.code != ERR_INTEGRITY) {
		*err = ended->err;
		return err_wrap(err, "assessment %s", ended->entry->id);
	}
	outcome.done = ++ret->done;
	return sweep->queue->outcome(sweep->queue->arg, &outcome, err);
}

/* Hands out what has ended; after an error the rest is only recorded. False when all threads are
 * over. */
static bool take_ended(struct sweep *sweep, struct scoring_sweep *ret, int *result,
		       struct err *err)
{
	struct ended *ended;
	uint64_t ignored;
	bool more;

	if (read(sweep->wake, &ignored, sizeof(ignored)) < 0)
		return true;
	pthread_mutex_lock(&sweep->lock);
	ended = sweep->first;
	sweep->first = NULL;
	sweep->last = &sweep->first;
	more = sweep->working > 0;
	pthread_mutex_unlock(&sweep->lock);
	while (ended) {
		AUTO(ended_free) struct ended *one = ended;

		ended = one->next;
		if (*result < 0)
			continue;
		*result = tell(sweep, one, ret, err);
		if (*result < 0)
			end_soon(sweep);
	}
	return more;
}

static int attend(struct sweep *sweep, struct scoring_sweep *ret, struct err *err)
{
	struct pollfd waiting[] = {
		{ .fd = sweep->wake, .events = POLLIN },
		{ .fd = sweep->queue->stop_fd, .events = POLLIN },
	};
	bool more = true;
	int result = 0;

	while (more) {
		int ready = poll(waiting, 2, sweep->queue->tick ? 1000 : -1);

		if (ready < 0)
			continue;	/* a signal of the caller's */
		if (ready == 0)
			sweep->queue->tick(sweep->queue->arg);
		if (waiting[1].revents) {
			stop(sweep, ret);
			waiting[1].fd = -1;
		}
		if (waiting[0].revents)
			more = take_ended(sweep, ret, &result, err);
	}
	return result;
}

static int run_threads(struct sweep *sweep, struct scoring_sweep *ret, struct err *err)
{
	pthread_t threads[SCORING_QUEUE_MOST_JOBS];
	int count = start_threads(sweep, threads, err), result;

	if (count <= 0)
		return count;
	result = attend(sweep, ret, err);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	ret->stopped = ret->stopped && ret->done < ret->total;
	if (result < 0 || !sweep->failure.code)
		return result;
	*err = sweep->failure;
	return -1;
}

static int run(struct sweep *sweep, struct store *store, const char *task_id,
	       struct scoring_sweep *ret, struct err *err)
{
	struct err ignored = ERR_INIT;
	int result;

	if (take_row(sweep, store, task_id, err) < 0)
		return -1;
	result = list_entries(sweep, store, task_id, err);
	ret->total = (int)sweep->count;
	if (result == 0)
		result = hand_out_earlier(sweep, store, ret, err);
	if (result == 0)
		result = run_threads(sweep, ret, err);
	if (result < 0) {
		leave_row(sweep, store, false, &ignored);
		return -1;
	}
	return leave_row(sweep, store, !ret->stopped, err);
}

int scoring_queue_run(struct store *store, const char *task_id, const struct scoring_queue *queue,
		      struct scoring_sweep *ret, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO(sweep_release) struct sweep sweep = {
		.queue = queue, .scoring = *queue->scoring, .store_path = store_path(store),
		.wake = eventfd(0, EFD_CLOEXEC), .lock = PTHREAD_MUTEX_INITIALIZER,
		.failure = ERR_INIT,
	};

	*ret = (struct scoring_sweep){ 0 };
	sweep.scoring.progress = NULL;
	sweep.last = &sweep.first;
	if (sweep.wake < 0)
		return err_sys(err, "cannot make an event");
	if (resolve_version(&sweep, store, task_id, &version, err) < 0)
		return -1;
	return run(&sweep, store, task_id, ret, err);
}
