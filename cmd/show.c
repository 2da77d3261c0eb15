/* show.c - `tali show`: one assessment with what came of it */
#include "cmd.h"
#include "transcript_print.h"

#include "assess/late_work.h"
#include "assess/scoring.h"
#include "assess/transcripts.h"
#include "base/json.h"
#include "base/term.h"
#include "report/result_text.h"
#include "report/view.h"
#include "report/words.h"

static const char *arg_id;

static const struct opt show_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ 0 }
};

static void print_field(FILE *out, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(out, "  %-13s ", label);
	term_print_safe(out, value);
	putc('\n', out);
}

static void print_text(const struct cmd_ctx *ctx, const struct assessment *a)
{
	static const char *const times[] = { "created", "not_before", "expires", "started",
					     "deadline", "submitted" };
	AUTO_JSON json_t *view = view_assessment(a);
	char text[CLOCK_TEXT_SIZE];
	size_t i;

	term_print(ctx->out, TERM_BOLD, a->id);
	fprintf(ctx->out, "  %s\n", status_name(a->status));
	print_field(ctx->out, "candidate", a->name);
	print_field(ctx->out, "e-mail", a->email);
	print_field(ctx->out, "task", a->task_name);
	print_field(ctx->out, "version", a->task_version);
	print_field(ctx->out, "kind", a->live ? "live" : "take-home");
	fprintf(ctx->out, "  %-13s %lld, attempt %lld\n", "round", (long long)a->round,
		(long long)a->attempt);
	print_field(ctx->out, "duration", clock_duration_text(a->duration_ms + a->extra_ms, text));
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		print_field(ctx->out, times[i], json_str(view, times[i], NULL));
	print_field(ctx->out, "commit", a->commit);
	print_field(ctx->out, "reason", a->reason);
	print_field(ctx->out, "imported from", a->signer);
}

static void print_late(const struct cmd_ctx *ctx, const json_t *late)
{
	AUTO_JSON json_t *words = json_is_object(late) ? words_late(late) : NULL;

	print_field(ctx->out, "late work", json_string_value(words));
}

static int show_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_FREE char *repo = NULL;
	AUTO_JSON json_t *score = NULL, *late = NULL, *transcripts = NULL;
	json_t *view;

	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0 ||
	    scoring_recorded(ctx->store, assessment.id, 0, &score, err) < 0)
		return -1;
	late = late_work_json(ctx->store, &assessment, err);
	transcripts = late ? transcripts_compare(ctx->store, assessment.id, err) : NULL;
	if (!transcripts)
		return -1;
	repo = store_repo_path(ctx->store, assessment.id);
	if (ctx->json) {
		view = view_assessment(&assessment);
		json_object_set_new(view, "repository",
				    *assessment.commit ? json_string(repo) : json_null());
		json_object_set(view, "score", score ? score : json_null());
		json_object_set(view, "late", late);
		json_object_set(view, "transcripts", transcripts);
		return cmd_print_json(ctx, view, err);
	}
	print_text(ctx, &assessment);
	if (*assessment.commit)
		print_field(ctx->out, "repository", repo);
	print_late(ctx, late);
	transcript_print(ctx->out, transcripts);
	if (score)
		result_text_print(ctx->out, score);
	return 0;
}

const struct cmd cmd_show = {
	.name = "show",
	.summary = "show an assessment and its newest score",
	.json = "tali.assessment/1",
	.needs = CMD_STORE_READ,
	.opts = show_opts,
	.run = show_main,
};
