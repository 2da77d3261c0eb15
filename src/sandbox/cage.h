/* cage.h - what the payload's process does to itself before it becomes the payload
 *
 * Order matters: own session and descriptors, limits, the payload's user, no capabilities for ever,
 * no_new_privs, Landlock, and the system call filter last. */
#ifndef TALI_CAGE_H
#define TALI_CAGE_H

#include "base/err.h"
#include "sandbox/plan.h"
#include "sandbox/syscall_filter.h"

#include <sys/types.h>

#define CAGE_UID 1000	/* the payload's uid and gid inside */

struct cage {
	const struct plan *plan;
	const struct syscall_filter *filter;
	bool change_user;	/* we are uid 0 of the user namespace and become CAGE_UID */
	bool limit_data;	/* nothing counts memory for all processes: limit each one's own */
	uint32_t tasks;		/* RLIMIT_NPROC */
};

/* Becomes the payload, with the descriptors 0, 1, 2 it has. Just before, sends a struct run_note
 * (STARTED with the filter's listener, or FAILED) to `channel`. A command that cannot be executed
 * is not our failure: it says so on the payload's stderr and exits 127 or 126, as a shell does. */
void cage_become(const struct cage *cage, int channel) __attribute__((noreturn));

/* Drops every capability of the calling process but these (bits 1 << CAP_...). */
int cage_keep_capabilities(uint32_t kept, struct err *err);

#endif
