/* task-list.c - `tali task list`: the stored tasks */
#include "cmd.h"

#include "base/json.h"
#include "report/view.h"

static bool arg_all;

static const struct opt task_list_opts[] = {
	{ .flag = &arg_all, .key = 'a', .name = "all", .help = "archived ones too" },
	{ 0 }
};

static int print_task(void *arg, const struct task *task, struct err *err)
{
	const struct cmd_ctx *ctx = arg;
	AUTO_JSON json_t *view = view_task(task);

	if (ctx->json)
		return cmd_print_json(ctx, json_incref(view), err);
	fprintf(ctx->out, "%-24s %.12s  %-16s %-13s %-10s %3lld min  %s%s\n", task->name,
		task->version, json_str(view, "type", ""), json_str(view, "difficulty", ""),
		json_str(view, "language", ""), (long long)json_int(view, "time_limit_minutes", 0),
		task->proved ? "proved" : "not proved", task->archived ? ", archived" : "");
	return 0;
}

static int task_list_main(const struct cmd_ctx *ctx, struct err *err)
{
	return task_each(ctx->store, arg_all, print_task, (void *)ctx, err);
}

const struct cmd cmd_task_list = {
	.name = "task list",
	.summary = "list the stored tasks",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_READ,
	.opts = task_list_opts,
	.run = task_list_main,
};
