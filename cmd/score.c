/* score.c - `tali score`: grade and score a submission */
#include "cmd.h"

#include "assess/explaining.h"
#include "assess/folder_task.h"
#include "assess/scoring.h"
#include "base/progress.h"
#include "report/explain.h"
#include "report/result.h"
#include "interrupt.h"
#include "score_all.h"
#include "score_archives.h"
#include "score_output.h"
#include "store/config.h"

#include <stdlib.h>
#include <string.h>

static const char *arg_id, *arg_format, *arg_task, *arg_workspace, *arg_all, *arg_version, *arg_min,
	*arg_explain, *arg_proof;
static bool arg_dry_run, arg_exit_zero, arg_diff, arg_again, arg_judge, arg_archive;
static long arg_jobs = -1;
static struct opt_list arg_only, arg_output, arg_more;

static const struct opt score_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .optional = true,
	  .help = "id, or a unique beginning of it" },
	{ .rest = &arg_more, .name = "FILE", .optional = true, .help = "with --archive: archives" },
	{ .str = &arg_task, .name = "task", .arg = "DIR",
	  .help = "without a store: the task folder" },
	{ .str = &arg_workspace, .name = "workspace", .arg = "DIR",
	  .help = "without a store: the folder to grade" },
	{ .flag = &arg_archive, .name = "archive",
	  .help = "without a store: grade archives (.zip, .tar, .tar.gz)" },
	{ .str = &arg_proof, .name = "proof", .arg = "FILE",
	  .help = "without a store: what `tali task prove --json` said of the task" },
	{ .str = &arg_all, .name = "all", .arg = "TASK",
	  .help = "every submission of this stored task" },
	{ .flag = &arg_diff, .name = "diff", .help = "with --all: print what moved, old and new" },
	{ .flag = &arg_again, .name = "again",
	  .help = "with --all: begin anew, also after an interruption" },
	{ .num = &arg_jobs, .key = 'j', .name = "jobs", .arg = "N",
	  .help = "so many at once (number of processors)" },
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
	{ .str = &arg_format, .name = "format", .arg = "FORMAT",
	  .help = "text, json, junit, tap, ctrf, sarif, github, ... (man page)" },
	{ .list = &arg_output, .key = 'o', .name = "output", .arg = "FILE",
	  .help = "write a file too, [FORMAT=]FILE; may be given again" },
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

/* Prints one submission and gives the exit status; `document` is NULL for an error told already,
 * which every format but text and json has a word for. */
static int conclude(struct score_output *output, const json_t *document, double min,
		    struct err *err)
{
	struct result_item item = { .document = document, .fault = err->text };
	struct err ignored = ERR_INIT;

	if (!document && (err->code == ERR_USAGE || err->code == ERR_NOT_FOUND))
		return -1;
	if (!document) {
		if (score_output_add(output, &item, &ignored) == 0)
			score_output_finish(output, &ignored);
		return -1;
	}
	if (score_output_add(output, &item, err) < 0 || score_output_finish(output, err) < 0)
		return -1;
	return result_percent(document) < min ? 1 : 0;
}

static int score_many(const struct cmd_ctx *ctx, const struct scoring *scoring,
		      struct score_output *output, double min, struct err *err)
{
	const struct score_all request = {
		.task = arg_all, .output = output, .jobs = arg_jobs, .diff = arg_diff,
		.json = !strcmp(format_of(ctx), "json"), .again = arg_again, .min = min,
	};

	return score_all(ctx, scoring, &request, err);
}

static struct folder_task *open_task(const struct cmd_ctx *ctx, const struct scoring *scoring,
				     struct err *err)
{
	const struct folder_task_plan plan = { .path = arg_task, .proof = arg_proof,
					       .scoring = scoring, .clock = ctx->clock };
	AUTO_JSON json_t *faults = json_array();
	struct folder_task *task = folder_task_open(&plan, faults, err);

	if (!task)
		cmd_print_faults(faults);
	return task;
}

static int score_folder(const struct cmd_ctx *ctx, const struct scoring *scoring,
			struct score_output *output, double min, struct err *err)
{
	AUTO(folder_task_close) struct folder_task *task = open_task(ctx, scoring, err);
	AUTO_JSON json_t *document = NULL;

	if (task && folder_task_grade(task, arg_workspace, &document, err) == 0 && arg_explain)
		return print_explanation(ctx, explaining_document(document, arg_explain, NULL, err),
					 err);
	return arg_explain ? -1 : conclude(output, document, min, err);
}

/* The words that are left are archives, the first one too. */
static int score_files(const struct cmd_ctx *ctx, struct scoring *scoring,
		       struct score_output *output, double min, const struct interrupt *interrupt,
		       struct err *err)
{
	size_t count = arg_more.count + 1;
	AUTO_FREE const char **paths = buf_alloc(count * sizeof(*paths));
	AUTO(folder_task_close) struct folder_task *task = NULL;
	struct score_archives request = { .paths = paths, .count = count, .jobs = arg_jobs,
					  .min = min, .output = output,
					  .interrupt = interrupt };

	paths[0] = arg_id;
	for (size_t i = 1; i < count; i++)
		paths[i] = arg_more.items[i - 1];
	scoring->progress = NULL;
	request.task = task = open_task(ctx, scoring, err);
	return task ? score_archives(ctx, &request, err) : conclude(output, NULL, min, err);
}

static void end_runs(void *sandbox)
{
	sandbox_stop(sandbox);
}

/* Whatever is under way when a signal comes ends as if our side failed, and takes its temporary
 * folders with it. */
static int score_by_task(const struct cmd_ctx *ctx, struct scoring *scoring,
			 struct score_output *output, double min, struct err *err)
{
	AUTO(interrupt_close) struct interrupt *interrupt =
		interrupt_open(end_runs, ctx->sandbox, err);
	int result;

