/* first_process.c - pid 1 of a sandbox, from its first instruction to its last */
#include "sandbox/first_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "sandbox/cage.h"
#include "sandbox/rootfs.h"
#include "sandbox/run_channel.h"

#define HOST_NAME "tali"
#define CHANNEL 3

struct first_process {
	const struct container_setup *setup;
	int channel;
	int sysctl;	/* the host's /proc/sys, writable as far as our namespaces go */
	int folders[ROOTFS_FOLDERS];
	pid_t payload;
};

static void send_note(const struct first_process *self, const struct run_note *note)
{
	/* the supervisor is gone, and we with it */
	if (run_channel_send(self->channel, note, sizeof(*note), NULL, 0) < 0)
		_exit(1);
}

/* Waits for one step of the supervisor; its death is ours. */
static void await_step(const struct first_process *self, enum run_step step)
{
	char got;

	if (run_channel_receive(self->channel, &got, 1, NULL) != 1 || got != (char)step)
		_exit(1);
}

static int write_to(int folder, const char *path, const char *text, struct err *err)
{
	AUTO_FD int fd = openat(folder, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || fs_write_all(fd, text, strlen(text)) < 0)
		return err_sys(err, "cannot write to %s", path);
	return 0;
}

/* An ordinary user maps himself, and only himself. The maps of a process that cannot be traced
 * belong to root, so it may be traced for this moment, in which there is no payload yet. */
static int map_user(uid_t uid, gid_t gid, struct err *err)
{
	char uid_map[48], gid_map[48];

	snprintf(uid_map, sizeof(uid_map), "%d %u 1\n", CAGE_UID, uid);
	snprintf(gid_map, sizeof(gid_map), "%d %u 1\n", CAGE_UID, gid);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (write_to(AT_FDCWD, "/proc/self/setgroups", "deny", err) < 0 ||
	    write_to(AT_FDCWD, "/proc/self/uid_map", uid_map, err) < 0 ||
	    write_to(AT_FDCWD, "/proc/self/gid_map", gid_map, err) < 0)
		return -1;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return 0;
}

static int raise_loopback(struct err *err)
{
	AUTO_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };

	memcpy(request.ifr_name, "lo", sizeof("lo"));
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return err_sys(err, "cannot raise the loopback interface");
	return 0;
}

/* Where no control group counts it: a second line behind the filter, which refuses shmget, so it
 * may fail (the kernel wants uid 0 of the namespace, which an ordinary user's has not). */
static void forbid_shared_memory(const struct first_process *self)
{
	struct err ignored = ERR_INIT;

	if (!self->setup->count_memory)
		write_to(self->sysctl, "kernel/shmmax", "0", &ignored);
}

static int build(struct first_process *self, struct err *err)
{
	const struct uid_slot *slot = self->setup->slot;
	uid_t owner = slot ? slot->payload : CAGE_UID;

	self->sysctl = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (self->sysctl < 0)
		return err_sys(err, "cannot open /proc/sys");
	if (sethostname(HOST_NAME, strlen(HOST_NAME)) < 0)
		return err_sys(err, "cannot set the host name");
	if (raise_loopback(err) < 0)
		return -1;
	forbid_shared_memory(self);
	return rootfs_enter(&self->setup->plan->limits, owner, owner, self->folders, err);
}

/* Leaves the host's root behind; from here on nobody inside is a user the host knows. */
static int enter_user_namespace(struct first_process *self, struct err *err)
{
	struct run_note note = { .kind = RUN_NOTE_MAP };

	if (setgroups(0, NULL) < 0 || unshare(CLONE_NEWUSER) < 0)
		return err_sys(err, "cannot make a user namespace");
	send_note(self, &note);
	await_step(self, RUN_STEP_MAPPED);
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_sys(err, "cannot become the first user");
	return 0;
}

static int set_up(struct first_process *self, struct err *err)
{
	bool root = self->setup->slot != NULL;

	if (!root && map_user(self->setup->uid, self->setup->gid, err) < 0)
		return -1;
	if (build(self, err) < 0)
		return -1;

	await_step(self, RUN_STEP_JOINED);
	if (unshare(CLONE_NEWCGROUP) < 0)
		return err_sys(err, "cannot make a cgroup namespace");
	if (root && enter_user_namespace(self, err) < 0)
		return -1;
	if (write_to(self->sysctl, "user/max_user_namespaces", "0", err) < 0)
		return -1;

	/* changing the user has undone both */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return err_sys(err, "cannot protect the first process");
	return 0;
}

static void fail(const struct first_process *self, const struct err *err)
	__attribute__((noreturn));
