/* run_end.c - the verdict on a run, from what we did and what the kernel counted */
#include "sandbox/run_end.h"

#include <signal.h>
#include <sys/statvfs.h>

#include "sandbox/rootfs.h"

static bool disk_full(const int *folders)
{
	for (int i = 0; i < ROOTFS_FOLDERS; i++) {
		struct statvfs status;

		if (fstatvfs(folders[i], &status) == 0 &&
		    (status.f_bfree == 0 || status.f_ffree == 0))
			return true;
	}
	return false;
}

/* Without a control group nobody tells of refused forks; a full house is as near as it gets. */
static bool forks_refused(const struct run_meter *meter, const struct plan_limits *limits)
{
	if (cgroup_has(meter->group, CGROUP_PIDS))
		return cgroup_forks_refused(meter->group) > 0;
	return meter->tasks_peak >= limits->processes;
}

static enum verdict verdict_of_failure(const struct run_end *end, const struct plan_limits *limits,
				       const struct run_meter *meter)
{
	if (forks_refused(meter, limits))
		return VERDICT_PROCESS_LIMIT;
	if (end->signal == SIGXFSZ || disk_full(meter->folders))
		return VERDICT_DISK_LIMIT;
	return VERDICT_RUNTIME_ERROR;
}

static enum verdict verdict_of(const struct run_end *end, const struct plan_limits *limits,
			       const struct run_meter *meter)
{
	bool stopped = end->stopped;

	if (stopped && (end->reason == VERDICT_SECURITY_VIOLATION ||
			end->reason == VERDICT_OUTPUT_LIMIT))
		return end->reason;
	if (cgroup_oom_kills(meter->group) > 0)
		return VERDICT_MEMORY_LIMIT;
	if (stopped)
		return end->reason;
	if (run_meter_cpu_us(meter) > (uint64_t)limits->cpu_ms * 1000)
		return VERDICT_TIME_LIMIT;
	if (end->ended && end->exit_status == 0)
		return VERDICT_OK;
	return verdict_of_failure(end, limits, meter);
}

int run_end_report(const struct run_end *end, const struct plan_limits *limits,
		   const struct run_meter *meter, struct run_report *report, struct err *err)
{
	enum verdict verdict = verdict_of(end, limits, meter);

	if (verdict != VERDICT_MEMORY_LIMIT && !end->stopped && (!end->ended || !end->started))
		return err_set(err, ERR_ENV, "the sandbox died before the program ended");

	*report = (struct run_report){
		.verdict = verdict,
		.exit_status = end->ended ? end->exit_status : -1,
		.signal = end->ended ? end->signal : 0,
		.wall_ms = end->wall_ms,
	};
	/* when we ended it, how its process happened to die says nothing */
	if (end->stopped) {
		report->exit_status = -1;
		report->signal = 0;
	}
	run_meter_report(meter, report);
	return 0;
}
