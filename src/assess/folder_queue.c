/* folder_queue.c - see folder_queue.h */
#include "assess/folder_queue.h"

#include "base/auto.h"
#include "base/buf.h"

#include <errno.h>
#include <pthread.h>

struct slot {
	bool over;
	int result;
	json_t *document;
	struct err err;
};

struct work {
	const struct folder_queue *queue;
	pthread_mutex_t lock;	/* for all below */
	pthread_cond_t changed;
	struct slot *slots;	/* one for each archive */
	size_t next;
	bool ending;		/* nothing new is begun */
	int running;		/* threads */
};

static bool is_stopped(const struct folder_queue *queue)
{
	return queue->is_stopped && queue->is_stopped(queue->arg);
}

static bool take_next(struct work *work, size_t *ret)
{
	bool taken;

	pthread_mutex_lock(&work->lock);
	taken = !work->ending && !is_stopped(work->queue) && work->next < work->queue->count;
	if (taken)
		*ret = work->next++;
	pthread_mutex_unlock(&work->lock);
	return taken;
}

static void *grade_archives(void *arg)
{
	struct work *work = arg;
	const struct folder_queue *queue = work->queue;
	size_t i;

	while (take_next(work, &i)) {
		struct slot slot = { .over = true };

		slot.result = folder_task_grade_archive(queue->task, queue->paths[i],
							&slot.document, &slot.err);
		if (slot.document)
			json_object_set_new(json_object_get(slot.document, "run"), "archive",
					    json_string(queue->paths[i]));
		pthread_mutex_lock(&work->lock);
		work->slots[i] = slot;
		pthread_cond_signal(&work->changed);
		pthread_mutex_unlock(&work->lock);
	}
	pthread_mutex_lock(&work->lock);
	work->running--;
	pthread_cond_signal(&work->changed);
	pthread_mutex_unlock(&work->lock);
	return NULL;
}

/* One that is not over was not begun, and will not be. */
static struct slot wait_for(struct work *work, size_t i)
{
	struct slot slot;

	pthread_mutex_lock(&work->lock);
	while (!work->slots[i].over && work->running > 0)
		pthread_cond_wait(&work->changed, &work->lock);
	slot = work->slots[i];
	work->slots[i].document = NULL;
	pthread_mutex_unlock(&work->lock);
	return slot;
}

static int hand_out(struct work *work, struct err *err)
{
	const struct folder_queue *queue = work->queue;
	int result = 0;

	for (size_t i = 0; i < queue->count && result == 0; i++) {
		struct slot slot = wait_for(work, i);
		const struct folder_outcome outcome = {
			.path = queue->paths[i], .document = slot.document,
			.refused = slot.result == FOLDER_TASK_REFUSED, .err = &slot.err,
			.done = (unsigned)i + 1, .total = (unsigned)queue->count,
		};

		if (slot.over && !is_stopped(queue))
			result = queue->outcome(queue->arg, &outcome, err);
		json_decref(slot.document);
	}
	pthread_mutex_lock(&work->lock);
	work->ending = true;
	pthread_mutex_unlock(&work->lock);
	return result;
}

int folder_queue_run(const struct folder_queue *queue, struct err *err)
{
	struct work work = { .queue = queue, .lock = PTHREAD_MUTEX_INITIALIZER,
			     .changed = PTHREAD_COND_INITIALIZER,
			     .slots = buf_alloc((queue->count + 1) * sizeof(*work.slots)),
			     .running = queue->jobs };
	pthread_t threads[FOLDER_QUEUE_MOST_JOBS];
	int count = 0, code = 0, result;

	while (count < queue->jobs && (size_t)count < queue->count &&
	       (code = pthread_create(&threads[count], NULL, grade_archives, &work)) == 0)
		count++;
	pthread_mutex_lock(&work.lock);
	work.running -= queue->jobs - count;
	pthread_mutex_unlock(&work.lock);
	errno = code;
	result = count || !queue->count ? hand_out(&work, err)
					: err_sys(err, "cannot start a thread");
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < queue->count; i++)
		json_decref(work.slots[i].document);
	free(work.slots);
	return result;
}
