/* cage.c - what the payload's process does to itself before it becomes the payload */
#include "sandbox/cage.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fs.h"
#include "sandbox/landlock.h"
#include "sandbox/run_channel.h"
#include "sandbox/syscall_filter.h"

#define MIB (1024ULL * 1024)
#define CHANNEL 3
#define SECURE_BITS \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | \
	 SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | \
	 SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

static void unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing is left but 0, 1, 2, and the channel until the payload begins. */
static int set_descriptors(const struct cage *cage, struct err *err)
{
	for (int i = 0; i < 3; i++)
		if (dup2(cage->stdio[i], i) < 0)
			return err_sys(err, "cannot set up descriptor %d", i);
	if (syscall(SYS_close_range, CHANNEL + 1, ~0U, 0) < 0 ||
	    syscall(SYS_close_range, CHANNEL, CHANNEL, CLOSE_RANGE_CLOEXEC) < 0)
		return err_sys(err, "cannot close descriptors");
	return 0;
}

/* A caller that goes before others does not hand that on. */
static int wait_like_others(struct err *err)
{
	const struct sched_param none = { 0 };
	int policy = sched_getscheduler(0);

	errno = 0;
	if ((policy != SCHED_OTHER && policy != SCHED_BATCH && policy != SCHED_IDLE &&
	     sched_setscheduler(0, SCHED_OTHER, &none) < 0) ||
	    (getpriority(PRIO_PROCESS, 0) < 0 && errno == 0 && setpriority(PRIO_PROCESS, 0, 0) < 0))
		return err_sys(err, "cannot give up priority");
	return 0;
}

/* A hard limit lower than ours stays: not even root may always raise it. */
static int limit(int resource, const char *name, uint64_t soft, uint64_t hard, struct err *err)
{
	struct rlimit old, want = { .rlim_cur = soft, .rlim_max = hard };

	if (getrlimit((__rlimit_resource_t)resource, &old) < 0)
		return err_sys(err, "cannot read the limit %s", name);
	if (old.rlim_max < want.rlim_max)
		want.rlim_max = old.rlim_max;
	if (want.rlim_max < want.rlim_cur)
		want.rlim_cur = want.rlim_max;
	if (setrlimit((__rlimit_resource_t)resource, &want) < 0)
		return err_sys(err, "cannot set the limit %s", name);
	return 0;
}

static int limit_resources(const struct cage *cage, struct err *err)
{
	const struct plan_limits *most = &cage->plan->limits;
	/* the supervisor's count ends the run; the kernel counts whole ticks here, which may be far
	 * more than a process had on a busy machine, and says no more than a signal */
	uint64_t cpu = most->cpu_ms / 500 + 2;
	/* address space is not memory: threads reserve their stacks, so leave room */
	uint64_t data = cage->count_memory ? RLIM_INFINITY : 2 * most->memory + 1024 * MIB;
	const struct {
		int resource;
		const char *name;
		uint64_t soft, hard;
	} limits[] = {
		{ RLIMIT_CORE, "core", 0, 0 },
		{ RLIMIT_CPU, "cpu", cpu, cpu + 1 },
		{ RLIMIT_DATA, "data", data, data },
		{ RLIMIT_FSIZE, "fsize", most->file_size, most->file_size },
		{ RLIMIT_MEMLOCK, "memlock", 64 * 1024, 64 * 1024 },
		{ RLIMIT_MSGQUEUE, "msgqueue", 0, 0 },
		{ RLIMIT_NICE, "nice", 0, 0 },
		{ RLIMIT_NOFILE, "nofile", most->open_files, most->open_files },
		{ RLIMIT_NPROC, "nproc", cage->tasks, cage->tasks },
		{ RLIMIT_RTPRIO, "rtprio", 0, 0 },
		{ RLIMIT_SIGPENDING, "sigpending", 1024, 1024 },
		{ RLIMIT_STACK, "stack", 64 * MIB, 64 * MIB },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (limit(limits[i].resource, limits[i].name, limits[i].soft, limits[i].hard,
			  err) < 0)
			return -1;
	return 0;
}

static int set_capabilities(uint32_t kept, struct err *err)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { { .effective = kept, .permitted = kept } };

	if (syscall(SYS_capset, &head, sets) < 0)
		return err_sys(err, "cannot drop capabilities");
	return 0;
}