	if (!interrupt)
		return -1;
	result = arg_archive ? score_files(ctx, scoring, output, min, interrupt, err)
			     : score_folder(ctx, scoring, output, min, err);
	if (!interrupt_came(interrupt) || result == INTERRUPT_STATUS)
		return result;
	cmd_say(ctx, "score: interrupted");
	return INTERRUPT_STATUS;
}

static int score_one(const struct cmd_ctx *ctx, const struct scoring *scoring,
		     struct score_output *output, double min, struct err *err)
{
	AUTO_JSON json_t *document = NULL;
	bool blind;

	if (arg_explain && config_bool(ctx->store, "review.blind", &blind, err) < 0)
		return -1;
	if (arg_explain)
		return print_explanation(ctx, explaining_run(ctx->store, arg_id, arg_explain, blind,
							     err), err);
	document = scoring_run(ctx->store, arg_id, scoring, err);
	return conclude(output, document, min, err);
}

static int check_folder_words(struct err *err)
{
	if (!arg_task || !(arg_workspace || arg_archive))
		return err_set(err, ERR_USAGE,
			       "--task and --workspace go together (or --task and --archive)");
	if (arg_workspace && arg_archive)
		return err_set(err, ERR_USAGE, "--workspace or --archive, not both");
	if (arg_archive && !arg_id)
		return err_set(err, ERR_USAGE, "--archive: no archive is named");
	if (arg_version)
		return err_set(err, ERR_USAGE, "--version needs a store");
	return 0;
}

static int check_form(bool folder, struct err *err)
{
	if ((arg_id && !arg_archive) + (arg_all != NULL) + folder != 1)
		return err_set(err, ERR_USAGE, "say an assessment, or --all TASK, or --task DIR "
					       "with --workspace DIR or --archive");
	if (arg_more.count && !arg_archive)
		return err_set(err, ERR_USAGE, "unexpected argument '%s' (see -h)",
			       arg_more.items[0]);
	if (folder)
		return check_folder_words(err);
	return arg_proof ? err_set(err, ERR_USAGE, "--proof goes with --task") : 0;
}

static int check_words(const struct cmd_ctx *ctx, struct err *err)
{
	bool folder = arg_task || arg_workspace || arg_archive;

	if (check_form(folder, err) < 0)
		return -1;
	if (!arg_all && (arg_diff || arg_again))
		return err_set(err, ERR_USAGE, "%s goes with --all",
			       arg_diff ? "--diff" : "--again");
	if (!arg_all && !arg_archive && arg_jobs >= 0)
		return err_set(err, ERR_USAGE, "--jobs goes with --all or --archive");
	if ((arg_all || arg_archive) && arg_explain)
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

static struct score_output *open_output(const struct cmd_ctx *ctx, struct err *err)
{
	const struct score_output_plan plan = {
		.format = format_of(ctx), .words = &arg_output,
		.several = arg_all || (arg_archive && arg_more.count),
	};
	AUTO(score_output_close) struct score_output *output = score_output_open(ctx, &plan, err);

	if (output && (arg_diff || arg_explain) && score_output_is_special(output)) {
		err_set(err, ERR_USAGE, "%s prints text or json, and no files",
			arg_diff ? "--diff" : "--explain");
		return NULL;
	}
	return TAKE(output);
}

static int score(const struct cmd_ctx *ctx, struct scoring *scoring, struct err *err)
{
	AUTO(score_output_close) struct score_output *output = NULL;
	double min;
	int result;

	if (check_words(ctx, err) < 0 || read_min(&min, err) < 0)
		return -1;
	output = open_output(ctx, err);
	if (!output)
		return -1;
	if (arg_judge && !(scoring->judging = judging_open(ctx->store, err)))
		return -1;
	result = arg_task ? score_by_task(ctx, scoring, output, min, err)
	       : arg_all ? score_many(ctx, scoring, output, min, err)
			 : score_one(ctx, scoring, output, min, err);
	return result == 1 && arg_exit_zero ? 0 : result;
}

static int score_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct progress progress;
	AUTO_FREE const char **only = buf_alloc((arg_only.count + 1) * sizeof(*only));
	struct scoring scoring = { .sandbox = ctx->sandbox, .allow_weak = ctx->allow_weak,
				   .dry_run = arg_dry_run, .task_version = arg_version,
				   .progress = show_progress, .arg = &progress };
	int result;

	for (size_t i = 0; i < arg_only.count; i++)
		only[i] = arg_only.items[i];
	scoring.only = arg_only.count ? only : NULL;
	scoring.dry_run |= arg_only.count > 0;	/* a part of the tests is no score */
	progress_start(&progress, "grading", ctx->quiet);
	result = score(ctx, &scoring, err);
	progress_end(&progress);
	judging_close(&scoring.judging);
	opt_list_release(&arg_only);
	opt_list_release(&arg_output);
	opt_list_release(&arg_more);
	return result;
}

/* Folders are graded without a look at any store; to explain is to read. */
static unsigned spares(const struct session *session)
{
	(void)session;
	if (arg_task)
		return CMD_STORE_READ | CMD_STORE_WRITE | CMD_STORE_MAYBE;
	return arg_explain ? CMD_STORE_WRITE | CMD_SANDBOX : 0;
}

const struct cmd cmd_score = {
	.name = "score",
	.summary = "grade and score a submission, and record the result",
	.json = "tali.score/1",
	.needs = CMD_STORE_READ | CMD_STORE_WRITE | CMD_STORE_MAYBE | CMD_SANDBOX,
	.spares = spares,
	.opts = score_opts,
	.run = score_main,
};
