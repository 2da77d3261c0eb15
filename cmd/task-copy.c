/* task-copy.c - `tali task copy`: a second task with the same content */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "report/view.h"

static const char *arg_task, *arg_name;

static const struct opt task_copy_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .pos = &arg_name, .name = "NAME", .help = "name of the copy" },
	{ 0 }
};

static int task_copy_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(task_release) struct task made = TASK_INIT;
	AUTO(task_release) struct task copy = TASK_INIT;
	AUTO(fs_temp_release) char *folder = NULL;
	struct task_changes changes = { .name = arg_name };

	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	folder = fs_temp_dir("tali-copy", err);
	if (!folder || task_put_out(ctx->store, &task, NULL, folder, err) < 0 ||
	    task_put_new(ctx->store, folder, &changes, task.template_name, NULL, &made, err) < 0 ||
	    task_find(ctx->store, made.id, &copy, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_task(&copy), err);
	fprintf(ctx->out, "%s\t%s\t%.12s\n", copy.name, copy.id, copy.version);
	return 0;
}

const struct cmd cmd_task_copy = {
	.name = "task copy",
	.summary = "copy a stored task under another name",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_WRITE,
	.opts = task_copy_opts,
	.run = task_copy_main,
};
