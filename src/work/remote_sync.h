/* remote_sync.h - the work folder and the server's files made the same
 *
 * Each file has three versions: here, at the server, and the base, which both had last
 * (remote_base.h). What changed on one side goes to the other. What changed on both is merged by
 * lines (git merge-file); where that cannot be, the file stays as it is here and goes to the
 * server, and the server's version is put beside it as NAME.theirs, and said. Either way every
 * version is in the journal.
 *
 * What goes to the server goes by events in the queue, which lead from what the server will have
 * to what is here; what comes is written here unless the file was saved at that moment, which is
 * looked at again then. Only files that the session has or may have: work_tree.h.
 *
 * All of these take the lock of the state for themselves. */
#ifndef TALI_REMOTE_SYNC_H
#define TALI_REMOTE_SYNC_H

#include "journal/event_list.h"
#include "work/remote_call.h"

struct remote_sync_result {
	unsigned sent, fetched, merged, conflicts, left_out;
	size_t waiting;		/* events that the server has not got */
	bool offline;		/* it could not be reached: all is kept for the next time */
};

/* Sends what waits from a folder that is no more, before another is laid out, which has it then.
 * ERR_ENV: all of it stays. */
int remote_sync_leave(struct remote *remote, struct err *err);

/* Makes base and state new for a folder that was just cloned: both sides have the same. What waits
 * is sent first. */
int remote_sync_begin(struct remote *remote, struct err *err);

/* Where a disk lost some of the state, forgets what the server had, to be asked anew, and puts a
 * queue that cannot be read aside (STATE/queue.damaged). 1: it did so; 0: all is well; -1:
 * ERR_ENV. */
int remote_sync_mend(struct remote *remote, struct err *err);

/* Looks at the whole folder once, queues what changed, sends, fetches. `say` (NULL: nobody) gets a
 * sentence for each conflict. ERR_STATE when the session takes no more (time is up, handed in,
 * taken back): what waits stays. ERR_NOT_FOUND when the link is not good any more. ERR_ENV when
 * the folder or the state cannot be read or written: nothing is lost. */
int remote_sync_once(struct remote *remote, struct remote_sync_result *ret,
		     void (*say)(void *arg, const char *sentence), void *arg, struct err *err);

/* The same with events of another kind (note, estimate, run, ...), after what was saved before
 * them: they are on this disk with 0 and with ERR_STATE of the server, and sent if it can be
 * reached (ret->waiting: what is not). */
int remote_sync_events(struct remote *remote, const struct event_list *list,
		       struct remote_sync_result *ret, struct err *err);

/* Only queues what changed here, without the server. */
int remote_sync_look(struct remote *remote, struct remote_sync_result *ret, struct err *err);

/* What the server has not got, without looking at files. */
int remote_sync_waiting(struct remote *remote, size_t *ret, struct err *err);

/* Time was up while this machine was offline: what the folder has that the server does not is sent
 * as late work (POST /api/v1/late), which is kept, marked, and not graded; 10 MiB at a time. `tell`
 * (NULL: nobody) gets a sentence when there was some, or why it was not taken. */
void remote_late(struct remote *remote, void (*tell)(void *arg, const char *sentence), void *arg);

#endif
