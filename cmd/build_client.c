/* build_client.c - see build.h: a tali for sessions at servers */
#include "build.h"
#include "talk_internal.h"

#include "base/notify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int no_store(struct err *err)
{
	return err_set(err, ERR_STATE, "this tali has no stores, only sessions at servers");
}

int build_run(const struct cmd *cmd, struct cmd_ctx *ctx, const char *store, struct err *err)
{
	if (store || (ctx->needs & (CMD_STORE_READ | CMD_STORE_WRITE) &&
		      !(ctx->needs & CMD_STORE_MAYBE)))
		return no_store(err);
	return cmd->run(ctx, err);
}

json_t *build_start(const struct cmd_ctx *ctx, const struct build_start *start, bool *ret_laid_out,
		    struct err *err)
{
	(void)ctx;
	(void)start;
	(void)ret_laid_out;
	no_store(err);
	return NULL;
}

int build_token(const struct cmd_ctx *ctx, char token[RAND_TOKEN_LEN + 1], struct err *err)
{
	(void)ctx;
	(void)token;
	return no_store(err);
}

struct talk *talk_local_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
			     struct err *err)
{
	(void)ctx;
	(void)tools;
	no_store(err);
	return NULL;
}

/* The first in PATH that can be executed. */
static bool is_program(const char *name)
{
	const char *at = getenv("PATH");

	while (at && *at) {
		size_t len = strcspn(at, ":");
		AUTO_FREE char *path = buf_format("%.*s/%s", (int)len, at, name);

		if (len && access(path, X_OK) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return false;
}

static struct probe_line probe_git(void)
{
	if (is_program("git"))
		return (struct probe_line){ .name = "git", .required = true,
					    .how = "clones the work, and sends it" };
	return (struct probe_line){ .name = "git", .state = PROBE_MISSING, .required = true,
				    .how = "there is none in PATH", .mend = "install git" };
}

static struct probe_line probe_saves(void)
{
	AUTO_FD int notify = notify_open();

	if (notify >= 0)
		return (struct probe_line){ .name = "saves", .how = "the kernel tells of them" };
	return (struct probe_line){ .name = "saves", .state = PROBE_WEAK,
				    .how = "seen within 2 seconds" };
}

int build_probe(struct probe_line *lines, int most)
{
	const struct probe_line all[] = {
		{ .name = "server", .state = PROBE_MISSING,
		  .how = "this tali is the client alone" },
		probe_git(), probe_saves(),
	};
	int count = 0;

	for (; count < most && count < (int)(sizeof(all) / sizeof(*all)); count++)
		lines[count] = all[count];
	return count;
}
