/* first_process.c - pid 1 of a sandbox, from its first instruction to its last */
#include "sandbox/first_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
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
#include "sandbox/landlock.h"
#include "sandbox/plan.h"
#include "sandbox/run_channel.h"
#include "sandbox/syscall_filter.h"
#include "sandbox/trace_reader.h"

#define HOST_NAME "tali"
#define CHANNEL 3

struct first_process {
	const struct container_setup *setup;
	int channel;
	int signals;
	int sysctl;	/* the host's /proc/sys, writable as far as our namespaces go */
	int folders[ROOTFS_FOLDERS];
	int landlock;
	int listener;	/* of the system call filter, or -1 */
	struct trace_reader trace;
	/* of the run at hand */
	pid_t payload;
	volatile bool started;	/* it was executed; set by itself where it shares our memory */
	bool ended;	/* it did */
	struct run_note over;
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
	const struct uid_pair *uids = self->setup->uids;
	uid_t owner = uids ? uids->payload : CAGE_UID;

	self->sysctl = open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (self->sysctl < 0)
		return err_sys(err, "cannot open /proc/sys");
	if (sethostname(HOST_NAME, strlen(HOST_NAME)) < 0)
		return err_sys(err, "cannot set the host name");
	if (raise_loopback(err) < 0)
		return -1;
	forbid_shared_memory(self);
	return rootfs_enter(self->setup->disk, self->setup->inodes, owner, owner, self->folders,
			    err);
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

/* Their number is limited for all namespaces of a user together: leave some to others. A kernel
 * that does not count them has no such files. */
static void limit_watchers(const struct first_process *self)
{
	struct err ignored = ERR_INIT;

	write_to(self->sysctl, "user/max_inotify_instances", "8", &ignored);
	write_to(self->sysctl, "user/max_inotify_watches", "8192", &ignored);
}

static int set_up(struct first_process *self, struct err *err)
{
	bool root = self->setup->uids != NULL;

	if (!root && map_user(self->setup->uid, self->setup->gid, err) < 0)
		return -1;
	if (build(self, err) < 0)
		return -1;

	if (!self->setup->own_cgroup && unshare(CLONE_NEWCGROUP) < 0)
		return err_sys(err, "cannot make a cgroup namespace");
	if (root && enter_user_namespace(self, err) < 0)
		return -1;
	if (write_to(self->sysctl, "user/max_user_namespaces", "0", err) < 0)
		return -1;
	limit_watchers(self);

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

/* Keeps nothing that a payload could want: no pipe, no folder, and of its rights those alone that
 * it takes to make a payload and to end it. */
static int let_go(struct first_process *self, struct err *err)
{
	uint32_t kept = 1U << CAP_KILL | 1U << CAP_SETUID | 1U << CAP_SETGID;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 3; i++)
		if (dup2(null, i) < 0)
			return err_sys(err, "cannot open /dev/null");
	close(null);
	close(self->sysctl);
	if (self->setup->own_cgroup)
		kept |= 1U << CAP_SYS_ADMIN;	/* of our user namespace, which owns nothing else */
	return cage_keep_capabilities(kept, err);
}

/* The filter that each payload is born with: loading it for each would cost as much as the whole
 * rest of a run. Where payloads are cloned into control groups of their own that takes clone3,
 * which the filter refuses: there each loads it itself. */
static int load_filter(struct first_process *self, struct err *err)
{
	if (self->setup->own_cgroup)
		return 0;
	return syscall_filter_load(self->setup->count_memory, &self->listener, err);
}

/* --- one run */

/* Where a control group counts, it is to refuse first: it tells so. Pid 1 of an ordinary user has
 * the payload's uid and counts. */
static uint32_t tasks_of_user(const struct container_setup *setup, uint32_t most)
{
	return setup->count_tasks ? most + 64 : most + (setup->uids ? 0 : 1);
}

/* vfork: the payload's process needs none of our memory, and a copy of it would cost more than all
 * else. A process that is born in another group cannot share it. */
static void fork_payload(struct first_process *self, const struct cage *cage, int group)
{
	struct clone_args into = {
		.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)group,
	};
	struct err err = ERR_INIT;

	if (group >= 0)
		self->payload = (pid_t)syscall(SYS_clone3, &into, sizeof(into));
	else
		self->payload = vfork();
	if (self->payload == 0)
		cage_become(cage, self->channel);
	if (self->payload < 0) {
		err_sys(&err, "cannot start the payload");
		fail(self, &err);
	}
}

static void start(struct first_process *self, const struct plan *plan, const int fds[])
{
	const struct container_setup *setup = self->setup;
	const struct cage cage = {
		.plan = plan,
		.stdio = fds,
		.change_user = setup->uids != NULL,
		.count_memory = setup->count_memory,
		.own_cgroup = setup->own_cgroup,
		.tasks = tasks_of_user(setup, plan->limits.processes),
		.landlock = self->landlock,
		.started = &self->started,
	};

	self->started = self->ended = false;
	self->over = (struct run_note){ .kind = RUN_NOTE_OVER, .exit_status = -1 };
	fork_payload(self, &cage, setup->own_cgroup ? fds[3] : -1);
}

static void note_end(struct first_process *self, int status)
{
	if (WIFEXITED(status))
		self->over.exit_status = WEXITSTATUS(status);
	else
		self->over.signal = WTERMSIG(status);
	self->ended = true;
}

