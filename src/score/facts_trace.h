/* facts_trace.h - all else that a candidate does: runs, notes, looks, terminals (for
 * facts_read) */
#ifndef TALI_FACTS_TRACE_H
#define TALI_FACTS_TRACE_H

#include "score/facts_internal.h"

/* Events of all other kinds; those that are no fact do nothing. -1 as facts_read_event. */
int facts_trace_event(struct facts_reader *reader, const struct event *event, const json_t *data,
		      struct err *err);

#endif
