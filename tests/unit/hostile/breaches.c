/* breaches.c - tries to reach what is outside of the sandbox, or surfaces it has no use for */
#include "hostile.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

static int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK, 0644);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int open_words(int argc, char **argv)
{
	int bad = 0;

	for (int i = 0; i < argc; i++)
		bad |= hostile_breach(opens(argv[i], O_RDONLY), argv[i]);
	return bad;
}

static int write_system(int argc, char **argv)
{
	static const char *const made[] = { "/x", "/usr/x", "/etc/x", "/dev/x", "/var/x", "/run/x",
					    "/proc/acpi/x", "/none/x" };
	static const char *const there[] = {
		"/etc/passwd", "/usr/bin/env", "/proc/sys/kernel/core_pattern",
		"/proc/sys/kernel/hostname", "/proc/sys/user/max_user_namespaces",
		"/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/proc/self/mem",
		"/proc/self/uid_map",
	};
	static const char *const fixed[] = { "/", "/usr", "/bin", "/etc/ld.so.cache", "/dev",
					     "/dev/null", "/proc", "/proc/keys" };
	int bad = 0;

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		bad |= hostile_breach(opens(made[i], O_WRONLY | O_CREAT), made[i]);
	for (size_t i = 0; i < sizeof(there) / sizeof(*there); i++)
		bad |= hostile_breach(opens(there[i], O_WRONLY), there[i]);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
		struct statvfs status;

		bad |= hostile_breach(statvfs(fixed[i], &status) == 0 &&
				      !(status.f_flag & ST_RDONLY), fixed[i]);
	}
	bad |= hostile_breach(chmod("/dev/null", 0600) == 0, "chmod /dev/null");
	return bad;
}

/* Prints whether pid 1 could be sent a signal. */
static int reach_first(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts(kill(1, 0) == 0 ? "reached" : "refused");
	return 0;
}

static int trace_others(int argc, char **argv)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)0x400000, 1 };
	int bad = 0;

	(void)argc;
	(void)argv;
	bad |= hostile_breach(ptrace(PTRACE_SEIZE, 1, 0, 0) == 0, "ptrace of pid 1");
	bad |= hostile_breach(ptrace(PTRACE_ATTACH, 1, 0, 0) == 0, "ptrace attach to pid 1");
	bad |= hostile_breach(process_vm_readv(1, &here, 1, &there, 1, 0) >= 0, "memory of pid 1");
	bad |= hostile_breach(opens("/proc/1/mem", O_RDONLY), "/proc/1/mem");
	bad |= hostile_breach(opens("/proc/1/exe", O_WRONLY), "/proc/1/exe");
	bad |= hostile_breach(opens("/proc/1/root", O_RDONLY), "/proc/1/root");
	bad |= hostile_breach(opens("/proc/1/environ", O_RDONLY), "/proc/1/environ");
	bad |= hostile_breach(access("/proc/1", F_OK) == 0, "pid 1 is visible");
	return bad;
}

static int nest(int argc, char **argv)
{
	struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	int bad = 0;
	long pid;

	(void)argc;
	(void)argv;
	bad |= hostile_breach(unshare(CLONE_NEWUSER) == 0, "unshare a user namespace");
	bad |= hostile_breach(unshare(CLONE_NEWNS) == 0, "unshare a mount namespace");
	pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	bad |= hostile_breach(pid > 0, "clone into a user namespace");
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		_exit(0);
	bad |= hostile_breach(pid > 0, "clone3 into a user namespace");
	bad |= hostile_breach(mount("none", "/tmp", "tmpfs", 0, NULL) == 0, "mount");
	bad |= hostile_breach(umount2("/tmp", MNT_DETACH) == 0, "umount");
	bad |= hostile_breach(syscall(430 /* fsopen */, "tmpfs", 0) >= 0, "fsopen");
	bad |= hostile_breach(syscall(428 /* open_tree */, AT_FDCWD, "/", 1) >= 0, "open_tree");
	bad |= hostile_breach(chroot("/tmp") == 0, "chroot");
	bad |= hostile_breach(mknod("/tmp/loop", S_IFBLK | 0600, makedev(7, 0)) == 0, "mknod");
	return bad;
}

