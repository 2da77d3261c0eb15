/* replay_list.c - see replay_list.h */
#include "replay_list.h"

#include "base/term.h"
#include "grade/grade_text.h"
#include "replay/replay_steps.h"
#include "replay/state_view.h"
#include "report/view.h"
#include "store/event.h"

#include <inttypes.h>
#include <string.h>

#define LABEL_MOST 200	/* bytes */

static int64_t after_start(const struct replaying *replaying, int64_t instant)
{
	return instant - replaying->span.from;
}

/* A label as JSON can hold it: it may have been cut inside a character. Yours. */
static char *clean_label(const char *label)
{
	char *clean = grade_text_clean(label, strlen(label), LABEL_MOST);

	return clean ? clean : buf_strdup("");
}

/* A label in one line, whatever a candidate wrote. */
static void print_label(FILE *out, const char *label)
{
	AUTO(buf_release) struct buf line = BUF_INIT(LABEL_MOST * 4 + 8);

	grade_text_show(&line, label, strlen(label), LABEL_MOST);
	fputs(buf_str(&line), out);
}

/* --- steps */

static int print_step_json(const struct cmd_ctx *ctx, const struct replaying *replaying,
			   const struct replay_step *step, struct err *err)
{
	AUTO_FREE char *label = clean_label(step->label);
	json_t *files = json_array();
	json_t *view;
	char text[CLOCK_TEXT_SIZE];
	size_t i;

	for (i = 0; i < step->file_count; i++)
		json_array_append_new(files, json_string(step->files[i]));
	view = json_pack("{s:s, s:s, s:I, s:I, s:s, s:I, s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:o}",
			 "schema", "tali.replay-step/1", "assessment", replaying->assessment.id,
			 "seq", (json_int_t)step->first, "last_seq", (json_int_t)step->last,
			 "instant", clock_text_ms(step->from, text), "at_ms",
			 (json_int_t)after_start(replaying, step->from), "duration_ms",
			 (json_int_t)(step->to - step->from), "kind",
			 step->burst ? "edit" : step->kind, "actor", step->actor, "label",
			 label, "edits", (json_int_t)step->edits, "inserted",
			 (json_int_t)step->inserted, "deleted", (json_int_t)step->deleted, "files",
			 files);
	return cmd_print_json(ctx, view, err);
}

static void print_step(const struct cmd_ctx *ctx, const struct replaying *replaying,
		       const struct replay_step *step)
{
	char at[MOMENT_TEXT_SIZE];

	fprintf(ctx->out, "%9s  %6" PRId64 "  %-9s  ",
		moment_text(after_start(replaying, step->from), at), step->first, step->actor);
	if (step->burst)
		fputs("edit ", ctx->out);
	print_label(ctx->out, step->label);
	if (step->burst)
		fprintf(ctx->out, " bytes, %" PRIu64 " edit%s in %" PRId64 " s", step->edits,
			step->edits == 1 ? "" : "s", (step->to - step->from) / 1000);
	putc('\n', ctx->out);
}

int replay_list_steps(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	AUTO(replay_steps_release) struct replay_steps steps = REPLAY_STEPS_INIT;
	size_t i;

	if (replay_steps_read(ctx->store, replaying->assessment.id, false, &steps, err) < 0)
		return -1;
	for (i = 0; i < steps.count; i++) {
		if (!ctx->json)
			print_step(ctx, replaying, &steps.list[i]);
		else if (print_step_json(ctx, replaying, &steps.list[i], err) < 0)
			return -1;
	}
	return 0;
}

/* --- one instant */

