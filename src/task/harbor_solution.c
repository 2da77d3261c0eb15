/* harbor_solution.c - see harbor_solution.h */
#include "task/harbor_solution.h"

#include "base/auto.h"
#include "base/fs.h"
#include "sandbox/sandbox.h"
#include "task/harbor_text.h"

#include <fcntl.h>
#include <string.h>

#define SAID_MOST 300		/* bytes of its output in the report */
#define FILE_MOST (32 << 20)
#define WALL_MS (10 * 60 * 1000)

struct solving {
	struct import_call *call;
	struct import_draft *draft;
	const char *what;	/* the script, for the report */
	struct import_draft *scratch;	/* the script and its files, under .harbor/solution */
	char *temp;		/* holds it, and what the script leaves */
	char *left;		/* that */
	struct buf output;	/* the end of it */
	struct err fault;	/* what was left cannot be kept */
};

static void solving_release(struct solving *solving)
{
	import_draft_free(&solving->scratch);
	fs_temp_release(&solving->temp);
	free(solving->left);
	buf_release(&solving->output);
}

static const struct fs_limits limits = { .files = 10000, .bytes = 256 << 20,
					.file_bytes = FILE_MOST, .depth = 64 };

static int copy_into(const char *folder, const char *part, int to, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, part);
	AUTO_FD int from = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (from < 0)
		return fs_exists(path) ? err_sys(err, "%s", path) : 0;
	return fs_copy_tree(from, to, &limits, NULL, err);
}

static int fill(void *arg, int work_fd, struct err *err)
{
	struct solving *solving = arg;
	const char *folder = import_draft_folder(solving->draft);

	if (copy_into(folder, "start", work_fd, err) < 0 ||
	    copy_into(folder, "hidden", work_fd, err) < 0)
		return -1;
	return copy_into(import_draft_folder(solving->scratch), "files", work_fd, err);
}

