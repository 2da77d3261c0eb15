/* build_step.c - makes the folder that tests start from */
#include "grade/build_step.h"

#include "base/auto.h"
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define PAGE 4096

struct build {
	struct step_ground *ground;
	const char *const *argv;
	const struct plan_limits *limits;
	char *folder;
	struct err fault; /* what the build left cannot be kept */
};

static void auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static DIR *open_folder(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int open_up(int folder, unsigned depth, struct err *err);

static int open_entry(int folder, const char *name, unsigned depth, struct err *err)
{
	AUTO_FD int below = -1;
	struct stat st;
	mode_t needed;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "a file cannot be read");
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	needed = S_ISDIR(st.st_mode) ? 0700 : 0400;
	if ((st.st_mode & needed) != needed &&
	    fchmodat(folder, name, (st.st_mode & 0777) | needed, 0) < 0)
		return err_sys(err, "a file cannot be read");
	if (!S_ISDIR(st.st_mode))
		return 0;
	below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return below < 0 ? err_sys(err, "a folder cannot be read") : open_up(below, depth, err);
}

/* Folders and files that the build made unreadable for its owner are not our failure. */
static int open_up(int folder, unsigned depth, struct err *err)
{
	AUTO(auto_closedir) DIR *dir = open_folder(folder, ".");
	struct dirent *entry;

	if (!dir)
		return err_sys(err, "a folder cannot be read");
	if (depth == 0)
		return err_set(err, ERR_INPUT, "folders are nested too deep");
	while ((entry = readdir(dir)))
		if (!is_dot(entry->d_name) && open_entry(folder, entry->d_name, depth - 1, err) < 0)
			return -1;
	return 0;
}

static int keep(void *arg, int work_fd, struct err *err)
{
	struct build *build = arg;

	if (open_up(work_fd, STEP_DEPTH_MAX, &build->fault) < 0)
		return 0;
	if (step_keep_folder(work_fd, build->folder, build->limits, err) == 0)
		return 0;
	if (err->code != ERR_INPUT)
		return -1;
	build->fault = *err;

	return 0;
}

struct cleaning {
	const struct grade_tree *tree;
	struct grade_tree_size size;
	char path[PATH_MAX];
};

static int clean_folder(struct cleaning *cleaning, int folder, struct err *err);

static int clean_entry(struct cleaning *cleaning, int folder, const char *name, struct err *err)
{
	AUTO_FD int below = -1;
	struct stat st;

	if (grade_tree_refuses(cleaning->tree, cleaning->path))
		return fs_remove_tree(folder, name, err);
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "%s", name);
	cleaning->size.inodes++;
	if (!S_ISDIR(st.st_mode)) {
		cleaning->size.bytes += ((uint64_t)st.st_size + PAGE - 1) / PAGE * PAGE;
		return 0;
	}
	below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return below < 0 ? err_sys(err, "%s", name) : clean_folder(cleaning, below, err);
}

static int clean_folder(struct cleaning *cleaning, int folder, struct err *err)
{
	AUTO(auto_closedir) DIR *dir = open_folder(folder, ".");
	size_t len = strlen(cleaning->path);
	struct dirent *entry;
	int status = 0;

	if (!dir)
		return err_sys(err, "cannot read what the build left");
	while (status == 0 && (entry = readdir(dir))) {
		size_t name_len = strlen(entry->d_name);

		if (is_dot(entry->d_name))
			continue;
		if (len + 1 + name_len >= sizeof(cleaning->path))
			return err_set(err, ERR_INPUT, "a path is too long");
		if (len)
			cleaning->path[len] = '/';
		memcpy(cleaning->path + len + (len ? 1 : 0), entry->d_name, name_len + 1);
		status = clean_entry(cleaning, folder, entry->d_name, err);
		cleaning->path[len] = '\0';
	}
	return status;
}

/* Takes out what the tests must not believe, puts back what the task says, and measures: it has
 * to fit together with hidden/. */
