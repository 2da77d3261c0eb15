/* task-archive.c - `tali task archive`: take a task out of use, or back into it */
#include "cmd.h"

#include "report/view.h"

static const char *arg_task;
static bool arg_undo;

static const struct opt task_archive_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .flag = &arg_undo, .name = "undo", .help = "take it back into use" },
	{ 0 }
};

static int task_archive_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(store_rollback) struct store *tx = ctx->store;

	if (store_begin(ctx->store, err) < 0 || task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	task.archived = arg_undo ? 0 : store_now(ctx->store);
	if (task_save(ctx->store, &task, err) < 0 || store_commit(ctx->store, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_task(&task), err);
	return 0;
}

const struct cmd cmd_task_archive = {
	.name = "task archive",
	.summary = "take a task out of use; what was made with it stays",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_WRITE,
	.opts = task_archive_opts,
	.run = task_archive_main,
};
