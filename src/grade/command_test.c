/* command_test.c - runs a test runner of the task and reads the report it leaves */
#include "grade/command_test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/rand.h"
#include "grade/agreement.h"
#include "grade/ctrf.h"
#include "grade/gotest.h"
#include "grade/grade_text.h"
#include "grade/junit.h"
#include "grade/reward.h"
#include "grade/tap.h"
#include "grade/test_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define PLACE "{report}"

/* The report's folder is made for this run alone, under a name that nobody could know before. */
struct place {
	char folder[RAND_ID_LEN + 16]; /* ".tali-..." */
	char path[RAND_ID_LEN + 64];   /* as the runner sees it */
	bool used;		       /* some argument names it */
	struct buf report;
	struct err fault; /* why there is no report */
};

static void place_release(struct place *place)
{
	buf_release(&place->report);
}

static const char *file_name(const struct manifest_test *test)
{
	switch (test->report) {
	case MANIFEST_TAP: return "report.tap";
	case MANIFEST_REWARD: return "reward.txt";
	case MANIFEST_CTRF:
	case MANIFEST_GOTEST: return "report.json";
	default: return "report.xml";
	}
}

static void place_choose(struct place *place, const struct manifest_test *test)
{
	char id[RAND_ID_LEN + 1];

	rand_id(id);
	snprintf(place->folder, sizeof(place->folder), ".tali-%s", id);
	snprintf(place->path, sizeof(place->path), "/work/%s/%s", place->folder, file_name(test));
	for (const char **arg = test->argv; *arg; arg++)
		place->used = place->used || strstr(*arg, PLACE);
}

/* The report's place first: what a candidate named a file is none. */
static char **make_argv(const struct step_ground *ground, const struct manifest_test *test,
			const struct place *place)
{
	AUTO(program_free_words) char **placed = NULL;
	size_t count = 0;

	while (test->argv[count])
		count++;
	placed = buf_alloc((count + 1) * sizeof(*placed));
	for (size_t i = 0; i < count; i++)
		placed[i] = grade_text_replace(test->argv[i], strlen(test->argv[i]), PLACE,
					       place->path, NULL);
	return program_words(&ground->program, (const char *const *)placed);
}

static int make_folder(void *arg, int work_fd, struct err *err)
{
	struct place *place = arg;

	if (!place->used)
		return 0;
	if (mkdirat(work_fd, place->folder, 0755) < 0)
		return err_sys(err, "cannot make the report's folder");
	return 0;
}

/* Everything that is wrong with the file is the run's doing, so none of it is an error of ours. */
static int fetch_report(void *arg, int work_fd, struct err *err)
{
	struct place *place = arg;
	AUTO_FD int folder = -1;
	const char *name = strrchr(place->path, '/') + 1;

	(void)err;
	if (!place->used)
		return 0;
	folder = openat(work_fd, place->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0) {
		err_set(&place->fault, ERR_NOT_FOUND, "the report's folder is gone");
		return 0;
	}
	fs_read(folder, name, CASE_REPORT_MAX_BYTES, &place->report, &place->fault);

	return 0;
}

static int read_report(enum manifest_report format, const struct buf *text,
		       struct case_report *ret, struct err *err)
{
	switch (format) {
	case MANIFEST_TAP: return tap_read(buf_str(text), text->len, ret, err);
	case MANIFEST_CTRF: return ctrf_read(buf_str(text), text->len, ret, err);
	case MANIFEST_GOTEST: return gotest_read(buf_str(text), text->len, ret, err);
	case MANIFEST_REWARD: return reward_read(buf_str(text), text->len, ret, err);
	default: return junit_read(buf_str(text), text->len, ret, err);
	}
}

static void judge_report(struct grade_test *test, const struct place *place, const struct buf *text,
			 const json_t *expected)
{
	AUTO(case_report_release) struct case_report report = CASE_REPORT_INIT;
	struct err fault = place->fault;

	if (fault.code == ERR_NOT_FOUND) {
		agreement_judge(test, NULL, "it left no report", expected);
		return;
	}
	if (!fault.code && text->len == 0)
		err_set(&fault, ERR_INPUT, "is empty");
	if (!fault.code && read_report(test->test->report, text, &report, &fault) == 0) {
		agreement_judge(test, &report, NULL, expected);
		return;
	}
	err_wrap(&fault, "its report");
	agreement_judge(test, NULL, fault.text, expected);
}

static void scrub(char **text, const char *what)
{
	AUTO_FREE char *old = *text;

	if (old)
		*text = grade_text_replace(old, strlen(old), what, PLACE, NULL);
}

/* What is random must not stay in a result that is to come out the same each time. */
static void scrub_all(struct grade_test *test, const struct place *place)
{
	if (!place->used)
		return;
	scrub(&test->output, place->path);
	scrub(&test->message, place->path);
	scrub(&test->output, place->folder);
	scrub(&test->message, place->folder);
	for (int i = 0; i < test->case_count; i++) {
		scrub(&test->cases[i].message, place->path);
		scrub(&test->cases[i].message, place->folder);
	}
}

int command_test_run(const struct step_ground *ground, const json_t *expected,
		     struct grade_test *ret, struct err *err)
{
	const struct manifest_test *test = ret->test;
	AUTO(place_release) struct place place = { .fault = ERR_INIT };
	AUTO(step_release) struct step step = STEP_INIT(ground);
	AUTO(program_free_words) char **argv = NULL;

	place_choose(&place, test);
	argv = make_argv(ground, test, &place);
	step_lay(&step, test->hidden);
	step.argv = (const char *const *)argv;
	step.fill = make_folder;
	step.collect = fetch_report;
	step.arg = &place;
	step.show = true;
	if ((test->report == MANIFEST_TAP || test->report == MANIFEST_GOTEST) && !place.used)
		step.out.limit = CASE_REPORT_MAX_BYTES + 1;
	if (step_run(&step, err) < 0)
		return -1;

	ret->run = step.run;
	ret->output = output_keep_text(&step.both, OUTPUT_KEEP_TEXT);
	if (test->report == MANIFEST_EXIT)
		agreement_judge_exit(ret);
	else
		judge_report(ret, &place, place.used ? &place.report : &step.out, expected);
	scrub_all(ret, &place);

	return 0;
}
