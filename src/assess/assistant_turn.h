/* assistant_turn.h - the steps of a turn around the call of the model */
#ifndef TALI_ASSISTANT_TURN_H
#define TALI_ASSISTANT_TURN_H

#include "assess/assistant_internal.h"

assistant_step assistant_turn_ask;		/* the first; each further call and try, too */
assistant_step assistant_turn_conclude;		/* an answer has ended, however it did */

#endif
