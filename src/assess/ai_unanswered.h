/* ai_unanswered.h - prompts to models whose answer nobody will record any more
 *
 * The server that passed the answer was killed, or the session ended first. Such a prompt gets a
 * response that says so: cut by the server, with the least that it can have cost as an estimate. So
 * each exchange is on record as one pair, and what it cost is charged. */
#ifndef TALI_AI_UNANSWERED_H
#define TALI_AI_UNANSWERED_H

#include "store/store.h"

/* Appends what is missing, in the open transaction. Only for who knows that nobody else will: the
 * holder of the lock of the session's models, or who ends the session. 0 or -1. */
int ai_unanswered_close(struct store *store, const char *assessment_id, struct err *err);

#endif
