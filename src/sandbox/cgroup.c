/* cgroup.c - control groups of one slot: memory, tasks and CPU time of all processes of a run
 * together */
#include "sandbox/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"

#define INIT_TASKS 1	/* version 1: pid 1 of the sandbox stands in the group too */
#define REMOVE_TRIES 200
#define MEMORY_LEFT (1024 * 1024)	/* bytes that may stay charged: the kernel's own stocks */

static int write_file(int folder, const char *name, const char *text)
{
	AUTO_FD int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	return fd >= 0 && write(fd, text, len) == (ssize_t)len ? 0 : -1;
}

static int write_number(int folder, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return write_file(folder, name, text);
}

/* Where a version keeps a count: the number after `key` in a file of "key number" lines, or the
 * only number when key is "". */
static const struct counter {
	enum cgroup_controller controller;
	struct {
		const char *file, *key;
	} version[2];
	uint64_t unit;		/* of version 2, in those of version 1 */
} counters[CGROUP_COUNTS] = {
	[CGROUP_COUNT_CPU] = {
		CGROUP_CPU, { { "cpuacct.usage", "" }, { "cpu.stat", "usage_usec " } }, 1000,
	},
	[CGROUP_COUNT_MEMORY] = {
		CGROUP_MEMORY, { { "memory.usage_in_bytes", "" }, { "memory.current", "" } }, 1,
	},
	[CGROUP_COUNT_MEMORY_PEAK] = {
		CGROUP_MEMORY, { { "memory.max_usage_in_bytes", "" }, { "memory.peak", "" } }, 1,
	},
	[CGROUP_COUNT_OOM_KILLS] = {
		CGROUP_MEMORY,
		{ { "memory.oom_control", "oom_kill " }, { "memory.events", "oom_kill " } }, 1,
	},
	[CGROUP_COUNT_TASKS] = {
		CGROUP_PIDS, { { "pids.current", "" }, { "pids.current", "" } }, 1,
	},
	[CGROUP_COUNT_TASKS_PEAK] = {
		CGROUP_PIDS, { { "pids.peak", "" }, { "pids.peak", "" } }, 1,
	},
	[CGROUP_COUNT_FORKS_REFUSED] = {
		CGROUP_PIDS, { { "pids.events", "max " }, { "pids.events", "max " } }, 1,
	},
};

static uint64_t find_number(const char *text, const char *key)
{
	size_t key_len = strlen(key);

	while (*text) {
		if (strncmp(text, key, key_len) == 0)
			return strtoull(text + key_len, NULL, 10);
		text += strcspn(text, "\n");
		text += strspn(text, "\n");
	}
	return 0;
}

/* What the kernel has counted so far; 0 where nobody counts. */
static uint64_t count_total(const struct cgroup *group, enum cgroup_count count)
{
	const struct counter *counter = &counters[count];
	char text[4096];
	ssize_t got = -1;

	if (group->counter[count] >= 0)
		got = pread(group->counter[count], text, sizeof(text) - 1, 0);
	if (got <= 0)
		return 0;
	text[got] = 0;
	return find_number(text, counter->version[group->version - 1].key) *
	       (group->version == 2 ? counter->unit : 1);
}

/* A kernel may have no such file. */
static void open_counters(struct cgroup *group)
{
	for (int i = 0; i < CGROUP_COUNTS; i++) {
		int folder = group->folder[counters[i].controller];

		if (folder >= 0)
			group->counter[i] =
				openat(folder, counters[i].version[group->version - 1].file,
				       O_RDONLY | O_CLOEXEC);
	}
}

static uint64_t since(uint64_t now, uint64_t start)
{
	return now > start ? now - start : 0;
}

static uint64_t count_of_run(const struct cgroup *group, enum cgroup_count count)
{
	return since(count_total(group, count), group->start[count]);
}

/* A group stays busy for a moment after its last process was waited for. False when it stays. */
static bool remove_group(int folder, const char *name)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };

	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			return true;
		if (errno != EBUSY)
			return false;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* --- the slot's groups */

