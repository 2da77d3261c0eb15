/* shell_turn.h - the loop of a recorded shell: what it does in each turn between those of the run
 *
 * What it waits for is behind one epoll descriptor: the person's side, the terminal's, signals, the
 * watched folder, and a timer that stands at the next thing that is due. */
#ifndef TALI_SHELL_TURN_H
#define TALI_SHELL_TURN_H

#include "work/host_keys.h"
#include "work/host_terminal.h"
#include "assess/shell.h"
#include "assess/shell_record.h"

#define SHELL_TURN_LEAD_MS 1500	/* before the deadline, for saving all */

struct shell_turn {
	struct store *store;		/* borrowed, like the record */
	struct shell_record *record;
	struct watch *watch;
	struct host_terminal host;
	struct host_keys keys;
	int master, slave, epoll, timer;
	uint32_t waits_in, waits_master, waits_out;	/* what epoll waits for */
	bool in_always;			/* a file: epoll does not take it, it can always be read */
	uint64_t output, output_most, budget;
	int64_t budget_at, flush_at, idle_at, check_at, end_at;
	bool warned, hung_up, finished;
	enum shell_end end;		/* why it ended */
	struct err failed;		/* why it cannot be recorded; none: ERR_NONE */
};

/* A terminal (`slave` is for the run), and whoever sits at `in` and `out`, which go into raw mode
 * where they are one. The signals that concern a terminal are taken from here on. Close it also
 * on error. */
int shell_turn_open(struct shell_turn *turn, struct store *store, struct shell_record *record,
		    int in, int out, struct err *err);
void shell_turn_close(struct shell_turn *turn);

/* Begins to watch the folder that the run will work in: all that is in it was laid there. */
int shell_turn_begin(struct shell_turn *turn, int work_fd, struct err *err);

/* For sandbox_io.turn, with `epoll` as its wake_fd. A shell that cannot be recorded any more is
 * hung up, and what it saved still comes back. */
enum sandbox_turn shell_turn_take(struct shell_turn *turn);

/* Nothing runs any more: what came last, and then every byte of every file. Once is enough. */
void shell_turn_finish(struct shell_turn *turn);

/* Milliseconds until the deadline, negative past it. */
int64_t shell_turn_left(const struct shell_turn *turn);

#endif
