/* interactive.c - lets the submitted program talk with an interactor of the task author */
#include "grade/interactive.h"

#include "base/auto.h"
#include "grade/judge.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MORE_WALL_MS 10000 /* that the interactor has beyond twice the program's time */

/* The lock is that of the repository, which both sides are filled from, and of `ends`. */
struct talk {
	pthread_mutex_t lock;
	int ends;
};

struct side {
	struct talk *talk;
	struct step step;
	int to;	       /* the other's standard input; -1 when closed */
	bool hangs_up; /* the end of its output is passed on before it ends */
	bool unheard;  /* the other stopped reading before it ended */
	int end;       /* 1: it ended first */
	int status;
	struct err err;
};

static void side_release(struct side *side)
{
	step_release(&side->step);
	auto_close(&side->to);
	auto_close(&side->step.stdin_fd);
}

/* The order is noted before the other can know of the end, and act on it. */
static void hang_up(struct side *side)
{
	if (side->end)
		return;
	pthread_mutex_lock(&side->talk->lock);
	side->end = ++side->talk->ends;
	pthread_mutex_unlock(&side->talk->lock);
	auto_close(&side->to);
}

/* Waits while the other does not read: its own limits end that, and with it the pipe. */
static void pass_on(void *arg, const void *data, size_t len)
{
	struct side *side = arg;
	const char *at = data;

	if (len == 0 && side->hangs_up)
		hang_up(side);
	while (len > 0 && !side->unheard && side->to >= 0) {
		ssize_t done = write(side->to, at, len);

		if (done >= 0) {
			at += done;
			len -= (size_t)done;
		} else if (errno != EINTR) {
			side->unheard = true;
		}
	}
}

static void *run_side(void *arg)
{
	struct side *side = arg;
	sigset_t pipe;

	/* raised for this thread alone, and gone with it */
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, NULL);
	side->status = step_run(&side->step, &side->err);
	hang_up(side);

	return NULL;
}

/* The payload may open /dev/stdin anew, to read. */
static int join(struct side *from, struct side *to, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");
	to->step.stdin_fd = ends[0];
	to->step.give_stdin = true;
	from->to = ends[1];
	if (fchmod(ends[0], 0444) < 0)
		return err_sys(err, "cannot make a pipe");
	return 0;
}

static void prepare(struct side *side, struct talk *talk)
{
	side->talk = talk;
	side->step.forward = pass_on;
	side->step.forward_arg = side;
	side->step.lock = &talk->lock;
}

/* Those of a judge, but for the time. */
static struct plan_limits interactor_limits(const struct step_ground *ground)
{
	uint64_t ms = 2 * (uint64_t)ground->limits.wall_ms + MORE_WALL_MS;
	struct plan_limits limits = ground->judge_limits;

	limits.wall_ms = ms < plan_max_limits.wall_ms ? (uint32_t)ms : plan_max_limits.wall_ms;
	return limits;
}

static int run_both(struct side *program, struct side *interactor, struct err *err)
{
	pthread_t threads[2];
	int failed;

	if (join(program, interactor, err) < 0 || join(interactor, program, err) < 0)
		return -1;
	failed = pthread_create(&threads[0], NULL, run_side, interactor);
	if (failed)
		return err_set(err, ERR_ENV, "cannot start a thread: %s", strerror(failed));
	failed = pthread_create(&threads[1], NULL, run_side, program);
	if (failed) {
		/* the interactor sees the end of its input, and talks to nobody */
		hang_up(program);
		auto_close(&program->step.stdin_fd);
	} else {
		pthread_join(threads[1], NULL);
	}
	pthread_join(threads[0], NULL);
	if (failed)
		return err_set(err, ERR_ENV, "cannot start a thread: %s", strerror(failed));
	if (interactor->status == 0 && program->status == 0)
		return 0;
	*err = program->status < 0 ? program->err : interactor->err;

	return program->status < 0 ? -1 : err_wrap(err, "interactor");
}

static int decide(const struct side *program, const struct judge *judge,
		  const struct side *interactor, struct grade_case *one, struct err *err)
{
	enum verdict verdict = program->step.run.verdict;
	bool accepted = false;

	if (verdict == VERDICT_SECURITY_VIOLATION ||
	    (verdict != VERDICT_OK && !program->unheard && program->end < interactor->end)) {
		step_fail_case(&program->step, one);
		return 0;
	}
	if (judge_decide(judge, &interactor->step, one, &accepted, err) < 0)
		return -1;
	if (!accepted)
		judge_fail(judge, &interactor->step.errors, one);
	else if (verdict != VERDICT_OK)
		step_fail_case(&program->step, one);

	return 0;
}

int interactive_run(const struct step_ground *ground, const struct manifest_test *test,
		    const struct buf *input, const struct buf *answer, struct grade_case *one,
		    struct run_report *ret_run, struct err *err)
{
	struct talk talk = { .lock = PTHREAD_MUTEX_INITIALIZER };
	AUTO(judge_release)
	struct judge judge = {
		.what = "interactor", .test = test, .program = test->interactor,
		.input = input, .answer = answer
	};
	const struct plan_limits limits = interactor_limits(ground);
	AUTO(program_free_words)
	char **argv = program_words(&ground->program, (const char *const *)test->argv);
	AUTO(side_release) struct side program = { .step = STEP_INIT(ground), .to = -1 };
	AUTO(side_release) struct side interactor = { .step = STEP_INIT(ground), .to = -1 };

	prepare(&program, &talk);
	prepare(&interactor, &talk);
	program.hangs_up = true;
	step_lay(&program.step, false);
	program.step.argv = (const char *const *)argv;
	judge_prepare(&judge, &interactor.step);
	interactor.step.limits = &limits;
	if (run_both(&program, &interactor, err) < 0)
		return -1;
	*ret_run = program.step.run;

	return decide(&program, &judge, &interactor, one, err);
}
