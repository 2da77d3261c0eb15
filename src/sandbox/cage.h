/* cage.h - what the payload's process does to itself before it becomes the payload
 *
 * Order matters: own session, limits, the payload's user, no capabilities for ever, Landlock,
 * descriptors. no_new_privs is there from pid 1 on, and mostly the system call filter too. The
 * process may share the memory of the one that made it (vfork), which waits: it allocates nothing.
 */
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
	bool own_cgroup;	/* our control group is not our maker's: hide where it is, and load
				 * the filter, which pid 1 could not have: it needs clone3 */
	uint32_t tasks;		/* RLIMIT_NPROC */
	int landlock;		/* of landlock_open */
	volatile bool *started;	/* set just before it becomes the payload */
};

/* Becomes the payload. Sends a struct run_note to `channel`: FAILED, or STARTED with the listener
 * of a filter it has loaded. A command that cannot be executed is not our failure: it says so on
 * the payload's stderr and exits 127 or 126, as a shell does. */
void cage_become(const struct cage *cage, int channel) __attribute__((noreturn));

/* For a process whose children will become payloads: no capability but these (bits 1 << CAP_...)
 * is left to it, no program it executes can gain any, and no_new_privs is set. */
int cage_keep_capabilities(uint32_t kept, struct err *err);

#endif
