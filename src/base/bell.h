/* bell.h - something to wait on with poll(2) that another thread, or a signal's handler, rings */
#ifndef TALI_BELL_H
#define TALI_BELL_H

#include "base/err.h"

struct bell {
	int fd;			/* can be read from the ring on until bell_hush */
	int rope;
};

#define BELL_INIT { .fd = -1, .rope = -1 }
/* ERR_ENV. */
int bell_open(struct bell *bell, struct err *err);
void bell_close(struct bell *bell);

void bell_ring(const struct bell *bell);
void bell_hush(const struct bell *bell);

#endif
