/* processes.c - reaches for processes that are somebody else's */
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PIDFD_OPEN 434
#define PIDFD_GETFD 438

/* Whether it arrived is for the witness to say. */
static int kill_pgrp(void)
{
	signal(SIGUSR1, SIG_IGN);
	kill(0, SIGUSR1);
	return 0;
}

static int kill_victim(void)
{
	pid_t victim = (pid_t)hostile_number("victim", 0);

	if (victim > 1)
		kill(victim, SIGUSR1);
	return 0;
}

/* All that can be reached; whoever starts it outside loses all that is his. */
static int signal_all(void)
{
	signal(SIGUSR1, SIG_IGN);
	kill(0, SIGUSR1);
	kill(-1, SIGUSR1);
	kill(-1, SIGKILL);
	kill(1, SIGKILL);
	kill(1, SIGTERM);
	kill(1, SIGSTOP);
	kill(getppid(), SIGKILL);
	usleep(20 * 1000);
	return 0;
}

static int reach_first(void)
{
	return hostile_breach(kill(1, 0) == 0, "a signal to pid 1");
}

/* Opens /proc/PID/exe of whoever waits for us: "in use" says that permission was not the reason. */
static int parent_exe_write(void)
{
	char parent[64];
	const char *const paths[] = { parent, "/proc/1/exe" };
	int bad = 0;

	snprintf(parent, sizeof(parent), "/proc/%d/exe", (int)getppid());
	for (size_t i = 0; i < COUNT(paths); i++) {
		int fd = open(paths[i], O_WRONLY);

		bad |= hostile_breach(fd >= 0 || errno == ETXTBSY, paths[i]);
	}
	return bad;
}

static int steal_from(pid_t pid)
{
	int pidfd = (int)syscall(PIDFD_OPEN, pid, 0), bad = 0;

	for (int fd = 0; pidfd >= 0 && fd < 16; fd++)
		bad |= hostile_breach(syscall(PIDFD_GETFD, pidfd, fd, 0) >= 0, "a descriptor");
	if (pidfd >= 0)
		close(pidfd);
	return bad;
}

static int pidfd_steal(void)
{
	return steal_from((pid_t)hostile_number("victim", 1)) | steal_from(1);
}

static int proc_visibility(void)
{
	DIR *folder = opendir("/proc");
	const char *name = hostile_word("comm");
	struct dirent *entry;
	int bad = hostile_breach(!folder, "/proc cannot be read");

	while (folder && name && (entry = readdir(folder))) {
		char path[300], text[64] = "";
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		fd = *entry->d_name >= '1' && *entry->d_name <= '9' ? open(path, O_RDONLY) : -1;
		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text) - 1) > 0)
			bad |= hostile_breach(strncmp(text, name, strlen(name)) == 0, path);
		close(fd);
	}
	return bad;
}

static bool can_trace(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
}

static int ptrace_parent(void)
{
	static const char *const paths[] = { "/proc/1/mem", "/proc/1/root", "/proc/1/environ",
					     "/proc/1/maps", "/proc/1/fd/0" };
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)0x400000, 1 };
	int bad = 0;

	bad |= hostile_breach(can_trace(getppid()), "the parent is traced");
	bad |= hostile_breach(getppid() != 1 && can_trace(1), "pid 1 is traced");
	bad |= hostile_breach(process_vm_readv(1, &here, 1, &there, 1, 0) >= 0, "memory of pid 1");
	for (size_t i = 0; i < COUNT(paths); i++)
		bad |= hostile_breach(hostile_opens(paths[i], O_RDONLY), paths[i]);
	return bad | hostile_breach(access("/proc/1", F_OK) == 0, "pid 1 is visible");
}

static int ptrace_victim(void)
{
	return hostile_breach(can_trace((pid_t)hostile_number("victim", 1)), "ptrace");
}

static int vmread_victim(void)
{
	const char *secret = hostile_word("secret");
	char text[64];
	struct iovec here = { text, sizeof(text) };
	struct iovec there = { (void *)(uintptr_t)hostile_number("address", 0x400000), 64 };
	pid_t victim = (pid_t)hostile_number("victim", 1);
	char path[64];
	int fd, bad = 0;

	if (!secret)
		return HOSTILE_BROKEN;
	bad |= hostile_breach(process_vm_readv(victim, &here, 1, &there, 1, 0) > 0 &&
			      memmem(text, sizeof(text), secret, strlen(secret)),
			      "process_vm_readv");
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)victim);
	fd = open(path, O_RDONLY);
	bad |= hostile_breach(pread(fd, text, sizeof(text), (off_t)(uintptr_t)there.iov_base) > 0 &&
			      memmem(text, sizeof(text), secret, strlen(secret)), path);
	return bad;
}

const struct hostile_act hostile_processes[] = {
	{ "kill_pgrp", kill_pgrp },
	{ "kill_victim", kill_victim },
	{ "signal_all", signal_all },
	{ "reach_first", reach_first },
	{ "parent_exe_write", parent_exe_write },
	{ "pidfd_steal", pidfd_steal },
	{ "proc_visibility", proc_visibility },
	{ "ptrace_parent", ptrace_parent },
	{ "ptrace_victim", ptrace_victim },
	{ "vmread_victim", vmread_victim },
	{ NULL, NULL },
};
