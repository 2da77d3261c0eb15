/* judge.c - a program of the task author that decides about a case */
#include "grade/judge.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/grade_text.h"
#include "grade/test_cases.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER ".tali"
#define ACCEPTED 42
#define WRONG 43
#define MESSAGE_BYTES (64 << 10) /* of judgemessage.txt */

void judge_release(struct judge *judge)
{
	free(judge->argv);
	buf_release(&judge->message);
}

static int write_file(const struct judge *judge, int folder, const char *name,
		      const struct buf *text, struct err *err)
{
	AUTO_FD int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || fs_write_all(fd, buf_str(text), text->len) < 0)
		return err_sys(err, "cannot write the %s's files", judge->what);
	return 0;
}

static int lay_files(void *arg, int work_fd, struct err *err)
{
	const struct judge *judge = arg;
	AUTO_FD int folder = -1;

	if (mkdirat(work_fd, FOLDER, 0755) < 0 || mkdirat(work_fd, FOLDER "/feedback", 0755) < 0)
		return err_sys(err, "cannot make the %s's folder", judge->what);
	folder = openat(work_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return err_sys(err, "cannot make the %s's folder", judge->what);
	if (write_file(judge, folder, "in", judge->input, err) < 0)
		return -1;
	return write_file(judge, folder, "ans", judge->answer, err);
}

/* It need not say anything. */
static int fetch_message(void *arg, int work_fd, struct err *err)
{
	struct judge *judge = arg;
	AUTO_FD int folder = openat(work_fd, FOLDER "/feedback",
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct err ignored = ERR_INIT;

	(void)err;
	if (folder >= 0)
		fs_read(folder, "judgemessage.txt", MESSAGE_BYTES, &judge->message, &ignored);
	return 0;
}

static const char **make_argv(const struct judge *judge)
{
	static const char *const files[] = { "/work/" FOLDER "/in", "/work/" FOLDER "/ans",
					     "/work/" FOLDER "/feedback" };
	size_t count = 0;
	const char **argv;

	while (judge->program[count])
		count++;
	argv = buf_alloc((count + 4) * sizeof(*argv));
	memcpy(argv, judge->program, count * sizeof(*argv));
	memcpy(argv + count, files, sizeof(files));

	return argv;
}

void judge_prepare(struct judge *judge, struct step *step)
{
	judge->argv = make_argv(judge);
	step->tree = step->ground->tree.judge;
	step->argv = judge->argv;
	step->fill = lay_files;
	step->collect = fetch_message;
	step->arg = judge;
}

int judge_decide(const struct judge *judge, const struct step *step, bool *ret_accepted,
		 struct err *err)
{
	const struct run_report *run = &step->run;
	bool exited = run->verdict == VERDICT_RUNTIME_ERROR && !run->signal;
	char how[64];

	if (!exited || (run->exit_status != ACCEPTED && run->exit_status != WRONG))
		return err_set(err, ERR_ENV, "%s '%s': %s", judge->what, judge->program[0],
			       run_report_text(run, how));
	*ret_accepted = run->exit_status == ACCEPTED;

	return 0;
}

void judge_fail(const struct judge *judge, const struct output_keep *said, struct grade_case *one)
{
	AUTO_FREE char *message = grade_text_clean(buf_str(&judge->message), judge->message.len,
						   GRADE_MESSAGE_MAX);

	if (!message)
		message = output_keep_text(said, GRADE_MESSAGE_MAX);
	if (!message)
		message = buf_format("the %s says no", judge->what);
	test_cases_fail(one, VERDICT_WRONG_ANSWER, message);
}
