/* replay.c - `tali replay`: a session as it was at any instant */
#include "cmd.h"

#include "assess/replaying.h"
#include "base/fs.h"
#include "base/progress.h"
#include "base/term.h"
#include "grade/grade_json.h"
#include "replay/branch.h"
#include "replay/page.h"
#include "replay/player_screen.h"
#include "replay_list.h"
#include "report/blind.h"
#include "reviewer.h"
#include "test_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *arg_id, *arg_at, *arg_file, *arg_checkout, *arg_branch, *arg_html;
static bool arg_print, arg_run_tests, arg_hidden, arg_first_pass, arg_blind, arg_named;

static const struct opt replay_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_at, .name = "at", .arg = "T",
	  .help = "the moment: 31m, 1h02m03s, 31:07, #123, a time" },
	{ .flag = &arg_print, .key = 'p', .name = "print",
	  .help = "print the steps, or with --at the state" },
	{ .str = &arg_file, .name = "file", .arg = "PATH",
	  .help = "print this file as it was" },
	{ .str = &arg_checkout, .name = "checkout", .arg = "DIR",
	  .help = "lay all files into an empty folder" },
	{ .flag = &arg_run_tests, .name = "run-tests",
	  .help = "run the visible tests on the files of --at" },
	{ .flag = &arg_first_pass, .name = "first-pass",
	  .help = "print when each case first passed" },
	{ .flag = &arg_hidden, .name = "hidden",
	  .help = "with these two: all tests, not only the visible" },
	{ .str = &arg_branch, .name = "branch", .arg = "DIR",
	  .help = "write a git repository, one commit for each step" },
	{ .str = &arg_html, .name = "html", .arg = "FILE",
	  .help = "write a page that plays by itself; - for standard output" },
	{ .flag = &arg_blind, .name = "blind", .help = "without name and address" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ 0 }
};

static int print_file(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	AUTO(buf_release) struct buf bytes = BUF_INIT(0);
	struct fold *fold = timeline_fold(replaying->timeline);
	const struct fold_file *file = fold_file(fold, arg_file);

	if (!file)
		return err_set(err, ERR_NOT_FOUND, "there is no file '%s' at this moment",
			       arg_file);
	if (fold_bytes(fold, file, REPLAY_FILE_MAX, &bytes, err) < 0)
		return -1;
	if (isatty(fileno(ctx->out)))
		term_print_safe(ctx->out, buf_str(&bytes));
	else
		fwrite(buf_str(&bytes), 1, bytes.len, ctx->out);
	return 0;
}

static int checkout(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	size_t count;

	if (replaying_checkout(replaying, arg_checkout, &count, err) < 0)
		return -1;
	cmd_say(ctx, "replay: %zu file%s in %s", count, count == 1 ? "" : "s", arg_checkout);
	return 0;
}

static int write_branch(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	const struct assessment *assessment = &replaying->assessment;
	const struct branch_request request = {
		.store = ctx->store, .timeline = replaying->timeline,
		.assessment_id = assessment->id, .name = assessment->name,
		.email = assessment->email, .start = replaying->span.from, .folder = arg_branch,
	};
	size_t count;

	if (branch_write(&request, &count, err) < 0)
		return -1;
	cmd_say(ctx, "replay: %zu commit%s on main in %s", count, count == 1 ? "" : "s",
		arg_branch);
	return 0;
}

static int page_bytes(struct replaying *replaying, char **ret, size_t *ret_len, struct err *err)
{
	const struct assessment *assessment = &replaying->assessment;
	const struct replay_page_facts facts = {
		.assessment = assessment->id, .task = assessment->task_name,
		.candidate = *assessment->name ? assessment->name : assessment->email,
		.status = status_name(assessment->status), .from = replaying->span.from,
		.to = replaying->span.to,
	};
	FILE *page = open_memstream(ret, ret_len);
	int result;

	if (!page)
		return err_sys(err, "the page");
	result = replay_page_write(replaying->timeline, &facts, page, err);
	fclose(page);
	return result;
}

static int write_page(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	AUTO_FREE char *bytes = NULL;
	size_t len = 0;

	if (page_bytes(replaying, &bytes, &len, err) < 0)
		return -1;
	if (!strcmp(arg_html, "-")) {
		fwrite(bytes, 1, len, ctx->out);
		return 0;
	}
	if (fs_write(arg_html, 0644, bytes, len, err) < 0)
		return -1;
	cmd_say(ctx, "replay: %zu bytes in %s", len, arg_html);
	return 0;
}

static void show_progress(void *arg, size_t trees)
{
	progress_step(arg, (unsigned)trees, (unsigned)trees + 1);
}

static int run_tests_at(const struct cmd_ctx *ctx, struct replaying *replaying,
			struct replaying_tests *tests, struct err *err)
{
	const struct grade *grade = replaying_run_tests(replaying, tests, err);

