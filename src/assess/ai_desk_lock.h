/* ai_desk_lock.h - one process at a time has the models of a session
 *
 * A lock of the operating system on STORE/locks/ai-ID: it ends with its process. Who gets it reads
 * what others recorded meanwhile, and closes what a process that was killed left unanswered. */
#ifndef TALI_AI_DESK_LOCK_H
#define TALI_AI_DESK_LOCK_H

#include "assess/ai_desk.h"

/* Both under the lock of the desk. 1 this process has the models, 0 another one does, -1 error. */
int ai_desk_lock_take(struct ai_desk *desk, struct store *store, struct err *err);
/* Unless something still runs, waits, or is on its way to the disk. */
void ai_desk_lock_leave(struct ai_desk *desk);

#endif
