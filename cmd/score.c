/* score.c - `tali score`: grade a submission */
#include "cmd.h"

#include "assess/scoring.h"
#include "base/term.h"
#include "report/result.h"
#include "store/config.h"
#include "store/task.h"

#include <stdlib.h>
#include <string.h>

static const char *arg_id, *arg_format, *arg_task, *arg_workspace, *arg_all, *arg_version, *arg_min;
static bool arg_dry_run, arg_exit_zero, arg_diff;
static struct opt_list arg_only;

static const struct opt score_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .optional = true,
	  .help = "id, or a unique beginning of it" },
	{ .str = &arg_task, .name = "task", .arg = "DIR",
	  .help = "without a store: the task folder" },
	{ .str = &arg_workspace, .name = "workspace", .arg = "DIR",
	  .help = "without a store: the folder to grade" },
	{ .str = &arg_all, .name = "all", .arg = "TASK",
	  .help = "every submission of this stored task" },
	{ .flag = &arg_diff, .name = "diff", .help = "with --all: print what moved, old and new" },
	{ .str = &arg_version, .name = "version", .arg = "VERSION",
	  .help = "grade by another task version; latest" },
	{ .list = &arg_only, .name = "only", .arg = "GLOB",
	  .help = "only these tests; not recorded" },
	{ .str = &arg_min, .name = "min", .arg = "PERCENT",
	  .help = "exit 1 when the grade is below" },
	{ .flag = &arg_exit_zero, .name = "exit-zero", .help = "exit 0 whatever the grade" },
	{ .str = &arg_format, .name = "format", .arg = "FORMAT", .help = "text or json" },
	{ .flag = &arg_dry_run, .key = 'n', .name = "dry-run", .help = "do not record the result" },
	{ 0 }
};

static void show_progress(void *arg, const char *step, int done, int total)
{
	struct term_progress *progress = arg;

	progress->what = step;
	term_progress_step(progress, (unsigned)done, (unsigned)total);
}

static int read_min(double *ret, struct err *err)
{
	char *end;

	*ret = 0;
	if (!arg_min)
		return 0;
	*ret = strtod(arg_min, &end);
	if (!*arg_min || *end || !(*ret >= 0 && *ret <= 100))
		return err_set(err, ERR_USAGE, "--min is a percentage from 0 to 100");
	return 0;
}

static const char *format_of(const struct cmd_ctx *ctx)
{
	return arg_format ? arg_format : ctx->json ? "json" : "text";
}

static int print_and_judge(const struct cmd_ctx *ctx, const json_t *document, double min)
{
	result_print(ctx->out, format_of(ctx), document);
	return result_percent(document) < min && !arg_exit_zero ? 1 : 0;
}

struct sweep {
	const struct cmd_ctx *ctx;
	const struct scoring *scoring;
	double min;
	char (*ids)[RAND_ID_LEN + 1];
	int count, below;
};

static int add_id(void *arg, const struct assessment *assessment, struct err *err)
{
	struct sweep *sweep = arg;

	(void)err;
	if (!assessment->submitted)
		return 0;
	sweep->ids = buf_realloc(sweep->ids, (size_t)sweep->count + 1, sizeof(*sweep->ids));
	snprintf(sweep->ids[sweep->count++], sizeof(*sweep->ids), "%s", assessment->id);
	return 0;
}

static int score_and_compare(struct sweep *sweep, const char *id, struct err *err)
{
	const struct cmd_ctx *ctx = sweep->ctx;
	AUTO_JSON json_t *before = NULL;
	AUTO_JSON json_t *after = NULL;
	double old_percent, new_percent;

	if (scoring_newest(ctx->store, id, &before, err) < 0)
		return -1;
	after = scoring_run(ctx->store, id, sweep->scoring, err);
	if (!after)
		return err_wrap(err, "assessment %s", id);
	old_percent = before ? result_percent(before) : 0;
	new_percent = result_percent(after);
	sweep->below += new_percent < sweep->min;
	if (!arg_diff) {
		result_print(ctx->out, format_of(ctx), after);
		return 0;
	}
	if (before && old_percent == new_percent)
		return 0;
	if (!strcmp(format_of(ctx), "json"))
		return cmd_print_json(ctx,
				      json_pack("{s:s, s:s, s:o, s:f}", "schema",
						"tali.score-diff/1", "assessment", id, "before",
						before ? json_real(old_percent) : json_null(),
						"after", new_percent),
				      err);
	fprintf(ctx->out, "%s  ", id);
	if (before)
		fprintf(ctx->out, "%.2f", old_percent);
	else
		fputs("-", ctx->out);
	fprintf(ctx->out, " -> %.2f\n", new_percent);
	return 0;
}

