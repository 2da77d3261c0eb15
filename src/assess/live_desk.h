/* live_desk.h - the inside of a live terminal: what its thread does while the shell runs
 *
 * What it waits for is behind one epoll descriptor: the terminal, the watched folder, others of the
 * session (an eventfd), and a timer that stands at the next thing that is due. */
#ifndef TALI_LIVE_DESK_H
#define TALI_LIVE_DESK_H

#include "assess/live_internal.h"
#include "assess/live_terminal.h"
#include "assess/terminal_log.h"
#include "workspace/watch.h"
#include "sandbox/sandbox.h"

#define LIVE_DESK_NEVER INT64_MAX
#define LIVE_DESK_BURST (4 << 20)	/* bytes that may come out at once */

/* What the threads share, under live->listening. */
struct live_terminal {
	struct live_terminal_view *views;
	struct buf typed, shown;
	int columns, rows;
	bool resized, closing;
	int64_t alone_since;
	int wake;		/* an eventfd */
	char **argv;		/* what runs, ends with NULL; NULL: a shell */
	char *cwd;		/* or NULL */
};

/* What the thread of the terminal has for itself. */
struct live_desk {
	struct live *live;
	struct store *store;
	struct live_terminal *terminal;
	struct live_setting setting;
	char id[RAND_ID_LEN + 1];
	int master, slave, epoll, timer, work;
	struct watch *watch;
	struct terminal_log typed, written;
	struct buf waiting;	/* typed, and not taken by the terminal yet */
	int64_t synced;		/* the folder has the files as they were after this event */
	json_t *known;		/* and these were their paths */
	json_t *put;		/* what we wrote there last, by path (live_desk_files.c) */
	int64_t flush_at, end_at, budget_at;
	uint64_t budget, output;
	bool hung_up, over, finished;
	const char *end, *why;	/* live_terminal.h */
	struct err failed;
};

void live_desk_release(struct live_desk *desk);

/* Milliseconds of the monotonic clock. */
int64_t live_desk_now(void);

/* Takes the lock of the session; false with no error when nothing can be stored any more. */
bool live_desk_hold(struct live_desk *desk, struct err *err);
/* Stores what was typed and written (with `all`, to the last byte), and after it an event (taken),
 * or NULL. */
int live_desk_tell(struct live_desk *desk, const char *kind, json_t *data, bool all,
		   struct err *err);

/* For sandbox_io, with the desk as arg and `epoll` as its wake_fd. */
int live_desk_fill(void *desk, int work_fd, struct err *err);
enum sandbox_turn live_desk_turn(void *desk, struct err *err);
int live_desk_collect(void *desk, int work_fd, struct err *err);
/* Nothing runs any more: what came last, and then every byte of every file. Once is enough. */
void live_desk_finish(struct live_desk *desk);

#endif
