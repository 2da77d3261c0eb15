/* remote_look.h - what was saved in the work folder, as events that wait for the server */
#ifndef TALI_REMOTE_LOOK_H
#define TALI_REMOTE_LOOK_H

#include "work/remote_queue.h"

/* Queues what leads from the base, with what waits on top, to what is in the folder (path and
 * descriptor). *ret_left_out: files that cannot be followed. How many events; -1: ERR_ENV,
 * ERR_STATE. */
int remote_look(const char *folder, int folder_fd, const struct remote_base *base,
		struct remote_queue *queue, unsigned *ret_left_out, struct err *err);

#endif
