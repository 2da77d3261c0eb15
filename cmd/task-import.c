/* task-import.c - `tali task import`: a task from an archive or a folder */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "report/view.h"
#include "workspace/archive_file.h"
#include "workspace/repo.h"

#include <fcntl.h>

static const char *arg_from, *arg_name;

static const struct opt task_import_opts[] = {
	{ .pos = &arg_from, .name = "FROM",
	  .help = "an archive (.tar.gz, .tar, .zip) or a task folder" },
	{ .str = &arg_name, .name = "name", .arg = "NAME", .help = "store it under another name" },
	{ 0 }
};

static int unpack(const char *folder, struct err *err)
{
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s", folder);
	return archive_file_unpack(arg_from, fd, &repo_limits, true, err);
}

static int task_import_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task made = TASK_INIT;
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(fs_temp_release) char *folder = NULL;
	AUTO_JSON json_t *faults = json_array();
	struct task_changes changes = { .name = arg_name };
	const char *from = arg_from;

	if (!fs_is_dir(arg_from)) {
		from = folder = fs_temp_dir("tali-import", err);
		if (!folder || unpack(folder, err) < 0)
			return -1;
	}
	if (task_put_new(ctx->store, from, &changes, NULL, faults, &made, err) < 0) {
		cmd_print_faults(faults);
		return -1;
	}
	if (task_find(ctx->store, made.id, &task, err) < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, view_task(&task), err);
	fprintf(ctx->out, "%s\t%s\t%.12s\n", task.name, task.id, task.version);
	return 0;
}

const struct cmd cmd_task_import = {
	.name = "task import",
	.summary = "store a task from an archive or a folder",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_WRITE,
	.opts = task_import_opts,
	.run = task_import_main,
};
