/* cgroup.h - control groups of one slot: memory, tasks and CPU time of all processes of a run
 * together
 *
 * Version 1: the slot's first process joins a group of each controller once, what it forks is born
 * there, and counters that cannot be reset are read before and after a run. Version 2: the slot's
 * folder holds a group "init" for the first process and for each run a fresh one, "run", into which
 * the payload is cloned; the first process's user owns what that takes. The slot's folder is called
 * cgroup_base_name() of the supervisor. */
#ifndef TALI_CGROUP_H
#define TALI_CGROUP_H

#include "base/err.h"
#include "sandbox/cgroup_base.h"
#include "sandbox/plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the kernel counts. */
enum cgroup_count {
	CGROUP_COUNT_CPU,
	CGROUP_COUNT_MEMORY,
	CGROUP_COUNT_MEMORY_PEAK,
	CGROUP_COUNT_OOM_KILLS,
	CGROUP_COUNT_TASKS,
	CGROUP_COUNT_TASKS_PEAK,
	CGROUP_COUNT_FORKS_REFUSED,
	CGROUP_COUNTS
};

struct cgroup {
	int version;			/* 1, 2, or 0: none */
	char path[CGROUP_CONTROLLERS][PATH_MAX];	/* the slot's folders; version 2: [0] */
	int slot, init;			/* version 2: the slot's folder and "init" in it */
	int folder[CGROUP_CONTROLLERS];	/* where a run is counted; -1 where nothing counts */
	int counter[CGROUP_COUNTS];	/* files in these; -1 where there is none */
	uint64_t memory_limit, processes_limit;	/* version 1: as written last */
	uint64_t start[CGROUP_COUNTS];	/* version 1: before the run */
};

#define CGROUP_INIT \
	{ \
		.slot = -1, .init = -1, .folder = { -1, -1, -1 }, \
		.counter = { -1, -1, -1, -1, -1, -1, -1 }, \
	}

/* Makes the slot's groups. `owner` is the first process's user and group, or -1 for our own. On
 * failure nothing is left. */
int cgroup_open(struct cgroup *group, const struct cgroup_base *base, uid_t owner,
		struct err *err);
/* Removes them (every process in them must be dead) and closes. */
void cgroup_close(struct cgroup *group);

bool cgroup_has(const struct cgroup *group, enum cgroup_controller controller);
/* The group for clone3(CLONE_INTO_CGROUP) of the first process, or -1. */
int cgroup_init_fd(const struct cgroup *group);
/* Moves the calling process, which has one thread, in where clone3 has not put it. For a thread
 * that moves itself the kernel takes no lock; moving another waits for a grace period of RCU, up to
 * 14 ms on an idle machine. */
int cgroup_join(const struct cgroup *group, struct err *err);

/* Begins a run: its limits hold, and all counts start at nothing. */
int cgroup_begin(struct cgroup *group, const struct plan_limits *limits, struct err *err);
/* The group that the payload must be cloned into, or -1 where it is born in the right one. */
int cgroup_run_fd(const struct cgroup *group);
/* Ends a run when all its processes should be dead: true when they are, and no memory of theirs is
 * still charged. */
bool cgroup_end(struct cgroup *group);
/* Kills every process of the run where the kernel can (version 2); the caller kills the namespace
 * too. */
void cgroup_kill(const struct cgroup *group);

/* Of the run at hand, until cgroup_end: */
uint64_t cgroup_cpu_ns(const struct cgroup *group);
uint64_t cgroup_memory_peak(const struct cgroup *group);
uint64_t cgroup_oom_kills(const struct cgroup *group);
/* The most tasks at one time. `created` is how many the run made in all. Version 1 keeps one mark
 * for all runs of the slot: where this run did not raise it, the lower of both is given. 0: not
 * told. */
uint32_t cgroup_processes_peak(const struct cgroup *group, uint32_t created);
uint64_t cgroup_forks_refused(const struct cgroup *group);

#endif
