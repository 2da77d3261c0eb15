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

/* The name of a supervisor's groups, "tali-NAMESPACE-PID": process ids of other process namespaces
 * (containers) say nothing here. */
#define CGROUP_BASE_NAME_SIZE 48
void cgroup_base_name(pid_t pid, char name[CGROUP_BASE_NAME_SIZE]);

/* Removes the groups of supervisors that are dead: those of our own process namespace, and those
 * of others that have stood empty for an hour. */
void cgroup_base_sweep(const struct cgroup_base *base);

#endif
