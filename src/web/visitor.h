/* visitor.h - the candidate's side of the server: who asks, and what all its handlers share */
#ifndef TALI_VISITOR_H
#define TALI_VISITOR_H

#include "assess/live.h"
#include "web/route.h"
#include "web/serve.h"

#define VISITOR_BODY (64 << 10)	/* most bytes of a JSON body, but for events and chat */

/* Who asks: `who` of a call that visitor_authorize let in. */
struct visitor {
	struct assessment assessment;	/* as it was when the request came */
	struct live *live;
};

/* By the cookie, or by the link's token in Authorization: Bearer, as the password of Basic, or in
 * X-Assessment-Token. Else it
 * answers 401, or 429 when too many wrong tokens came from there. For route_config. */
bool visitor_authorize(struct route_call *call);
/* The same, but answers nothing: ERR_NOT_FOUND when nobody is known, ERR_STATE when locked. */
int visitor_find(struct route_call *call, struct err *err);
void visitor_forget(struct route_call *call);
/* GET session from memory, by the cookie alone (session_cache.h). For route_config. */
bool visitor_recall(struct route_call *call);
/* The cookie of the request; NULL when there is none, or a token that goes before it. Borrowed. */
const char *visitor_cookie(struct http_request *request);

/* For route_config: one number for each cookie, token and passcode, however it is written; that
 * which the handler will look at, where there are several. 0 without one. Whether it is right is
 * not known yet. */
uint64_t visitor_whose(struct http_request *request);

/* What the handlers ask for. The store is that of the worker. */
struct store *visitor_store(const struct route_call *call);
struct serve *visitor_serve(const struct route_call *call);
struct visitor *visitor_of(const struct route_call *call);

/* Sets the cookie that lets this browser in; -1 with an error. */
int visitor_let_in(struct route_call *call, const struct assessment *assessment,
		     struct err *err);

/* Reads the body, of as many bytes as the route allows, as a JSON object; an empty body is {}.
 * NULL: answered. */
json_t *visitor_body(struct route_call *call);

/* GET /t/TOKEN, and /api/v1/...: all routes of this side. */
extern const struct route visitor_routes[];

#endif
