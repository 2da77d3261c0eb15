/* task-create.c - `tali task create`: a new task from a template or a folder */
#include "cmd.h"

#include "assess/task_put.h"
#include "report/view.h"

static const char *arg_name, *arg_template, *arg_from;
static struct task_changes arg_changes;

static const struct opt task_create_opts[] = {
	{ .pos = &arg_name, .name = "NAME", .help = "name of the new task: a-z, 0-9 and -" },
	{ .str = &arg_template, .name = "template", .arg = "TEMPLATE",
	  .help = "start from an installed template or a question of the bank" },
	{ .str = &arg_from, .name = "from", .arg = "DIR", .help = "start from a task folder" },
	{ .str = &arg_changes.title, .name = "title", .arg = "TITLE",
	  .help = "title that candidates see" },
	{ .str = &arg_changes.type, .name = "type", .arg = "TYPE",
	  .help = "bug_fix, code_generation, algorithm, ..." },
	{ .str = &arg_changes.difficulty, .name = "difficulty", .arg = "LEVEL",
	  .help = "basic, intermediate or advanced" },
	{ .str = &arg_changes.language, .name = "language", .arg = "LANGUAGE",
	  .help = "python, c, javascript, ..." },
	{ .num = &arg_changes.time_limit_minutes, .name = "time-limit", .arg = "MINUTES",
	  .help = "working time, 5 to 480" },
	{ .num = &arg_changes.attempts, .name = "attempts", .arg = "N",
	  .help = "how often a candidate may try" },
	{ .str = &arg_changes.visibility, .name = "visibility", .arg = "WORD",
	  .help = "public or private" },
	{ .str = &arg_changes.opens, .name = "opens", .arg = "TIME",
	  .help = "from when it may be started" },
	{ .str = &arg_changes.closes, .name = "closes", .arg = "TIME",
	  .help = "until when it may be started" },
	{ 0 }
};

static int task_create_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task made = TASK_INIT;
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO_JSON json_t *faults = json_array();
	AUTO_FREE char *template_path = NULL;

	if (!arg_template == !arg_from)
		return err_set(err, ERR_USAGE, "say either --template or --from");
	if (arg_template && !(template_path = task_put_template(arg_template, err)))
		return -1;
	arg_changes.name = arg_name;
	if (task_put_new(ctx->store, arg_from ? arg_from : template_path, &arg_changes,
			 arg_template, faults, &made, err) < 0) {
		cmd_print_faults(faults);
		return -1;
	}
	if (task_find(ctx->store, arg_name, &task, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_task(&task), err);
	fprintf(ctx->out, "%s\t%s\t%.12s\n", task.name, task.id, task.version);
	return 0;
}

const struct cmd cmd_task_create = {
	.name = "task create",
	.summary = "store a new task made from a template or a folder",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_WRITE,
	.opts = task_create_opts,
	.run = task_create_main,
};
