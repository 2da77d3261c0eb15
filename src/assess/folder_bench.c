/* folder_bench.c - see folder_bench.h */
#include "assess/folder_bench.h"

#include "assess/folder_change.h"
#include "assess/live_files.h"
#include "work/run_event.h"
#include "assess/run_program.h"
#include "assess/terminal_plan.h"
#include "base/auto.h"
#include "base/fs.h"
#include "task/language.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MADE_FILES_MOST 1000		/* files of a command that come back */

struct folder_bench {
	struct workbench bench;
	const struct session *session;
	struct sandbox *sandbox;
	bool allow_weak;
};

static struct folder_bench *whole_of(struct workbench *bench)
{
	return (struct folder_bench *)bench;
}

/* --- looking */

static int add_file(void *arg, const struct repo_file *file, struct err *err)
{
	(void)err;
	json_array_append_new(arg, json_pack("{s:s, s:I}", "path", file->path, "size",
					     (json_int_t)file->size));
	return 0;
}

/* As a snapshot would have it. */
static int list(struct workbench *bench, struct store *store, json_t *files, struct err *err)
{
	const struct session *session = whole_of(bench)->session;
	const struct repo_skip skip = { .names = language_caches() };
	AUTO_FD int folder = open(session->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(repo_close) struct repo *repo = NULL;
	char tree[REPO_OID_SIZE];

	if (folder < 0)
		return err_sys(err, "%s", session->folder);
	if (assessment_get(store, session->assessment_id, &assessment, err) < 0)
		return -1;
	repo = snapshot_repo(store, &assessment, err);
	if (!repo || repo_write_folder(repo, folder, NULL, &skip, tree, NULL, err) < 0)
		return -1;
	return repo_each_file(repo, tree, add_file, files, err);
}

static int read_bytes(int fd, struct buf *out, bool *ret_more)
{
	char piece[16384];
	ssize_t got;

	*ret_more = false;
	while (!*ret_more && (got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			*ret_more = !buf_add(out, piece, (size_t)got);
	}
	return 0;
}

static int check_path(const char *path, struct err *err)
{
	return fs_path_confined(path) ? 0 : err_set(err, ERR_INPUT, "'%s' is no path here", path);
}

static int read_file(struct workbench *bench, struct store *store, const char *path,
		     struct buf *out, bool *ret_more, struct err *err)
{
	const char *top = whole_of(bench)->session->folder;
	AUTO_FD int folder = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int fd = -1;
	struct stat st;

	(void)store;
	if (check_path(path, err) < 0)
		return -1;
	fd = folder < 0 ? -1 : fs_open_below(folder, path);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, ERR_NOT_FOUND, "there is no file '%s'", path);
	return read_bytes(fd, out, ret_more) < 0 ? err_sys(err, "%s", path) : 0;
}

/* --- changing */

static int prepare(struct folder_bench *whole, struct store *store, const char *reason,
		   struct run_setting *ret, struct err *err)
{
	if (workbench_check(&whole->bench, err) < 0)
		return -1;
	return run_setting_prepare(store, whole->session, "for the assistant to work", reason,
				   whole->allow_weak, ret, err);
}

static bool is_executable(int folder_fd, const char *path)
{
	AUTO_FD int fd = fs_open_below(folder_fd, path);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & S_IXUSR);
}

static int write_file(struct workbench *bench, struct store *store, const char *path,
		      const void *data, size_t len, struct err *err)
{
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;
	AUTO(folder_change_release) struct folder_change change = { 0 };
	char oid[REPO_OID_SIZE];

	if (len > LIVE_UPLOAD_MOST)
		return err_set(err, ERR_INPUT, "larger than %u bytes", LIVE_UPLOAD_MOST);
	if (check_path(path, err) < 0 ||
	    prepare(whole_of(bench), store, "idle", &setting, err) < 0 ||
	    repo_write_blob(setting.repo, data, len, oid, err) < 0)
		return -1;
	change.repo = setting.repo;
	change.from = setting.snapshot.tree;
	folder_change_add(&change, path, oid, is_executable(setting.folder_fd, path));
	if (folder_change_make(&change, store, &setting, NULL, err) < 0)
		return -1;
	if (change.full)
		return err_set(err, ERR_INPUT, "there are %d files, and that is the most",
			       LIVE_FILES_MOST);
	if (change.kept)
		return err_set(err, ERR_STATE, "'%s' was changed meanwhile, or a link or a folder "
			       "is there", path);
	return 0;
}

/* --- running */

static int test(struct workbench *bench, struct store *store, struct workbench_run *ret,
		struct err *err)
{
	struct folder_bench *whole = whole_of(bench);
	const struct run_request request = {
		.store = store, .sandbox = whole->sandbox, .session = whole->session,
		.stdin_fd = -1, .allow_weak = whole->allow_weak, .by_ai = true,
		.stop = &bench->stop_fd,
	};
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	bool recorded = false;

	if (workbench_check(bench, err) < 0 ||
	    run_tests(&request, &grade, &manifest, &recorded, err) < 0)
		return -1;
	if (!recorded)
		return err_set(err, ERR_STATE, "the session was over before the tests ended");
	workbench_run_take_grade(ret, &grade);
	return 0;
}

