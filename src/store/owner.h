/* owner.h - which process works on a row, as text "BOOT PID START" that no later process equals */
#ifndef TALI_OWNER_H
#define TALI_OWNER_H

#include <stdbool.h>

/* This process; "" where /proc does not tell. Yours. */
char *owner_self(void);

/* Whether the process that the text names still runs, since the same boot. */
bool owner_alive(const char *owner);

#endif
