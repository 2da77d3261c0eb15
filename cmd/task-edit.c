/* task-edit.c - `tali task edit`: change a stored task; the content becomes its newest version */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "base/json.h"
#include "report/view.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *arg_task, *arg_from;
static struct task_changes arg_changes;

static const struct opt task_edit_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .str = &arg_from, .name = "from", .arg = "DIR",
	  .help = "take the content of this task folder" },
	{ .str = &arg_changes.name, .name = "name", .arg = "NAME", .help = "another name" },
	{ .str = &arg_changes.title, .name = "title", .arg = "TITLE",
	  .help = "title that candidates see" },
	{ .str = &arg_changes.type, .name = "type", .arg = "TYPE",
	  .help = "bug_fix, code_generation, algorithm, ..." },
	{ .str = &arg_changes.difficulty, .name = "difficulty", .arg = "LEVEL",
	  .help = "basic, intermediate or advanced" },
	{ .num = &arg_changes.time_limit_minutes, .name = "time-limit", .arg = "MINUTES",
	  .help = "working time, 5 to 480" },
	{ .num = &arg_changes.attempts, .name = "attempts", .arg = "N",
	  .help = "how often a candidate may try" },
	{ .str = &arg_changes.visibility, .name = "visibility", .arg = "WORD",
	  .help = "public or private" },
	{ .str = &arg_changes.opens, .name = "opens", .arg = "TIME",
	  .help = "from when it may be started; '' for no bound" },
	{ .str = &arg_changes.closes, .name = "closes", .arg = "TIME",
	  .help = "until when it may be started; '' for no bound" },
	{ 0 }
};

extern char **environ;

static bool has_changes(void)
{
	const struct task_changes none = { 0 };

	return memcmp(&arg_changes, &none, sizeof(none)) != 0;
}

/* The user's own editor on the manifest, through the shell because $EDITOR may hold words ("code
 * --wait"). */
static int run_editor(const char *folder, struct err *err)
{
	const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
	const char *words = visual && *visual ? visual : editor && *editor ? editor : "vi";
	AUTO_FREE char *script = buf_format("%s \"$1\"", words);
	AUTO_FREE char *manifest = fs_join(folder, "task.json");
	char *argv[] = { (char *)"sh", (char *)"-c", script, (char *)"sh", manifest, NULL };
	int status;
	pid_t pid;

	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) != 0)
		return err_sys(err, "cannot start %s", words);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "%s", words);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, ERR_NO, "the editor ended with an error: nothing was changed");
	return 0;
}

static int put(const struct cmd_ctx *ctx, struct task *task, const char *folder, bool *ret_changed,
	       struct err *err)
{
	AUTO_JSON json_t *faults = json_array();
	int result = task_put_version(ctx->store, task, folder, &arg_changes, faults, ret_changed,
				      err);

	if (result < 0)
		cmd_print_faults(faults);
	return result;
}

/* Out into a folder, edited there, back in. What the editor made is kept when it cannot be
 * stored. */
static int edit(const struct cmd_ctx *ctx, struct task *task, bool *ret_changed, struct err *err)
{
	AUTO_FREE char *folder = fs_temp_dir("tali-edit", err);
	int result;

	if (!folder || task_put_out(ctx->store, task, NULL, folder, err) < 0)
		return -1;
	result = has_changes() ? 0 : run_editor(folder, err);
	if (result == 0)
		result = put(ctx, task, folder, ret_changed, err);
	if (result < 0 && err->code == ERR_INPUT && !has_changes()) {
		cmd_say(ctx,
			"your changes are kept: mend them, then `tali task edit %s --from %s`",
			task->name, folder);
		return -1;
	}
	fs_temp_release(&folder);
	return result;
}

static int task_edit_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(task_release) struct task now = TASK_INIT;
	bool changed = false;
	int result;

	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	result = arg_from ? put(ctx, &task, arg_from, &changed, err)
			  : edit(ctx, &task, &changed, err);
	if (result < 0 || task_find(ctx->store, task.id, &now, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_task(&now), err);
	fprintf(ctx->out, "%s\t%s\t%.12s%s\n", now.name, now.id, now.version,
		changed ? "" : "\tunchanged");
	return 0;
}

const struct cmd cmd_task_edit = {
	.name = "task edit",
	.summary = "change a stored task; assessments keep their version",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_WRITE,
	.opts = task_edit_opts,
	.run = task_edit_main,
};
