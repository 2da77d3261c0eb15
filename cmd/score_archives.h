/* score_archives.h - the form `tali score --task T --archive FILE...`: each archive graded by
 * itself, whatever becomes of the others */
#ifndef TALI_SCORE_ARCHIVES_H
#define TALI_SCORE_ARCHIVES_H

#include "cmd.h"
#include "interrupt.h"
#include "score_output.h"

#include "assess/folder_queue.h"

struct score_archives {
	struct folder_task *task;
	const char *const *paths;
	size_t count;
	long jobs;		/* at most FOLDER_QUEUE_MOST_JOBS; below 1: number of processors */
	double min;		/* percent */
	struct score_output *output;
	const struct interrupt *interrupt;	/* when it came, nothing more is begun */
};

/* The exit status: that of an archive that our side or the task failed for, else 2 when one was
 * refused, else 1 when one is below the minimum, else 0; INTERRUPT_STATUS. -1 when it could not go
 * on. */
int score_archives(const struct cmd_ctx *ctx, const struct score_archives *request,
		   struct err *err);

#endif
