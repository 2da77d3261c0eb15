/* remote_call.h - asking the server of a session, which is not trusted either
 *
 * One request, one answer, within limits. Certificates are checked (`ca_file` of $TALI_CA_FILE
 * instead of the system's), nothing is redirected, the token goes in `Authorization: Bearer` to the
 * server of the state alone. Texts of the server get into errors only as far as they are printable
 * and short. */
#ifndef TALI_REMOTE_CALL_H
#define TALI_REMOTE_CALL_H

#include "base/buf.h"
#include "http/http_client.h"
#include "work/remote_state.h"

#include <jansson.h>

#define REMOTE_ANSWER_MAX (16u << 20)	/* bytes of an answer */

struct remote {
	struct remote_state state;
	struct http_client *client;
};

#define REMOTE_INIT { .state = REMOTE_STATE_INIT }
/* That of a work folder: as remote_state_get, and ERR_ENV. */
int remote_open(const struct session *session, struct remote *ret, struct err *err);
/* Of a link alone: server and token are known, the rest of the state is not yet. */
int remote_open_link(const char *link, struct remote *ret, struct err *err);
void remote_close(struct remote *remote);

struct remote_ask {
	const char *method;
	const char *path;		/* "/api/v1/...", with what had to be escaped escaped */
	const char *content_type;	/* of the body, NULL: none */
	const void *body;
	size_t body_len;
	const char *if_match;		/* or NULL */
	bool if_new;			/* only where nothing is there yet */
	int wait_ms;			/* for the first byte; 0: 30 s */
};

/* The answer's body into `out` (set up by the caller, emptied here), its status into *ret_status.
 * 0: the server answered 2xx. -1: ERR_ENV when it could not be reached, answered 429 or 5xx or
 * nonsense, or another answered in its place (it is worth trying again: *ret_status is 0 or that);
 * ERR_NOT_FOUND when the token is not known any more; ERR_STATE for 403, 409, 410, 412; ERR_INPUT
 * for another 4xx. The error has the server's own words, and `out` the body of that answer, too. */
int remote_bytes(struct remote *remote, const struct remote_ask *ask, struct buf *out,
		 int *ret_status, struct err *err);

/* The same with a body (borrowed, NULL: none) and an answer of JSON. Yours; NULL on error. */
json_t *remote_json(struct remote *remote, const char *method, const char *path,
		    const json_t *body, int *ret_status, struct err *err);

/* The certificates to believe in instead of the system's ($TALI_CA_FILE), or NULL. Borrowed. */
const char *remote_ca_file(void);

/* Always -1: the error of an answer that is not 2xx, as remote_bytes has it. */
int remote_refused(const struct remote *remote, int status, const struct buf *body,
		   struct err *err);

/* A path of the API for a file of the work folder: "/api/v1/files/a%20b". Yours. */
char *remote_file_path(const char *path);

#endif