int replay_list_state(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err)
{
	struct fold *fold = timeline_fold(replaying->timeline);
	int64_t instant = timeline_instant(replaying->timeline);
	const struct assessment *assessment = &replaying->assessment;
	const char *who = *assessment->email ? assessment->email : assessment->name;
	char at[MOMENT_TEXT_SIZE], total[MOMENT_TEXT_SIZE], time[CLOCK_TEXT_SIZE];
	AUTO_JSON json_t *view = NULL;

	moment_text(after_start(replaying, instant), at);
	moment_text(replaying->span.to - replaying->span.from, total);
	clock_text_ms(instant, time);
	if (!ctx->json) {
		term_print_safe(ctx->out, assessment->task_name);
		fputs("  ", ctx->out);
		term_print_safe(ctx->out, who);
		fprintf(ctx->out, "  %s  %s of %s  event %" PRId64 "  %s\n", assessment->id, at,
			total, fold_seq(fold), time);
		return state_view_print(ctx->out, fold, replaying->span.from, err);
	}
	view = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:I, s:I}", "schema", "tali.replay/1",
			 "assessment", assessment->id, "task", assessment->task_name, "email",
			 assessment->email, "seq", (json_int_t)fold_seq(fold), "instant", time,
			 "at_ms", (json_int_t)after_start(replaying, instant), "total_ms",
			 (json_int_t)(replaying->span.to - replaying->span.from));
	if (state_view_json(fold, view, err) < 0)
		return -1;
	return cmd_print_json(ctx, TAKE(view), err);
}

/* --- first passes */

/* What is told of the event that made a case pass. */
struct maker {
	int64_t instant;
	char *kind, *label;
};

static void maker_release(struct maker *maker)
{
	free(maker->kind);
	free(maker->label);
}

static int read_maker(void *arg, const struct event *event, struct err *err)
{
	struct maker *maker = arg;

	(void)err;
	maker->instant = event_instant(event);
	maker->kind = buf_strdup(event->kind);
	maker->label = view_event_text(event);
	return 1;
}

static int print_pass(const struct cmd_ctx *ctx, struct replaying *replaying,
		      const struct first_pass *one, json_t *cases, struct err *err)
{
	AUTO(maker_release) struct maker maker = { .instant = 0 };
	char at[MOMENT_TEXT_SIZE] = "never", time[CLOCK_TEXT_SIZE];
	AUTO_FREE char *label = NULL;
	json_t *made = json_null();

	if (one->seq >= 0 && event_page(ctx->store, replaying->assessment.id, one->seq, 1,
					read_maker, &maker, err) < 0)
		return -1;
	label = clean_label(maker.label ? maker.label : "");
	if (maker.kind)
		made = json_pack("{s:I, s:s, s:I, s:s, s:s}", "seq", (json_int_t)one->seq,
				 "instant", clock_text_ms(maker.instant, time), "at_ms",
				 (json_int_t)after_start(replaying, maker.instant), "kind",
				 maker.kind, "label", label);
	json_array_append_new(cases, json_pack("{s:s, s:b, s:b, s:o}", "id", one->id, "passes",
					       one->passes, "at_end", one->at_end, "made_by",
					       made));
	if (ctx->json)
		return 0;
	if (maker.kind)
		moment_text(after_start(replaying, maker.instant), at);
	fprintf(ctx->out, "%9s  ", one->passes && !maker.kind ? "start" : at);
	term_print_safe(ctx->out, one->id);
	if (maker.kind) {
		fprintf(ctx->out, "  #%" PRId64 " ", one->seq);
		print_label(ctx->out, maker.label);
	}
	if (one->passes && !one->at_end)
		fputs("  (not at the end)", ctx->out);
	putc('\n', ctx->out);
	return 0;
}

int replay_list_passes(const struct cmd_ctx *ctx, struct replaying *replaying,
		       const struct first_passes *passes, size_t graded, struct err *err)
{
	json_t *cases = json_array();
	AUTO_JSON json_t *view = json_pack("{s:s, s:s, s:I, s:o}", "schema", "tali.first-pass/1",
					   "assessment", replaying->assessment.id, "graded",
					   (json_int_t)graded, "cases", cases);
	size_t i;

	for (i = 0; i < passes->count; i++)
		if (print_pass(ctx, replaying, &passes->list[i], cases, err) < 0)
			return -1;
	return ctx->json ? cmd_print_json(ctx, TAKE(view), err) : 0;
}
