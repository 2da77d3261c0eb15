/* host_terminal.h - the terminal of the person at whom a recorded shell is shown
 *
 * While a shell is open it hands on every key as it is (raw mode). However the process ends, but by
 * SIGKILL, it gets its modes back. At most one is open in a process. */
#ifndef TALI_HOST_TERMINAL_H
#define TALI_HOST_TERMINAL_H

#include "work/host_screen.h"
#include "base/err.h"

#include <stdbool.h>

struct host_terminal {
	int in, out;			/* borrowed */
	int writing;			/* where output goes without waiting, ours; -1: `out` */
	bool in_is_terminal, out_is_terminal;
	struct host_screen screen;
	struct buf waiting;		/* not written yet */
	bool away;			/* its modes are its own */
	bool gone;			/* nobody reads any more */
};

/* Looks at the two descriptors; either may be a pipe or a file. */
void host_terminal_open(struct host_terminal *terminal, int in, int out);
/* Takes back all modes, writes what waits. */
void host_terminal_close(struct host_terminal *terminal);

/* Raw mode on, unless another process group has the terminal; or all modes back as they were, to be
 * stopped for instance. Nothing when `in` is no terminal. */
void host_terminal_enter(struct host_terminal *terminal);
void host_terminal_leave(struct host_terminal *terminal);

/* False when what is typed there is for somebody else. */
bool host_terminal_is_ours(const struct host_terminal *terminal);

/* Of whichever is a terminal, else 80 and 24; at most 1000 each. */
void host_terminal_size(const struct host_terminal *terminal, int *ret_columns, int *ret_rows);

/* Output of the sandbox: what may pass is written as far as that goes without waiting; the rest
 * waits. */
void host_terminal_show(struct host_terminal *terminal, const char *data, size_t len);
/* Our own words, on a line of their own. */
void host_terminal_say(struct host_terminal *terminal, const char *text);
/* Tries again to write what waits. */
void host_terminal_flush(struct host_terminal *terminal);

#define HOST_TERMINAL_WAITING_MOST (256 * 1024)
/* True when so much waits that no more should come. */
bool host_terminal_is_full(const struct host_terminal *terminal);

#endif