static void fail(const struct first_process *self, const struct err *err)
{
	struct run_note note = { .kind = RUN_NOTE_FAILED, .err = *err };

	send_note(self, &note);
	_exit(1);
}

/* Where a control group counts, it is to refuse first: it tells so. Pid 1 of an ordinary user has
 * the payload's uid and counts. */
static uint32_t tasks_of_user(const struct container_setup *setup)
{
	uint32_t most = setup->plan->limits.processes;

	return setup->count_tasks ? most + 64 : most + (setup->slot ? 0 : 1);
}

static void fork_payload(struct first_process *self)
{
	const struct container_setup *setup = self->setup;
	struct cage cage = {
		.plan = setup->plan,
		.filter = setup->filter,
		.change_user = setup->slot != NULL,
		.limit_data = !setup->count_memory,
		.tasks = tasks_of_user(setup),
	};
	struct err err = ERR_INIT;

	self->payload = fork();
	if (self->payload == 0)
		cage_become(&cage, self->channel);
	if (self->payload < 0) {
		err_sys(&err, "cannot start the payload");
		fail(self, &err);
	}
}

/* Keeps nothing that a payload could want: no pipe, no folder, no right but to kill it. */
static void let_go(const struct first_process *self, struct err *err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 3; i++)
		dup2(null, i);
	close(null);
	close(self->sysctl);
	if (cage_keep_capabilities(1U << CAP_KILL, err) < 0)
		fail(self, err);
}

static void tell_end(const struct first_process *self, const siginfo_t *info)
{
	struct run_note note = { .kind = RUN_NOTE_ENDED, .exit_status = -1 };

	if (info->si_code == CLD_EXITED)
		note.exit_status = info->si_status;
	else
		note.signal = info->si_status;
	send_note(self, &note);
}

static void tell_usage(const struct first_process *self)
{
	struct run_note note = { .kind = RUN_NOTE_USED };
	struct rusage used;

	if (getrusage(RUSAGE_CHILDREN, &used) == 0) {
		note.cpu_ms = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
			      (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
		note.memory = (uint64_t)used.ru_maxrss * 1024;
	}
	send_note(self, &note);
}

/* Reaps what has died; true when the payload's own process was among it. */
static bool reap(const struct first_process *self)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
			return false;
		if (info.si_pid == self->payload) {
			tell_end(self, &info);
			return true;
		}
	}
}

/* What the payload left running does not outlive it; its CPU time counts. */
static void end_all(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static void watch(const struct first_process *self, int signals)
{
	struct pollfd waiting[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = self->channel, .events = POLLIN },
	};
	struct signalfd_siginfo ignored;

	while (!reap(self)) {
		if (poll(waiting, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (waiting[1].revents)	/* nothing more is ever said: the supervisor is gone */
			_exit(1);
		if (waiting[0].revents && read(signals, &ignored, sizeof(ignored)) < 0)
			_exit(1);
	}
}

/* Of what the supervisor had open, only the payload's three and the channel stay. */
static int keep_descriptors(const int *stdio, int channel, struct err *err)
{
	for (int i = 0; i < 3; i++)
		if (dup2(stdio[i], i) < 0)
			return err_sys(err, "cannot set up descriptor %d", i);
	if (dup2(channel, CHANNEL) < 0 || syscall(SYS_close_range, CHANNEL + 1, ~0U, 0) < 0)
		return err_sys(err, "cannot close descriptors");
	return 0;
}

static int open_signals(struct err *err)
{
	sigset_t child;
	int fd;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	fd = signalfd(-1, &child, SFD_CLOEXEC);
	return fd < 0 ? err_sys(err, "cannot watch children") : fd;
}

static void tell_ready(struct first_process *self)
{
	struct run_note note = { .kind = RUN_NOTE_READY };

	if (run_channel_send(self->channel, &note, sizeof(note), self->folders,
			     ROOTFS_FOLDERS) < 0)
		_exit(1);
	for (int i = 0; i < ROOTFS_FOLDERS; i++)
		close(self->folders[i]);
}

void first_process_run(const struct container_setup *setup, int channel)
{
	struct first_process self = { .setup = setup, .channel = channel, .sysctl = -1 };
	struct err err = ERR_INIT;
	int signals;

	if (keep_descriptors(setup->stdio, channel, &err) < 0)
		fail(&self, &err);
	self.channel = CHANNEL;
	signals = open_signals(&err);
	if (signals < 0 || set_up(&self, &err) < 0)
		fail(&self, &err);
	tell_ready(&self);

	await_step(&self, RUN_STEP_GO);
	fork_payload(&self);
	let_go(&self, &err);
	watch(&self, signals);
	end_all();
	tell_usage(&self);
	_exit(0);
}
