/* event_print.c - what commands share that add one event: with --json they print it */
#include "event_print.h"

#include "report/view.h"

struct wanted {
	const struct cmd_ctx *ctx;
	int64_t seq;
};

static int print_wanted(void *arg, const struct event *event, struct err *err)
{
	const struct wanted *wanted = arg;

	/* others may have added theirs meanwhile */
	if (event->seq != wanted->seq)
		return 0;
	return cmd_print_json(wanted->ctx, view_event(wanted->ctx->session.assessment_id, event),
			      err);
}

int event_print(const struct cmd_ctx *ctx, int64_t seq, struct err *err)
{
	struct wanted wanted = { ctx, seq };

	if (!ctx->json)
		return 0;
	return event_each(ctx->store, ctx->session.assessment_id, seq, print_wanted, &wanted, err);
}
