/* build_whole.c - see build.h: a tali that has stores, and serves */
#include "build.h"

#include "assess/deadline.h"

char *build_locate_store(const char *given)
{
	return store_locate(given);
}

int build_open_store(struct cmd_ctx *ctx, struct err *err)
{
	enum store_mode mode = ctx->needs & CMD_STORE_WRITE ? STORE_WRITE : STORE_READ;
	struct err due = ERR_INIT;

	ctx->store = store_open(ctx->store_path, mode, ctx->clock, err);
	if (!ctx->store) {
		if (!(ctx->needs & CMD_STORE_MAYBE) || err->code != ERR_NOT_FOUND)
			return -1;
		*err = (struct err)ERR_INIT;
		return 0;
	}
	if (deadline_enforce(ctx->store, &due) < 0)
		cmd_say(ctx, "%s", due.text);
	return 0;
}

void build_close_store(struct cmd_ctx *ctx)
{
	store_close(&ctx->store);
}

int build_probe(struct probe_line *lines, int most)
{
	(void)lines;
	(void)most;
	return 0;
}
