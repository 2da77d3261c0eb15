/* list.c - `tali list`: assessments, newest first */
#include "cmd.h"

#include "report/view.h"
#include "store/candidate.h"
#include "store/task.h"

static const char *arg_search, *arg_status, *arg_task, *arg_candidate;
static long arg_limit = 50, arg_offset;
static bool arg_oldest, arg_count;

static const struct opt list_opts[] = {
	{ .pos = &arg_search, .name = "SEARCH", .optional = true,
	  .help = "part of the candidate's name or address" },
	{ .str = &arg_status, .name = "status", .arg = "STATUS",
	  .help = "only those that are scheduled, active, submitted, ..." },
	{ .str = &arg_task, .name = "task", .arg = "TASK", .help = "only those of this task" },
	{ .str = &arg_candidate, .name = "candidate", .arg = "WHO",
	  .help = "only those of this candidate" },
	{ .num = &arg_limit, .key = 'n', .name = "limit", .arg = "N",
	  .help = "at most so many (50)" },
	{ .num = &arg_offset, .name = "offset", .arg = "N", .help = "pass over the first N" },
	{ .flag = &arg_oldest, .name = "oldest-first", .help = "oldest first" },
	{ .flag = &arg_count, .name = "count", .help = "print only how many there are" },
	{ 0 }
};

static int print_assessment(void *arg, const struct assessment *a, struct err *err)
{
	const struct cmd_ctx *ctx = arg;
	char time[CLOCK_TEXT_SIZE];
	int64_t when = a->submitted ? a->submitted : a->deadline ? a->deadline : a->expires;

	if (ctx->json)
		return cmd_print_json(ctx, view_assessment(a), err);
	fprintf(ctx->out, "%s  %-12s %-24s %-32s %s %s\n", a->id, status_name(a->status),
		a->task_name, a->email,
		a->submitted ? "handed in" : a->deadline ? "until    " : "expires  ",
		when ? clock_text(when, time) : "-");
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

static int list_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	struct assessment_filter filter = {
		.status = arg_status, .search = arg_search, .limit = arg_limit,
		.offset = arg_offset, .oldest_first = arg_oldest,
	};
	enum status status;

	if (arg_status && status_parse(arg_status, &status, err) < 0)
		return -1;
	if (arg_task && task_find(ctx->store, arg_task, &task, err) < 0)
		return -1;
	if (arg_candidate && candidate_find(ctx->store, arg_candidate, &candidate, err) < 0)
		return -1;
	filter.task_id = arg_task ? task.id : NULL;
	filter.candidate_id = arg_candidate ? candidate.id : NULL;
	if (arg_count)
		return print_count(ctx, &filter, err);
	return assessment_each(ctx->store, &filter, print_assessment, (void *)ctx, err);
}

const struct cmd cmd_list = {
	.name = "list",
	.summary = "list the assessments, newest first",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_READ,
	.opts = list_opts,
	.run = list_main,
};