static int put_right(struct build *build, struct err *err)
{
	struct step_ground *ground = build->ground;
	struct repo *repo = ground->request->repo;
	struct cleaning cleaning = { .tree = &ground->tree };
	AUTO_FD int folder = open(build->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return err_sys(err, "%s", build->folder);
	if (clean_folder(&cleaning, folder, err) < 0 ||
	    grade_tree_measure(repo, ground->tree.owned, &cleaning.size, err) < 0)
		return -1;
	if (ground->tree.hidden[0] &&
	    grade_tree_measure(repo, ground->tree.hidden, &cleaning.size, err) < 0)
		return -1;
	if (!grade_tree_fits(&cleaning.size, &ground->limits))
		return err_set(err, ERR_INPUT,
			       "what the build left does not fit into the disk limit");

	return repo_materialise(repo, ground->tree.owned, folder, err);
}

static void finish(struct build *build, struct grade *grade)
{
	AUTO_FREE char *output = NULL;

	if (grade->build_run.verdict != VERDICT_OK) {
		grade->build = VERDICT_COMPILE_ERROR;
	} else if (build->fault.code) {
		grade->build = VERDICT_COMPILE_ERROR;
		output = TAKE(grade->build_output);
		grade->build_output = buf_format("%s%s%s", output ? output : "", output ? "\n" : "",
						 build->fault.text);
	} else {
		build->ground->base = TAKE(build->folder);
	}
}

static void build_release(struct build *build)
{
	fs_temp_release(&build->folder);
}

static int run_build(struct build *build, struct grade *grade, struct err *err)
{
	const struct step_ground *ground = build->ground;
	AUTO(step_release) struct step step = STEP_INIT(ground);

	step.tree = ground->tree.base;
	step.argv = build->argv;
	step.limits = build->limits;
	step.collect = keep;
	step.arg = build;
	if (step_run(&step, err) < 0)
		return -1;
	grade->built = true;
	grade->build_run = step.run;
	grade->build_output = output_keep_text(&step.both, OUTPUT_KEEP_TEXT);
	if (step.run.verdict == VERDICT_OK && !build->fault.code && put_right(build, err) < 0) {
		if (err->code != ERR_INPUT)
			return -1;
		build->fault = *err;
	}
	finish(build, grade);

	return 0;
}

static int lay_base(struct build *build, struct err *err)
{
	AUTO_FD int folder = open(build->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return err_sys(err, "%s", build->folder);
	if (repo_materialise(build->ground->request->repo, build->ground->tree.base, folder, err) <
	    0)
		return -1;
	build->ground->base = TAKE(build->folder);

	return 0;
}

static int measure_base(struct step_ground *ground, struct err *err)
{
	struct grade_tree_size size = { 0 };
	struct repo *repo = ground->request->repo;

	if (grade_tree_measure(repo, ground->tree.base, &size, err) < 0 ||
	    (ground->tree.hidden[0] &&
	     grade_tree_measure(repo, ground->tree.hidden, &size, err) < 0))
		return -1;
	ground->too_large = !grade_tree_fits(&size, &ground->limits);

	return 0;
}

static int no_program(const struct step_ground *ground, struct grade *grade)
{
	grade->build = VERDICT_COMPILE_ERROR;
	grade->build_output = buf_strdup(ground->program.fault);
	return 0;
}

int build_step_run(struct step_ground *ground, struct grade *grade, struct err *err)
{
	const struct manifest *manifest = ground->request->manifest;
	AUTO(program_free_words)
	char **compile = manifest->build_language ? program_compile(&ground->program) : NULL;
	AUTO(build_release)
	struct build build = {
		.ground = ground,
		.argv = (const char *const *)(compile ? (const char **)compile : manifest->build),
		.limits = compile ? &ground->compiler_limits : &ground->limits,
		.fault = ERR_INIT,
	};

	if (measure_base(ground, err) < 0)
		return -1;
	if (ground->too_large)
		return 0;
	if (ground->program.fault)
		return no_program(ground, grade);
	build.folder = fs_temp_dir("tali-grade", err);
	if (!build.folder)
		return -1;
	if (!build.argv)
		return lay_base(&build, err);
	return run_build(&build, grade, err) < 0 ? err_wrap(err, "build") : 0;
}
