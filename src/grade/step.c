/* step.c - one command of the task, run in the sandbox on a tree */
#include "grade/step.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/grade_text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

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
}

void step_release(struct step *step)
{
	buf_release(&step->out);
	buf_release(&step->tail);
	buf_release(&step->errors);
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
	const struct fs_limits limits = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 256 };

	if (from < 0)
		return err_sys(err, "%s", step->folder);
	return fs_copy_tree(from, work_fd, &limits, NULL, err);
}

static int fill(void *arg, int work_fd, struct err *err)
{
	struct step *step = arg;

	if (step->folder && copy_folder(step, work_fd, err) < 0)
		return -1;
	if (step->tree &&
	    repo_materialise(step->ground->request->repo, step->tree, work_fd, err) < 0)
		return -1;
	return step->fill ? step->fill(step->arg, work_fd, err) : 0;
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct step *step = arg;

	return step->collect ? step->collect(step->arg, work_fd, err) : 0;
}

static void add_tail(struct buf *tail, const char *data, size_t len)
{
	tail->limit = 2 * STEP_TAIL;
	if (len > STEP_TAIL) {
		data += len - STEP_TAIL;
		len = STEP_TAIL;
	}
	if (tail->len + len > tail->limit) {
		memmove(tail->data, tail->data + tail->len - STEP_TAIL, STEP_TAIL);
		tail->len = STEP_TAIL;
	}
	buf_add(tail, data, len);
}

static void take_output(void *arg, int stream, const void *data, size_t len)
{
	struct step *step = arg;
	const struct grade_request *request = step->ground->request;

	if (stream == 1)
		buf_add(&step->out, data, len);
	else
		add_tail(&step->errors, data, len);
	add_tail(&step->tail, data, len);
	if (step->show && request->output)
		request->output(request->arg, stream, data, len);
}

int step_run(struct step *step, struct err *err)
{
	const struct grade_request *request = step->ground->request;
	const struct plan plan = {
		.argv = step->argv,
		.env = step_env,
		.stdin_fd = step->stdin_fd,
		.limits = step->ground->limits,
		.allow_weak = request->allow_weak,
	};
	const struct sandbox_io io = {
		.arg = step,
		.fill = fill,
		.output = take_output,
		.collect = collect,
	};

	if (sandbox_run(request->sandbox, &plan, &io, &step->run, err) < 0)
		return -1;
	if (step->run.verdict == VERDICT_INTERNAL_ERROR)
		return err_set(err, ERR_ENV, "the sandbox failed");
	return 0;
}

int step_stdin(const void *data, size_t len, struct err *err)
{
	AUTO_FD int fd = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

	if (fd < 0 || fs_write_all(fd, data, len) < 0 || lseek(fd, 0, SEEK_SET) < 0 ||
	    fcntl(fd, F_ADD_SEALS, seals) < 0)
		return err_sys(err, "cannot make the input");
	return TAKE_FD(fd);
}

char *step_tail_text(const struct buf *tail, size_t most)
{
	return grade_text_tail(buf_str(tail), tail->len, most);
}
