/* judge_build.c - builds the validators and interactors of a task */
#include "grade/judge_build.h"

#include "base/auto.h"
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define SAID_MAX 300 /* bytes of the output in an error */

struct judge_build {
	const struct manifest *manifest;
	const struct plan_limits *limits;
	char *folder;
};

static void judge_build_release(struct judge_build *build)
{
	fs_temp_release(&build->folder);
}

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool is_of_a_case(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (!strcmp(dot, ".in") || !strcmp(dot, ".ans") || !strcmp(dot, ".out"));
}

/* Nothing that was submitted has been here, so a path may be followed. */
static int drop_cases(const char *folder, const char *below, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, below);
	AUTO(auto_closedir) DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_of_a_case(entry->d_name) &&
		    unlinkat(dirfd(dir), entry->d_name, 0) < 0 && errno != EISDIR)
			return err_sys(err, "%s/%s", path, entry->d_name);
	return 0;
}

static int keep(void *arg, int work_fd, struct err *err)
{
	struct judge_build *build = arg;

	if (step_keep_folder(work_fd, build->folder, build->limits, err) < 0)
		return -1;
	for (int i = 0; i < build->manifest->test_count; i++) {
		const char *dir = build->manifest->tests[i].dir;

		if (dir && drop_cases(build->folder, dir, err) < 0)
			return -1;
	}
	return 0;
}

static int fail(const struct step *step, struct err *err)
{
	AUTO_FREE char *said = output_keep_text(&step->both, SAID_MAX);
	char how[64];

	return err_set(err, ERR_ENV, "%s%s%s", run_report_text(&step->run, how), said ? ": " : "",
		       said ? said : "");
}

static int run(struct step_ground *ground, struct judge_build *build, struct err *err)
{
	AUTO(step_release) struct step step = STEP_INIT(ground);

	step.tree = ground->tree.judge;
	step.argv = (const char *const *)ground->request->manifest->judge_build;
	step.limits = &ground->compiler_limits;
	step.collect = keep;
	step.arg = build;
	if (step_run(&step, err) < 0) {
		/* more than fits */
		if (err->code == ERR_INPUT)
			err->code = ERR_ENV;
		return -1;
	}
	if (step.run.verdict != VERDICT_OK)
		return fail(&step, err);
	ground->judge_base = TAKE(build->folder);
	return 0;
}

int judge_build_run(struct step_ground *ground, struct err *err)
{
	AUTO(judge_build_release)
	struct judge_build build = { .manifest = ground->request->manifest,
				     .limits = &ground->compiler_limits };

	if (!ground->request->manifest->judge_build || ground->judge_base)
		return 0;
	build.folder = fs_temp_dir("tali-judge", err);
	if (!build.folder || run(ground, &build, err) < 0)
		return err_wrap(err, "judge_build");
	return 0;
}