/* Newest submissions first: somebody may be waiting for them. */
static int score_all(const struct cmd_ctx *ctx, const struct scoring *scoring, double min,
		     struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	struct assessment_filter filter = { .limit = -1 };
	struct sweep sweep = { .ctx = ctx, .scoring = scoring, .min = min };
	int result, i;

	if (task_find(ctx->store, arg_all, &task, err) < 0)
		return -1;
	filter.task_id = task.id;
	result = assessment_each(ctx->store, &filter, add_id, &sweep, err);
	for (i = 0; result == 0 && i < sweep.count; i++)
		result = score_and_compare(&sweep, sweep.ids[i], err);
	free(sweep.ids);
	if (result < 0)
		return -1;
	return sweep.below && !arg_exit_zero ? 1 : 0;
}

static int score_folder(const struct cmd_ctx *ctx, const struct scoring *scoring, double min,
			struct err *err)
{
	AUTO_JSON json_t *faults = json_array();
	AUTO_JSON json_t *document =
		scoring_folder(arg_task, arg_workspace, ctx->clock, scoring, faults, err);

	if (!document) {
		cmd_print_faults(faults);
		return -1;
	}
	return print_and_judge(ctx, document, min);
}

static int score_one(const struct cmd_ctx *ctx, const struct scoring *scoring, double min,
		     struct err *err)
{
	AUTO_JSON json_t *document = scoring_run(ctx->store, arg_id, scoring, err);

	if (!document)
		return -1;
	return print_and_judge(ctx, document, min);
}

static int check_words(const struct cmd_ctx *ctx, struct err *err)
{
	bool folder = arg_task || arg_workspace;

	if ((arg_id != NULL) + (arg_all != NULL) + folder != 1)
		return err_set(err, ERR_USAGE,
			       "say an assessment, or --all TASK, or --task DIR --workspace DIR");
	if (folder && (!arg_task || !arg_workspace))
		return err_set(err, ERR_USAGE, "--task and --workspace go together");
	if (folder && arg_version)
		return err_set(err, ERR_USAGE, "--version needs a store");
	if (!result_format_known(format_of(ctx)))
		return err_set(err, ERR_USAGE, "unknown format '%s' (text, json)", arg_format);
	if (arg_diff && !arg_all)
		return err_set(err, ERR_USAGE, "--diff goes with --all");
	if (!folder && !ctx->store)
		return err_set(err, ERR_NOT_FOUND, "no store at %s", ctx->store_path);
	return 0;
}

static int score_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct term_progress progress;
	AUTO_FREE const char **only = buf_alloc((arg_only.count + 1) * sizeof(*only));
	struct scoring scoring = { .sandbox = ctx->sandbox, .allow_weak = ctx->allow_weak,
				   .dry_run = arg_dry_run, .task_version = arg_version,
				   .progress = show_progress, .arg = &progress };
	double min;
	size_t i;
	int result;

	for (i = 0; i < arg_only.count; i++)
		only[i] = arg_only.items[i];
	scoring.only = arg_only.count ? only : NULL;
	scoring.dry_run |= arg_only.count > 0;	/* a part of the tests is no score */
	opt_list_release(&arg_only);
	if (check_words(ctx, err) < 0 || read_min(&min, err) < 0)
		return -1;
	term_progress_start(&progress, "grading", ctx->quiet);
	result = arg_task ? score_folder(ctx, &scoring, min, err)
	       : arg_all ? score_all(ctx, &scoring, min, err)
			 : score_one(ctx, &scoring, min, err);
	term_progress_end(&progress);
	return result;
}

const struct cmd cmd_score = {
	.name = "score",
	.summary = "grade a submission in a fresh sandbox and record the result",
	.json = "tali.score/1",
	.needs = CMD_STORE_WRITE | CMD_STORE_MAYBE | CMD_SANDBOX,
	.opts = score_opts,
	.run = score_main,
};
