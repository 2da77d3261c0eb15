/* file_event.h - the events that make one text of another */
#ifndef TALI_FILE_EVENT_H
#define TALI_FILE_EVENT_H

#include "base/buf.h"
#include "journal/event_list.h"

/* Adds events `edit` with the exact deltas (text_diff.h), as many as their size asks for; none when
 * the texts are the same. Both must fit text_diff_fits. */
int file_event_add_edits(struct event_list *list, const char *path, const struct buf *before,
			 const struct buf *after, struct err *err);

#endif
