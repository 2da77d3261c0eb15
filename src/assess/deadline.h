/* deadline.h - what is due happens, whoever opens the store next */
#ifndef TALI_DEADLINE_H
#define TALI_DEADLINE_H

#include "store/store.h"

/* Hands in what is active past its deadline (with the deadline as the time of submission) and
 * expires what was never started in its window. Does nothing on a read-only store. One that
 * fails does not hold up the others; the first error is given at the end. */
int deadline_enforce(struct store *store, struct err *err);

#endif
