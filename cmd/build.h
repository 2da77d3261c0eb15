/* build.h - where the whole tali and the client alone (./configure --disable-server) differ
 *
 * build_whole.c and table.c are of the one, build_client.c and table_client.c of the other; no
 * other file of cmd/ asks which it is in. */
#ifndef TALI_BUILD_H
#define TALI_BUILD_H

#include "cmd.h"
#include "sandbox/probe.h"

/* Runs a command that is not about a session at a server: with the store of the work folder, unless
 * `store` (--store) names another, opened as ctx->needs says. A client has none: ERR_STATE. */
int build_run(const struct cmd *cmd, struct cmd_ctx *ctx, const char *store, struct err *err);

struct build_start {
	const char *words;		/* passcode or link */
	const char *code, *folder;	/* or NULL */
	bool again;
};

/* Begins a session of ctx->store, or comes back to it: tali.start/1, yours. *ret_laid_out: the work
 * folder was made. NULL on error. */
json_t *build_start(const struct cmd_ctx *ctx, const struct build_start *start, bool *ret_laid_out,
		    struct err *err);

/* The secret of the link to the work folder's session, from ctx->store. */
int build_token(const struct cmd_ctx *ctx, char token[RAND_TOKEN_LEN + 1], struct err *err);

/* What `tali doctor` tells of this build besides the sandbox: at most `most` lines; how many. */
int build_probe(struct probe_line *lines, int most);

#endif
