/* list.c - `tali list`: assessments, newest first */
#include "cmd.h"

#include "report/view.h"
#include "reviewer.h"
#include "store/candidate.h"
#include "store/score_row.h"
#include "store/task.h"

#include <math.h>
#include <stdlib.h>

static const char *arg_search, *arg_status, *arg_task, *arg_candidate, *arg_level, *arg_least,
	*arg_sort;
static long arg_limit = -1, arg_offset;
static bool arg_oldest, arg_count, arg_blind, arg_named;

#define SHOWN_MOST 50	/* without --limit */

static const struct opt list_opts[] = {
	{ .pos = &arg_search, .name = "SEARCH", .optional = true,
	  .help = "part of the candidate's name or address" },
	{ .str = &arg_status, .name = "status", .arg = "STATUS",
	  .help = "only those that are scheduled, active, submitted, ..." },
	{ .str = &arg_task, .name = "task", .arg = "TASK", .help = "only those of this task" },
	{ .str = &arg_candidate, .name = "candidate", .arg = "WHO",
	  .help = "only those of this candidate" },
	{ .str = &arg_level, .name = "level", .arg = "LEVEL",
	  .help = "only those whose newest score has this level" },
	{ .str = &arg_least, .name = "min-score", .arg = "NUMBER",
	  .help = "only those whose newest score is so high" },
	{ .str = &arg_sort, .name = "sort", .arg = "ORDER",
	  .help = "by created, score, submitted, status, task or candidate (created)" },
	{ .num = &arg_limit, .key = 'n', .name = "limit", .arg = "N",
	  .help = "at most so many (50)" },
	{ .num = &arg_offset, .name = "offset", .arg = "N", .help = "pass over the first N" },
	{ .flag = &arg_oldest, .name = "oldest-first", .help = "oldest first" },
	{ .flag = &arg_blind, .name = "blind", .help = "without names and addresses" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ .flag = &arg_count, .name = "count", .help = "print only how many there are" },
	{ 0 }
};

struct list {
	const struct cmd_ctx *ctx;
	bool blind;
	long most, shown;
};

/* "  67.46 architect", "  tests 49.91 %", or nothing. */
static void print_figures(FILE *out, const struct score_figures *figures)
{
	if (figures->has_value)
		fprintf(out, "  %6.2f %s", (double)figures->value / 100, figures->level);
	else if (figures->has_grade)
		fprintf(out, "  tests %.2f %%", (double)figures->grade / 100);
}

static int print_assessment(void *arg, const struct assessment *a, struct err *err)
{
	struct list *list = arg;
	struct score_figures figures = { .has_value = false };
	FILE *out = list->ctx->out;
	char time[CLOCK_TEXT_SIZE];
	int64_t when = a->submitted ? a->submitted : a->deadline ? a->deadline : a->expires;

	if (list->shown++ == list->most)
		return 0;
	if (score_row_figures(list->ctx->store, a->id, &figures, err) < 0)
		return -1;
	if (list->ctx->json)
		return cmd_print_json(list->ctx, view_listed(a, &figures, list->blind), err);
	fprintf(out, "%s  %-12s %-24s %-32s %s %s", a->id, status_name(a->status), a->task_name,
		list->blind ? "-" : a->email,
		a->submitted ? "handed in" : a->deadline ? "until    " : "expires  ",
		when ? clock_text(when, time) : "-");
	print_figures(out, &figures);
	putc('\n', out);
	return 0;
}

/* "65" or "65.5", as hundredths. */
static int read_least(int64_t *ret, struct err *err)
{
	char *end;
	double least = strtod(arg_least, &end);

	if (!*arg_least || *end || !(least >= 0 && least <= 100))
		return err_set(err, ERR_USAGE, "--min-score is a number from 0 to 100, not '%s'",
			       arg_least);
	*ret = llround(least * 100);
	return 0;
}

/* Nobody is to find a name by looking for it. */
static int check_blind(const struct assessment_filter *filter, struct err *err)
{
	if (filter->search || filter->candidate_id || filter->sort == ASSESSMENT_BY_CANDIDATE)
		return err_set(err, ERR_USAGE, "a blind list cannot look for candidates: --named");
	return 0;
}

static int print_count(const struct cmd_ctx *ctx, const struct assessment_filter *filter,
		       struct err *err)
{
	int64_t count = assessment_count(ctx->store, filter, err);

	if (count < 0)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx,
				      json_pack("{s:s, s:I}", "schema", "tali.count/1", "count",
						(json_int_t)count),
				      err);
	fprintf(ctx->out, "%lld\n", (long long)count);
	return 0;
}

/* One more than are shown is asked for, to know whether that was all. */
static int print_list(struct list *list, struct assessment_filter *filter, struct err *err)
{
	list->most = arg_limit < 0 ? SHOWN_MOST : arg_limit;
	filter->limit = list->most + (arg_limit < 0);
	if (assessment_each(list->ctx->store, filter, print_assessment, list, err) < 0)
		return -1;
	if (list->shown > list->most)
		cmd_say(list->ctx, "list: there are more than these %ld: see --limit and --offset",
			list->most);
	return 0;
}

static int list_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	struct assessment_filter filter = {
		.status = arg_status, .search = arg_search, .offset = arg_offset,
		.oldest_first = arg_oldest,
	};
	struct list list = { .ctx = ctx };
	enum status status;

	if (arg_status && status_parse(arg_status, &status, err) < 0)
		return -1;
	if (arg_task && task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	if (arg_candidate && candidate_find(ctx->store, arg_candidate, &candidate, err) < 0)
		return -1;
	filter.task_id = arg_task ? task.id : NULL;
	filter.candidate_id = arg_candidate ? candidate.id : NULL;
	if (arg_level && score_level_check(arg_level, err) < 0)
		return -1;
	filter.level = arg_level;
	if ((arg_least && read_least(&filter.least_score, err) < 0) ||
	    (arg_sort && assessment_sort_parse(arg_sort, &filter.sort, err) < 0) ||
	    reviewer_blind(ctx, arg_blind, arg_named, &list.blind, err) < 0 ||
	    (list.blind && check_blind(&filter, err) < 0))
		return -1;
	if (arg_oldest && filter.sort)
		return err_set(err, ERR_USAGE, "--oldest-first goes with --sort created");
	if (arg_count)
		return print_count(ctx, &filter, err);
	return print_list(&list, &filter, err);
}

const struct cmd cmd_list = {
	.name = "list",
	.summary = "list the assessments, newest first",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_READ,
	.opts = list_opts,
	.run = list_main,
};
