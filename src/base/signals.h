/* signals.h - signals that come as something to read instead of interrupting
 *
 * They are blocked meanwhile, and a thread waits for them: signalfd(2) as every system has it. */
#ifndef TALI_SIGNALS_H
#define TALI_SIGNALS_H

#include "base/err.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct signals {
	int fd;			/* can be read when there is one */
	int told;
	sigset_t set, before;
	int one;		/* of the set */
	pthread_t thread;
	atomic_bool ending;
	bool open;
};

#define SIGNALS_INIT { .fd = -1, .told = -1 }
/* Takes these signals from now on; threads that begin later leave them alone, too. It stays where
 * it is in memory until it is closed. ERR_ENV. */
int signals_open(struct signals *signals, const int *numbers, size_t count, struct err *err);
/* The signals do again what they did before. Also when signals_open failed, or was not called. */
void signals_close(struct signals *signals);

/* The next that came; 0: there is none. */
int signals_next(const struct signals *signals);

#endif
