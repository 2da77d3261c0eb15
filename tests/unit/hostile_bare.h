/* hostile_bare.h - a hostile act without any sandbox, in a scratch folder, with its own caps */
#ifndef TALI_HOSTILE_BARE_H
#define TALI_HOSTILE_BARE_H

#include "base/buf.h"
#include "hostile_case.h"

/* The hostile program, open. */
void hostile_bare_use(int fd);
/* Plays it; what it printed is added to `out`. All it left running is ended afterwards, when
 * `through` (may be NULL) has been asked. True when it got through. */
bool hostile_bare_play(const struct hostile_case *one, struct buf *out);

#endif
