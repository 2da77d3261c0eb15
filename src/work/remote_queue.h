/* remote_queue.h - events on their way to the server: in order, once, through any fault
 *
 * STATE/queue holds JSON lines. The first says where numbers go on: {"schema": "tali.queue/1",
 * "next", "seq", "series"}; each other is an event: {"n", "seq", "boot", "at", "wall", "kind",
 * "data", "payloads"}. `n` numbers the lines and never comes again, `seq` is the number of the
 * event in its series, 0 for a file that is too large for a batch and is put as a whole. A series
 * ends when nothing waits, and the next has a name that never was: a state that was copied, or set
 * back by a backup, cannot give a number that the server knows to an event that it does not.
 * `at` is milliseconds of CLOCK_BOOTTIME in the boot with the id `boot`, `wall` by the clock that
 * people set: how old an event is when it is sent is told by the first as long as the machine was
 * not restarted. A line is on disk before the call that adds it returns; a torn last line was never
 * added. Lines that are part of the base (remote_base.h, `done`) do not count any more, and are
 * taken out when it suits. All calls want the lock of the state. */
#ifndef TALI_REMOTE_QUEUE_H
#define TALI_REMOTE_QUEUE_H

#include "journal/event_list.h"
#include "work/remote_base.h"

#define REMOTE_QUEUE_MAX (64u << 20)	/* bytes; beyond, adding is ERR_ENV "send first" */
#define REMOTE_PUT_FROM (512u << 10)	/* bytes of a file from which on it is put as a whole */

struct remote_line {
	int64_t n, seq;			/* seq 0: to be put */
	int64_t at, wall;
	char *boot, *kind;
	json_t *data, *payloads;	/* payloads as in tali.batch/1; NULL: none */
	size_t size;			/* bytes of its text */
};

struct remote_queue;

/* `done`: of the base. NULL: ERR_ENV, or ERR_INTEGRITY when a line other than the last is
 * damaged. */
struct remote_queue *remote_queue_open(const struct remote_state *state, int64_t done,
				       struct err *err);
void remote_queue_close(struct remote_queue **queue);

/* Adds the events of a list (their kinds such as a client may send), durably: all or none. An event
 * carries at most REMOTE_PUT_FROM bytes of payloads, unless it is one `file` with a content. */
int remote_queue_add(struct remote_queue *queue, const struct event_list *list, struct err *err);

/* The name of the series; "" before the first. Borrowed until the next is added. */
const char *remote_queue_series(const struct remote_queue *queue);

/* How many wait; borrowed. */
size_t remote_queue_count(const struct remote_queue *queue);
const struct remote_line *remote_queue_at(const struct remote_queue *queue, size_t index);

/* The base with all that waits on top: what the server will have. */
int remote_queue_apply(const struct remote_queue *queue, struct remote_base *base,
		       struct err *err);

/* The first `count` are part of the base now. */
void remote_queue_shift(struct remote_queue *queue, size_t count);
/* Durably takes out all that waits for a file, and for those it was or will be renamed to or from;
 * the rest is numbered anew. How many were taken out; -1: ERR_ENV. */
int remote_queue_drop(struct remote_queue *queue, const char *path, struct err *err);
/* The same for the file of the first line, or, when it is about none, for that line alone. */
int remote_queue_drop_first(struct remote_queue *queue, struct err *err);
/* Durably takes out all that changes files. */
int remote_queue_drop_files(struct remote_queue *queue, struct err *err);
/* Durably takes out everything. */
int remote_queue_clear(struct remote_queue *queue, struct err *err);
/* Numbers anew from `seq` on: what the server has is another client's now. */
int remote_queue_renumber(struct remote_queue *queue, int64_t seq, struct err *err);
/* Makes the file as short as it can be. What fails is done the next time. */
void remote_queue_trim(struct remote_queue *queue);

/* Whether it changes that file; or any (path NULL). */
bool remote_line_changes(const struct remote_line *line, const char *path);
/* Calls visit for each path that it changes. */
void remote_line_each(const struct remote_line *line, void (*visit)(void *arg, const char *path),
		      void *arg);

/* A moment by both clocks, and how many ms ago a line was added; never below 0. */
struct remote_moment {
	char boot[40];
	int64_t at, wall;
};
struct remote_moment remote_moment_now(void);
int64_t remote_line_age(const struct remote_line *line, const struct remote_moment *now);

#endif
