/* score_all.c - see score_all.h */
#include "score_all.h"

#include "assess/scoring_queue.h"
#include "base/progress.h"
#include "base/term.h"
#include "report/result.h"
#include "store/task.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

struct sweep {
	const struct cmd_ctx *ctx;
	const struct score_all *request;
	struct progress progress;
	struct judging *judging;	/* NULL: nobody is asked */
	int signals;			/* SIGINT and SIGTERM are read here */
	sigset_t taken, before;
	unsigned done, total;		/* what the bar shows */
	int below, failed;
	enum err_code worst;		/* of those that failed */
};

static void print_move(FILE *out, const json_t *before, const json_t *after)
{
	if (json_is_number(before))
		fprintf(out, "%.2f", json_number_value(before));
	else
		fputs("-", out);
	if (json_is_number(after))
		fprintf(out, " -> %.2f", json_number_value(after));
	else
		fputs(" -> -", out);
}

static const json_t *percent_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "grade"), "percent");
}

static const json_t *score_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "score"), "value");
}

static const json_t *level_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "score"), "level");
}

static json_t *or_null(const json_t *value)
{
	return value ? json_incref((json_t *)value) : json_null();
}

static bool is_same(const json_t *a, const json_t *b)
{
	return json_is_number(a) == json_is_number(b) &&
	       json_number_value(a) == json_number_value(b);
}

/* From one level to another: where a rubric has other thresholds, with the same score too. */
static bool level_moved(const json_t *before, const json_t *after)
{
	const json_t *old = level_of(before), *new = level_of(after);

	return json_is_string(old) && json_is_string(new) && !json_equal(old, new);
}

/* What moved: the grade, the score, or its level. */
static int print_diff(const struct sweep *sweep, const struct scoring_outcome *outcome,
		      struct err *err)
{
	const struct cmd_ctx *ctx = sweep->ctx;
	const json_t *before = outcome->before, *after = outcome->document;

	if (before && is_same(percent_of(before), percent_of(after)) &&
	    is_same(score_of(before), score_of(after)) && !level_moved(before, after))
		return 0;
	if (sweep->request->json)
		return cmd_print_json(
			ctx,
			json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "schema",
				  "tali.score-diff/1", "assessment", outcome->assessment_id,
				  "before", or_null(percent_of(before)), "after",
				  or_null(percent_of(after)), "score_before",
				  or_null(score_of(before)), "score_after",
				  or_null(score_of(after)), "level_before",
				  or_null(level_of(before)), "level_after",
				  or_null(level_of(after))),
			err);
	fprintf(ctx->out, "%s  ", outcome->assessment_id);
	print_move(ctx->out, percent_of(before), percent_of(after));
	fputs("  score ", ctx->out);
	print_move(ctx->out, score_of(before), score_of(after));
	if (level_moved(before, after))
		fprintf(ctx->out, "  %s -> %s", json_string_value(level_of(before)),
			json_string_value(level_of(after)));
	putc('\n', ctx->out);
	return 0;
}

static int report_failure(struct sweep *sweep, const struct scoring_outcome *outcome,
			  struct err *err)
{
	const struct result_item item = { .name = outcome->assessment_id,
					  .fault = outcome->err->text };

	sweep->failed++;
	if (err_exit_status(outcome->err->code) > err_exit_status(sweep->worst))
		sweep->worst = outcome->err->code;
	fprintf(stderr, "tali: score: assessment %s: ", outcome->assessment_id);
	term_print_safe(stderr, outcome->err->text);
	putc('\n', stderr);
	return sweep->request->diff ? 0 : score_output_add(sweep->request->output, &item, err);
}

static void begin(void *arg, int64_t begun, int done, int total)
{
	struct sweep *sweep = arg;
	char time[CLOCK_TEXT_SIZE];

	if (done)
		cmd_say(sweep->ctx, "score: going on with what was begun %s: %d of %d are done",
			clock_text(begun, time), done, total);
	sweep->done = (unsigned)done;
	sweep->total = (unsigned)total;
	progress_step(&sweep->progress, sweep->done, sweep->total);
}

