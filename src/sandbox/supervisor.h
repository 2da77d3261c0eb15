/* supervisor.h - one process per slot: runs plan after plan in it, holds the limits, reports
 * (run_channel.h) */
#ifndef TALI_SUPERVISOR_H
#define TALI_SUPERVISOR_H

#include "sandbox/cgroup_base.h"

/* Serves the caller at the other end of `connection`, with a slot that is made before the first
 * plan comes; ends with everything in it when the caller is gone, when a run had to be refused, or
 * when `lifeline` is closed at its other end. */
void supervisor_run(const struct cgroup_base *base, int connection, int lifeline)
	__attribute__((noreturn));

#endif
