/* launcher.c - the process that outlives single runs and forks a supervisor for each */
#include "sandbox/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "sandbox/run_channel.h"
#include "sandbox/supervisor.h"

#define CONTROL 3

struct launcher {
	struct cgroup_base base;
	int lifeline[2];	/* never written to: it closes with us, and supervisors see that */
	int signals;
};

/* 0, 1, 2 are /dev/null, 3 the control socket: a terminal or a pipe of the caller's is not held
 * open. */
static int keep_descriptors(int control, struct err *err)
{
	int null;

	if (dup2(control, CONTROL) < 0 || syscall(SYS_close_range, CONTROL + 1, ~0U, 0) < 0 ||
	    fcntl(CONTROL, F_SETFD, FD_CLOEXEC) < 0)
		return err_sys(err, "cannot close descriptors");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 3; i++)
		if (dup2(null, i) < 0)
			return err_sys(err, "cannot open /dev/null");
	close(null);
	return 0;
}

static int take_signals(struct err *err)
{
	sigset_t child;
	int fd;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? err_sys(err, "cannot watch children") : fd;
}

/* No PR_SET_PDEATHSIG here: it follows the thread that forked us, not its process. The control
 * socket closes in either case. */
static int set_up(struct launcher *self, int control, pid_t caller, struct err *err)
{
	if (keep_descriptors(control, err) < 0)
		return -1;
	setsid();
	clearenv();
	if (chdir("/") < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(err, "cannot detach");

	self->signals = take_signals(err);
	if (self->signals < 0)
		return -1;
	if (pipe2(self->lifeline, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");

	cgroup_base_find(&self->base, caller);
	return 0;
}

static void supervise(const struct launcher *self, int connection) __attribute__((noreturn));
static void supervise(const struct launcher *self, int connection)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close(CONTROL);
	close(self->signals);
	close(self->lifeline[1]);
	supervisor_run(&self->base, connection, self->lifeline[0]);
}

static void refuse(int connection)
{
	struct run_answer answer = { .kind = RUN_ANSWER_REFUSED };

	err_sys(&answer.err, "cannot start a supervisor");
	run_channel_send(connection, &answer, sizeof(answer), NULL, 0);
}

/* False when the caller is gone. */
static bool take_connection(const struct launcher *self)
{
	int fds[RUN_CHANNEL_FDS];
	char byte;
	pid_t pid;

	if (run_channel_receive(CONTROL, &byte, 1, fds) != 1)
		return false;
	if (fds[0] < 0)
		return true;

	pid = fork();
	if (pid == 0)
		supervise(self, fds[0]);
	if (pid < 0)
		refuse(fds[0]);
	close(fds[0]);
	return true;
}

/* A supervisor that was killed could not remove its control groups. */
static void reap(const struct launcher *self)
{
	struct signalfd_siginfo ignored;
	bool killed = false;
	int status;

	while (read(self->signals, &ignored, sizeof(ignored)) > 0)
		;
	while (waitpid(-1, &status, WNOHANG) > 0)
		killed |= !WIFEXITED(status);
	if (killed)
		cgroup_base_sweep(&self->base);
}

static void serve(const struct launcher *self)
{
	struct pollfd waiting[] = {
		{ .fd = CONTROL, .events = POLLIN },
		{ .fd = self->signals, .events = POLLIN },
	};

	for (;;) {
		if (poll(waiting, 2, -1) < 0)
			continue;
		if (waiting[1].revents)
			reap(self);
		if (waiting[0].revents && !take_connection(self))
			return;
	}
}

/* Runs that go on without a caller are ended; we are the last to go. */
static void end_all(const struct launcher *self)
{
	close(self->lifeline[1]);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

void launcher_run(int control)
{
	struct launcher self = { .signals = -1 };
	struct err err = ERR_INIT;
	int failed = set_up(&self, control, getppid(), &err);

	if (run_channel_send(CONTROL, &err, sizeof(err), NULL, 0) == 0 && failed == 0) {
		/* the first slot need not wait until the groups of the dead are gone */
		if (take_connection(&self)) {
			cgroup_base_sweep(&self.base);
			serve(&self);
		}
		end_all(&self);
	}
	_exit(0);
}
