/* files.c - reads and writes what belongs to the machine, not to the sandbox */
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define DESCRIPTORS 1024	/* as many are tried */

static int open_any(const char *const *paths, size_t count, int flags)
{
	int bad = 0;

	for (size_t i = 0; i < count; i++)
		bad |= hostile_breach(hostile_opens(paths[i], flags), paths[i]);
	return bad;
}

static int cgroup_write(void)
{
	static const char *const paths[] = {
		"/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs",
		"/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/pids/cgroup.procs",
		"/sys/fs/cgroup/unified/cgroup.procs", "/sys/fs/cgroup/cpu/cgroup.procs",
	};

	return open_any(paths, COUNT(paths), O_WRONLY);
}

static int env_secret(void)
{
	static const char *const paths[] = { "/proc/self/environ", "/proc/1/environ" };
	char parents[64];
	int fd, bad = hostile_breach(getenv("TALI_SECRET") != NULL, "TALI_SECRET");

	for (size_t i = 0; i < COUNT(paths); i++) {
		fd = open(paths[i], O_RDONLY);
		bad |= hostile_breach(hostile_has_secret(fd), paths[i]);
	}
	snprintf(parents, sizeof(parents), "/proc/%d/environ", (int)getppid());
	fd = open(parents, O_RDONLY);
	bad |= hostile_breach(hostile_has_secret(fd), parents);
	return bad;
}

/* Nothing past the command's own words is in the environment, but what the manual says. */
static int env_extra(void)
{
	static const char *const expected[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp",
						"LANG=C.UTF-8" };
	int bad = 0;
	size_t count = 0;

	for (; environ[count]; count++)
		bad |= hostile_breach(count >= COUNT(expected) ||
				      strcmp(environ[count], expected[count]) != 0,
				      environ[count]);
	return bad | hostile_breach(count != COUNT(expected), "environment");
}

static int inherited_dirfd(void)
{
	const char *path = hostile_word("file");
	int bad = 0;

	for (int fd = 3; path && fd < DESCRIPTORS; fd++) {
		int file = openat(fd, path + 1, O_RDONLY);

		bad |= hostile_breach(hostile_has_secret(file), "a folder was inherited");
	}
	return bad;
}

static int inherited_fd(void)
{
	int bad = 0;

	for (int fd = 3; fd < DESCRIPTORS; fd++)
		bad |= hostile_breach(fcntl(fd, F_GETFD) >= 0, "a descriptor was inherited");
	return bad;
}

/* Whether anybody takes what is written to descriptors nobody told us of. */
static int write_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	int bad = hostile_breach(!folder, "/proc/self/fd cannot be read");

	for (int fd = 3; fd < DESCRIPTORS; fd++)
		if (!folder || fd != dirfd(folder))
			bad |= hostile_breach(write(fd, "\1\0\0\0", 4) > 0, "a descriptor");
	while (folder && (entry = readdir(folder))) {
		char path[300];
		int fd = (int)strtol(entry->d_name, NULL, 10);

		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		if (*entry->d_name != '.' && fd != dirfd(folder) && fd > 2)
			bad |= hostile_breach(hostile_opens(path, O_WRONLY), path);
	}
	return bad;
}

static int mknod_dev(void)
{
	int bad = hostile_breach(mknod("loop", S_IFBLK | 0600, makedev(7, 0)) == 0, "mknod");

	bad |= hostile_breach(hostile_opens("loop", O_RDONLY), "a device is opened");
	unlink("loop");
	return bad;
}

/* A handle of the folder we are in, and of the root of the file system behind /usr. */
static int open_by_handle(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = { .head = { .handle_bytes = MAX_HANDLE_SZ } };
	int mount, bad = 0, folder = open("/usr", O_RDONLY | O_DIRECTORY);

	if (name_to_handle_at(AT_FDCWD, ".", &handle.head, &mount, 0) == 0) {
		int here = open(".", O_RDONLY | O_DIRECTORY);

		bad |= hostile_breach(open_by_handle_at(here, &handle.head, O_RDONLY) >= 0,
				      "a handle");
	}
	handle.head = (struct file_handle){ .handle_bytes = 8, .handle_type = 1 };
	memcpy(handle.bytes, (const unsigned char[8]){ 2 }, 8);
	bad |= hostile_breach(open_by_handle_at(folder, &handle.head, O_RDONLY) >= 0 ||
			      errno != EPERM, "the root by its handle");
	return bad;
}

