/* task-check.c - `tali task check`: is a task folder, or a stored task, in order? */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "task/task_folder.h"

static const char *arg_task;

static const struct opt task_check_opts[] = {
	{ .pos = &arg_task, .name = "TASK",
	  .help = "name of a stored task, or path of a task folder" },
	{ 0 }
};

static int check_stored(const struct cmd_ctx *ctx, json_t *faults, struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(fs_temp_release) char *folder = NULL;

	if (!ctx->store)
		return err_set(err, ERR_NOT_FOUND, "no folder '%s' with a task.json, and no store",
			       arg_task);
	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	folder = fs_temp_dir("tali-check", err);
	if (!folder || task_put_out(ctx->store, &task, NULL, folder, err) < 0)
		return -1;
	return task_folder_check(folder, &manifest, faults, err);
}

static int check_folder(json_t *faults, struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;

	return task_folder_check(arg_task, &manifest, faults, err);
}

static int task_check_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *faults = json_array();
	int result = cmd_is_task_folder(arg_task) ? check_folder(faults, err)
						  : check_stored(ctx, faults, err);

	if (ctx->json && (result == 0 || json_array_size(faults))) {
		if (cmd_print_json(ctx, json_pack("{s:s, s:s, s:b, s:O}", "schema", "tali.check/1",
						  "task", arg_task, "ok", result == 0, "faults",
						  faults), err) < 0)
			return -1;
	} else if (result == 0) {
		fprintf(ctx->out, "%s: ok\n", arg_task);
	} else {
		cmd_print_faults(faults);
	}
	return result;
}

const struct cmd cmd_task_check = {
	.name = "task check",
	.summary = "check a task folder or a stored task against the format",
	.json = "tali.check/1",
	.needs = CMD_STORE_READ | CMD_STORE_MAYBE,
	.opts = task_check_opts,
	.run = task_check_main,
};
