/* remote_state.h - what this machine knows of a session at a server
 *
 * $XDG_STATE_HOME/tali/ID/ (else ~/.local/state/tali/ID/), 0700, outside of the work folder:
 *	state.json	{"schema": "tali.remote/1", "server", "assessment", "folder", "client"}
 *	token		the secret of the link, 0600
 *	queue		what the server has not acknowledged (remote_queue.h)
 *	base/		what the server had of each file when it was last asked (remote_sync.h)
 *	watch.pid, watch.log	of `tali watch`, which holds the first by a write lock of fcntl
 *			(F_SETLK), that nothing but its end can leave behind
 *	seen.json	what the server last said of the session (workplace_remote.h)
 *	lock		held by who sends or changes any of these; not held while waiting for a
 *			person
 * The work folder points at the server and the assessment (session.h), and grants nothing. One work
 * folder of a session is on a machine at a time. */
#ifndef TALI_REMOTE_STATE_H
#define TALI_REMOTE_STATE_H

#include "base/err.h"
#include "base/rand.h"
#include "work/session.h"

#include <stdbool.h>

struct remote_state {
	char *path;			/* of its folder, absolute */
	char *server;			/* "https://host[:port]", no path, no '/' at the end */
	char *folder;			/* top of the work folder, absolute */
	char *token;
	char assessment_id[RAND_ID_LEN + 1];
	char client[RAND_ID_LEN + 1];	/* by which the server tells its clients apart */
};

#define REMOTE_STATE_INIT { .path = NULL }
/* The token is overwritten first. */
void remote_state_release(struct remote_state *state);

/* Where the state of an assessment is or would be, absolute; yours. NULL: ERR_ENV (there is no
 * home), ERR_INPUT (it is no id). */
char *remote_state_path(const char *assessment_id, struct err *err);

/* Takes a link apart: https://HOST[:PORT]/t/TOKEN; http:// for loopback addresses alone. Both are
 * yours. ERR_USAGE says what is wrong. */
int remote_state_link(const char *link, char **ret_server, char **ret_token, struct err *err);

/* Makes or renews it, durably; the client stays what it was. ERR_STATE when the session has a work
 * folder elsewhere on this machine that still points at it. */
int remote_state_put(const char *server, const char *token, const char *assessment_id,
		     const char *folder, struct remote_state *ret, struct err *err);

/* That of a work folder with session->server. ERR_NOT_FOUND says to `tali start` the link again;
 * ERR_STATE when the state belongs to another folder or server. */
int remote_state_get(const struct session *session, struct remote_state *ret, struct err *err);

/* That of a session at a server, wherever its work folder is. ERR_NOT_FOUND; ERR_STATE when it is
 * at another server. */
int remote_state_find(const char *server, const char *assessment_id, struct remote_state *ret,
		      struct err *err);

/* Waits for the lock, at most `wait_ms`. The descriptor is yours, closing it gives it back; -1:
 * ERR_ENV. */
int remote_state_lock(const struct remote_state *state, int wait_ms, struct err *err);

/* The process that watches, 0: none does. */
int remote_state_watcher(const struct remote_state *state);

#endif