/* What is covered may be /dev/null, which anybody may write. */
static bool writes_sysrq(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);
	struct stat status;

	return fd >= 0 && (fstat(fd, &status) < 0 || status.st_rdev != makedev(1, 3));
}

static int proc_sys_write(void)
{
	static const char *const paths[] = {
		"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
		"/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory",
		"/proc/sys/user/max_user_namespaces", "/proc/sys/net/ipv4/ip_forward",
		"/proc/sys/fs/file-max",
	};
	int bad = open_any(paths, COUNT(paths), O_WRONLY);

	return bad | hostile_breach(writes_sysrq(), "/proc/sysrq-trigger");
}

static int read_secret(void)
{
	static const char *const before[] = {
		"", "../../../../../../../..", "/proc/self/root", "/proc/1/root",
		"/proc/self/cwd/../../../../../../..", "/proc/self/fd/1/../../..",
	};
	static const char *const private[] = {
		"/etc/shadow", "/etc/hostname", "/etc/machine-id", "/etc/fstab", "/etc/ssh",
		"/etc/ssl/private", "/root", "/home", "/sys", "/boot", "/opt", "/srv", "/mnt",
		"/var/lib", "/var/log", "/run/tali", "/sys/fs/cgroup", "/proc/self/root/root",
	};
	const char *path = hostile_word("file");
	int bad = 0;

	for (size_t i = 0; path && i < COUNT(before); i++) {
		char way[512];
		int fd;

		snprintf(way, sizeof(way), "%s%s", before[i], path);
		fd = open(way, O_RDONLY);
		bad |= hostile_breach(hostile_has_secret(fd), way);
	}
	return bad | open_any(private, COUNT(private), O_RDONLY);
}

/* What was in the file that standard output is, when it is one. */
static int reopen_stdout(void)
{
	struct stat status;
	int fd = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK);
	bool is_file = fstat(1, &status) < 0 || S_ISREG(status.st_mode);

	return hostile_breach(is_file && hostile_has_secret(fd), "what was in standard output") |
	       hostile_breach(is_file, "standard output is a file");
}

/* Standard input is a file of the host that holds the word "old". */
static int rewrite_stdin(void)
{
	char word[4] = "";
	int fd, bad = 0;

	if (read(0, word, 3) != 3 || strcmp(word, "old") != 0)
		return HOSTILE_BROKEN;
	bad |= hostile_breach(pwrite(0, "new", 3, 0) == 3, "write to standard input");
	bad |= hostile_breach(ftruncate(0, 0) == 0, "truncate standard input");
	fd = open("/proc/self/fd/0", O_RDWR);
	bad |= hostile_breach(pwrite(fd, "new", 3, 0) == 3, "standard input, reopened");
	return bad;
}

static bool loader_says(const char *text, const char *word)
{
	return strstr(text, word) != NULL;
}

/* The loader shows the auxiliary vector of a program unless it has more rights than its user. */
static int setuid_exec(void)
{
	static const char *const programs[] = { "/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount",
						"/usr/bin/chsh", "/usr/bin/newgrp" };
	int bad = 0;

	for (size_t i = 0; i < COUNT(programs); i++) {
		struct stat status;
		char text[8192] = "";
		int ends[2];
		ssize_t got;

		if (stat(programs[i], &status) < 0 || !(status.st_mode & S_ISUID) ||
		    pipe(ends) < 0)
			continue;
		if (fork() == 0) {
			static char show[] = "LD_SHOW_AUXV=1", name[] = "x", help[] = "--help";
			char *const environment[] = { show, NULL };
			char *const command[] = { name, help, NULL };

			dup2(ends[1], 1);
			dup2(open("/dev/null", O_RDWR), 2);
			execve(programs[i], command, environment);
			_exit(0);
		}
		close(ends[1]);
		for (size_t at = 0; (got = read(ends[0], text + at, sizeof(text) - 1 - at)) > 0;)
			at += (size_t)got;
		close(ends[0]);
		wait(NULL);
		bad |= hostile_breach(*text && !loader_says(text, "AT_SECURE"), programs[i]);
	}
	return bad;
}

