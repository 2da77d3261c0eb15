/* kill-at.c - runs a command and ends it by SIGKILL at a chosen point
 *
 *	kill-at call:N REPORT COMMAND...	before its Nth call that changes a file
 *	kill-at us:N REPORT COMMAND...		N microseconds after it began
 *
 * With N 0 it is never killed. The file REPORT gets one number: how many such calls, or how many
 * microseconds, the command came to. The exit status is the command's own, 137 when it was killed,
 * 98 when something that it had started was still there ten seconds after its end, 99 when kill-at
 * itself failed.
 *
 * Calls are counted by a system call filter that asks us before each (seccomp_unotify(2)): neither
 * tracing nor a preloaded library. Only the command itself is counted, not what it starts. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLED 137
#define LEFT_BEHIND 98
#define FAILED 99
#define PATIENCE_MS 10000

static const int watched[] = {
	SYS_write, SYS_pwrite64, SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_fchmod,
	SYS_renameat2, SYS_unlinkat, SYS_mkdirat, SYS_linkat, SYS_symlinkat,
#ifdef SYS_rename
	SYS_rename, SYS_unlink, SYS_mkdir, SYS_rmdir, SYS_link, SYS_symlink,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
};

#define WATCHED (sizeof(watched) / sizeof(watched[0]))

static _Noreturn void fail(const char *what)
{
	perror(what);
	_exit(FAILED);
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static void report(const char *path, long number)
{
	FILE *file = fopen(path, "w");

	if (!file || fprintf(file, "%ld\n", number) < 0 || fclose(file) != 0)
		fail(path);
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* --- by calls */

static int install_filter(void)
{
	struct sock_filter code[WATCHED + 3] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { WATCHED + 3, code };
	size_t i;

	for (i = 0; i < WATCHED; i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							   (uint32_t)watched[i],
							   (uint8_t)(WATCHED - i), 0);
	code[WATCHED + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[WATCHED + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

union fd_message {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static void send_fd(int socket, int fd)
{
	union fd_message control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
						 .cmsg_level = SOL_SOCKET,
						 .cmsg_type = SCM_RIGHTS } };
	char byte = 0;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (sendmsg(socket, &message, 0) != 1)
		_exit(FAILED);
}

static int receive_fd(int socket)
{
	union fd_message control;
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message))
		fail("kill-at: no filter");
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

static _Noreturn void run_watched(int socket, char **argv)
{
	int listener = install_filter();

	if (listener < 0) {
		shutdown(socket, SHUT_RDWR);
		_exit(FAILED);
	}
	send_fd(socket, listener);
	close(listener);
	close(socket);
	execvp(argv[0], argv);
	_exit(FAILED);
}

/* Answers one question. A caller that is dead already asks no more: that is no error. */
static void answer(int listener, pid_t child, long point, long *calls)
{
	struct seccomp_notif question = { 0 };
	struct seccomp_notif_resp response = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) < 0) {
		if (errno != ENOENT && errno != EINTR)
			fail("kill-at: receive");
		return;
	}
	if ((pid_t)question.pid == child && ++*calls == point)
		kill(child, SIGKILL);
	response.id = question.id;
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) < 0 && errno != ENOENT)
		fail("kill-at: send");
}

/* The listener hangs up when no process is left that has the filter. */
static int kill_at_call(long point, const char *path, char **argv)
{
	int pair[2], listener, status = 0;
	long calls = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		fail("socketpair");
	child = fork();
	if (child == 0)
		run_watched(pair[1], argv);
	close(pair[1]);
	listener = receive_fd(pair[0]);
	for (;;) {
		struct pollfd asked = { .fd = listener, .events = POLLIN };
		int ready = poll(&asked, 1, PATIENCE_MS);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0 && waitpid(child, &status, WNOHANG) == child)
			return LEFT_BEHIND;
		if (asked.revents & POLLIN)
			answer(listener, child, point, &calls);
		else if (asked.revents & POLLHUP)
			break;
	}
	if (waitpid(child, &status, 0) != child)
		fail("waitpid");
	report(path, calls);
	return status_of(status);
}

/* --- by time */

static bool wait_for_child(const sigset_t *signals, long us)
{
	struct timespec wait = { us / 1000000, us % 1000000 * 1000 };

	while (sigtimedwait(signals, NULL, &wait) < 0)
		if (errno == EAGAIN)
			return false;
	return true;
}

/* What the command left comes to us, as we are its nearest subreaper. */
static int collect_rest(const sigset_t *signals)
{
	long end = now_us() + PATIENCE_MS * 1000L;

	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			return errno == ECHILD ? 0 : FAILED;
		if (pid == 0 && (now_us() > end || !wait_for_child(signals, end - now_us())))
			return LEFT_BEHIND;
	}
}

static int kill_at_time(long us, const char *path, char **argv)
{
	sigset_t signals, before;
	long begin = now_us();
	int status = 0, rest;
	pid_t child;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &before);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		fail("prctl");
	child = fork();
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[0], argv);
		_exit(FAILED);
	}
	if (us)
		wait_for_child(&signals, us);
	if (us && waitpid(child, &status, WNOHANG) == child)
		child = 0;
	else if (us)
		kill(child, SIGKILL);
	if (child && waitpid(child, &status, 0) != child)
		fail("waitpid");
	report(path, now_us() - begin);
	rest = collect_rest(&signals);
	return rest ? rest : status_of(status);
}

int main(int argc, char **argv)
{
	const char *number = argc > 3 ? strchr(argv[1], ':') : NULL;

	if (number && !strncmp(argv[1], "call:", 5))
		return kill_at_call(strtol(number + 1, NULL, 10), argv[2], argv + 3);
	if (number && !strncmp(argv[1], "us:", 3))
		return kill_at_time(strtol(number + 1, NULL, 10), argv[2], argv + 3);
	fprintf(stderr, "usage: kill-at call:N|us:N REPORT COMMAND...\n");
	return FAILED;
}
