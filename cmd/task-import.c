/* task-import.c - `tali task import`: tasks from a package of ours or of others */
#include "cmd.h"

#include "assess/task_put.h"
#include "base/json.h"
#include "store/config.h"
#include "task/task_import.h"

#include <string.h>

static const char *arg_from, *arg_as, *arg_name, *arg_output;

static const struct opt task_import_opts[] = {
	{ .pos = &arg_from, .name = "FROM",
	  .help = "a folder, an archive (.zip, .kpp, .tar, .tar.gz) or a file" },
	{ .str = &arg_as, .name = "as", .arg = "FORMAT",
	  .help = "its format; tali looks for itself" },
	{ .str = &arg_name, .name = "name", .arg = "NAME", .help = "the task has another name" },
	{ .str = &arg_output, .name = "output", .arg = "DIR",
	  .help = "store nothing, write the folder DIR/NAME" },
	{ 0 }
};

/* TOML is read in the sandbox. */
static unsigned spares(const struct session *session)
{
	(void)session;
	return !arg_as || !strcmp(arg_as, "harbor") ? 0 : CMD_SANDBOX;
}

/* --- the report for people */

/* The folder part of a path: its length without the '/'. */
static int folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (int)(slash - path) : 0;
}

static bool same_folder(const char *a, const char *b)
{
	return folder_len(a) == folder_len(b) && !strncmp(a, b, (size_t)folder_len(a));
}

/* How many of the lines from the i-th on lead from one folder to one folder. */
static size_t run_length(const json_t *mapped, size_t i)
{
	const json_t *first = json_array_get(mapped, i);
	size_t end = i + 1;

	for (; end < json_array_size(mapped); end++) {
		const json_t *line = json_array_get(mapped, end);

		if (!same_folder(json_str(first, "from", ""), json_str(line, "from", "")) ||
		    !same_folder(json_str(first, "to", ""), json_str(line, "to", "")))
			break;
	}
	return end - i;
}

static void print_folder(FILE *out, const char *path, const char *all)
{
	fprintf(out, "%.*s%s%s", folder_len(path), path, folder_len(path) ? "/" : "", all);
}

/* More than three files that go from folder to folder are one line. */
static void print_mapped(FILE *out, const json_t *mapped)
{
	for (size_t i = 0, count; i < json_array_size(mapped); i += count) {
		const json_t *line = json_array_get(mapped, i);
		const char *from = json_str(line, "from", ""), *to = json_str(line, "to", "");

		count = run_length(mapped, i);
		if (count <= 3 || !folder_len(to)) {
			count = 1;
			fprintf(out, "  mapped: %s -> %s\n", from, to);
			continue;
		}
		fputs("  mapped: ", out);
		print_folder(out, from, "*");
		fprintf(out, " -> %.*s/ (%zu files)\n", folder_len(to), to, count);
	}
}

static void print_notes(FILE *out, const char *label, const json_t *notes)
{
	const json_t *note;
	size_t i;

	json_array_foreach(notes, i, note)
		fprintf(out, "%s: %s: %s\n", label, json_str(note, "what", ""),
			json_str(note, "why", ""));
}

static void print_task(const struct cmd_ctx *ctx, const json_t *task)
{
	fprintf(ctx->out, "%s\t", json_str(task, "name", ""));
	if (arg_output)
		fprintf(ctx->out, "%s\n", json_str(task, "folder", ""));
	else
		fprintf(ctx->out, "%s\t%.12s\n", json_str(task, "id", ""),
			json_str(task, "version", ""));
	if (ctx->quiet)
		return;
	print_mapped(ctx->out, json_object_get(task, "mapped"));
	print_notes(ctx->out, "  changed", json_object_get(task, "changed"));
	print_notes(ctx->out, "  left out", json_object_get(task, "left_out"));
}

/* --- storing */

static int store_all(const struct cmd_ctx *ctx, const struct task_import *import, json_t *faults,
		     json_t *report, struct err *err)
{
	size_t count = task_import_count(import);
	AUTO_FREE const char **folders = buf_alloc(count * sizeof(*folders));
	AUTO_FREE struct task *tasks = buf_alloc(count * sizeof(*tasks));
	const struct task_changes changes = { .in_place = true };

	for (size_t i = 0; i < count; i++)
		folders[i] = task_import_folder(import, i);
	if (task_put_new_all(ctx->store, folders, count, &changes, NULL, faults, tasks, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		json_t *entry = json_array_get(json_object_get(report, "tasks"), i);

		json_object_set_new(entry, "id", json_string(tasks[i].id));
		json_object_set_new(entry, "version", json_string(tasks[i].version));
		task_release(&tasks[i]);
	}
	return 0;
}

static int put(const struct cmd_ctx *ctx, struct task_import *import, json_t *faults,
	       json_t **ret_report, struct err *err)
{
	if (arg_output && task_import_move(import, arg_output, err) < 0)
		return -1;
	*ret_report = task_import_report(import);
	return arg_output ? 0 : store_all(ctx, import, faults, *ret_report, err);
}

static int task_import_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct task_import_ask ask = {
		.from = arg_from, .as = arg_as, .name = arg_name, .into = arg_output,
		.sandbox = ctx->sandbox, .allow_weak = ctx->allow_weak,
	};
	AUTO(task_import_close) struct task_import *import = NULL;
	AUTO_JSON json_t *faults = json_array();
	AUTO_JSON json_t *report = NULL;
	const json_t *task;
	size_t i;

	if (!arg_output && !ctx->store)
		return err_set(err, ERR_NOT_FOUND, "no store (--output DIR needs none)");
	if (ctx->store && !ask.allow_weak &&
	    config_bool(ctx->store, "sandbox.allow_weak", &ask.allow_weak, err) < 0)
		return -1;
	import = task_import_open(&ask, faults, err);
	if (!import || put(ctx, import, faults, &report, err) < 0) {
		cmd_print_faults(faults);
		return -1;
	}
	if (ctx->json)
		return cmd_print_json(ctx, json_incref(report), err);
	json_array_foreach(json_object_get(report, "tasks"), i, task)
		print_task(ctx, task);
	if (!ctx->quiet)
		print_notes(ctx->out, "left out", json_object_get(report, "left_out"));
	return 0;
}

const struct cmd cmd_task_import = {
	.name = "task import",
	.summary = "store tasks from a package, of tali's own format or others",
	.json = "tali.import/1",
	.needs = CMD_STORE_WRITE | CMD_STORE_MAYBE | CMD_SANDBOX,
	.spares = spares,
	.opts = task_import_opts,
	.run = task_import_main,
};