int cage_keep_capabilities(uint32_t kept, struct err *err)
{
	for (int i = 0; i < 64; i++)
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0 && errno != EINVAL)
			return err_sys(err, "cannot drop the capability bounds");
	if (prctl(PR_SET_SECUREBITS, SECURE_BITS, 0, 0, 0) < 0)
		return err_sys(err, "cannot lock capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "cannot give up new privileges");
	return set_capabilities(kept, err);
}

static int become_user(const struct cage *cage, struct err *err)
{
	if (cage->change_user &&
	    (setgroups(0, NULL) < 0 || setresgid(CAGE_UID, CAGE_UID, CAGE_UID) < 0 ||
	     setresuid(CAGE_UID, CAGE_UID, CAGE_UID) < 0))
		return err_sys(err, "cannot change the user");
	if (getuid() != CAGE_UID || geteuid() != CAGE_UID || getgid() != CAGE_UID)
		return err_set(err, ERR_ENV, "the user has not changed");

	return set_capabilities(0, err);
}

static int enter_folder(const struct plan *plan, struct err *err)
{
	umask(022);
	if (chdir("/work") < 0 || (*plan->cwd && chdir(plan->cwd) < 0))
		return err_sys(err, "cannot enter the folder '/work/%s'", plan->cwd);
	return 0;
}

/* One that belongs to another session, as that of whoever called us does, is refused by the
 * kernel. It stands in a folder that is not seen here: a rule for it alone lets /dev/stdout and its
 * like be opened. */
static int take_terminal(const struct cage *cage, struct err *err)
{
	if (ioctl(cage->stdio[0], TIOCSCTTY, 0) < 0)
		return err_sys(err, "cannot take the terminal");
	return cage->landlock < 0
		       ? 0
		       : landlock_allow_terminal(cage->landlock, cage->stdio[0], err);
}

static int lock(const struct cage *cage, struct err *err)
{
	if (setsid() < 0)
		return err_sys(err, "cannot make a session");
	if (cage->plan->terminal && take_terminal(cage, err) < 0)
		return -1;
	if (cage->own_cgroup && unshare(CLONE_NEWCGROUP) < 0)
		return err_sys(err, "cannot make a cgroup namespace");
	unblock_signals();
	if (wait_like_others(err) < 0 || limit_resources(cage, err) < 0 ||
	    become_user(cage, err) < 0 || enter_folder(cage->plan, err) < 0)
		return -1;
	if (cage->landlock >= 0 && landlock_apply(cage->landlock, err) < 0)
		return -1;
	return set_descriptors(cage, err);
}

static void execute(const struct plan *plan) __attribute__((noreturn));
static void execute(const struct plan *plan)
{
	char text[256];
	bool missing;
	int len;

	/* execvp looks in PATH of `environ`, which is the payload's from here on */
	environ = (char **)(void *)plan->env;
	execvp(plan->argv[0], (char **)(void *)plan->argv);

	missing = errno == ENOENT;
	/* the memory limit is on: nothing may be allocated any more */
	len = snprintf(text, sizeof(text), "tali: %.200s: %s\n", plan->argv[0],
		       missing ? "not found" : "cannot be run");
	if (fs_write_all(STDERR_FILENO, text, (size_t)len) < 0)
		_exit(125);
	_exit(missing ? 127 : 126);
}

static int load_filter(const struct cage *cage, int channel, struct run_note *note)
{
	int listener = -1;

	if (syscall_filter_load(cage->count_memory, &listener, &note->err) < 0)
		return -1;
	note->kind = RUN_NOTE_STARTED;
	return run_channel_send(channel, note, sizeof(*note), &listener, listener < 0 ? 0 : 1);
}

void cage_become(const struct cage *cage, int channel)
{
	struct run_note note = { .kind = RUN_NOTE_FAILED };

	if (channel != CHANNEL)
		_exit(125);
	if (lock(cage, &note.err) < 0 ||
	    (cage->own_cgroup && load_filter(cage, CHANNEL, &note) < 0)) {
		note.kind = RUN_NOTE_FAILED;
		run_channel_send(CHANNEL, &note, sizeof(note), NULL, 0);
		_exit(125);
	}
	*cage->started = true;
	execute(cage->plan);
}