/* The script decides what stands there, so nothing of it is an error of ours. */
static int collect(void *arg, int work_fd, struct err *err)
{
	struct solving *solving = arg;
	AUTO_FD int to = open(solving->left, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (to < 0)
		return err_sys(err, "%s", solving->left);
	fs_copy_tree(work_fd, to, &limits, NULL, &solving->fault);
	return 0;
}

/* The last SAID_MOST bytes count: there it says why it failed. */
static void take_output(void *arg, int stream, const void *data, size_t len)
{
	struct solving *solving = arg;
	struct buf *output = &solving->output;

	(void)stream;
	if (len >= output->limit || output->len + len > output->limit)
		buf_clear(output);
	buf_add(output, len > output->limit ? (const char *)data + len - output->limit : data,
		len > output->limit ? output->limit : len);
}

static int run_script(struct solving *solving, struct run_report *report, struct err *err)
{
	static const char *const argv[] = { "sh", ".harbor/run.sh", "solve", NULL };
	struct plan plan = {
		.argv = argv, .stdin_fd = -1, .limits = plan_default_limits,
		.allow_weak = solving->call->allow_weak,
	};
	struct sandbox_io io = {
		.arg = solving, .fill = fill, .output = take_output, .collect = collect,
	};
	struct sandbox *sandbox = solving->call->sandbox_of(solving->call, err);

	plan.limits.wall_ms = WALL_MS;
	plan.limits.cpu_ms = WALL_MS;
	plan.limits.memory = (uint64_t)2 << 30;
	plan.limits.processes = 256;
	return sandbox ? sandbox_run(sandbox, &plan, &io, report, err) : -1;
}

/* --- what it left */

static bool same_as_start(struct solving *solving, const struct import_source *left,
			  const char *path)
{
	const char *folder = import_draft_folder(solving->draft);
	AUTO_FREE char *start = buf_format("%s/start/%s", folder, path);
	AUTO(buf_release) struct buf old = BUF_INIT(FILE_MOST);
	AUTO(buf_release) struct buf new = BUF_INIT(FILE_MOST);
	struct err ignored = ERR_INIT;

	return fs_read(AT_FDCWD, start, FILE_MOST, &old, &ignored) == 0 &&
	       import_source_read(left, path, FILE_MOST, &new, &ignored) == 0 &&
	       old.len == new.len && !memcmp(buf_str(&old), buf_str(&new), old.len);
}

static int keep_changes(struct solving *solving, size_t *ret_count, struct err *err)
{
	AUTO(import_source_close) struct import_source *left = NULL;
	const char *const *paths;
	size_t count;

	left = import_source_open(solving->left, err);
	if (!left)
		return -1;
	import_source_list(left, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *to = fs_join("solution", paths[i]);

		if (!strncmp(paths[i], ".harbor/", 8) || !strncmp(paths[i], "files/", 6) ||
		    !strcmp(paths[i], "README.md") || same_as_start(solving, left, paths[i]))
			continue;
		if (import_draft_copy(solving->draft, left, paths[i], to, err) < 0)
			return -1;
		++*ret_count;
	}
	return 0;
}

/* An overlay cannot take a file away. */
static void tell_removed(struct solving *solving)
{
	AUTO_FREE char *start = fs_join(import_draft_folder(solving->draft), "start");
	AUTO(import_source_close) struct import_source *source = NULL;
	struct err ignored = ERR_INIT;
	const char *const *paths;
	size_t count = 0;

	if (fs_is_dir(start) && (source = import_source_open(start, &ignored)))
		import_source_list(source, "", &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *path = fs_join(solving->left, paths[i]);

		if (!fs_exists(path))
			import_draft_changed(solving->draft, paths[i],
					     "the solution removes it, which a folder laid over "
					     "start/ cannot");
	}
}

static void leave_out(struct solving *solving, const char *why)
{
	import_draft_left_out(solving->draft, solving->what, why);
}

static void tell_failure(struct solving *solving, const struct run_report *report)
{
	AUTO_FREE char *why = NULL;
	char *end = buf_format("%s", buf_str(&solving->output));
	size_t len = strlen(end);
	const char *line;
	char how[64];

	while (len && strchr(" \t\r\n", end[len - 1]))
		end[--len] = '\0';
	line = strrchr(end, '\n') ? strrchr(end, '\n') + 1 : end;
	run_report_text(report, how);
	why = buf_format("does not run here: %s%s%.200s; write solution/ by hand", how,
			 *line ? ", " : "", line);
	leave_out(solving, why);
	free(end);
}

static int solve(struct solving *solving, struct err *err)
{
	struct run_report report;
	size_t count = 0;

	if (run_script(solving, &report, err) < 0)
		return -1;
	if (report.verdict != VERDICT_OK) {
		tell_failure(solving, &report);
		return 0;
	}
	if (!solving->fault.code && keep_changes(solving, &count, &solving->fault) == 0) {
		tell_removed(solving);
		if (count)
			import_draft_changed(solving->draft, solving->what,
					     "was run on start/: solution/ holds what it left");
		else
			leave_out(solving, "leaves no file in the workspace, so there is no "
					   "solution/");
		return 0;
	}
	leave_out(solving, solving->fault.text);
	return 0;
}

/* --- the script and what is beside it */

static int put_scripts(struct solving *solving, const char *folder, const char *base,
		       struct err *err)
{
	const struct import_source *source = solving->call->source;
	const char *const *paths;
	size_t count;

	if (!*folder)
		return harbor_text_map(solving->scratch, solving->scratch, source, base,
				       "solution.sh", "files/.harbor/solution/solution.sh", err);
	import_source_list(source, folder, &paths, &count);
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *to = buf_format("files/.harbor/%s", paths[i]);

		if (harbor_text_map(solving->scratch, solving->scratch, source, base, paths[i], to,
				    err) < 0)
			return -1;
	}
	return 0;
}

int harbor_solution_make(struct import_call *call, struct import_draft *draft, const char *folder,
			 const char *base, struct err *err)
{
	AUTO(solving_release) struct solving solving = {
		.call = call, .draft = draft, .output = BUF_INIT(SAID_MOST),
		.what = *folder ? "solution/solve.sh" : "solution.sh",
		.fault = ERR_INIT,
	};

	if (!import_source_has(call->source, solving.what)) {
		leave_out(&solving, "is not in the package: add solution/, or the task cannot be "
				    "proved");
		return 0;
	}
	solving.temp = fs_temp_dir("tali-solve", err);
	if (!solving.temp)
		return -1;
	solving.left = fs_join(solving.temp, "left");
	solving.scratch = import_draft_new(solving.temp, "solution", err);
	if (!solving.scratch || fs_mkdirs(solving.left, 0700, err) < 0 ||
	    put_scripts(&solving, folder, base, err) < 0)
		return -1;
	return solve(&solving, err);
}
