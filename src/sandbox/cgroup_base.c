/* cgroup_base.c - where control groups may be made, and the sweeping of old ones */
#include "sandbox/cgroup_base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#define PROCESSES_MOST 2	/* the caller and us */
#define SWEEP_TRIES 100
#define LEAF "/tali-main"
#define FOREIGN_AGE 3600	/* s */

static const char *const version_1_names[CGROUP_CONTROLLERS] = { "memory", "pids", "cpuacct" };

/* True when `word` is one of the words of `list` that stand between `separator`. */
static bool has_word(const char *list, const char *word, char separator)
{
	size_t len = strlen(word);

	while (*list) {
		const char *end = strchrnul(list, separator);

		if ((size_t)(end - list) == len && strncmp(list, word, len) == 0)
			return true;
		list = *end ? end + 1 : end;
	}
	return false;
}

/* What the kernel tells of us. Each time it is asked it writes it anew. */
struct told {
	struct buf groups, mounts;	/* /proc/self/cgroup, /proc/self/mountinfo */
};

#define TOLD_MOST (4 * 1024 * 1024)
#define TOLD_INIT { .groups = BUF_INIT(TOLD_MOST), .mounts = BUF_INIT(TOLD_MOST) }

static void told_release(struct told *told)
{
	buf_release(&told->groups);
	buf_release(&told->mounts);
}

/* Copies the next line; false after the last one. */
static bool next_line(const char **rest, char *line, size_t size)
{
	size_t len = strcspn(*rest, "\n");

	if (!**rest)
		return false;
	snprintf(line, size, "%.*s", (int)len, *rest);
	*rest += len + ((*rest)[len] == '\n');
	return true;
}

/* Our own group's path for one controller ("" for version 2) from lines "4:memory:/path". */
static bool own_path(const struct told *told, const char *controller, char path[PATH_MAX])
{
	const char *rest = buf_str(&told->groups);
	char line[PATH_MAX + 128];

	while (next_line(&rest, line, sizeof(line))) {
		char *names = strchr(line, ':');
		char *at = names ? strchr(++names, ':') : NULL;

		if (!at)
			continue;
		*at++ = 0;
		if (*controller ? has_word(names, controller, ',') : !*names) {
			snprintf(path, PATH_MAX, "%s", at);
			return true;
		}
	}
	return false;
}

/* Where the hierarchy is mounted, and which of its groups is shown there. A line of mountinfo:
 * ID PARENT DEVICE ROOT MOUNTPOINT OPTIONS [TAGS...] - TYPE SOURCE SUPER_OPTIONS */
static bool find_mount(const struct told *told, const char *controller, char root[PATH_MAX],
		       char point[PATH_MAX])
{
	const char *rest = buf_str(&told->mounts);
	char line[3 * PATH_MAX], type[64], options[1024];

	while (next_line(&rest, line, sizeof(line))) {
		const char *tail = strstr(line, " - ");

		if (!tail || sscanf(tail, " - %63s %*s %1023s", type, options) != 2 ||
		    sscanf(line, "%*d %*d %*s %4095s %4095s", root, point) != 2)
			continue;
		if (*controller ? strcmp(type, "cgroup") == 0 && has_word(options, controller, ',')
				: strcmp(type, "cgroup2") == 0)
			return true;
	}
	return false;
}

/* The folder of our own group in one hierarchy; false when it cannot be seen. */
static bool own_folder(const struct told *told, const char *controller, char folder[PATH_MAX])
{
	char path[PATH_MAX], root[PATH_MAX], point[PATH_MAX];
	const char *below = path;
	size_t root_len;
	int len;

	if (!own_path(told, controller, path) || !find_mount(told, controller, root, point))
		return false;

	root_len = strlen(root);
	if (strcmp(root, "/") != 0) {
		if (strncmp(path, root, root_len) != 0)
			return false;
		below = path + root_len;
	}
	if (strcmp(below, "/") == 0)
		below = "";

	len = snprintf(folder, PATH_MAX, "%s%s", point, below);
	return len < PATH_MAX;
}

/* With the permissions and the read-only mounts that there are. */
static bool may_make(const char *folder)
{
	return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
}

static void find_version_1(const struct told *told, struct cgroup_base *base)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		char *path = base->path[i];

		if (own_folder(told, version_1_names[i], path) && may_make(path))
			base->version = 1;
		else
			*path = 0;
	}
}

static bool read_line(const char *folder, const char *name, char *text, size_t size)
{
	AUTO_FREE char *path = NULL;
	AUTO_FD int fd = -1;
	ssize_t got;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, text, size - 1);
	if (got < 0)
		return false;
	text[got] = 0;
	text[strcspn(text, "\n")] = 0;
	return true;
}

