/* tree_meter.h - what all processes of a sandbox use, read from /proc
 *
 * Weak by nature: it sees what is there at the moment it looks, and CPU time in clock ticks. */
#ifndef TALI_TREE_METER_H
#define TALI_TREE_METER_H

#include <stdint.h>
#include <sys/types.h>

struct tree_meter {
	uint64_t cpu_ms;	/* of living processes and of those they waited for */
	uint64_t memory;	/* sum of what is resident, bytes, without the first process, and
				 * without what it lends to a payload that is not executed yet;
				 * shared pages count each time */
	uint32_t tasks;		/* threads, without the first process */
};

/* Reads the tree below `init` (the first process, as we see it) into `meter`. */
void tree_meter_read(struct tree_meter *meter, pid_t init);

#endif
