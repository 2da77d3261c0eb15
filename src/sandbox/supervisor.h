/* supervisor.h - one process per run: builds the sandbox, holds the limits, reports
 * (run_channel.h) */
#ifndef TALI_SUPERVISOR_H
#define TALI_SUPERVISOR_H

#include "sandbox/cgroup_base.h"
#include "sandbox/syscall_filter.h"

/* What is the same for all runs. */
struct supervisor_kit {
	struct cgroup_base base;
	struct syscall_filter filters[2];	/* [1]: a control group counts memory */
};

/* Serves the caller at the other end of `connection`; ends when the run is over, or with everything
 * in it when the caller is gone or `lifeline` is closed at its other end. */
void supervisor_run(const struct supervisor_kit *kit, int connection, int lifeline)
	__attribute__((noreturn));

#endif