static bool write_line(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = NULL;
	AUTO_FD int fd = -1;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool offers(const char *folder, const char *file)
{
	char words[512];

	return read_line(folder, file, words, sizeof(words)) && has_word(words, "memory", ' ') &&
	       has_word(words, "pids", ' ');
}

/* Reads cgroup.procs; the number of processes, or -1 when there are others than we and the
 * caller. */
static int only_ours(const char *folder, pid_t caller, int pids[PROCESSES_MOST])
{
	AUTO_FILE FILE *file = NULL;
	AUTO_FREE char *path = NULL;
	int count = 0, pid;

	if (asprintf(&path, "%s/cgroup.procs", folder) < 0)
		abort();
	file = fopen(path, "re");
	while (file && fscanf(file, "%d", &pid) == 1) {
		if (count == PROCESSES_MOST || (pid != caller && pid != getpid()))
			return -1;
		pids[count++] = pid;
	}
	return file ? count : -1;
}

/* Puts the processes of `folder` into its leaf "tali-main", so that it may be divided. */
static bool move_to_leaf(const char *folder, pid_t caller)
{
	AUTO_FREE char *leaf = NULL;
	int pids[PROCESSES_MOST];
	int count = caller ? only_ours(folder, caller, pids) : -1;

	if (count < 0)
		return false;
	if (asprintf(&leaf, "%s" LEAF, folder) < 0)
		abort();
	if (mkdir(leaf, 0755) < 0 && errno != EEXIST)
		return false;

	for (int i = 0; i < count; i++) {
		char pid[16];

		snprintf(pid, sizeof(pid), "%d", pids[i]);
		if (!write_line(leaf, "cgroup.procs", pid))
			return false;
	}
	return true;
}

static bool may_divide(const char *folder, pid_t caller)
{
	static const char controllers[] = "+memory +pids";

	if (!offers(folder, "cgroup.controllers") || !may_make(folder))
		return false;
	if (offers(folder, "cgroup.subtree_control"))
		return true;
	return write_line(folder, "cgroup.subtree_control", controllers) ||
	       (move_to_leaf(folder, caller) &&
		write_line(folder, "cgroup.subtree_control", controllers));
}

static bool find_version_2(const struct told *told, struct cgroup_base *base, pid_t caller)
{
	char folder[PATH_MAX], *slash;

	if (!own_folder(told, "", folder))
		return false;
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return false;
	/* the group above it: when we are in a leaf already, put there by an earlier launcher or by
	 * a service manager (systemd: DelegateSubgroup=) */
	if (strcmp(slash, LEAF) == 0 || !may_divide(folder, caller)) {
		*slash = 0;
		if (!may_divide(folder, 0))
			return false;
	}

	base->version = 2;
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		memcpy(base->path[i], folder, sizeof(folder));
	return true;
}

void cgroup_base_find(struct cgroup_base *base, pid_t caller)
{
	AUTO(told_release) struct told told = TOLD_INIT;
	struct err ignored = ERR_INIT;

	memset(base, 0, sizeof(*base));
	if (fs_read(AT_FDCWD, "/proc/self/cgroup", TOLD_MOST, &told.groups, &ignored) < 0 ||
	    fs_read(AT_FDCWD, "/proc/self/mountinfo", TOLD_MOST, &told.mounts, &ignored) < 0)
		return;
	if (!find_version_2(&told, base, caller))
		find_version_1(&told, base);
}

/* Of version 2, those below it too (cgroup.h). */
static int remove_groups(int folder, const char *name)
{
	static const char *const below[] = { "run", "init" };

	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		char path[CGROUP_BASE_NAME_SIZE + 8];

		snprintf(path, sizeof(path), "%s/%s", name, below[i]);
		unlinkat(folder, path, AT_REMOVEDIR);
	}
	return unlinkat(folder, name, AT_REMOVEDIR);
}

/* The processes of a supervisor that was killed are still dying. */
static void remove_stale(int folder, const char *name)
{
	const struct timespec pause = { .tv_nsec = 2 * 1000 * 1000 };

	for (int i = 0; i < SWEEP_TRIES; i++) {
		if (remove_groups(folder, name) == 0 || errno != EBUSY)
			return;
		nanosleep(&pause, NULL);
	}
}

static unsigned long own_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) < 0 ? 0 : (unsigned long)status.st_ino;
}

void cgroup_base_name(pid_t pid, char name[CGROUP_BASE_NAME_SIZE])
{
	snprintf(name, CGROUP_BASE_NAME_SIZE, "tali-%lu-%d", own_namespace(), (int)pid);
}

static void sweep_one(int folder, const char *name)
{
	unsigned long namespace;
	struct stat status;
	int pid, end = 0;

	if (sscanf(name, "tali-%lu-%d%n", &namespace, &pid, &end) != 2 || name[end])
		return;
	if (namespace == own_namespace()) {
		if (kill(pid, 0) < 0 && errno == ESRCH)
			remove_stale(folder, name);
	} else if (fstatat(folder, name, &status, 0) == 0 &&
		   time(NULL) - status.st_mtime > FOREIGN_AGE) {
		remove_groups(folder, name);
	}
}

static void sweep_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		sweep_one(dirfd(folder), entry->d_name);
	if (folder)
		closedir(folder);
}

void cgroup_base_sweep(const struct cgroup_base *base)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		if (*base->path[i] && !(base->version == 2 && i > 0))
			sweep_folder(base->path[i]);
}
