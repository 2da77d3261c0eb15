/* run_meter.h - what a run uses: by its control groups, or by looking where there are none */
#ifndef TALI_RUN_METER_H
#define TALI_RUN_METER_H

#include "sandbox/cgroup.h"
#include "sandbox/run_channel.h"

struct run_meter {
	const struct cgroup *group;	/* borrowed */
	pid_t init;
	const int *folders;		/* the writable ones; borrowed */
	uint64_t cpu_start_ms;		/* the first process before the payload */
	uint64_t disk_start;		/* bytes the caller put there */
	uint64_t cpu_ms;		/* what looking has found so far */
	uint64_t memory, memory_peak;
	uint32_t tasks_peak;
	uint32_t created;		/* tasks of the run, when it is over */
};

/* From now on it counts; `init` is the first process, `group` has begun. */
void run_meter_begin(struct run_meter *meter, const struct cgroup *group, pid_t init,
		     const int *folders);
/* True when CPU time or memory is only known by run_meter_look, to be called every few
 * milliseconds. */
bool run_meter_is_weak(const struct run_meter *meter);
void run_meter_look(struct run_meter *meter);
/* What the first process has found when all others were dead. */
void run_meter_add_note(struct run_meter *meter, const struct run_note *note);

uint64_t run_meter_cpu_us(const struct run_meter *meter);
/* cpu_ms, memory_peak, processes_peak */
void run_meter_report(const struct run_meter *meter, struct run_report *report);

#endif
