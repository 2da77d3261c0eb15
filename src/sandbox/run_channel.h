/* run_channel.h - messages between the caller, the supervisor and the first process of a run
 *
 * SOCK_SEQPACKET keeps message borders and tells when the other side is gone. Both ends are forks
 * of one program, so plain structs travel.
 *
 * caller to supervisor:     for each run a byte of enum run_wish and the packed plan, with
 *                           descriptors 0, 1, 2; then bytes of enum run_order
 * supervisor to caller:     struct run_answer; the first one carries the work folder
 * supervisor to container:  bytes of enum run_step while it is built; then for each run the packed
 *                           plan with 0, 1, 2 and the run's control group, if there is one: start
 * container to supervisor:  struct run_note */
#ifndef TALI_RUN_CHANNEL_H
#define TALI_RUN_CHANNEL_H

#include "sandbox/run_report.h"

#include <stddef.h>
#include <sys/types.h>

#define RUN_CHANNEL_FDS 4	/* most descriptors in one message */

/* What the caller means to do with the work folder; what it does not is not waited for. */
enum run_wish {
	RUN_WISH_FILL = 1 << 0,		/* READY, and GO before the payload starts */
	RUN_WISH_COLLECT = 1 << 1,	/* DONE before the work folder is emptied */
};

enum run_order {
	RUN_ORDER_GO = 'g',	/* the work folder is filled: start */
	RUN_ORDER_CUT = 'c',	/* the output limit is reached: stop */
	RUN_ORDER_END = 'e',	/* the caller's time is up: stop */
	RUN_ORDER_DONE = 'd',	/* the report and the work folder have been looked at */
};

enum run_answer_kind { RUN_ANSWER_REFUSED, RUN_ANSWER_READY, RUN_ANSWER_REPORT };

struct run_answer {
	enum run_answer_kind kind;
	struct err err;			/* REFUSED */
	uid_t uid;			/* READY: who is to own the work folder, seen outside */
	gid_t gid;
	struct run_report report;	/* REPORT */
};

enum run_step {
	RUN_STEP_MAPPED = 'm',	/* its user ids are mapped */
};

enum run_note_kind {
	RUN_NOTE_FAILED,	/* err: it could not be built; nothing was run */
	RUN_NOTE_MAP,		/* in a new user namespace that waits for its maps */
	RUN_NOTE_READY,		/* landlock; carries /work, /tmp, /dev/shm, and a listener if any */
	RUN_NOTE_STARTED,	/* a payload with a filter of its own runs; carries its listener */
	RUN_NOTE_ENDED,		/* the payload did, others did not; exit_status, signal */
	RUN_NOTE_OVER,		/* all of the run are dead; all members below */
};

struct run_note {
	enum run_note_kind kind;
	struct err err;
	bool landlock;
	bool started;		/* the payload was executed, as far as pid 1 can tell */
	int exit_status;
	int signal;
	uint64_t cpu_ms;
	uint64_t memory;	/* the largest process, bytes */
	uint32_t created;	/* tasks, the payload's own among them */
	bool clean;		/* nothing of the run is left but what its folders hold */
};

/* A connected pair, close-on-exec, with room for a packed plan. -1 with errno. */
int run_channel_pair(int ret[2]);

/* Sends one message; never raises SIGPIPE. -1 with errno. */
int run_channel_send(int fd, const void *data, size_t len, const int *fds, size_t fd_count);

/* Waits for one message. Its length, 0 when the other side is gone, -1 with errno. Up to
 * RUN_CHANNEL_FDS descriptors are written to fds (yours), the rest of fds is -1. fds may be NULL:
 * descriptors are then closed. */
ssize_t run_channel_receive(int fd, void *data, size_t size, int fds[RUN_CHANNEL_FDS]);

#endif