static int make_folder(struct cgroup *group, int i, const char *base)
{
	char *path = group->path[i], name[CGROUP_BASE_NAME_SIZE];

	cgroup_base_name(getpid(), name);
	if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) {
		*path = 0;
		errno = ENAMETOOLONG;
		return -1;
	}
	/* a dead namesake's counters must not be taken over */
	rmdir(path);
	if (mkdir(path, 0755) < 0) {
		*path = 0;
		return -1;
	}
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_version_1(struct cgroup *group, const struct cgroup_base *base)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (!*base->path[i])
			continue;
		group->folder[i] = make_folder(group, i, base->path[i]);
		if (group->folder[i] < 0)
			return -1;
	}
	if (cgroup_has(group, CGROUP_MEMORY))
		write_file(group->folder[CGROUP_MEMORY], "memory.swappiness", "0");
	open_counters(group);
	return 0;
}

/* A group below the slot's; its list of processes belongs to `owner`. */
static int make_below(const struct cgroup *group, const char *name, uid_t owner)
{
	AUTO_FD int fd = -1;

	if (mkdirat(group->slot, name, 0755) < 0)
		return -1;
	fd = openat(group->slot, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (owner != (uid_t)-1 && fchownat(fd, "cgroup.procs", owner, owner, 0) < 0))
		return -1;
	return TAKE_FD(fd);
}

static int open_version_2(struct cgroup *group, const struct cgroup_base *base, uid_t owner)
{
	group->slot = make_folder(group, 0, base->path[0]);
	if (group->slot < 0 ||
	    write_file(group->slot, "cgroup.subtree_control", "+memory +pids") < 0)
		return -1;
	/* who clones from one group into another must own the one above both */
	if (owner != (uid_t)-1 && fchownat(group->slot, "cgroup.procs", owner, owner, 0) < 0)
		return -1;
	group->init = make_below(group, "init", owner);
	return group->init < 0 ? -1 : 0;
}

int cgroup_open(struct cgroup *group, const struct cgroup_base *base, uid_t owner, struct err *err)
{
	int failed = 0;

	group->version = base->version;
	if (group->version == 1)
		failed = open_version_1(group, base);
	else if (group->version == 2)
		failed = open_version_2(group, base, owner);
	if (failed < 0) {
		err_sys(err, "cannot make a control group");
		cgroup_close(group);
	}
	return failed;
}

static void close_run(struct cgroup *group)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (group->folder[i] >= 0)
			close(group->folder[i]);
		group->folder[i] = -1;
	}
	for (int i = 0; i < CGROUP_COUNTS; i++) {
		if (group->counter[i] >= 0)
			close(group->counter[i]);
		group->counter[i] = -1;
	}
}

void cgroup_close(struct cgroup *group)
{
	close_run(group);
	if (group->slot >= 0) {
		remove_group(group->slot, "run");
		remove_group(group->slot, "init");
		close(group->slot);
	}
	if (group->init >= 0)
		close(group->init);
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		if (*group->path[i])
			remove_group(AT_FDCWD, group->path[i]);
	*group = (struct cgroup)CGROUP_INIT;
}

bool cgroup_has(const struct cgroup *group, enum cgroup_controller controller)
{
	return group->version == 2 || group->folder[controller] >= 0;
}

int cgroup_init_fd(const struct cgroup *group)
{
	return group->init;
}

int cgroup_join(const struct cgroup *group, struct err *err)
{
	if (group->version != 1)
		return 0;
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		if (group->folder[i] >= 0 &&
		    write_file(group->folder[i], "tasks", "0") < 0)
			return err_sys(err, "cannot join a control group");
	return 0;
}

/* --- a run */

/* Memory must never be the larger limit of the two, so the other one is out of the way first. */
static int limit_memory_1(struct cgroup *group, uint64_t most)
{
	int folder = group->folder[CGROUP_MEMORY];

	if (folder < 0 || group->memory_limit == most)
		return 0;
	if (write_file(folder, "memory.memsw.limit_in_bytes", "-1") < 0 && errno != ENOENT)
		return -1;
	if (write_number(folder, "memory.limit_in_bytes", most) < 0)
		return -1;
	/* without swap accounting there is no such file and nothing to limit */
	if (write_number(folder, "memory.memsw.limit_in_bytes", most) < 0 && errno != ENOENT)
		return -1;
	group->memory_limit = most;
	return 0;
}

static int limit_tasks_1(struct cgroup *group, uint64_t most)
{
	if (group->folder[CGROUP_PIDS] < 0 || group->processes_limit == most)
		return 0;
	if (write_number(group->folder[CGROUP_PIDS], "pids.max", most + INIT_TASKS) < 0)
		return -1;
	group->processes_limit = most;
	return 0;
}