struct command {
	const struct run_setting *setting;
	struct workbench_run *ret;
	struct buf streams[2];
	bool stopped;
	char made[REPO_OID_SIZE];	/* tree of the folder after it; "" when not known */
	struct folder_change change;
};

static void release_command(struct command *command)
{
	buf_release(&command->streams[0]);
	buf_release(&command->streams[1]);
	folder_change_release(&command->change);
}

static int fill(void *arg, int work_fd, struct err *err)
{
	const struct run_setting *setting = ((struct command *)arg)->setting;

	return repo_materialise(setting->repo, setting->snapshot.tree, work_fd, err);
}

static void output(void *arg, int stream, const void *data, size_t len)
{
	struct command *command = arg;

	buf_add(&command->streams[stream - 1], data, len);
	workbench_run_output(command->ret, stream, data, len);
}

static enum sandbox_turn turn(void *arg, struct err *err)
{
	struct command *command = arg;

	(void)err;
	command->stopped = true;
	return SANDBOX_END;
}

/* A folder that cannot be kept is no fault of the run: it says so. */
static int collect(void *arg, int work_fd, struct err *err)
{
	struct command *command = arg;
	const struct repo_skip skip = { .names = language_caches() };
	struct err why = ERR_INIT;

	(void)err;
	if (repo_write_folder(command->setting->repo, work_fd, NULL, &skip, command->made, NULL,
			      &why) == 0)
		return 0;
	command->made[0] = '\0';
	command->ret->left++;
	return 0;
}

static int add_made(void *arg, const char *path, const char *oid, bool executable, struct err *err)
{
	struct command *command = arg;

	(void)err;
	if (!oid)
		return 0;
	if (command->change.count < MADE_FILES_MOST)
		folder_change_add(&command->change, path, oid, executable);
	else
		command->ret->left++;
	return 0;
}

static int record(struct command *command, struct store *store, const struct plan *plan,
		  const struct run_report *report, struct err *err)
{
	const struct run_setting *setting = command->setting;
	const char *tree = setting->snapshot.tree;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	const struct run_told told = { .actor = "ai", .argv = plan->argv, .cwd = "",
				       .tree = tree, .streams = command->streams,
				       .report = report, .stopped = command->stopped };

	command->change.repo = setting->repo;
	command->change.from = tree;
	if (*command->made && repo_diff_ids(setting->repo, tree, command->made, add_made, command,
					    err) < 0)
		return -1;
	if (run_event_add(&list, &told, err) < 0 ||
	    folder_change_make(&command->change, store, setting, &list, err) < 0)
		return -1;
	command->ret->left += command->change.kept + command->change.full;
	return 0;
}

static int run_command(struct folder_bench *whole, struct store *store, const char *const *argv,
		       uint32_t wall_ms, struct workbench_run *ret, struct err *err)
{
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;
	AUTO(release_command) struct command command = { .setting = &setting, .ret = ret };
	struct plan plan = { .argv = argv, .cwd = "", .stdin_fd = -1 };
	struct sandbox_io io = { .arg = &command, .fill = fill, .output = output,
				 .turn = turn, .collect = collect,
				 .wake_fd = whole->bench.stop_fd };
	struct run_report report;

	if (prepare(whole, store, "run", &setting, err) < 0 ||
	    manifest_limits(&setting.manifest, NULL, &plan.limits, err) < 0)
		return -1;
	plan.limits.wall_ms = plan.limits.cpu_ms = wall_ms;
	plan.allow_weak = setting.allow_weak;
	command.streams[0].limit = command.streams[1].limit = plan.limits.output;
	if (sandbox_run(whole->sandbox, &plan, &io, &report, err) < 0)
		return -1;
	workbench_run_take_report(ret, &report);
	return record(&command, store, &plan, &report, err);
}

static int execute(struct workbench *bench, struct store *store, const char *command,
		   uint32_t wall_ms, struct workbench_run *ret, struct err *err)
{
	const char *const argv[] = { terminal_plan_shell(), "-c", command, NULL };
	int result = run_command(whole_of(bench), store, argv, wall_ms, ret, err);

	if (workbench_was_cut(bench) && result == 0)
		return err_set(err, ERR_STATE, "it was stopped");
	return result;
}

static void release(struct workbench *bench)
{
	workbench_close(bench);
	free(whole_of(bench));
}

struct workbench *folder_bench_new(const struct session *session, struct sandbox *sandbox,
				   bool allow_weak, struct err *err)
{
	static const struct workbench_ops ops = {
		.list = list, .read = read_file, .write = write_file, .test = test,
		.execute = execute, .stop = workbench_stop, .release = release,
	};
	AUTO_FREE struct folder_bench *whole = buf_alloc(sizeof(*whole));

	if (workbench_open(&whole->bench, &ops, err) < 0)
		return NULL;
	whole->session = session;
	whole->sandbox = sandbox;
	whole->allow_weak = allow_weak;
	return &TAKE(whole)->bench;
}
