/* workplace_remote.h - a work folder whose session is at a server
 *
 * STATE/seen.json is the last status that the server told, for when it cannot be reached. */
#ifndef TALI_WORKPLACE_REMOTE_H
#define TALI_WORKPLACE_REMOTE_H

#include "sandbox/sandbox.h"
#include "work/remote_call.h"
#include "work/workplace.h"

/* What its verbs share. */
struct workplace_remote {
	struct workplace place;
	struct remote remote;
	const struct session *session;	/* borrowed */
	struct sandbox *sandbox;	/* borrowed; NULL: there is none for this verb */
	bool allow_weak;
	/* Remarks meanwhile, for people: a sentence each. */
	void (*say)(void *arg, const char *sentence);
	void *arg;
};

/* `place` has all but the first two members. From then on place->place.verbs->close gives back what
 * is in it. Errors as of remote_open. */
int workplace_remote_open(struct workplace_remote *place, struct err *err);

#endif
