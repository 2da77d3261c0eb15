/* remote_view.h - what a server tells of a session, looked at before it is believed */
#ifndef TALI_REMOTE_VIEW_H
#define TALI_REMOTE_VIEW_H

#include "work/remote_call.h"

#define REMOTE_SESSION "/api/v1/session"

/* GET session, with an id that is one and a status that we know. Yours; NULL: as remote_json, and
 * ERR_ENV for nonsense. */
json_t *remote_view_get(struct remote *remote, struct err *err);

/* Of that what an assessment is as far as a candidate is told, for a document of `schema`: id,
 * status, task, email, name, attempt, duration_seconds, extra_seconds, reason, not_before, expires,
 * started, deadline, submitted. Yours. */
json_t *remote_view_assessment(const json_t *session, const char *schema);

/* When it was so, by the server's clock; by ours when it does not say. */
int64_t remote_view_now(const json_t *session);

/* Whether the work can go on: it is active. */
bool remote_view_is_active(const json_t *session);

#endif
