/* build.h - where the whole tali and the client alone (./configure --disable-server) differ
 *
 * build_whole.c and table.c are of the one, build_client.c and table_client.c of the other; no other
 * file of cmd/ asks which it is in. */
#ifndef TALI_BUILD_H
#define TALI_BUILD_H

#include "cmd.h"
#include "sandbox/probe.h"

/* Where the store is or would be: `given`, or NULL for the usual places. Yours; NULL in a client,
 * which has none. */
char *build_locate_store(const char *given);

/* Opens ctx->store as ctx->needs says. ERR_ENV in a client. */
int build_open_store(struct cmd_ctx *ctx, struct err *err);
void build_close_store(struct cmd_ctx *ctx);

/* What `tali doctor` tells of this build besides the sandbox: at most `most` lines; how many. */
int build_probe(struct probe_line *lines, int most);

#endif
