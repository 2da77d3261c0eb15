/* surfaces.c - parts of the kernel that no honest program needs */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define IO_URING_SETUP 425
#define OPEN_TREE 428
#define FSOPEN 430
#define USER_KEYRING (-4)
#define KEY_UNLINK 9

/* A child does it, so that namespaces and filters are gone with it. */
static int in_child(int (*act)(void))
{
	int status = 0;

	if (fork() == 0)
		_exit(act());
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static int bpf_map(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4,
				.max_entries = 1 };

	return hostile_breach(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)) >= 0, "bpf");
}

static int clone3_userns(void)
{
	struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return hostile_breach(pid > 0, "clone3");
}

/* getpid by the numbers of another architecture. */
static int compat_int80(void)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(20L)
			 : "memory", "r8", "r9", "r10", "r11");
	return hostile_breach(true, result > 0 ? "the call was made" : "it went on");
#else
	return HOSTILE_BROKEN;
#endif
}

static int x32_call(void)
{
	errno = 0;
	return hostile_breach(syscall(0x40000000L + SYS_getpid) > 0 || errno != 0, "it went on");
}

static int dmesg(void)
{
	char text[64];

	return hostile_breach(syscall(SYS_syslog, 3, text, sizeof(text)) >= 0, "syslog");
}

/* A lock on a file that another sandbox sees too: where somebody else's can be noticed, there is a
 * channel. */
static int find_lock(int fd)
{
	if (fd < 0)
		return HOSTILE_BROKEN;
	return hostile_breach(flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK,
			      "a lock of somebody else");
}

static int flock_channel(void)
{
	return find_lock(open("/usr/bin/env", O_RDONLY)) | find_lock(STDIN_FILENO);
}

static int flock_null(void)
{
	return find_lock(open("/dev/null", O_RDWR));
}

static int io_uring(void)
{
	char params[120] = "";

	return hostile_breach(syscall(IO_URING_SETUP, 1, params) >= 0, "io_uring");
}

static int keyring(void)
{
	long key = syscall(SYS_add_key, "user", "tali-test", "secret", 6, USER_KEYRING);
	int bad = hostile_breach(key >= 0, "add_key");

	bad |= hostile_breach(syscall(SYS_request_key, "user", "tali-test", NULL, 0) >= 0,
			      "request_key");
	bad |= hostile_breach(syscall(SYS_keyctl, 0, USER_KEYRING, 1) >= 0, "keyctl");
	if (key >= 0)
		syscall(SYS_keyctl, KEY_UNLINK, key, USER_KEYRING);
	return bad;
}

static int mount_inside(void)
{
	int bad = hostile_breach(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "unshare");

	bad |= hostile_breach(mount("none", "/tmp", "tmpfs", 0, NULL) == 0, "mount");
	bad |= hostile_breach(syscall(FSOPEN, "tmpfs", 0) >= 0, "fsopen");
	bad |= hostile_breach(syscall(OPEN_TREE, AT_FDCWD, "/", 1 /* a copy */) >= 0, "open_tree");
	return bad;
}

static int mount_in_userns(void)
{
	return in_child(mount_inside);
}

static int packet_inside(void)
{
	int bad = hostile_breach(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0, "unshare");

	return bad | hostile_breach(socket(AF_PACKET, SOCK_RAW, 0) >= 0, "a packet socket");
}

static int packet_in_userns(void)
{
	return in_child(packet_inside);
}

static int perf_event(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
		.config = PERF_COUNT_SW_PAGE_FAULTS, .exclude_kernel = 1, .exclude_hv = 1,
	};

	return hostile_breach(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) >= 0, "perf");
}

static int odd_personality(void)
{
	int bad = hostile_breach(personality(ADDR_NO_RANDOMIZE) >= 0, "ADDR_NO_RANDOMIZE");

	bad |= hostile_breach(personality(READ_IMPLIES_EXEC) >= 0, "READ_IMPLIES_EXEC");
	return bad | hostile_breach(personality(PER_LINUX32) >= 0, "PER_LINUX32");
}

static int user_faults(void)
{
	return hostile_breach(syscall(SYS_userfaultfd, 1 /* of user mode */) >= 0, "userfaultfd");
}

static int nest_inside(void)
{
	static const struct {
		int flag;
		const char *name;
	} kinds[] = {
		{ CLONE_NEWUSER, "a user namespace" }, { CLONE_NEWNS, "a mount namespace" },
		{ CLONE_NEWPID, "a process namespace" }, { CLONE_NEWNET, "a network namespace" },
		{ CLONE_NEWIPC, "an IPC namespace" }, { CLONE_NEWUTS, "a host name namespace" },
		{ CLONE_NEWCGROUP, "a cgroup namespace" },
	};
	int bad = 0;

	for (size_t i = 0; i < COUNT(kinds); i++)
		bad |= hostile_breach(unshare(kinds[i].flag) == 0, kinds[i].name);
	return bad;
}

static int userns_nest(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return hostile_breach(pid > 0, "clone") | in_child(nest_inside);
}

/* A filter of its own whose listener nobody serves. */
static int filter_inside(void)
{
	struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	struct sock_fprog program = { 1, &allow };
	int bad = 0;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	bad |= hostile_breach(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				      SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) >= 0, "seccomp");
	return bad | hostile_breach(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
				    "prctl");
}

static int own_filter(void)
{
	return in_child(filter_inside);
}

/* Calls nobody knows, and the ones whose only answer tells whether they are there. */
static int unknown_calls(void)
{
	static const long numbers[] = { 999, -1, 451, 470, 513, 600, 0x3fffffff };
	int bad = 0;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		char name[32];

		snprintf(name, sizeof(name), "call %ld", numbers[i]);
		/* cachestat is known and harmless, and has nothing to say to this */
		bad |= hostile_breach(syscall(numbers[i], -1, -1, -1, -1, -1, -1) != -1 ||
				      (errno != ENOSYS && numbers[i] != 451), name);
	}
	return bad;
}

const struct hostile_act hostile_surfaces[] = {
	{ "bpf_map", bpf_map },
	{ "clone3_userns", clone3_userns },
	{ "compat_int80", compat_int80 },
	{ "x32_call", x32_call },
	{ "dmesg", dmesg },
	{ "flock_channel", flock_channel },
	{ "flock_null", flock_null },
	{ "io_uring", io_uring },
	{ "keyring", keyring },
	{ "mount_in_userns", mount_in_userns },
	{ "packet_in_userns", packet_in_userns },
	{ "perf_event", perf_event },
	{ "personality", odd_personality },
	{ "userfaultfd", user_faults },
	{ "userns_nest", userns_nest },
	{ "own_filter", own_filter },
	{ "unknown_calls", unknown_calls },
	{ NULL, NULL },
};
