/* judge.c - a program of the task author that decides about a case */
#include "grade/judge.h"

#include "base/auto.h"
#include "base/fs.h"
#include "grade/compare.h"
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
#define SCORE_BYTES 1024
#define SCORE_ABOUT 1e-6 /* that points may be over, relative: they were printed and read */

void judge_release(struct judge *judge)
{
	free(judge->argv);
	buf_release(&judge->message);
	buf_release(&judge->points);
	buf_release(&judge->multiplier);
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

/* One that is not there stays empty; one that is there and empty is read as a space. */
static void fetch_score(struct judge *judge, int folder, const char *name, struct buf *out)
{
	struct err err = ERR_INIT;

	if (fs_read(folder, name, SCORE_BYTES, out, &err) == 0) {
		buf_add_byte(out, ' ');
		return;
	}
	buf_clear(out);
	if (err.code != ERR_NOT_FOUND && !judge->fault.code)
		judge->fault = err;
}

/* It need not say anything. */
static int fetch_feedback(void *arg, int work_fd, struct err *err)
{
	struct judge *judge = arg;
	AUTO_FD int folder = openat(work_fd, FOLDER "/feedback",
				    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct err ignored = ERR_INIT;

	(void)err;
	if (folder < 0)
		return 0;
	fs_read(folder, "judgemessage.txt", MESSAGE_BYTES, &judge->message, &ignored);
	if (judge->test->validator_score) {
		fetch_score(judge, folder, "score.txt", &judge->points);
		fetch_score(judge, folder, "score_multiplier.txt", &judge->multiplier);
	}
	return 0;
}

static size_t count_words(const char **words)
{
	size_t count = 0;

	while (words && words[count])
		count++;
	return count;
}

static const char **make_argv(const struct judge *judge)
{
	static const char *const files[] = { "/work/" FOLDER "/in", "/work/" FOLDER "/ans",
					     "/work/" FOLDER "/feedback/" };
	const char **args = judge->test->validator_args;
	size_t count = count_words(judge->program), more = count_words(args);
	const char **argv = buf_alloc((count + 3 + more + 1) * sizeof(*argv));

	memcpy(argv, judge->program, count * sizeof(*argv));
	memcpy(argv + count, files, sizeof(files));
	if (more)
		memcpy(argv + count + 3, args, more * sizeof(*argv));

	return argv;
}

void judge_prepare(struct judge *judge, struct step *step)
{
	judge->argv = make_argv(judge);
	step->folder = step->ground->judge_base;
	step->tree = step->folder ? NULL : step->ground->tree.judge;
	step->limits = &step->ground->judge_limits;
	step->argv = judge->argv;
	step->fill = lay_files;
	step->collect = fetch_feedback;
	step->arg = judge;
}

static int read_score(const struct judge *judge, const char *file, const struct buf *text,
		      double most, double *ret, struct err *err)
{
	static const char space[] = " \t\n\v\f\r";
	const char *begin = buf_str(text) + strspn(buf_str(text), space);
	size_t len = text->len - (size_t)(begin - buf_str(text));

	while (len && strchr(space, begin[len - 1]))
		len--;
	if (!compare_number(begin, len, ret) || *ret < 0)
		return err_set(err, ERR_ENV, "%s '%s': %s holds no score", judge->what,
			       judge->program[0], file);
	if (*ret > most + most * SCORE_ABOUT)
		return err_set(err, ERR_ENV, "%s '%s': the score in %s is more than %.10g",
			       judge->what, judge->program[0], file, most);
	return 0;
}

/* The share of an accepted case, by the score if there is one. A case that is worth nothing has
 * none. */
static int read_share(const struct judge *judge, struct grade_case *one, struct err *err)
{
	bool in_points = judge->points.len > 0;
	double most = in_points ? one->score_max : 1, score = 0;

	if (judge->fault.code)
		return err_set(err, ERR_ENV, "%s '%s': its score: %s", judge->what,
			       judge->program[0], judge->fault.text);
	if (in_points && judge->multiplier.len)
		return err_set(err, ERR_ENV, "%s '%s': there are both score.txt and "
			       "score_multiplier.txt", judge->what, judge->program[0]);
	if ((!in_points && !judge->multiplier.len) || one->score_max <= 0)
		return 0;
	if (read_score(judge, in_points ? "score.txt" : "score_multiplier.txt",
		       in_points ? &judge->points : &judge->multiplier, most, &score, err) < 0)
		return -1;
	one->share = score < most ? score / most : 1;
	return 0;
}

int judge_decide(const struct judge *judge, const struct step *step, struct grade_case *one,
		 bool *ret_accepted, struct err *err)
{
	const struct run_report *run = &step->run;
	bool exited = run->verdict == VERDICT_RUNTIME_ERROR && !run->signal;
	char how[64];

	if (!exited || (run->exit_status != ACCEPTED && run->exit_status != WRONG))
		return err_set(err, ERR_ENV, "%s '%s': %s", judge->what, judge->program[0],
			       run_report_text(run, how));
	*ret_accepted = run->exit_status == ACCEPTED;

	return *ret_accepted ? read_share(judge, one, err) : 0;
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
