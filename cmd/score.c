/* score.c - `tali score`: grade and score a submission */
#include "cmd.h"

#include "assess/explaining.h"
#include "assess/scoring.h"
#include "base/progress.h"
#include "base/term.h"
#include "report/explain.h"
#include "report/result.h"
#include "score_all.h"

#include <stdlib.h>
#include <string.h>

static const char *arg_id, *arg_format, *arg_task, *arg_workspace, *arg_all, *arg_version, *arg_min,
	*arg_explain;
static bool arg_dry_run, arg_exit_zero, arg_diff, arg_again, arg_judge;
static long arg_jobs = -1;
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
	{ .flag = &arg_again, .name = "again",
	  .help = "with --all: begin anew, also after an interruption" },
	{ .num = &arg_jobs, .key = 'j', .name = "jobs", .arg = "N",
	  .help = "with --all: so many at once (number of processors)" },
	{ .str = &arg_version, .name = "version", .arg = "VERSION",
	  .help = "grade by another task version; latest" },
	{ .list = &arg_only, .name = "only", .arg = "GLOB",
	  .help = "only these tests; not recorded" },
	{ .flag = &arg_judge, .name = "judge",
	  .help = "ask the model of judge.model where it has not answered yet" },
	{ .str = &arg_explain, .name = "explain", .arg = "SUBITEM",
	  .help = "why the newest score run has this value; grades nothing" },
	{ .str = &arg_min, .name = "min", .arg = "PERCENT",
	  .help = "exit 1 when the grade is below" },
	{ .flag = &arg_exit_zero, .name = "exit-zero", .help = "exit 0 whatever the grade" },
	{ .str = &arg_format, .name = "format", .arg = "FORMAT", .help = "text or json" },
	{ .flag = &arg_dry_run, .key = 'n', .name = "dry-run", .help = "do not record the result" },
	{ 0 }
};

static void show_progress(void *arg, const char *step, int done, int total)
{
	struct progress *progress = arg;

	progress->what = step;
	progress_step(progress, (unsigned)done, (unsigned)total);
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

/* Takes the explanation; NULL is an error told already. */
static int print_explanation(const struct cmd_ctx *ctx, json_t *explanation, struct err *err)
{
	if (!explanation)
		return -1;
	if (!strcmp(format_of(ctx), "json"))
		return cmd_print_json(ctx, explanation, err);
	explain_print(ctx->out, explanation);
	json_decref(explanation);
	return 0;
}

static int print_and_judge(const struct cmd_ctx *ctx, const json_t *document, double min)
{
	result_print(ctx->out, format_of(ctx), document);
	return result_percent(document) < min && !arg_exit_zero ? 1 : 0;
}

static int score_many(const struct cmd_ctx *ctx, const struct scoring *scoring, double min,
		      struct err *err)
{
	const struct score_all request = {
		.task = arg_all, .format = format_of(ctx), .jobs = arg_jobs, .diff = arg_diff,
		.again = arg_again, .min = arg_exit_zero ? 0 : min,
	};

	return score_all(ctx, scoring, &request, err);
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
	if (arg_explain)
		return print_explanation(ctx, explaining_document(document, arg_explain, NULL, err),
					 err);
	return print_and_judge(ctx, document, min);
}

static int score_one(const struct cmd_ctx *ctx, const struct scoring *scoring, double min,
		     struct err *err)
{
	AUTO_JSON json_t *document = NULL;

	if (arg_explain)
		return print_explanation(ctx, explaining_run(ctx->store, arg_id, arg_explain, err),
					 err);
	document = scoring_run(ctx->store, arg_id, scoring, err);
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
	if (!arg_all && (arg_diff || arg_again || arg_jobs >= 0))
		return err_set(err, ERR_USAGE, "%s goes with --all",
			       arg_diff ? "--diff" : arg_again ? "--again" : "--jobs");
	if (arg_all && arg_explain)
		return err_set(err, ERR_USAGE, "--explain is for one submission");
	if (arg_judge && (folder || arg_explain || arg_dry_run || arg_only.count))
		return err_set(err, ERR_USAGE, "--judge is for score runs that are recorded");
	if (arg_jobs == 0 || arg_jobs > SCORING_QUEUE_MOST_JOBS)
		return err_set(err, ERR_USAGE, "--jobs is a number from 1 to %d",
			       SCORING_QUEUE_MOST_JOBS);
	if (!folder && !ctx->store)
		return err_set(err, ERR_NOT_FOUND, "no store at %s", ctx->store_path);
	return 0;
}

static int score_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(judging_close) struct judging *judging = NULL;
	struct progress progress;
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
	result = check_words(ctx, err);
	opt_list_release(&arg_only);
	if (result < 0 || read_min(&min, err) < 0)
		return -1;
	if (arg_judge && !(scoring.judging = judging = judging_open(ctx->store, err)))
		return -1;
	progress_start(&progress, "grading", ctx->quiet);
	result = arg_task ? score_folder(ctx, &scoring, min, err)
	       : arg_all ? score_many(ctx, &scoring, min, err)
			 : score_one(ctx, &scoring, min, err);
	progress_end(&progress);
	return result;
}

static bool wants_sandbox(void)
{
	return !arg_explain || arg_task;
}

const struct cmd cmd_score = {
	.name = "score",
	.summary = "grade and score a submission, and record the result",
	.json = "tali.score/1",
	.needs = CMD_STORE_WRITE | CMD_STORE_MAYBE | CMD_SANDBOX,
	.wants_sandbox = wants_sandbox,
	.opts = score_opts,
	.run = score_main,
};
