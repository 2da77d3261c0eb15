/* candidate-show.c - `tali candidate show`: one candidate with all assessments */
#include "cmd.h"

#include "base/term.h"
#include "report/view.h"

static const char *arg_candidate;

static const struct opt candidate_show_opts[] = {
	{ .pos = &arg_candidate, .name = "CANDIDATE", .help = "e-mail address or id" },
	{ 0 }
};

static int add_assessment(void *arg, const struct assessment *assessment, struct err *err)
{
	(void)err;
	json_array_append_new(arg, view_assessment(assessment));
	return 0;
}

static int print_assessment(void *arg, const struct assessment *assessment, struct err *err)
{
	const struct cmd_ctx *ctx = arg;
	char time[CLOCK_TEXT_SIZE];

	(void)err;
	fprintf(ctx->out, "  %s  %-12s %-24s %s\n", assessment->id, status_name(assessment->status),
		assessment->task_name, clock_text(assessment->created, time));
	return 0;
}

static int candidate_show_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	struct assessment_filter filter = { .limit = 1000 };
	AUTO_JSON json_t *assessments = json_array();
	json_t *view;

	if (candidate_find(ctx->store, arg_candidate, &candidate, err) < 0)
		return -1;
	filter.candidate_id = candidate.id;
	if (ctx->json) {
		if (assessment_each(ctx->store, &filter, add_assessment, assessments, err) < 0)
			return -1;
		view = view_candidate(&candidate);
		json_object_set(view, "assessments", assessments);
		return cmd_print_json(ctx, view, err);
	}
	term_print(ctx->out, TERM_BOLD, candidate.name);
	fprintf(ctx->out, "  %s  %s%s\n", candidate.email, candidate.id,
		candidate.deleted ? "  (deleted)" : "");
	if (*candidate.notes) {
		fputs("  notes: ", ctx->out);
		term_print_safe(ctx->out, candidate.notes);
		putc('\n', ctx->out);
	}
	return assessment_each(ctx->store, &filter, print_assessment, (void *)ctx, err);
}

const struct cmd cmd_candidate_show = {
	.name = "candidate show",
	.summary = "show a candidate with notes and all assessments",
	.json = "tali.candidate/1",
	.needs = CMD_STORE_READ,
	.opts = candidate_show_opts,
	.run = candidate_show_main,
};
