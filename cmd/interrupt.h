/* interrupt.h - SIGINT and SIGTERM as a wish: the command ends what it does, and cleans up
 *
 * A thread waits for them. The second one ends the program at once. One that was ignored when the
 * program began (nohup) stays so. */
#ifndef TALI_INTERRUPT_H
#define TALI_INTERRUPT_H

#include "cmd.h"

#define INTERRUPT_STATUS 130	/* exit status of a command that was ended so */

struct interrupt;

/* Before other threads begin, as they must not take the signals. `stop` is called once, in another
 * thread, when the first one comes. NULL: ERR_ENV. */
struct interrupt *interrupt_open(void (*stop)(void *arg), void *arg, struct err *err);
/* The signals are what they were. */
void interrupt_close(struct interrupt **interrupt);
/* Whether one came. Any thread. */
bool interrupt_came(const struct interrupt *interrupt);

#endif