static int gain(int argc, char **argv)
{
	static const char *const places[] = { "/", "/usr", "/work", "/tmp", "/dev/shm", "/proc" };
	struct rlimit core = { 1, 1 }, files = { 100000, 100000 };
	struct sched_param fifo = { .sched_priority = 1 };
	int bad = 0;

	(void)argc;
	(void)argv;
	bad |= hostile_breach(getuid() == 0 || geteuid() == 0, "uid 0");
	bad |= hostile_breach(setuid(0) == 0, "setuid");
	bad |= hostile_breach(setgid(0) == 0, "setgid");
	bad |= hostile_breach(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, "new privileges");
	bad |= hostile_breach(prctl(PR_CAPBSET_READ, 21, 0, 0, 0) != 0, "capability bounds");
	bad |= hostile_breach(setrlimit(RLIMIT_CORE, &core) == 0, "core limit");
	bad |= hostile_breach(setrlimit(RLIMIT_NOFILE, &files) == 0, "open files limit");
	bad |= hostile_breach(sched_setscheduler(0, SCHED_FIFO, &fifo) == 0, "real-time");
	bad |= hostile_breach(setpriority(PRIO_PROCESS, 0, -5) == 0, "priority");
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct statvfs status;

		bad |= hostile_breach(statvfs(places[i], &status) < 0 ||
				      !(status.f_flag & ST_NOSUID), places[i]);
	}
	return bad;
}

static int surfaces(int argc, char **argv)
{
	struct {
		const char *name;
		long result;
	} tries[] = {
		{ "add_key", syscall(SYS_add_key, "user", "a", "b", 1, -4) },
		{ "keyctl", syscall(SYS_keyctl, 0, -4, 1) },
		{ "bpf", syscall(SYS_bpf, 0, NULL, 0) == 0 ? 0 : errno == EINVAL ? 0 : -1 },
		{ "userfaultfd", syscall(SYS_userfaultfd, 1) },
		{ "io_uring", syscall(425, 1, NULL) == -1 && errno == ENOSYS ? -1 : 0 },
		{ "perf", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0) == -1 &&
			  errno == EPERM ? -1 : 0 },
		{ "open_by_handle_at", syscall(SYS_open_by_handle_at, 3, NULL, 0) == -1 &&
				       errno == EPERM ? -1 : 0 },
		{ "pidfd_getfd", syscall(438, -1, 0, 0) == -1 && errno == ENOSYS ? -1 : 0 },
		{ "syslog", syscall(SYS_syslog, 3, NULL, 0) == -1 && errno == EPERM ? -1 : 0 },
		{ "adjtimex", syscall(SYS_adjtimex, NULL) == -1 && errno == EPERM ? -1 : 0 },
		{ "reboot", syscall(SYS_reboot, 0, 0, 0, NULL) == -1 && errno == EPERM ? -1 : 0 },
		{ "vsock", socket(40, SOCK_STREAM, 0) },
		{ "packet", socket(AF_PACKET, SOCK_RAW, 0) },
		{ "nftables", socket(AF_NETLINK, SOCK_RAW, 12) },
		{ "raw", socket(AF_INET, SOCK_RAW, 1) },
		{ "sctp", socket(AF_INET, SOCK_STREAM, 132) },
		{ "personality", personality(0x0400000) },
		{ "seccomp", syscall(SYS_seccomp, 2, 0, NULL) == -1 && errno == ENOSYS ? -1 : 0 },
		{ "unknown", syscall(999) == -1 && errno == ENOSYS ? -1 : 0 },
		{ "no call", syscall(-1) == -1 && errno == ENOSYS ? -1 : 0 },
	};
	int bad = 0;

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++)
		bad |= hostile_breach(tries[i].result >= 0, tries[i].name);
	return bad;
}

/* Memory that belongs to no process: held only where nothing counts it. */
static int uncounted_memory(int argc, char **argv)
{
	int bad = 0;

	(void)argc;
	(void)argv;
	bad |= hostile_breach(syscall(SYS_memfd_create, "x", 0) >= 0, "memfd_create");
	bad |= hostile_breach(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0, "shmget");
	return bad;
}

