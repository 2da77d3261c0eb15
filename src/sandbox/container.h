/* container.h - the first process inside a sandbox, seen from outside
 *
 * It builds the sandbox, starts one payload after the other and tells how each ended. It is pid 1
 * of its process namespace, so when it dies, everything in the sandbox is dead; it dies when its
 * supervisor does. It is not the payload's user or cannot be traced, and the payload has no
 * descriptor to it. A root supervisor gives it root's mounts first and a user namespace
 * afterwards, whose ids are never the host's 0; for an ordinary user the user namespace comes
 * first. */
#ifndef TALI_CONTAINER_H
#define TALI_CONTAINER_H

#include "base/err.h"
#include "sandbox/cgroup.h"
#include "sandbox/uid_pair.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct container_setup {
	uint64_t disk;			/* as in struct plan_limits */
	uint32_t inodes;
	const struct uid_pair *uids;	/* NULL: we are an ordinary user */
	uid_t uid;			/* ours, which the new namespace cannot tell */
	gid_t gid;
	bool count_memory;		/* a control group counts memory of all processes */
	bool count_tasks;		/* and one their number */
	bool own_cgroup;		/* each payload is cloned into a group of its own */
	const struct cgroup *group;	/* to be joined */
};

struct container {
	pid_t pid;	/* 0: none */
	int pidfd;
	int channel;	/* steps in, struct run_note out (run_channel.h) */
};

#define CONTAINER_INIT { .pidfd = -1, .channel = -1 }

/* Starts it in new namespaces and in its control group. ERR_ENV when the kernel refuses. */
int container_start(struct container *container, const struct container_setup *setup,
		    struct err *err);
/* Gives the waiting container its user ids (only with a slot). */
int container_map(const struct container *container, const struct uid_pair *uids,
		  struct err *err);
void container_kill(const struct container *container);
/* Kills it, waits until all in it is dead, closes. */
void container_close(struct container *container);

#endif