static int write_system(void)
{
	static const char *const made[] = { "/x", "/usr/x", "/etc/x", "/dev/x", "/var/x", "/run/x",
					    "/proc/acpi/x", "/none/x" };
	static const char *const there[] = {
		"/etc/passwd", "/usr/bin/env", "/proc/self/oom_score_adj", "/proc/self/mem",
		"/proc/self/uid_map",
	};
	static const char *const fixed[] = { "/", "/usr", "/bin", "/etc/ld.so.cache", "/dev",
					     "/dev/null", "/proc", "/proc/keys" };
	int bad = open_any(made, COUNT(made), O_WRONLY | O_CREAT);

	bad |= open_any(there, COUNT(there), O_WRONLY);
	for (size_t i = 0; i < COUNT(fixed); i++) {
		struct statvfs status;

		bad |= hostile_breach(statvfs(fixed[i], &status) == 0 &&
				      !(status.f_flag & ST_RDONLY), fixed[i]);
	}
	return bad | hostile_breach(chmod("/dev/null", 0600) == 0, "chmod /dev/null");
}

static int dev_nodes(void)
{
	static const char *const usual[] = {
		".", "..", "null", "zero", "full", "random", "urandom", "shm", "fd", "stdin",
		"stdout", "stderr",
	};
	static const char *const nodes[] = {
		"/dev/kmsg", "/dev/mem", "/dev/port", "/dev/vda", "/dev/sda", "/dev/nvme0n1",
		"/dev/fuse", "/dev/net/tun", "/dev/ptmx", "/dev/tty", "/dev/tty0", "/dev/kvm",
		"/dev/loop0", "/dev/loop-control", "/dev/rtc0", "/dev/hpet", "/dev/dri/card0",
		"/dev/vhost-net", "/dev/vsock", "/dev/userfaultfd", "/dev/input/event0",
	};
	DIR *folder = opendir("/dev");
	struct dirent *entry;
	int bad = open_any(nodes, COUNT(nodes), O_RDONLY | O_NOCTTY);

	while (folder && (entry = readdir(folder))) {
		size_t i = 0;

		while (i < COUNT(usual) && strcmp(entry->d_name, usual[i]) != 0)
			i++;
		bad |= hostile_breach(i == COUNT(usual), entry->d_name);
	}
	return bad;
}

/* A copy of itself in the folder for shared memory, executed. */
static int exec_shm(void)
{
	static char copy[] = "/dev/shm/copy", act[] = "exit", status[] = "status=1";
	char *const command[] = { copy, act, status, NULL };
	int from = open("/proc/self/exe", O_RDONLY), to = open(copy, O_WRONLY | O_CREAT, 0755);
	char part[65536];
	ssize_t got;

	while ((got = read(from, part, sizeof(part))) > 0)
		if (write(to, part, (size_t)got) != got)
			return HOSTILE_BROKEN;
	close(to);
	execv(copy, command);
	return errno == EACCES ? 0 : HOSTILE_BROKEN;
}

/* Kernel addresses are shown as zeros to those who may not know them. */
static bool shows_addresses(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address = 0;
	bool shown = file && fscanf(file, "%lx", &address) == 1 && address != 0;

	if (file)
		fclose(file);
	return shown;
}

static int proc_leaks(void)
{
	static const char *const paths[] = {
		"/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/modules",
		"/proc/kcore", "/proc/sched_debug", "/proc/interrupts", "/proc/latency_stats",
		"/sys/firmware", "/sys/kernel/security", "/sys/kernel/debug", "/proc/scsi/scsi",
	};
	int bad = 0;

	for (size_t i = 0; i < COUNT(paths); i++) {
		int fd = open(paths[i], O_RDONLY | O_NONBLOCK);
		char byte;
		struct stat status;

		bad |= hostile_breach(fd >= 0 && (read(fd, &byte, 1) > 0 ||
						  (fstat(fd, &status) == 0 &&
						   S_ISDIR(status.st_mode))), paths[i]);
		if (fd >= 0)
			close(fd);
	}
	return bad | hostile_breach(shows_addresses(), "/proc/kallsyms");
}

const struct hostile_act hostile_files[] = {
	{ "cgroup_write", cgroup_write },
	{ "env_secret", env_secret },
	{ "env_extra", env_extra },
	{ "inherited_dirfd", inherited_dirfd },
	{ "inherited_fd", inherited_fd },
	{ "write_descriptors", write_descriptors },
	{ "mknod_dev", mknod_dev },
	{ "open_by_handle", open_by_handle },
	{ "proc_sys_write", proc_sys_write },
	{ "read_secret", read_secret },
	{ "reopen_stdout", reopen_stdout },
	{ "rewrite_stdin", rewrite_stdin },
	{ "setuid_exec", setuid_exec },
	{ "write_system", write_system },
	{ "dev_nodes", dev_nodes },
	{ "exec_shm", exec_shm },
	{ "proc_leaks", proc_leaks },
	{ NULL, NULL },
};
