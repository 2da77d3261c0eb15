/* workplace_sync.h - a work folder and its server before and after something is done there */
#ifndef TALI_WORKPLACE_SYNC_H
#define TALI_WORKPLACE_SYNC_H

#include "journal/event_list.h"
#include "work/workplace_remote.h"

/* The server has what is here, and here is what the server has. ERR_ENV when it cannot be reached;
 * ERR_STATE when the session takes no more. */
int workplace_sync(struct workplace_remote *place, struct err *err);
/* The same, but what cannot be done now is left for the next time. -1 only when our side failed. */
int workplace_sync_after(struct workplace_remote *place, struct err *err);

/* Tells the server events, and what is new in the folder. They are on disk before it is asked, so a
 * server that cannot be reached gets them later. *ret_recorded: false when the session takes no
 * more. */
int workplace_sync_tell(struct workplace_remote *place, const struct event_list *list,
			bool *ret_recorded, struct err *err);

#endif