static void tick(void *arg)
{
	struct sweep *sweep = arg;

	progress_step(&sweep->progress, sweep->done, sweep->total);
}

static int take_outcome(void *arg, const struct scoring_outcome *outcome, struct err *err)
{
	struct sweep *sweep = arg;
	const struct score_all *request = sweep->request;
	int result = 0;

	progress_hide(&sweep->progress);
	if (!outcome->document) {
		result = report_failure(sweep, outcome, err);
	} else {
		const struct result_item item = { .document = outcome->document };

		sweep->below += result_percent(outcome->document) < request->min;
		result = request->diff ? print_diff(sweep, outcome, err)
				       : score_output_add(request->output, &item, err);
	}
	if (fflush(sweep->ctx->out) != 0 && result == 0)
		result = err_sys(err, "cannot write the output");
	if ((unsigned)outcome->done > sweep->done)
		sweep->done = (unsigned)outcome->done;
	progress_step(&sweep->progress, sweep->done, sweep->total);
	return result;
}

/* From now on a signal ends tali at once. */
static void give_up(void *arg)
{
	struct sweep *sweep = arg;
	struct signalfd_siginfo ignored;

	while (read(sweep->signals, &ignored, sizeof(ignored)) > 0)
		;
	pthread_sigmask(SIG_SETMASK, &sweep->before, NULL);
	sandbox_stop(sweep->ctx->sandbox);
	if (sweep->judging)
		judging_stop(sweep->judging);
}

/* Blocked before the threads begin, so that they block them too. A signal that is ignored (nohup)
 * stays so. */
static int take_signals(struct sweep *sweep, struct err *err)
{
	static const int signals[] = { SIGINT, SIGTERM };

	sigemptyset(&sweep->taken);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction now;

		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&sweep->taken, signals[i]);
	}
	sweep->signals = signalfd(-1, &sweep->taken, SFD_CLOEXEC | SFD_NONBLOCK);
	if (sweep->signals < 0)
		return err_sys(err, "cannot take signals");
	pthread_sigmask(SIG_BLOCK, &sweep->taken, &sweep->before);
	return 0;
}

static void leave_signals(struct sweep *sweep)
{
	pthread_sigmask(SIG_SETMASK, &sweep->before, NULL);
	close(sweep->signals);
}

static int processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count > SCORING_QUEUE_MOST_JOBS ? SCORING_QUEUE_MOST_JOBS : count;
}

static int status_of(const struct sweep *sweep, const struct scoring_sweep *done)
{
	if (done->stopped) {
		cmd_say(sweep->ctx,
			"score: interrupted after %d of %d; the same command goes on with the rest",
			done->done, done->total);
		return SCORE_ALL_INTERRUPTED;
	}
	if (sweep->failed) {
		cmd_say(sweep->ctx, "score: %d of %d could not be scored", sweep->failed,
			done->total);
		return err_exit_status(sweep->worst);
	}
	return sweep->below ? 1 : 0;
}

int score_all(const struct cmd_ctx *ctx, const struct scoring *scoring,
	      const struct score_all *request, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	struct sweep sweep = { .ctx = ctx, .request = request,
			       .judging = scoring->judging };
	struct scoring_queue queue = {
		.scoring = scoring, .clock = ctx->clock, .compare = request->diff,
		.again = request->again,
		.jobs = request->jobs > 0 ? (int)request->jobs : processors(), .give_up = give_up,
		.begin = begin, .tick = tick, .outcome = take_outcome, .arg = &sweep,
	};
	struct scoring_sweep done;
	int result;

	if (task_find(ctx->store, request->task, &task, err) < 0)
		return -1;
	if (task.stub)
		return task_refuse_stub(task.name, err);
	if (take_signals(&sweep, err) < 0)
		return -1;
	queue.stop_fd = sweep.signals;
	progress_start(&sweep.progress, "grading", ctx->quiet);
	result = scoring_queue_run(ctx->store, task.id, &queue, &done, err);
	progress_end(&sweep.progress);
	leave_signals(&sweep);
	if (result == 0 && !request->diff && !done.stopped)
		result = score_output_finish(request->output, err);
	return result < 0 ? -1 : status_of(&sweep, &done);
}
