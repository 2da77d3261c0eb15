/* cgroup_base.h - where control groups may be made, and the sweeping of old ones
 *
 * Version 2 is used where our own group, or the one above it, is ours to divide and offers memory
 * and pids (systemd: Delegate=yes); else version 1, controller by controller, below our own
 * group. */
#ifndef TALI_CGROUP_BASE_H
#define TALI_CGROUP_BASE_H

#include <limits.h>
#include <sys/types.h>

enum cgroup_controller { CGROUP_MEMORY, CGROUP_PIDS, CGROUP_CPU, CGROUP_CONTROLLERS };

struct cgroup_base {
	int version;		/* 1 or 2; 0: nowhere */
	char path[CGROUP_CONTROLLERS][PATH_MAX];	/* "" where one is out of reach */
};

/* Version 2 wants processes in leaves only: this one and `caller` may be moved to the leaf
 * "tali-main" of our group when no other process is in it. With caller 0 nothing is moved. */
void cgroup_base_find(struct cgroup_base *base, pid_t caller);

/* Removes the groups "tali-PID" of supervisors that are dead. */
void cgroup_base_sweep(const struct cgroup_base *base);

#endif
