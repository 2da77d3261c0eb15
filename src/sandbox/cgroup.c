/* cgroup.c - control groups of one run: memory, tasks and CPU time of all its processes together */
#include "sandbox/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"

#define INIT_TASKS 1	/* pid 1 of the sandbox stands in the group too */
#define REMOVE_TRIES 200

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

static ssize_t read_file(int folder, const char *name, char *text, size_t size)
{
	AUTO_FD int fd = folder < 0 ? -1 : openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	text[got > 0 ? got : 0] = 0;
	return got;
}

/* The number after `key` in a file of "key number" lines, or the only number when key is "". */
static uint64_t read_number(int folder, const char *name, const char *key)
{
	char text[4096];
	size_t key_len = strlen(key);

	if (read_file(folder, name, text, sizeof(text)) <= 0)
		return 0;
	for (const char *line = text; *line; line += strspn(line, "\n")) {
		uint64_t number;

		if (strncmp(line, key, key_len) == 0 &&
		    sscanf(line + key_len, "%" SCNu64, &number) == 1)
			return number;
		line += strcspn(line, "\n");
	}
	return 0;
}

static int limit_memory(const struct cgroup *group, uint64_t most)
{
	int folder = group->folder[CGROUP_MEMORY];

	if (group->version == 2) {
		/* without swap accounting there is no such file and nothing to limit */
		if (write_file(folder, "memory.swap.max", "0") < 0 && errno != ENOENT)
			return -1;
		write_file(folder, "memory.oom.group", "1");
		return write_number(folder, "memory.max", most);
	}
	if (write_number(folder, "memory.limit_in_bytes", most) < 0)
		return -1;
	if (write_number(folder, "memory.memsw.limit_in_bytes", most) < 0 && errno != ENOENT)
		return -1;
	write_file(folder, "memory.swappiness", "0");
	return 0;
}

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
	group->folder[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return group->folder[i] < 0 ? -1 : 0;
}

static int open_folders(struct cgroup *group, const struct cgroup_base *base)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (group->version == 2 && i > 0) {
			group->folder[i] = fcntl(group->folder[0], F_DUPFD_CLOEXEC, 0);
			if (group->folder[i] < 0)
				return -1;
		} else if (*base->path[i] && make_folder(group, i, base->path[i]) < 0) {
			return -1;
		}
	}
	return 0;
}

int cgroup_open(struct cgroup *group, const struct cgroup_base *base,
		const struct plan_limits *limits, struct err *err)
{
	group->version = base->version;

	if (open_folders(group, base) < 0 ||
	    (cgroup_has(group, CGROUP_MEMORY) && limit_memory(group, limits->memory) < 0) ||
	    (cgroup_has(group, CGROUP_PIDS) &&
	     write_number(group->folder[CGROUP_PIDS], "pids.max",
			  (uint64_t)limits->processes + INIT_TASKS) < 0)) {
		err_sys(err, "cannot make a control group");
		cgroup_close(group);
		return -1;
	}
	return 0;
}

/* A group stays busy for a moment after its last process was waited for. */
static void remove_folder(const char *path)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };

	for (int i = 0; i < REMOVE_TRIES && rmdir(path) < 0 && errno == EBUSY; i++)
		nanosleep(&pause, NULL);
}

void cgroup_close(struct cgroup *group)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (group->folder[i] >= 0)
			close(group->folder[i]);
		if (*group->path[i])
			remove_folder(group->path[i]);
		group->folder[i] = -1;
		*group->path[i] = 0;
	}
}

bool cgroup_has(const struct cgroup *group, enum cgroup_controller controller)
{
	return group->folder[controller] >= 0;
}

int cgroup_clone_fd(const struct cgroup *group)
{
	return group->version == 2 ? group->folder[CGROUP_MEMORY] : -1;
}

int cgroup_join(const struct cgroup *group, pid_t pid, struct err *err)
{
	if (group->version != 1)
		return 0;
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		if (group->folder[i] >= 0 &&
		    write_number(group->folder[i], "cgroup.procs", (uint64_t)pid) < 0)
			return err_sys(err, "cannot join a control group");
	return 0;
}

static uint64_t cpu_total_ns(const struct cgroup *group)
{
	int folder = group->folder[CGROUP_CPU];

	if (group->version == 2)
		return read_number(folder, "cpu.stat", "usage_usec") * 1000;
	return read_number(folder, "cpuacct.usage", "");
}

void cgroup_begin(struct cgroup *group)
{
	if (group->version == 1 && cgroup_has(group, CGROUP_MEMORY)) {
		write_file(group->folder[CGROUP_MEMORY], "memory.max_usage_in_bytes", "0");
		write_file(group->folder[CGROUP_MEMORY], "memory.memsw.max_usage_in_bytes", "0");
	}
	if (cgroup_has(group, CGROUP_CPU))
		group->cpu_start = cpu_total_ns(group);
}

void cgroup_kill(const struct cgroup *group)
{
	if (group->version == 2)
		write_file(group->folder[CGROUP_MEMORY], "cgroup.kill", "1");
}

uint64_t cgroup_cpu_ns(const struct cgroup *group)
{
	uint64_t total = cpu_total_ns(group);

	return total > group->cpu_start ? total - group->cpu_start : 0;
}

uint64_t cgroup_memory_peak(const struct cgroup *group)
{
	return read_number(group->folder[CGROUP_MEMORY],
			   group->version == 2 ? "memory.peak" : "memory.max_usage_in_bytes", "");
}

uint64_t cgroup_oom_kills(const struct cgroup *group)
{
	return read_number(group->folder[CGROUP_MEMORY],
			   group->version == 2 ? "memory.events" : "memory.oom_control",
			   "oom_kill ");
}

uint32_t cgroup_processes_peak(const struct cgroup *group)
{
	uint64_t peak = read_number(group->folder[CGROUP_PIDS], "pids.peak", "");

	return peak > INIT_TASKS ? (uint32_t)peak - INIT_TASKS : 0;
}

uint64_t cgroup_forks_refused(const struct cgroup *group)
{
	return read_number(group->folder[CGROUP_PIDS], "pids.events", "max");
}
