/* validator.c - asks the task author's program whether an output is right */
#include "grade/validator.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/grade_text.h"
#include "grade/test_cases.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER ".tali"
#define ACCEPTED 42
#define WRONG 43
#define MESSAGE_BYTES (64 << 10) /* of judgemessage.txt */

struct validation {
	const struct validator_files *files;
	struct buf message;
};

static void validation_release(struct validation *validation)
{
	buf_release(&validation->message);
}

static int write_file(int folder, const char *name, const struct buf *text, struct err *err)
{
	AUTO_FD int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || fs_write_all(fd, buf_str(text), text->len) < 0)
		return err_sys(err, "cannot write the validator's files");
	return 0;
}

static int lay_files(void *arg, int work_fd, struct err *err)
{
	const struct validation *validation = arg;
	AUTO_FD int folder = -1;

	if (mkdirat(work_fd, FOLDER, 0755) < 0 || mkdirat(work_fd, FOLDER "/feedback", 0755) < 0)
		return err_sys(err, "cannot make the validator's folder");
	folder = openat(work_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return err_sys(err, "cannot make the validator's folder");
	if (write_file(folder, "in", validation->files->input, err) < 0)
		return -1;
	return write_file(folder, "ans", validation->files->answer, err);
}

/* A validator need not say anything. */
static int fetch_message(void *arg, int work_fd, struct err *err)
{
	struct validation *validation = arg;
	AUTO_FD int folder = openat(work_fd, FOLDER "/feedback",
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct err ignored = ERR_INIT;

	(void)err;
	if (folder >= 0)
		fs_read(folder, "judgemessage.txt", MESSAGE_BYTES, &validation->message, &ignored);
	return 0;
}

static const char **make_argv(const struct manifest_test *test)
{
	static const char *const files[] = { "/work/" FOLDER "/in", "/work/" FOLDER "/ans",
					     "/work/" FOLDER "/feedback" };
	size_t count = 0;
	const char **argv;

	while (test->validator[count])
		count++;
	argv = buf_alloc((count + 4) * sizeof(*argv));
	memcpy(argv, test->validator, count * sizeof(*argv));
	memcpy(argv + count, files, sizeof(files));

	return argv;
}

static void fail(struct grade_case *one, const struct validation *validation,
		 const struct step *step)
{
	AUTO_FREE char *message = grade_text_clean(buf_str(&validation->message),
						   validation->message.len, GRADE_MESSAGE_MAX);

	if (!message)
		message = step_tail_text(&step->tail, GRADE_MESSAGE_MAX);
	test_cases_fail(one, VERDICT_WRONG_ANSWER, message ? message : "the validator says no");
}

int validator_judge(const struct step_ground *ground, const struct manifest_test *test,
		    const struct validator_files *files, struct grade_case *one, struct err *err)
{
	AUTO(validation_release) struct validation validation = { .files = files };
	AUTO(step_release) struct step step = STEP_INIT(ground);
	AUTO_FD int stdin_fd = step_stdin(buf_str(files->output), files->output->len, err);
	AUTO_FREE const char **argv = make_argv(test);
	char how[64];

	if (stdin_fd < 0)
		return -1;
	step.tree = ground->tree.judge;
	step.argv = argv;
	step.stdin_fd = stdin_fd;
	step.fill = lay_files;
	step.collect = fetch_message;
	step.arg = &validation;
	if (step_run(&step, err) < 0)
		return err_wrap(err, "validator");

	if (step.run.verdict == VERDICT_RUNTIME_ERROR && step.run.exit_status == ACCEPTED)
		return 0;
	if (step.run.verdict == VERDICT_RUNTIME_ERROR && step.run.exit_status == WRONG) {
		fail(one, &validation, &step);
		return 0;
	}
	return err_set(err, ERR_ENV, "validator '%s': %s", test->validator[0],
		       run_report_text(&step.run, how));
}
