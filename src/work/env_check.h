/* env_check.h - whether a candidate's own tools can reach the models of a session, and if not, why
 *
 * One look at the session and, where that allows it, one request in each protocol that costs
 * nothing: its list of models. */
#ifndef TALI_ENV_CHECK_H
#define TALI_ENV_CHECK_H

#include "work/remote_call.h"

/* [{"what": "server", "session", "models", "anthropic" or "openai", "state": "ok" or "wrong",
 * "text": a sentence}], in this order, as far as it came; yours. A protocol in which the server has
 * no provider is wrong only when the other is, too. *ret_why: ERR_NONE when tools can work; else
 * what the first that is wrong was: ERR_ENV, ERR_NOT_FOUND (the token) or ERR_STATE. */
json_t *env_check(struct remote *remote, enum err_code *ret_why);

#endif
