/* host_keys.h - what the person at a host_terminal does: keys, the end of a file, signals
 *
 * Signals that concern a terminal are taken here and not as the process would; a program behind a
 * recorded terminal gets what they stand for. At most one is open in a process. */
#ifndef TALI_HOST_KEYS_H
#define TALI_HOST_KEYS_H

#include "base/signals.h"
#include "work/host_terminal.h"

#define HOST_KEYS_MOST 4096	/* bytes that are read ahead */

struct host_keys {
	struct host_terminal *host;	/* borrowed */
	struct signals signals;		/* to wait on: host_keys_signals */
	struct buf typed;		/* what was typed and nobody has taken: host_keys_took */
	bool ended;			/* no more comes */
	int columns, rows;		/* of the terminal, as last told */
	char last;
};

#define HOST_KEYS_INIT { .signals = SIGNALS_INIT }
/* From now on signals are taken. ERR_ENV; close it also then. */
int host_keys_open(struct host_keys *keys, struct host_terminal *host, struct err *err);
void host_keys_close(struct host_keys *keys);

/* Whether to wait for `host->in`. */
bool host_keys_wanted(const struct host_keys *keys);
/* Reads what is there, without waiting. The end of a file is typed as the character that means it.
 * False: the terminal that the person sat at is gone. */
bool host_keys_read(struct host_keys *keys);
/* The first `len` bytes of `typed` were taken. */
void host_keys_took(struct host_keys *keys, size_t len);

enum {
	HOST_KEYS_RESIZED = 1,		/* it has another size */
	HOST_KEYS_REDRAW = 2,		/* it was somebody else's meanwhile, and is ours again */
	HOST_KEYS_HUNG_UP = 4,		/* the process shall end */
};

/* What the signals said that came meanwhile, and whether the size is another; flags of the above.
 * What is read before this was typed at a terminal of that size. */
unsigned host_keys_signals(struct host_keys *keys);

#endif
