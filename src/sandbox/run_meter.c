/* run_meter.c - what a run uses: by its control groups, or by looking where there are none */
#include "sandbox/run_meter.h"

#include <sys/statvfs.h>

#include "sandbox/rootfs.h"
#include "sandbox/tree_meter.h"

static uint64_t disk_used(const int *folders)
{
	uint64_t used = 0;

	for (int i = 0; i < ROOTFS_FOLDERS; i++) {
		struct statvfs status;

		if (fstatvfs(folders[i], &status) == 0)
			used += (status.f_blocks - status.f_bfree) * status.f_frsize;
	}
	return used;
}

bool run_meter_is_weak(const struct run_meter *meter)
{
	return !cgroup_has(meter->group, CGROUP_CPU) || !cgroup_has(meter->group, CGROUP_MEMORY);
}

void run_meter_begin(struct run_meter *meter, const struct cgroup *group, pid_t init,
		     const int *folders)
{
	struct tree_meter tree;

	*meter = (struct run_meter){ .group = group, .created = UINT32_MAX };
	meter->init = init;
	meter->folders = folders;
	if (run_meter_is_weak(meter)) {
		tree_meter_read(&tree, init);
		meter->cpu_start_ms = tree.cpu_ms;
		meter->disk_start = disk_used(folders);
	}
}

void run_meter_look(struct run_meter *meter)
{
	uint64_t disk = disk_used(meter->folders);
	struct tree_meter tree;

	tree_meter_read(&tree, meter->init);
	/* a process that ends between two looks takes its time along: never go back */
	if (tree.cpu_ms > meter->cpu_start_ms + meter->cpu_ms)
		meter->cpu_ms = tree.cpu_ms - meter->cpu_start_ms;
	meter->memory = tree.memory + (disk > meter->disk_start ? disk - meter->disk_start : 0);
	if (meter->memory > meter->memory_peak)
		meter->memory_peak = meter->memory;
	if (tree.tasks > meter->tasks_peak)
		meter->tasks_peak = tree.tasks;
}

void run_meter_add_note(struct run_meter *meter, const struct run_note *note)
{
	if (note->cpu_ms > meter->cpu_ms)
		meter->cpu_ms = note->cpu_ms;
	if (note->memory > meter->memory_peak)
		meter->memory_peak = note->memory;
	meter->created = note->created;
}

uint64_t run_meter_cpu_us(const struct run_meter *meter)
{
	if (cgroup_has(meter->group, CGROUP_CPU))
		return cgroup_cpu_ns(meter->group) / 1000;
	return meter->cpu_ms * 1000;
}

void run_meter_report(const struct run_meter *meter, struct run_report *report)
{
	const struct cgroup *group = meter->group;

	report->cpu_ms = run_meter_cpu_us(meter) / 1000;
	report->memory_peak = cgroup_has(group, CGROUP_MEMORY) ? cgroup_memory_peak(group) : 0;
	if (report->memory_peak == 0)
		report->memory_peak = meter->memory_peak;
	report->processes_peak = cgroup_has(group, CGROUP_PIDS)
					 ? cgroup_processes_peak(group, meter->created)
					 : 0;
	if (report->processes_peak == 0)
		report->processes_peak = meter->tasks_peak;
}
