/* event_print.c - what commands share that add one event: with --json they print it */
#include "event_print.h"

#include "base/json.h"

int event_print(const struct cmd_ctx *ctx, json_t *event, struct err *err)
{
	AUTO_JSON json_t *owned = event;

	if (!owned)
		return -1;
	if (json_flag(owned, "queued", false))
		cmd_say(ctx, "%s: the server cannot be reached: it is kept, and sent later",
			json_str(owned, "kind", "event"));
	return ctx->json ? cmd_print_json(ctx, TAKE(owned), err) : 0;
}
