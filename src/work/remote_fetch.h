/* remote_fetch.h - what changed at the server, into the work folder
 *
 * The server is not trusted: a path that is not confined, a file that is too large, and what is
 * more than a session may have are left out. */
#ifndef TALI_REMOTE_FETCH_H
#define TALI_REMOTE_FETCH_H

#include "work/remote_queue.h"
#include "work/remote_sync.h"

struct remote_fetch {
	struct remote *remote;
	struct remote_base *base;
	struct remote_queue *queue;
	int folder_fd;
	struct remote_sync_result *result;
	void (*say)(void *arg, const char *sentence);
	void *arg;
	bool offline;		/* set: the error is that the server cannot be reached */
};

/* Looks at the server's files; those that changed there are merged into the folder, and are the
 * base then. 1: some changed in this moment, or what is here must be told now: look again. 0:
 * nothing is left to do. ERR_STATE when the session is not active. */
int remote_fetch(struct remote_fetch *fetch, struct err *err);

#endif
