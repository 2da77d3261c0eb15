/* logs.c - `tali logs`: what happened in an assessment, and what happens now */
#include "cmd.h"

#include "base/term.h"
#include "report/view.h"
#include "reviewer.h"
#include "store/job.h"

#include <poll.h>
#include <string.h>

#define FOLLOW_MS 200

static const char *arg_id;
static bool arg_follow, arg_jobs, arg_blind, arg_named;

static const struct opt logs_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .flag = &arg_follow, .key = 'f', .name = "follow",
	  .help = "go on with new events until it is scored" },
	{ .flag = &arg_jobs, .name = "jobs", .help = "the logs of the background jobs instead" },
	{ .flag = &arg_blind, .name = "blind", .help = "without name and address" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ 0 }
};

struct printer {
	const struct cmd_ctx *ctx;
	const struct assessment *assessment;
	bool blind;
	int64_t next;
};

static int print_event(void *arg, const struct event *event, struct err *err)
{
	struct printer *printer = arg;
	AUTO_FREE char *data = NULL, *text = NULL;
	struct event shown = *event;
	char time[CLOCK_TEXT_SIZE];

	printer->next = event->seq + 1;
	if (printer->blind)
		shown.data = data = view_blind_data(event, printer->assessment);
	if (printer->ctx->json)
		return cmd_print_json(printer->ctx, view_event(printer->assessment->id, &shown),
				      err);
	text = view_event_text(&shown);
	fprintf(printer->ctx->out, "%5lld  %s  %-9s  ", (long long)event->seq,
		clock_text_ms(event->time, time), event->actor);
	term_print_safe(printer->ctx->out, text);
	putc('\n', printer->ctx->out);
	return 0;
}

static int print_job(void *arg, const struct job *job, struct err *err)
{
	const struct printer *printer = arg;

	(void)err;
	fprintf(printer->ctx->out, "%s  %s  %s\n", job->id, job->kind, job->state);
	term_print_safe(printer->ctx->out, job->log);
	return 0;
}

static bool is_over(const struct assessment *assessment)
{
	return assessment->status >= STATUS_SCORED && assessment->status != STATUS_ERROR;
}

static int logs_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	struct printer printer = { .ctx = ctx, .assessment = &assessment };

	if (arg_jobs && (ctx->json || arg_follow))
		return err_set(err, ERR_USAGE, "--jobs goes without --json and --follow");
	if (reviewer_blind(ctx, arg_blind, arg_named, &printer.blind, err) < 0 ||
	    assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	if (arg_jobs)
		return job_each(ctx->store, assessment.id, print_job, &printer, err);
	for (;;) {
		char id[RAND_ID_LEN + 1];

		if (event_each(ctx->store, assessment.id, printer.next, print_event, &printer,
			       err) < 0)
			return -1;
		if (!arg_follow || is_over(&assessment))
			return 0;
		if (fflush(ctx->out) != 0)
			return err_sys(err, "cannot write");
		poll(NULL, 0, FOLLOW_MS);
		memcpy(id, assessment.id, sizeof(id));
		assessment_release(&assessment);
		if (assessment_get(ctx->store, id, &assessment, err) < 0)
			return -1;
	}
}

const struct cmd cmd_logs = {
	.name = "logs",
	.summary = "print the journal of an assessment",
	.json = "tali.event/1",
	.needs = CMD_STORE_READ,
	.opts = logs_opts,
	.run = logs_main,
};