static int begin_version_1(struct cgroup *group, const struct plan_limits *limits)
{
	int memory = group->folder[CGROUP_MEMORY];

	if (limit_memory_1(group, limits->memory) < 0 ||
	    limit_tasks_1(group, limits->processes) < 0)
		return -1;
	if (memory < 0)
		return 0;
	return write_file(memory, "memory.max_usage_in_bytes", "0");
}

static int begin_version_2(struct cgroup *group, const struct plan_limits *limits, uid_t owner)
{
	int folder = make_below(group, "run", owner);

	for (int i = 0; folder >= 0 && i < CGROUP_CONTROLLERS; i++)
		group->folder[i] = i == 0 ? folder : fcntl(folder, F_DUPFD_CLOEXEC, 0);
	if (folder < 0)
		return -1;
	if (write_file(folder, "memory.swap.max", "0") < 0 && errno != ENOENT)
		return -1;
	write_file(folder, "memory.oom.group", "1");
	open_counters(group);
	if (write_number(folder, "memory.max", limits->memory) < 0)
		return -1;
	return write_number(folder, "pids.max", limits->processes);
}

/* Who owns the slot's list of processes owns those of the runs. */
static uid_t owner_of(const struct cgroup *group)
{
	struct stat status;

	if (fstatat(group->init, "cgroup.procs", &status, 0) < 0 || status.st_uid == geteuid())
		return (uid_t)-1;
	return status.st_uid;
}

int cgroup_begin(struct cgroup *group, const struct plan_limits *limits, struct err *err)
{
	int failed = 0;

	if (group->version == 1)
		failed = begin_version_1(group, limits);
	else if (group->version == 2)
		failed = begin_version_2(group, limits, owner_of(group));
	if (failed < 0)
		return err_sys(err, "cannot limit a control group");
	/* a fresh group of version 2 begins at nothing by itself */
	for (int i = 0; group->version == 1 && i < CGROUP_COUNTS; i++)
		group->start[i] = count_total(group, i);
	/* the mark has been set back to what is in use */
	group->start[CGROUP_COUNT_MEMORY_PEAK] = group->start[CGROUP_COUNT_MEMORY];
	return 0;
}

int cgroup_run_fd(const struct cgroup *group)
{
	return group->version == 2 ? group->folder[CGROUP_MEMORY] : -1;
}

/* What the kernel keeps for files that are gone is charged for a while; it lets go when asked. */
static bool memory_is_free(const struct cgroup *group)
{
	if (count_of_run(group, CGROUP_COUNT_MEMORY) <= MEMORY_LEFT)
		return true;
	write_file(group->folder[CGROUP_MEMORY], "memory.force_empty", "0");
	return count_of_run(group, CGROUP_COUNT_MEMORY) <= MEMORY_LEFT;
}

bool cgroup_end(struct cgroup *group)
{
	if (group->version == 2) {
		close_run(group);
		return remove_group(group->slot, "run");
	}
	if (group->folder[CGROUP_PIDS] >= 0 &&
	    count_total(group, CGROUP_COUNT_TASKS) != INIT_TASKS)
		return false;
	return memory_is_free(group);
}

void cgroup_kill(const struct cgroup *group)
{
	if (group->version == 2 && group->folder[CGROUP_MEMORY] >= 0)
		write_file(group->folder[CGROUP_MEMORY], "cgroup.kill", "1");
}

/* --- what it has used */

uint64_t cgroup_cpu_ns(const struct cgroup *group)
{
	return count_of_run(group, CGROUP_COUNT_CPU);
}

uint64_t cgroup_memory_peak(const struct cgroup *group)
{
	return count_of_run(group, CGROUP_COUNT_MEMORY_PEAK);
}

uint64_t cgroup_oom_kills(const struct cgroup *group)
{
	return count_of_run(group, CGROUP_COUNT_OOM_KILLS);
}

uint32_t cgroup_processes_peak(const struct cgroup *group, uint32_t created)
{
	uint64_t peak = count_total(group, CGROUP_COUNT_TASKS_PEAK);
	bool raised = peak > group->start[CGROUP_COUNT_TASKS_PEAK];

	if (group->version == 1)
		peak = since(peak, INIT_TASKS);
	return (uint32_t)(raised || peak < created ? peak : created);
}

uint64_t cgroup_forks_refused(const struct cgroup *group)
{
	return count_of_run(group, CGROUP_COUNT_FORKS_REFUSED);
}
