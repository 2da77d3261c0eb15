/* throttle.h - slows down and locks out whoever tries passcodes
 *
 * After the third wrong try from a source each further one makes it wait twice as long (2, 4, 8
 * s ...); at `most` failures it is locked for `lock_ms`. A quarter of an hour without failures
 * forgets them. Of a source that is an IPv6 address only the first 64 bits count: whoever has one
 * has all of that network. */
#ifndef TALI_THROTTLE_H
#define TALI_THROTTLE_H

#include "store/store.h"

/* 0 when the source may try now; ERR_STATE says for how long not. */
int throttle_check(struct store *store, const char *source, struct err *err);
/* Counts a failure. Needs an open transaction. */
int throttle_fail(struct store *store, const char *source, int64_t most, int64_t lock_ms,
		  struct err *err);
/* Forgets the failures of the source. Needs an open transaction. */
int throttle_clear(struct store *store, const char *source, struct err *err);

#endif
