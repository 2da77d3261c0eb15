/* api_session.h - the session of a candidate: what it is, how it begins, goes on and ends
 * (share/openapi.json) */
#ifndef TALI_API_SESSION_H
#define TALI_API_SESSION_H

#include "web/route.h"

#include <jansson.h>

/* tali.session/1 of who asks, but for `now`; yours. NULL on error. */
json_t *api_session_json(struct route_call *call, struct err *err);

void api_session_get(struct route_call *call);		/* GET session */
void api_session_start(struct route_call *call);	/* POST start */
void api_session_stream(struct route_call *call);	/* GET stream */
void api_session_late(struct route_call *call);		/* POST late: tali.late/1 */
void api_session_submit(struct route_call *call);	/* POST submit */
void api_session_result(struct route_call *call);	/* GET result: when it is released */
void api_session_journal(struct route_call *call);	/* GET journal: all that is recorded */

#endif
