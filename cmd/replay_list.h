/* replay_list.h - what `tali replay` prints: steps of a session, an instant, first passes */
#ifndef TALI_REPLAY_LIST_H
#define TALI_REPLAY_LIST_H

#include "cmd.h"

#include "assess/replaying.h"

/* A line for each step; with ctx->json a tali.replay-step/1 each. */
int replay_list_steps(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err);

/* The instant where it stands; with ctx->json a tali.replay/1. */
int replay_list_state(const struct cmd_ctx *ctx, struct replaying *replaying, struct err *err);

/* A line for each case; with ctx->json a tali.first-pass/1. */
int replay_list_passes(const struct cmd_ctx *ctx, struct replaying *replaying,
		       const struct first_passes *passes, size_t graded, struct err *err);

#endif
