/* folder_queue.h - grades many archives by one task folder, several at a time
 *
 * Each of N threads takes the next archive and grades it; the caller's thread hands the results out
 * in the order of the archives, as soon as all before one are done. */
#ifndef TALI_FOLDER_QUEUE_H
#define TALI_FOLDER_QUEUE_H

#include "assess/folder_task.h"

#define FOLDER_QUEUE_MOST_JOBS 64

/* What became of one archive; borrowed until the callback returns. */
struct folder_outcome {
	const char *path;
	const json_t *document;	/* tali.score/1 with run.archive; NULL: it was not graded */
	bool refused;		/* then: the archive is to blame; else our side, or the task */
	const struct err *err;	/* then: why */
	unsigned done, total;
};

struct folder_queue {
	struct folder_task *task;
	const char *const *paths;
	size_t count;
	int jobs;		/* 1 to FOLDER_QUEUE_MOST_JOBS */
	/* Asked from any thread: once true, no archive is begun, and none is handed out. May be
	 * NULL. */
	bool (*is_stopped)(void *arg);
	/* -1 ends it: what has begun is finished and forgotten. */
	int (*outcome)(void *arg, const struct folder_outcome *outcome, struct err *err);
	void *arg;
};

/* 0 when all were handed out, whatever became of them, or when it was stopped. -1: no thread could
 * be started, or the callback said so. All threads are over when it returns. */
int folder_queue_run(const struct folder_queue *queue, struct err *err);

#endif
