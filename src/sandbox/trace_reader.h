/* trace_reader.h - whether a run has left traces in the namespaces of its slot
 *
 * Read by the first process, which stands in them: System V objects, and whatever went over the
 * network, which may have left ports that are not free for a while. Message queues of POSIX cannot
 * be made (RLIMIT_MSGQUEUE is 0). */
#ifndef TALI_TRACE_READER_H
#define TALI_TRACE_READER_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct trace_reader {
	int load;	/* /proc/loadavg, whose last word is the newest pid */
	int network;	/* /proc/net/dev */
};

int trace_open(struct trace_reader *trace, struct err *err);

/* True when there is none. */
bool trace_is_clean(const struct trace_reader *trace);

/* How many tasks were made since `first` was, it among them; at least 1. */
uint32_t trace_created(const struct trace_reader *trace, pid_t first);

#endif
