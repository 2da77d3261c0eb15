/* task-export.c - `tali task export`: a stored task as an archive or a folder */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/fs.h"
#include "base/json.h"
#include "task/task_export.h"
#include "workspace/archive_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *arg_task, *arg_to, *arg_version, *arg_as;
static bool arg_force;

static const struct opt task_export_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .pos = &arg_to, .name = "TO", .optional = true,
	  .help = "FILE.tar.gz, .tar or .zip, or a folder that ends in / (TASK.tar.gz)" },
	{ .str = &arg_as, .name = "as", .arg = "FORMAT",
	  .help = "another format: harbor, kattis (task is tali's own)" },
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

/* --- another format */

static void print_notes(const struct cmd_ctx *ctx, const json_t *report, const char *key,
			const char *label)
{
	const json_t *note;
	size_t i;

	json_array_foreach(json_object_get(report, key), i, note)
		fprintf(ctx->out, "  %s: %s: %s\n", label, json_str(note, "what", ""),
			json_str(note, "why", ""));
}

static void print_report(const struct cmd_ctx *ctx, const char *to, const json_t *report)
{
	fprintf(ctx->out, "%s\n", to);
	if (ctx->quiet)
		return;
	print_notes(ctx, report, "changed", "changed");
	print_notes(ctx, report, "left_out", "left out");
}

/* A temporary folder on the file system of `to`, so that it can be moved there. */
static char *temp_beside(const char *to, struct err *err)
{
	AUTO_FREE char *parent = buf_strdup(to);
	AUTO_FREE char *temp = NULL;
	char *slash;

	for (size_t len = strlen(parent); len > 1 && parent[len - 1] == '/'; len--)
		parent[len - 1] = '\0';
	slash = strrchr(parent, '/');
	if (slash && slash != parent) {
		*slash = '\0';
		if (fs_mkdirs(parent, 0777, err) < 0)
			return NULL;
	}
	temp = buf_format("%s/.tali-export.XXXXXX", slash == parent ? "" : slash ? parent : ".");
	if (mkdtemp(temp))
		return TAKE(temp);
	err_sys(err, "cannot make a folder beside '%s'", to);
	return NULL;
}

/* An empty folder may be there already. */
static int move_to(const char *folder, const char *to, struct err *err)
{
	if (rename(folder, to) == 0)
		return 0;
	if (errno == ENOTEMPTY || errno == EEXIST)
		return err_set(err, ERR_STATE, "%s is not empty", to);
	return err_sys(err, "%s", to);
}

static int export_as(const struct cmd_ctx *ctx, const struct task *task, struct err *err)
{
	size_t len = arg_to ? strlen(arg_to) : 0;
	bool to_folder = (len && arg_to[len - 1] == '/') || (arg_to && fs_is_dir(arg_to));
	AUTO(fs_temp_release) char *native = fs_temp_dir("tali-export", err);
	AUTO(fs_temp_release) char *temp = NULL;
	AUTO_FREE char *package = NULL;
	AUTO_FREE char *to = arg_to ? buf_strdup(arg_to) : buf_format("%s.tar.gz", task->name);
	AUTO_JSON json_t *report = NULL;

	temp = native ? temp_beside(to, err) : NULL;
	if (!temp || task_put_out(ctx->store, task, arg_version, native, err) < 0 ||
	    task_export_write(native, arg_as, temp, &package, &report, err) < 0)
		return -1;
	if (to_folder ? move_to(package, to, err) < 0 : pack(package, to, task->name, err) < 0)
		return -1;
	print_report(ctx, to, report);
	return 0;
}

static int task_export_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(fs_temp_release) char *folder = NULL;
	AUTO_FREE char *file = NULL;
	size_t len = arg_to ? strlen(arg_to) : 0;

	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	if (arg_as && strcmp(arg_as, "task") != 0)
		return export_as(ctx, &task, err);
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
