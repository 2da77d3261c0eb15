/* session.h - which assessment a work folder belongs to
 *
 * WORK/.git/tali.json: {"schema": "tali.work/1", "store": PATH or "server": URL, "assessment": ID}.
 * It stands among git's own files, never among the candidate's, and is only a pointer: it grants
 * nothing. */
#ifndef TALI_SESSION_H
#define TALI_SESSION_H

#include "base/err.h"
#include "base/rand.h"

struct session {
	char *folder;			/* top of the work folder, absolute */
	char *below;			/* where we are in it, relative, "" at the top */
	char *store;			/* path of the store; NULL: it is at a server */
	char *server;			/* its URL; NULL: it is in a store */
	char assessment_id[RAND_ID_LEN + 1];
};

#define SESSION_INIT { .folder = NULL }
void session_release(struct session *session);

/* The work folder that `from` (NULL: the current folder) is in. ERR_NOT_FOUND when it is in
 * none. */
int session_find(const char *from, struct session *ret, struct err *err);

/* Writes the pointer into a clone: of `store` and `server` one is NULL. */
int session_write(const char *folder, const char *store, const char *server,
		  const char *assessment_id, struct err *err);

#endif
