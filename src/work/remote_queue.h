/* remote_queue.h - events on their way to the server: in order, once, through any fault
 *
 * STATE/queue holds JSON lines: {"seq", "boot", "at", "wall", "kind", "data", "payloads"}. `at` is
 * milliseconds of CLOCK_BOOTTIME in the boot with the id `boot`, `wall` by the clock that people
 * set: how old an event is when it is sent is told by the first as long as the machine was not
 * restarted. A line is on disk before the call that adds it returns; a torn last line was never
 * added. What the server acknowledged is taken out. All calls want the lock of the state. */
#ifndef TALI_REMOTE_QUEUE_H
#define TALI_REMOTE_QUEUE_H

#include "journal/event_list.h"
#include "work/remote_call.h"

#define REMOTE_QUEUE_MAX (64u << 20)	/* bytes; beyond, adding is ERR_STATE "send first" */

struct remote_queue;

/* NULL: ERR_ENV, or ERR_INTEGRITY when a line other than the last is damaged. */
struct remote_queue *remote_queue_open(const struct remote_state *state, struct err *err);
void remote_queue_close(struct remote_queue **queue);

/* Adds the events of a list (their kinds such as a client may send), durably. */
int remote_queue_add(struct remote_queue *queue, const struct event_list *list, struct err *err);

/* How many wait. */
size_t remote_queue_count(const struct remote_queue *queue);

/* A file of which the server has another version than the events were made for. */
struct remote_conflict {
	char *path;
	int64_t rev;
};

struct remote_sent {
	int64_t acknowledged;
	int64_t last_seq;	/* in the journal, of the newest stored; -1: not told */
	json_t *revs;		/* {path: rev} of files, as they stand now */
	struct remote_conflict *conflicts;	/* what was dropped: all waiting edits of these
						 * files; the rest was numbered anew and goes on */
	size_t conflict_count;
};
void remote_sent_release(struct remote_sent *sent);

/* Sends all that waits, in batches, `base` ({path: rev}, borrowed) with each. ERR_ENV: some or all
 * of it still waits. ERR_STATE: the session takes no events any more (time is up, handed in, taken
 * back): it stays in the queue for remote_late. */
int remote_queue_send(struct remote_queue *queue, struct remote *remote, json_t *base,
		      struct remote_sent *ret, struct err *err);

#endif
