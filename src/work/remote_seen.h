/* remote_seen.h - the last status that a server told, for when it cannot be reached
 *
 * STATE/seen.json: {"at": ms since the epoch by the clock of this machine, "status":
 * tali.status/1}. */
#ifndef TALI_REMOTE_SEEN_H
#define TALI_REMOTE_SEEN_H

#include "work/remote_state.h"

#include <jansson.h>

/* What could not be written is not there the next time, and nothing else. */
void remote_seen_put(const struct remote_state *state, const json_t *status);

/* As it was told, but for what has passed since ("left_seconds", "over"), and "reached" false.
 * Yours; NULL: ERR_NOT_FOUND. */
json_t *remote_seen_get(const struct remote_state *state, struct err *err);

#endif
