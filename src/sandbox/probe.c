/* probe.c - what this machine can enforce, found out by trying it (`tali doctor`) */
#include "sandbox/probe.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/cgroup_base.h"
#include "sandbox/run_guards.h"

/* How each guard is held where it is held in full; limits by control groups are looked up. */
static const char *const guard_means[GUARD_COUNT] = {
	"CLONE_NEWUSER, the host's root is nobody inside", "CLONE_NEWPID",
	"CLONE_NEWNS, pivot_root",
	"CLONE_NEWNET, only lo", "CLONE_NEWIPC", "CLONE_NEWUTS", "CLONE_NEWCGROUP",
	"seccomp, allow list", "landlock", "PR_SET_NO_NEW_PRIVS", "", "timer", "", "",
	"counted by the reader of the pipes", "sized tmpfs", "RLIMIT_FSIZE", "RLIMIT_NOFILE",
	"tmpfs nr_inodes",
};

static void put_cgroup(struct probe_line *line, const struct cgroup_base *base,
		       enum cgroup_controller controller, const char *otherwise)
{
	static const char *const names[CGROUP_CONTROLLERS] = { "memory", "pids", "cpu" };

	if (*base->path[controller])
		snprintf(line->how, sizeof(line->how), "cgroup v%d, %s controller", base->version,
			 names[controller]);
	else
		snprintf(line->how, sizeof(line->how), "%s", otherwise);
}

static void put_means(struct probe_line *line, int guard, const struct cgroup_base *base)
{
	switch (1 << guard) {
	case GUARD_CPU:
		put_cgroup(line, base, CGROUP_CPU, "RLIMIT_CPU of each, /proc for their sum");
		break;
	case GUARD_MEMORY:
		put_cgroup(line, base, CGROUP_MEMORY, "RLIMIT_DATA of each, /proc for their sum");
		break;
	case GUARD_PROCESSES:
		put_cgroup(line, base, CGROUP_PIDS, "RLIMIT_NPROC");
		break;
	default:
		snprintf(line->how, sizeof(line->how), "%s", guard_means[guard]);
	}
}

static void put_mend(struct probe_line *line, int guard)
{
	const char *mend = run_guards_mend();

	if (1 << guard == GUARD_LANDLOCK)
		mend = "a kernel since 5.19 with lsm=landlock,...; it is a second wall, not needed";
	snprintf(line->mend, sizeof(line->mend), "%s", mend);
}

static void put_line(struct probe_line *line, int guard, const struct run_report *report,
		     const struct cgroup_base *base)
{
	uint32_t bit = 1U << guard;

	memset(line, 0, sizeof(*line));
	line->name = run_guard_name((enum run_guard)bit);
	line->required = bit != GUARD_LANDLOCK;
	line->state = report->weak & bit       ? PROBE_WEAK
		      : report->enforced & bit ? PROBE_ENFORCED
					       : PROBE_MISSING;
	if (line->state != PROBE_MISSING)
		put_means(line, guard, base);
	if (line->state != PROBE_ENFORCED)
		put_mend(line, guard);
}

/* Nothing could be run: one line says why. */
static int put_failure(struct probe_line *line, const struct err *err)
{
	memset(line, 0, sizeof(*line));
	line->name = "sandbox";
	line->state = PROBE_MISSING;
	line->required = true;
	snprintf(line->mend, sizeof(line->mend), "%.*s", (int)sizeof(line->mend) - 1, err->text);
	return 1;
}

static int run_true(struct sandbox *sandbox, bool allow_weak, struct run_report *ret,
		    struct err *err)
{
	static const char *const argv[] = { "/bin/true", NULL };
	struct plan plan = {
		.argv = argv, .stdin_fd = -1, .limits = plan_default_limits,
		.allow_weak = allow_weak,
	};

	return sandbox_run(sandbox, &plan, NULL, ret, err);
}

int probe_run(struct sandbox *sandbox, bool allow_weak, struct err *err)
{
	struct run_report report;

	return run_true(sandbox, allow_weak, &report, err);
}

int probe_machine(struct sandbox *sandbox, struct probe_line *lines, int most)
{
	AUTO_FREE struct cgroup_base *base = buf_alloc(sizeof(*base));
	struct run_report report;
	struct err err = ERR_INIT;

	if (most <= 0)
		return 0;
	if (run_true(sandbox, true, &report, &err) < 0)
		return put_failure(lines, &err);

	cgroup_base_find(base, 0);
	for (int i = 0; i < GUARD_COUNT && i < most; i++)
		put_line(&lines[i], i, &report, base);
	return GUARD_COUNT < most ? GUARD_COUNT : most;
}
