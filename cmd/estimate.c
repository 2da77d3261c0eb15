/* estimate.c - `tali estimate`: how long the rest will take */
#include "cmd.h"
#include "event_print.h"

static const char *arg_time;

static const struct opt estimate_opts[] = {
	{ .pos = &arg_time, .name = "TIME", .help = "e.g. 45m or 1h30m; a bare number is minutes" },
	{ 0 }
};

static int estimate_main(const struct cmd_ctx *ctx, struct err *err)
{
	int64_t duration_ms = 0;

	if (clock_parse_duration(arg_time, &duration_ms, err) < 0)
		return -1;
	return event_print(ctx, ctx->place->verbs->estimate(ctx->place, duration_ms, err), err);
}

const struct cmd cmd_estimate = {
	.name = "estimate",
	.summary = "put on the record how long the rest will take",
	.json = "tali.event/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE,
	.opts = estimate_opts,
	.run = estimate_main,
};
