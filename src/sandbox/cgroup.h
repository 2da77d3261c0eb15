/* cgroup.h - control groups of one run: memory, tasks and CPU time of all its processes together
 *
 * A group is called "tali-PID" after the supervisor that made it (cgroup_base_sweep). */
#ifndef TALI_CGROUP_H
#define TALI_CGROUP_H

#include "base/err.h"
#include "sandbox/cgroup_base.h"
#include "sandbox/plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cgroup {
	int version;
	int folder[CGROUP_CONTROLLERS];	/* descriptors; -1 where not there */
	char path[CGROUP_CONTROLLERS][PATH_MAX];
	uint64_t cpu_start;		/* CPU time before the payload, ns */
};

#define CGROUP_INIT { .folder = { -1, -1, -1 } }

/* Makes the group with the plan's limits. On failure nothing is left. */
int cgroup_open(struct cgroup *group, const struct cgroup_base *base,
		const struct plan_limits *limits, struct err *err);
/* Removes it (every process in it must be dead) and closes. */
void cgroup_close(struct cgroup *group);

bool cgroup_has(const struct cgroup *group, enum cgroup_controller controller);
/* The descriptor for clone3(CLONE_INTO_CGROUP), or -1. */
int cgroup_clone_fd(const struct cgroup *group);
/* Moves a process in where clone3 has not put it. */
int cgroup_join(const struct cgroup *group, pid_t pid, struct err *err);
/* From now on CPU time and peaks are counted. */
void cgroup_begin(struct cgroup *group);
/* Kills every process in it where the kernel can (version 2); the caller kills the namespace
 * too. */
void cgroup_kill(const struct cgroup *group);

uint64_t cgroup_cpu_ns(const struct cgroup *group);
uint64_t cgroup_memory_peak(const struct cgroup *group);
uint64_t cgroup_oom_kills(const struct cgroup *group);
uint32_t cgroup_processes_peak(const struct cgroup *group);	/* 0: not told */
uint64_t cgroup_forks_refused(const struct cgroup *group);

#endif
