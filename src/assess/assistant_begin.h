/* assistant_begin.h - what a turn has before its first step: task, conversation, model, words */
#ifndef TALI_ASSISTANT_BEGIN_H
#define TALI_ASSISTANT_BEGIN_H

#include "assess/assistant_internal.h"

/* What of a configuration is wrong, as far as that can be seen without reading. Errors as of
 * assistant_begin. */
int assistant_begin_check(const struct assistant *assistant,
			  const struct assistant_turn_config *config, struct err *err);

/* Makes it; the bench is taken. */
struct assistant_turn *assistant_begin_new(struct assistant *assistant,
					   const struct assistant_turn_config *config);

/* Reads all that it needs. Without a provider for its model the name of `provider` is empty. */
int assistant_begin_ready(struct assistant_turn *turn, struct store *store,
			  const struct assistant_turn_config *config, struct err *err);

#endif