	return grade ? test_print(ctx, grade_test_json(grade, false), err) : -1;
}

static int print_first_passes(const struct cmd_ctx *ctx, struct replaying *replaying,
			      struct replaying_tests *tests, struct err *err)
{
	AUTO(first_passes_release) struct first_passes passes = FIRST_PASSES_INIT;
	struct progress progress;
	int result;

	progress_start(&progress, "trees graded", ctx->quiet);
	tests->progress = show_progress;
	tests->arg = &progress;
	result = replaying_first_pass(replaying, tests, &passes, err);
	progress_end(&progress);
	if (result < 0)
		return -1;
	return replay_list_passes(ctx, replaying, &passes, rerun_count(tests->rerun), err);
}

static int with_tests(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	AUTO(replaying_tests_release) struct replaying_tests tests = {
		.sandbox = ctx->sandbox, .hidden = arg_hidden, .allow_weak = ctx->allow_weak,
	};

	if (replaying_tests_open(replaying, &tests, err) < 0)
		return -1;
	return arg_run_tests ? run_tests_at(ctx, replaying, &tests, err)
			     : print_first_passes(ctx, replaying, &tests, err);
}

static int check_words(const struct cmd_ctx *ctx, struct err *err)
{
	bool whole = arg_branch || arg_html || arg_first_pass;
	int actions = arg_print + (arg_file != NULL) + (arg_checkout != NULL) + arg_run_tests +
		      arg_first_pass + (arg_branch != NULL) + (arg_html != NULL);

	if (actions > 1)
		return err_set(err, ERR_USAGE,
			       "only one of --print, --file, --checkout, --run-tests, "
			       "--first-pass, --branch and --html");
	if (arg_at && whole)
		return err_set(err, ERR_USAGE, "%s is about the whole session: no --at",
			       arg_branch ? "--branch" : arg_html ? "--html" : "--first-pass");
	if (!arg_at && (arg_file || arg_checkout || arg_run_tests))
		return err_set(err, ERR_USAGE, "%s needs --at", arg_file ? "--file"
			       : arg_checkout ? "--checkout" : "--run-tests");
	if (arg_hidden && !arg_run_tests && !arg_first_pass)
		return err_set(err, ERR_USAGE, "--hidden goes with --run-tests or --first-pass");
	if (ctx->json && (arg_file || arg_checkout || arg_branch || arg_html))
		return err_set(err, ERR_USAGE, "%s prints no JSON", arg_file ? "--file"
			       : arg_checkout ? "--checkout" : arg_html ? "--html" : "--branch");
	return 0;
}

static bool on_terminal(const struct cmd_ctx *ctx)
{
	return !arg_print && !ctx->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int play(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	const struct assessment *assessment = &replaying->assessment;
	const struct fold_source source = fold_source_stored(&replaying->stored);
	const struct player_session session = {
		.store = ctx->store, .assessment_id = assessment->id,
		.candidate = *assessment->name ? assessment->name : assessment->email,
		.task = assessment->task_name, .timeline = replaying->timeline,
		.source = &source, .span = replaying->span, .running = !assessment->submitted,
	};

	return player_screen_run(&session, err);
}

/* What the candidate wrote stays as it is. */
static void hide_candidate(struct assessment *assessment)
{
	free(assessment->name);
	assessment->name = blind_name(assessment->id);
	free(assessment->email);
	assessment->email = buf_strdup("");
}

static int show(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	if (arg_file)
		return print_file(ctx, replaying, err);
	if (arg_checkout)
		return checkout(ctx, replaying, err);
	if (arg_branch)
		return write_branch(ctx, replaying, err);
	if (arg_html)
		return write_page(ctx, replaying, err);
	if (arg_run_tests || arg_first_pass)
		return with_tests(ctx, replaying, err);
	if (on_terminal(ctx))
		return play(ctx, replaying, err);
	return arg_at ? replay_list_state(ctx, replaying, err)
		      : replay_list_steps(ctx, replaying, err);
}

static int replay_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(replaying_release) struct replaying replaying = REPLAYING_INIT;
	bool blind;

	if (check_words(ctx, err) < 0 ||
	    reviewer_blind(ctx, arg_blind, arg_named, &blind, err) < 0 ||
	    replaying_open(ctx->store, arg_id, &replaying, err) < 0 ||
	    (arg_at && replaying_seek(&replaying, arg_at, err) < 0))
		return -1;
	if (blind)
		hide_candidate(&replaying.assessment);
	return show(ctx, &replaying, err);
}

/* Who only looks shall not wait for a sandbox. */
static unsigned spares(const struct session *session)
{
	(void)session;
	return arg_run_tests || arg_first_pass ? 0 : CMD_SANDBOX;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.summary = "play a session, or show it as it was at a moment",
	.json = "tali.replay/1",
	.needs = CMD_STORE_READ | CMD_SANDBOX,
	.spares = spares,
	.opts = replay_opts,
	.run = replay_main,
};
