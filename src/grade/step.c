/* step.c - one command of the task, run in the sandbox on a tree */
#include "grade/step.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/test_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#define ERRORS_SHOWN 1000 /* bytes of standard error in a case's message */

/* The same for every run of everybody: a result must not depend on who grades where. */
static const char *const step_env[] = {
	"PATH=/usr/local/bin:/usr/bin:/bin",
	"HOME=/tmp",
	"LANG=C.UTF-8",
	"TZ=UTC",
	"TALI_TEST=1",
	"PYTHONDONTWRITEBYTECODE=1",
	"PYTHONHASHSEED=0",
	"PYTEST_ADDOPTS=-p no:cacheprovider",
	NULL,
};

void step_ground_release(struct step_ground *ground)
{
	grade_tree_release(&ground->tree);
	fs_temp_release(&ground->base);
	fs_temp_release(&ground->judge_base);
	program_release(&ground->program);
}

int step_ground_limit(struct step_ground *ground, struct err *err)
{
	const struct manifest *manifest = ground->request->manifest;
	/* room as for a compiler: what one built has to fit; time as for others of the house */
	struct plan_limits judge_least = program_compiler_least;

	judge_least.cpu_ms = 10 * 1000;
	judge_least.wall_ms = 30 * 1000;
	if (manifest_limits(manifest, ground->program.language, &ground->limits, err) < 0 ||
	    manifest_limits(manifest, NULL, &ground->compiler_limits, err) < 0)
		return -1;
	ground->judge_limits = ground->compiler_limits;
	plan_raise_limits(&ground->compiler_limits, &program_compiler_least);
	plan_raise_limits(&ground->judge_limits, &judge_least);
	return 0;
}

void step_release(struct step *step)
{
	buf_release(&step->out);
	output_keep_release(&step->both);
	output_keep_release(&step->errors);
}

void step_lay(struct step *step, bool hidden)
{
	const char *tree = step->ground->tree.hidden;

	step->folder = step->ground->base;
	step->tree = hidden && *tree ? tree : NULL;
}

static int copy_folder(const struct step *step, int work_fd, struct err *err)
{
	AUTO_FD int from = open(step->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct fs_limits limits = { .files = UINT64_MAX, .bytes = UINT64_MAX,
					  .file_bytes = UINT64_MAX, .depth = 256 };

	if (from < 0)
		return err_sys(err, "%s", step->folder);
	return fs_copy_tree(from, work_fd, &limits, NULL, err);
}

static int lay(const struct step *step, int work_fd, struct err *err)
{
	if (step->folder && copy_folder(step, work_fd, err) < 0)
		return -1;
	if (step->tree &&
	    repo_materialise(step->ground->request->repo, step->tree, work_fd, err) < 0)
		return -1;
	return step->fill ? step->fill(step->arg, work_fd, err) : 0;
}

static int fill(void *arg, int work_fd, struct err *err)
{
	struct step *step = arg;
	int status;

	if (step->give_stdin)
		auto_close(&step->stdin_fd);
	if (step->lock)
		pthread_mutex_lock(step->lock);
	status = lay(step, work_fd, err);
	if (step->lock)
		pthread_mutex_unlock(step->lock);

	return status;
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct step *step = arg;

	return step->collect ? step->collect(step->arg, work_fd, err) : 0;
}

static void take_output(void *arg, int stream, const void *data, size_t len)
{
	struct step *step = arg;
	const struct grade_request *request = step->ground->request;

	if (stream == 1)
		buf_add(&step->out, data, len);
	else
		output_keep_add(&step->errors, data, len);
	output_keep_add(&step->both, data, len);
	if (stream == 1 && step->forward)
		step->forward(step->forward_arg, data, len);
	if (step->show && request->output)
		request->output(request->arg, stream, data, len);
}

static void take_end(void *arg, int stream)
{
	struct step *step = arg;

	if (stream == 1 && step->forward)
		step->forward(step->forward_arg, NULL, 0);
}

static int check_stop(const struct grade_request *request, struct err *err)
{
	struct pollfd stop = { .fd = request->stop ? *request->stop : -1, .events = POLLIN };

	return poll(&stop, 1, 0) > 0 ? err_set(err, ERR_STATE, "it was stopped") : 0;
}

static enum sandbox_turn end_it(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	return SANDBOX_END;
}

int step_run(struct step *step, struct err *err)
{
	const struct grade_request *request = step->ground->request;
	struct plan plan = {
		.argv = step->argv,
		.env = step_env,
		.stdin_fd = step->stdin_fd,
		.limits = step->ground->limits,
		.allow_weak = request->allow_weak,
	};
	struct sandbox_io io = {
		.arg = step,
		.fill = fill,
		.output = take_output,
		.ended = take_end,
		.collect = collect,
	};

	if (step->limits)
		plan.limits = *step->limits;
	if (request->stop) {
		io.wake_fd = *request->stop;
		io.turn = end_it;
	}
	if (check_stop(request, err) < 0 ||
	    sandbox_run(request->sandbox, &plan, &io, &step->run, err) < 0 ||
	    check_stop(request, err) < 0)
		return -1;
	if (step->run.verdict == VERDICT_INTERNAL_ERROR)
		return err_set(err, ERR_ENV, "the sandbox failed");
	return 0;
}

int step_keep_folder(int work_fd, const char *folder, const struct plan_limits *limits,
		     struct err *err)
{
	const struct fs_limits most = { .files = limits->inodes, .bytes = limits->disk,
					.file_bytes = limits->file_size,
					.depth = STEP_DEPTH_MAX };
	AUTO_FD int to = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return to < 0 ? err_sys(err, "%s", folder) : fs_copy_tree(work_fd, to, &most, NULL, err);
}

void step_fail_case(const struct step *step, struct grade_case *one)
{
	enum verdict verdict = step->run.verdict;
	AUTO_FREE char *errors = verdict == VERDICT_RUNTIME_ERROR
					 ? output_keep_text(&step->errors, ERRORS_SHOWN)
					 : output_keep_beginning(&step->errors, ERRORS_SHOWN);
	AUTO_FREE char *message = NULL;
	char how[64];

	run_report_text(&step->run, how);
	message = buf_format("%s%s%s", how, errors ? "\n" : "", errors ? errors : "");
	test_cases_fail(one, verdict, message);
}
