/* remote_start.h - a session at a server begun, or come back to, from its link */
#ifndef TALI_REMOTE_START_H
#define TALI_REMOTE_START_H

#include "work/remote_call.h"

struct remote_start {
	const char *link;
	const char *code;	/* access code or NULL */
	const char *folder;	/* where the work folder goes; NULL: the task's name */
	bool again;		/* begin the next attempt when the last one is handed in */
};

struct remote_started {
	bool laid_out;		/* the folder is new */
	bool mended;		/* what this machine knew of the session was damaged */
	int64_t now;		/* by the server's clock, ms since the epoch */
};

/* Starts the session (its clock once), waits until it is set up, and lays out its work folder, or
 * leaves alone the one that is there. The state of this machine is made or renewed. Gives
 * tali.start/1, yours; *ret is open then and to be closed.
 * NULL: ERR_USAGE (no link), ERR_NOT_FOUND (the server does not know it), ERR_STATE (it cannot be
 * started, or the folder is in use), ERR_ENV. When it fails before the work folder, no clock
 * runs. */
json_t *remote_start(const struct remote_start *start, struct remote *ret,
		     struct remote_started *ret_started, struct err *err);

#endif