static int terminal(int argc, char **argv)
{
	char letter = 'x';
	int bad = 0;

	(void)argc;
	(void)argv;
	bad |= hostile_breach(opens("/dev/tty", O_RDWR), "/dev/tty");
	for (int i = 0; i < 3; i++) {
		bad |= hostile_breach(isatty(i), "a terminal");
		bad |= hostile_breach(ioctl(i, TIOCSTI, &letter) == 0 || errno != EPERM, "TIOCSTI");
		bad |= hostile_breach(syscall(SYS_ioctl, i, 0xdead00000000UL | TIOCSTI,
					      &letter) == 0 || errno != EPERM, "TIOCSTI, wide");
	}
	return bad;
}

/* PORT NAME: a TCP and UDP port and an abstract socket of the host. */
static int network(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct ifaddrs *all = NULL;
	size_t len;
	int fd, bad = 0;

	if (argc < 2)
		return 99;
	address.sin_port = htons((uint16_t)hostile_number(argc, argv, 0));
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	bad |= hostile_breach(connect(fd, (void *)&address, sizeof(address)) == 0, "TCP");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	sendto(fd, "x", 1, 0, (void *)&address, sizeof(address));
	inet_pton(AF_INET, "1.1.1.1", &address.sin_addr);
	bad |= hostile_breach(sendto(fd, "x", 1, 0, (void *)&address, sizeof(address)) == 1,
			      "a way out");

	len = strlen(argv[1]);
	memcpy(name.sun_path + 1, argv[1], len);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bad |= hostile_breach(connect(fd, (void *)&name,
				      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
						  len)) == 0, "abstract socket");

	if (getifaddrs(&all) < 0)
		return 98;
	for (struct ifaddrs *one = all; one; one = one->ifa_next)
		bad |= hostile_breach(strcmp(one->ifa_name, "lo") != 0 && (one->ifa_flags & IFF_UP),
				      one->ifa_name);
	freeifaddrs(all);
	return bad;
}

static int leftovers(int argc, char **argv)
{
	static const char *const expected[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp",
						"LANG=C.UTF-8" };
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	int bad = 0, count = 0;

	(void)argc;
	(void)argv;
	while (folder && (entry = readdir(folder))) {
		long fd = strtol(entry->d_name, NULL, 10);

		if (*entry->d_name != '.' && fd != dirfd(folder))
			bad |= hostile_breach(fd > 2, "an inherited descriptor");
	}
	bad |= hostile_breach(!folder, "/proc/self/fd cannot be read");
	for (; environ[count]; count++)
		bad |= hostile_breach(count >= 3 || strcmp(environ[count], expected[count]) != 0,
				      environ[count]);
	bad |= hostile_breach(count != 3, "environment");
	return bad;
}

/* Signals everybody it can reach, but not itself; pid 1 must live on. */
static int signal_all(int argc, char **argv)
{
	(void)argc;
	(void)argv;
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

/* Standard input is a file of the host with the word "old". */
static int rewrite_stdin(int argc, char **argv)
{
	char word[4] = "";
	int bad = 0;

	(void)argc;
	(void)argv;
	if (read(0, word, 3) != 3 || strcmp(word, "old") != 0)
		return 99;
	bad |= hostile_breach(pwrite(0, "new", 3, 0) == 3, "write to standard input");
	bad |= hostile_breach(ftruncate(0, 0) == 0, "truncate standard input");
	if (opens("/proc/self/fd/0", O_RDWR)) {
		int fd = open("/proc/self/fd/0", O_RDWR);

		bad |= hostile_breach(pwrite(fd, "new", 3, 0) == 3, "standard input, reopened");
	}
	return bad;
}

const struct hostile_act hostile_breaches[] = {
	{ "open", open_words },
	{ "write-system", write_system },
	{ "reach-first", reach_first },
	{ "trace", trace_others },
	{ "nest", nest },
	{ "gain", gain },
	{ "surfaces", surfaces },
	{ "uncounted-memory", uncounted_memory },
	{ "terminal", terminal },
	{ "network", network },
	{ "leftovers", leftovers },
	{ "signal-all", signal_all },
	{ "rewrite-stdin", rewrite_stdin },
	{ NULL, NULL },
};
