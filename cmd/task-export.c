/* task-export.c - `tali task export`: a stored task as an archive or a folder */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "workspace/archive_file.h"

#include <fcntl.h>
#include <string.h>

static const char *arg_task, *arg_to, *arg_version;
static bool arg_force;

static const struct opt task_export_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .pos = &arg_to, .name = "TO", .optional = true,
	  .help = "FILE.tar.gz, or a folder that ends in / (TASK.tar.gz)" },
	{ .str = &arg_version, .name = "version", .arg = "VERSION",
	  .help = "another version than the newest" },
	{ .flag = &arg_force, .key = 'f', .name = "force", .help = "replace the file" },
	{ 0 }
};

static int pack(const char *folder, const char *file, const char *top, struct err *err)
{
	AUTO_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "%s", folder);
	if (fs_exists(file) && !arg_force)
		return err_set(err, ERR_STATE, "%s is there already (--force replaces it)", file);
	return archive_file_pack(file, fd, top, err);
}

static int task_export_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(fs_temp_release) char *folder = NULL;
	AUTO_FREE char *file = NULL;
	size_t len = arg_to ? strlen(arg_to) : 0;

	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	if ((len && arg_to[len - 1] == '/') || (arg_to && fs_is_dir(arg_to)))
		return task_put_out(ctx->store, &task, arg_version, arg_to, err);
	folder = fs_temp_dir("tali-export", err);
	if (!folder || task_put_out(ctx->store, &task, arg_version, folder, err) < 0)
		return -1;
	file = arg_to ? buf_strdup(arg_to) : buf_format("%s.tar.gz", task.name);
	if (pack(folder, file, task.name, err) < 0)
		return -1;
	fprintf(ctx->out, "%s\n", file);
	return 0;
}

const struct cmd cmd_task_export = {
	.name = "task export",
	.summary = "write a stored task as an archive or a folder",
	.needs = CMD_STORE_READ,
	.opts = task_export_opts,
	.run = task_export_main,
};
