/* remote_sync.h - the work folder and the server's files made the same
 *
 * Each file has three versions: here, at the server, and the base, which both had last (kept in
 * STATE/base). What changed on one side goes to the other. What changed on both is merged by lines
 * (git merge-file); where that cannot be, the file stays as it is here and goes to the server, and
 * the server's version is put beside it as NAME.theirs, and said. Either way every version is in
 * the journal.
 *
 * Only files that the session has or may have: regular ones with confined paths within the server's
 * limits; not what git ignores, not what tools leave (caches, .git). No link is followed, nothing
 * outside of the work folder is read or written. */
#ifndef TALI_REMOTE_SYNC_H
#define TALI_REMOTE_SYNC_H

#include "work/remote_call.h"
#include "work/remote_queue.h"

struct remote_sync_result {
	unsigned sent, fetched, merged, conflicts, left_out;
	size_t waiting;		/* events that the server has not got */
	bool offline;		/* it could not be reached: all is kept, and sent the next time */
};

/* Makes base and state new for a folder that was just cloned: both sides have the same. */
int remote_sync_begin(struct remote *remote, struct err *err);

/* Looks at the whole folder once, queues what changed, sends, fetches. `say` gets a sentence for
 * each conflict. ERR_STATE when the session takes no more (time is up, handed in, taken back). */
int remote_sync_once(struct remote *remote, struct remote_sync_result *ret,
		     void (*say)(void *arg, const char *sentence), void *arg, struct err *err);

/* `tali watch`: the same whenever something is saved here or changed there (the server's stream),
 * until the session ends or `stop` (a descriptor) can be read. Holds watch.pid. ERR_STATE when
 * another watches. */
int remote_watch(struct remote *remote, int stop, void (*say)(void *arg, const char *sentence),
		 void *arg, struct err *err);

/* Time was up while this machine was offline: what the folder has that the server does not is sent
 * as late work (POST /api/v1/late), which is kept, marked, and not graded. *ret_files: how many. */
int remote_late(struct remote *remote, unsigned *ret_files, struct err *err);

#endif
