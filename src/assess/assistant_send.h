/* assistant_send.h - one call of a model, and what is shown of its answer as it comes */
#ifndef TALI_ASSISTANT_SEND_H
#define TALI_ASSISTANT_SEND_H

#include "assess/assistant_internal.h"

/* The step after the prompt is on disk: makes the call (or plays the script), then the step
 * assistant_turn_conclude. */
assistant_step assistant_send;

/* Shows more of the text, through the guard. */
void assistant_send_show(struct assistant_turn *turn, const char *text, size_t len);
/* Shows what the guard held back; or a sentence in place of what it found. */
void assistant_send_rest(struct assistant_turn *turn);
/* Looks into what the answer's tools are given, used before it is shown, for what the model alone
 * was told; a hit is told as above. */
void assistant_send_check(struct assistant_turn *turn, const json_t *blocks);

void assistant_send_release(struct assistant_exchange *now);

#endif