/* Before it became another program the payload's process had our memory: a mark no higher than
 * ours says nothing. */
static uint64_t own_memory(const struct rusage *used)
{
	struct rusage ours;

	if (getrusage(RUSAGE_SELF, &ours) < 0 || used->ru_maxrss <= ours.ru_maxrss)
		return 0;
	return (uint64_t)used->ru_maxrss * 1024;
}

static void count(struct first_process *self, const struct rusage *used)
{
	uint64_t memory = own_memory(used);

	self->over.cpu_ms += (uint64_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000 +
			     (uint64_t)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1000;
	if (memory > self->over.memory)
		self->over.memory = memory;
}

/* Reaps what has died; false when nothing is left that could. */
static bool reap(struct first_process *self, int options)
{
	struct rusage used;
	pid_t pid;
	int status;

	while ((pid = wait4(-1, &status, options, &used)) > 0) {
		count(self, &used);
		if (pid == self->payload)
			note_end(self, status);
	}
	return pid == 0 || errno == EINTR;
}

static void await_end(struct first_process *self)
{
	struct pollfd waiting[] = {
		{ .fd = self->signals, .events = POLLIN },
		{ .fd = self->channel, .events = POLLIN },
	};
	struct signalfd_siginfo ignored;

	while (reap(self, WNOHANG), !self->ended) {
		if (poll(waiting, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (waiting[1].revents)	/* nothing more is said meanwhile: the supervisor is gone */
			_exit(1);
		if (waiting[0].revents && read(self->signals, &ignored, sizeof(ignored)) < 0)
			_exit(1);
	}
}

/* That the payload has ended is told at once where ending the rest may take its time. */
static void tell_end(const struct first_process *self)
{
	struct run_note note = self->over;

	note.kind = RUN_NOTE_ENDED;
	send_note(self, &note);
}

/* What the payload left running does not outlive it; its CPU time counts. True when no process but
 * ours is there any more, and so none that could make another. */
static bool end_all(struct first_process *self)
{
	bool told = false;

	while (kill(-1, SIGKILL) == 0) {
		if (!told)
			tell_end(self);
		told = true;
		while (reap(self, 0))
			;
	}
	return errno == ESRCH;
}

static void tell_over(struct first_process *self, bool alone)
{
	self->over.started = self->started;
	self->over.created = trace_created(&self->trace, self->payload);
	self->over.clean = alone && trace_is_clean(&self->trace);
	send_note(self, &self->over);
}

/* One run after the other, until the supervisor is gone. */
static void serve(struct first_process *self)
{
	static char packed[PLAN_PACKED_MOST];

	for (;;) {
		AUTO(plan_free) struct plan *plan = NULL;
		int fds[RUN_CHANNEL_FDS];
		ssize_t len = run_channel_receive(self->channel, packed, sizeof(packed), fds);

		if (len > 0)
			plan = plan_unpack(packed, (size_t)len);
		if (!plan || fds[2] < 0)
			_exit(0);
		start(self, plan, fds);
		for (int i = 0; i < RUN_CHANNEL_FDS; i++)
			if (fds[i] >= 0)
				close(fds[i]);
		await_end(self);
		tell_over(self, end_all(self));
	}
}

/* --- the beginning */

/* Of what the supervisor had open, only the channel stays; 0, 1, 2 are no less taken for that. */
static int keep_descriptors(int channel, struct err *err)
{
	if (dup2(channel, CHANNEL) < 0 || syscall(SYS_close_range, CHANNEL + 1, ~0U, 0) < 0 ||
	    fcntl(CHANNEL, F_SETFD, FD_CLOEXEC) < 0)
		return err_sys(err, "cannot close descriptors");
	return 0;
}

/* What the caller ignores, the payload would too. */
static int open_signals(struct err *err)
{
	sigset_t child;
	int fd;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	fd = signalfd(-1, &child, SFD_CLOEXEC);
	return fd < 0 ? err_sys(err, "cannot watch children") : fd;
}

static void tell_ready(struct first_process *self)
{
	struct run_note note = { .kind = RUN_NOTE_READY, .landlock = self->landlock >= 0 };
	int fds[RUN_CHANNEL_FDS];
	size_t count = ROOTFS_FOLDERS;

	memcpy(fds, self->folders, sizeof(self->folders));
	if (self->listener >= 0)
		fds[count++] = self->listener;
	if (run_channel_send(self->channel, &note, sizeof(note), fds, count) < 0)
		_exit(1);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

void first_process_run(const struct container_setup *setup, int channel)
{
	struct first_process self = {
		.setup = setup, .channel = channel, .sysctl = -1, .listener = -1,
	};
	struct err err = ERR_INIT;

	if (cgroup_join(setup->group, &err) < 0 || keep_descriptors(channel, &err) < 0)
		fail(&self, &err);
	self.channel = CHANNEL;
	self.signals = open_signals(&err);
	if (self.signals < 0 || set_up(&self, &err) < 0 ||
	    landlock_open(setup->count_memory, &self.landlock, &err) < 0 ||
	    let_go(&self, &err) < 0 || trace_open(&self.trace, &err) < 0 ||
	    load_filter(&self, &err) < 0)
		fail(&self, &err);
	tell_ready(&self);
	serve(&self);
	_exit(0);
}
