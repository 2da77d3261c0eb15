/* task-show.c - `tali task show`: one stored task with its versions */
#include "cmd.h"

#include "base/json.h"
#include "base/term.h"
#include "report/view.h"
#include "task/rubric.h"

#include <string.h>

static const char *arg_task;

static const struct opt task_show_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ 0 }
};

static int add_version(void *arg, const struct task_version *version, struct err *err)
{
	AUTO_JSON json_t *proof = NULL;

	if (*version->proof) {
		proof = json_parse(version->proof, strlen(version->proof), "proof", err);
		if (!proof)
			return -1;
	}
	json_array_append_new(arg, json_pack("{s:s, s:o, s:b}", "version", version->version,
					     "created", view_time(version->created), "proved",
					     json_flag(proof, "proved", false)));
	return 0;
}

static void print_text(const struct cmd_ctx *ctx, const json_t *view, const json_t *versions)
{
	static const char *const keys[] = { "id", "title", "type", "difficulty", "language",
					    "visibility", "template", "created" };
	const json_t *version;
	size_t i;

	term_print(ctx->out, TERM_BOLD, json_str(view, "name", ""));
	putc('\n', ctx->out);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!*json_str(view, keys[i], ""))
			continue;
		fprintf(ctx->out, "  %-12s ", keys[i]);
		term_print_safe(ctx->out, json_str(view, keys[i], ""));
		putc('\n', ctx->out);
	}
	fprintf(ctx->out, "  %-12s %lld min\n", "time limit",
		(long long)json_int(view, "time_limit_minutes", 0));
	json_array_foreach(versions, i, version)
		fprintf(ctx->out, "  %-12s %s  %s  %s\n", i ? "" : "versions",
			json_str(version, "version", ""), json_str(version, "created", ""),
			json_flag(version, "proved", false) ? "proved" : "not proved");
}

static json_t *read_rubric(const struct task *task, struct err *err)
{
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;

	if (manifest_parse(task->manifest, strlen(task->manifest), MANIFEST_FILE, &manifest, NULL,
			   err) < 0)
		return NULL;
	return rubric_for(&manifest);
}

static int task_show_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO_JSON json_t *versions = json_array();
	AUTO_JSON json_t *view = NULL;
	json_t *rubric;

	if (task_find(ctx->store, arg_task, &task, err) < 0 ||
	    task_version_each(ctx->store, task.id, add_version, versions, err) < 0)
		return -1;
	view = view_task(&task);
	if (!ctx->json) {
		print_text(ctx, view, versions);
		return 0;
	}
	rubric = read_rubric(&task, err);
	if (!rubric)
		return -1;
	json_object_set(view, "versions", versions);
	json_object_set_new(view, "rubric", rubric);
	return cmd_print_json(ctx, json_incref(view), err);
}

const struct cmd cmd_task_show = {
	.name = "task show",
	.summary = "show a stored task, its versions and its rubric",
	.json = "tali.stored-task/1",
	.needs = CMD_STORE_READ,
	.opts = task_show_opts,
	.run = task_show_main,
};
