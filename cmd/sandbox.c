/* sandbox.c - `tali sandbox`: any program in the sandbox, without a store */
#include "cmd.h"
#include "relay.h"

#include "base/fs.h"
#include "sandbox/host_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static const char *arg_cpu, *arg_wall, *arg_memory, *arg_output, *arg_disk, *arg_stdin, *arg_report;
static long arg_processes = -1, arg_files = -1, arg_open_files = -1;
static struct opt_list arg_dirs, arg_env, arg_command;

static const struct opt sandbox_opts[] = {
	{ .str = &arg_cpu, .name = "cpu", .arg = "SECONDS",
	  .help = "CPU time of all processes together (10)" },
	{ .str = &arg_wall, .name = "wall", .arg = "SECONDS", .help = "time on the clock (30)" },
	{ .str = &arg_memory, .name = "memory", .arg = "SIZE",
	  .help = "memory of all processes together (512m)" },
	{ .num = &arg_processes, .name = "processes", .arg = "N",
	  .help = "processes and threads at one time (64)" },
	{ .str = &arg_output, .name = "output", .arg = "SIZE",
	  .help = "bytes on stdout and stderr together (1m)" },
	{ .str = &arg_disk, .name = "disk", .arg = "SIZE",
	  .help = "bytes in each writable folder, and in one file (256m)" },
	{ .num = &arg_files, .name = "files", .arg = "N",
	  .help = "files and folders in each writable folder (10000)" },
	{ .num = &arg_open_files, .name = "open-files", .arg = "N",
	  .help = "open files of one process (256)" },
	{ .list = &arg_dirs, .name = "dir", .arg = "SRC[:DST][:ro]",
	  .help = "copy a folder to /work/DST, and what changed in it back unless :ro" },
	{ .list = &arg_env, .name = "env", .arg = "NAME[=VALUE]",
	  .help = "set a variable, or pass ours on" },
	{ .str = &arg_stdin, .name = "stdin", .arg = "FILE",
	  .help = "standard input (else ours, through a pipe)" },
	{ .str = &arg_report, .name = "report", .arg = "FILE",
	  .help = "write what was measured as JSON" },
	{ .rest = &arg_command, .name = "CMD", .command = true,
	  .help = "program with its arguments" },
	{ 0 }
};

struct job {
	const struct cmd_ctx *ctx;
	struct plan plan;
	struct host_folder *folders;
	size_t folder_count;
	unsigned left_out;
	const char **env;
	const char **argv;
};

static void job_release(struct job *job)
{
	for (size_t i = 0; i < job->folder_count; i++)
		host_folder_release(&job->folders[i]);
	free(job->folders);
	free(job->env);
	free(job->argv);
	opt_list_release(&arg_dirs);
	opt_list_release(&arg_env);
	opt_list_release(&arg_command);
}

/* --- reading the options */

/* "1.5" seconds in milliseconds; leaves *ret when there are no words. */
static int read_seconds(const char *name, const char *words, uint32_t *ret, struct err *err)
{
	char *end;
	double seconds;

	if (!words)
		return 0;
	seconds = strtod(words, &end);
	if (end == words || *end || !(seconds >= 0.001) || seconds > 1e6)
		return err_set(err, ERR_USAGE, "--%s '%s' is not a number of seconds", name, words);
	*ret = (uint32_t)(seconds * 1000 + 0.5);
	return 0;
}

/* "64m" in bytes; k, m and g are powers of 1024. */
static int read_size(const char *name, const char *words, uint64_t *ret, struct err *err)
{
	static const char units[] = "kmg";
	const char *unit;
	char *end;
	double number;

	if (!words)
		return 0;
	number = strtod(words, &end);
	unit = *end ? strchr(units, *end | 0x20) : NULL;
	if (unit)
		end++;
	for (; unit && unit >= units; unit--)
		number *= 1024;
	if (end == words || *end || !(number >= 1) || number > 1e15)
		return err_set(err, ERR_USAGE, "--%s '%s' is not a size (like 512k, 64m, 1g)", name,
			       words);
	*ret = (uint64_t)number;
	return 0;
}

static void read_number(long given, uint32_t *ret)
{
	if (given >= 0)
		*ret = given > UINT32_MAX ? UINT32_MAX : (uint32_t)given;
}

static int read_limits(struct plan_limits *limits, struct err *err)
{
	if (read_seconds("cpu", arg_cpu, &limits->cpu_ms, err) < 0 ||
	    read_seconds("wall", arg_wall, &limits->wall_ms, err) < 0 ||
	    read_size("memory", arg_memory, &limits->memory, err) < 0 ||
	    read_size("output", arg_output, &limits->output, err) < 0 ||
	    read_size("disk", arg_disk, &limits->disk, err) < 0)
		return -1;
	if (arg_disk)
		limits->file_size = limits->disk;
	read_number(arg_processes, &limits->processes);
	read_number(arg_files, &limits->inodes);
	read_number(arg_open_files, &limits->open_files);
	return 0;
}

