/* talk.h - the assistant for a command at a terminal: turns one after the other, on the record
 *
 * Between talk_open and talk_close SIGINT is held back: it stops the answer that is being given,
 * not the program. */
#ifndef TALI_CMD_TALK_H
#define TALI_CMD_TALK_H

#include "cmd.h"

#include "assess/assistant.h"

struct talk;

/* Opens what turns need: in the store of `ctx`, or at the server that has its session (CMD_PLACE).
 * NULL on error. */
struct talk *talk_open(const struct cmd_ctx *ctx, const struct assistant_tools *tools,
		       struct err *err);
void talk_close(struct talk **talk);

/* What there is to ask, as assistant_offer has it. Yours; NULL on error. */
json_t *talk_offer(struct talk *talk, struct err *err);
/* The conversation that the next turn goes on with; NULL begins a new one. */
void talk_set_conversation(struct talk *talk, const char *conversation);
const char *talk_conversation(const struct talk *talk);
/* Goes on with the newest conversation, wherever that was; when there is none, it begins one. */
int talk_resume(struct talk *talk, struct err *err);

/* One turn, to its end; the answer is printed as it comes (with --json only the whole, as
 * tali.chat/1). `bench` is taken, and may be NULL. 0 answered, 130 stopped by SIGINT, -1: ERR_STATE
 * (policy, budget, time), ERR_NOT_FOUND (the model), ERR_ENV (the provider, the store). */
int talk_turn(struct talk *talk, const char *text, const char *model, struct workbench *bench,
	      bool agent, struct err *err);

/* "12,400 tokens · 38 messages left"; yours. `left` as the assistant tells it. */
char *talk_left(const json_t *left);

#endif
