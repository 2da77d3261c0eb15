/* score_archives.c - see score_archives.h */
#include "score_archives.h"

#include "base/progress.h"
#include "base/term.h"

#include <sched.h>

struct batch {
	const struct score_archives *request;
	struct progress progress;
	unsigned below, refused;
	unsigned done;
	int failed;		/* highest exit status of those that were not refused; 0: none */
};

static void tell_why(const struct folder_outcome *outcome)
{
	fputs("tali: score: ", stderr);
	term_print_safe(stderr, outcome->path);
	fputs(": ", stderr);
	term_print_safe(stderr, outcome->err->text);
	putc('\n', stderr);
}

static void count(struct batch *batch, const struct folder_outcome *outcome)
{
	int status;

	if (outcome->document) {
		batch->below += result_percent(outcome->document) < batch->request->min;
		return;
	}
	tell_why(outcome);
	status = err_exit_status(outcome->err->code);
	if (outcome->refused)
		batch->refused++;
	else if (status > batch->failed)
		batch->failed = status;
}

static int take_outcome(void *arg, const struct folder_outcome *outcome, struct err *err)
{
	struct batch *batch = arg;
	const struct result_item item = {
		.name = outcome->path, .document = outcome->document,
		.fault = outcome->document ? NULL : outcome->err->text,
		.refused = outcome->refused,
	};
	int result;

	progress_hide(&batch->progress);
	batch->done = outcome->done;
	count(batch, outcome);
	result = score_output_add(batch->request->output, &item, err);
	progress_step(&batch->progress, outcome->done, outcome->total);
	return result;
}

static bool is_stopped(void *arg)
{
	const struct batch *batch = arg;

	return interrupt_came(batch->request->interrupt);
}

static int processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count > FOLDER_QUEUE_MOST_JOBS ? FOLDER_QUEUE_MOST_JOBS : count;
}

int score_archives(const struct cmd_ctx *ctx, const struct score_archives *request,
		   struct err *err)
{
	struct batch batch = { .request = request };
	const struct folder_queue queue = {
		.task = request->task, .paths = request->paths, .count = request->count,
		.jobs = request->jobs > 0 ? (int)request->jobs : processors(),
		.is_stopped = is_stopped, .outcome = take_outcome, .arg = &batch,
	};
	int result;

	progress_start(&batch.progress, "grading", ctx->quiet);
	progress_step(&batch.progress, 0, (unsigned)request->count);
	result = folder_queue_run(&queue, err);
	progress_end(&batch.progress);
	if (interrupt_came(request->interrupt)) {
		cmd_say(ctx, "score: interrupted after %u of %zu", batch.done, request->count);
		return INTERRUPT_STATUS;
	}
	if (result < 0 || score_output_finish(request->output, err) < 0)
		return -1;
	return batch.failed ? batch.failed : batch.refused ? 2 : batch.below ? 1 : 0;
}