static int read_folders(struct job *job, struct err *err)
{
	job->folders = buf_alloc((arg_dirs.count + 1) * sizeof(*job->folders));
	for (; job->folder_count < arg_dirs.count; job->folder_count++)
		if (host_folder_parse(arg_dirs.items[job->folder_count],
				      &job->folders[job->folder_count], err) < 0)
			return -1;
	return 0;
}

/* A later value of a name wins, also over the three that are always there. */
static void add_variable(struct job *job, size_t *count, const char *entry)
{
	size_t len = strcspn(entry, "=");

	for (size_t i = 0; i < *count; i++) {
		if (strncmp(job->env[i], entry, len + 1) == 0) {
			job->env[i] = entry;
			return;
		}
	}
	job->env[(*count)++] = entry;
}

/* "NAME" alone takes our own value, as an entry of `environ`; NULL when we have none. */
static const char *own_variable(const char *name)
{
	size_t len = strlen(name);

	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
			return *entry;
	return NULL;
}

static int read_env(struct job *job, struct err *err)
{
	size_t count = 0;

	job->env = buf_alloc((arg_env.count + 4) * sizeof(*job->env));
	add_variable(job, &count, "PATH=/usr/local/bin:/usr/bin:/bin");
	add_variable(job, &count, "HOME=/tmp");
	add_variable(job, &count, "LANG=C.UTF-8");
	for (size_t i = 0; i < arg_env.count; i++) {
		const char *words = arg_env.items[i];
		const char *entry = strchr(words, '=') ? words : own_variable(words);

		if (!*words || *words == '=')
			return err_set(err, ERR_USAGE, "--env '%s' names no variable", words);
		if (entry)
			add_variable(job, &count, entry);
	}
	job->plan.env = job->env;
	return 0;
}

/* --- the run */

static int fill(void *arg, int work_fd, struct err *err)
{
	struct job *job = arg;

	for (size_t i = 0; i < job->folder_count; i++)
		if (host_folder_lay(&job->folders[i], work_fd, &job->plan.limits, err) < 0)
			return -1;
	return 0;
}

static int collect(void *arg, int work_fd, struct err *err)
{
	struct job *job = arg;

	for (size_t i = 0; i < job->folder_count; i++)
		if (host_folder_collect(&job->folders[i], work_fd, &job->plan.limits,
					&job->left_out, err) < 0)
			return -1;
	return 0;
}

static void pass_output(void *arg, int stream, const void *data, size_t len)
{
	(void)arg;
	fs_write_all(stream, data, len);
}

static int write_report(const struct run_report *report, struct err *err)
{
	AUTO_JSON json_t *view = run_report_json(report);
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *line = NULL;

	json_object_set_new(view, "schema", json_string("tali.run/1"));
	json_object_set_new(view, "enforced", run_guards_json(report->enforced));
	text = json_dumps(view, JSON_COMPACT);
	line = buf_format("%s\n", text);
	return fs_write(arg_report, 0644, line, strlen(line), err);
}

static int run(struct job *job, struct err *err)
{
	const struct sandbox_io io = {
		.arg = job, .output = pass_output,
		.fill = job->folder_count ? fill : NULL, .collect = collect,
	};
	AUTO_FD int input = relay_input(arg_stdin, err);
	struct run_report report;
	char text[64];

	if (input < 0)
		return -1;
	job->plan.stdin_fd = input;
	if (sandbox_run(job->ctx->sandbox, &job->plan, &io, &report, err) < 0)
		return -1;
	if (report.verdict != VERDICT_OK && report.exit_status < 0)
		cmd_say(job->ctx, "sandbox: stopped: %s", run_report_text(&report, text));
	if (job->left_out)
		cmd_say(job->ctx, "sandbox: %u link%s, special files or .git not brought back",
			job->left_out, job->left_out == 1 ? "" : "s");
	if (arg_report && write_report(&report, err) < 0)
		return -1;
	return relay_exit_status(&report);
}

static int sandbox_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(job_release) struct job job = {
		.ctx = ctx,
		.plan = { .stdin_fd = -1, .limits = plan_default_limits,
			  .allow_weak = ctx->allow_weak },
	};

	if (read_limits(&job.plan.limits, err) < 0 || read_folders(&job, err) < 0 ||
	    read_env(&job, err) < 0)
		return -1;
	job.argv = buf_alloc((arg_command.count + 1) * sizeof(*job.argv));
	for (size_t i = 0; i < arg_command.count; i++)
		job.argv[i] = arg_command.items[i];
	job.plan.argv = job.argv;
	return run(&job, err);
}

const struct cmd cmd_sandbox = {
	.name = "sandbox",
	.summary = "run any program in the sandbox, without a store",
	.needs = CMD_SANDBOX,
	.opts = sandbox_opts,
	.run = sandbox_main,
};
