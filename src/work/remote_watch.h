/* remote_watch.h - `tali watch`: the two sides are kept the same as long as the session lasts */
#ifndef TALI_REMOTE_WATCH_H
#define TALI_REMOTE_WATCH_H

#include "work/remote_sync.h"

/* Syncs whenever something is saved here or changed there (the server's stream), until the session
 * ends or `stop` (a descriptor) can be read. Holds watch.pid, by which remote_state_watcher knows
 * it. `say` gets a sentence for what a person wants to know. ERR_STATE when another watches, or the
 * folder is not that of the session any more. */
int remote_watch(struct remote *remote, int stop, void (*say)(void *arg, const char *sentence),
		 void *arg, struct err *err);

#endif
