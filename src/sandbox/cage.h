/* cage.h - what the payload's process does to itself before it becomes the payload
 *
 * Order matters: own session and descriptors, limits, the payload's user, no capabilities for ever,
 * no_new_privs, Landlock, and the system call filter last. The process shares the memory of the one
 * that made it (vfork), which waits: it allocates nothing. */
#ifndef TALI_CAGE_H
#define TALI_CAGE_H

#include "base/err.h"
#include "sandbox/plan.h"

#include <sys/types.h>

#define CAGE_UID 1000	/* the payload's uid and gid inside */

struct cage {
	const struct plan *plan;
	const int *stdio;	/* what becomes 0, 1, 2; all above 3 */
	bool change_user;	/* we are uid 0 of the user namespace and become CAGE_UID */
	bool count_memory;	/* else nothing counts it for all processes: limit each one's own */
	bool own_cgroup;	/* our control group is not our maker's: hide where it is */
	uint32_t tasks;		/* RLIMIT_NPROC */
	int landlock;		/* of landlock_open */
};

/* Becomes the payload. Just before, sends a struct run_note (STARTED with the filter's listener, or
 * FAILED) to `channel`. A command that cannot be executed is not our failure: it says so on the
 * payload's stderr and exits 127 or 126, as a shell does. */
void cage_become(const struct cage *cage, int channel) __attribute__((noreturn));

/* For a process whose children will become payloads: no capability but these (bits 1 << CAP_...)
 * is left to it, and no program it executes can gain any. */
int cage_keep_capabilities(uint32_t kept, struct err *err);

#endif
