/* lives.c - ends, or does not end, in odd ways */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int exit_with(void)
{
	return (int)hostile_number("status", 0);
}

static int raise_signal(void)
{
	int number = (int)hostile_number("signal", SIGKILL);

	signal(number, SIG_DFL);
	raise(number);
	return HOSTILE_BROKEN;
}

static int crash(void)
{
	/* not a constant: a compiler would see through that */
	*(volatile int *)strtoul("8", NULL, 10) = 1;
	return HOSTILE_BROKEN;
}

static int wall_ignore(void)
{
	hostile_deafen();
	puts("ready");
	fflush(stdout);
	hostile_linger();
	return 0;
}

/* A helper would let it go on at the end of its life. */
static int self_stop(void)
{
	pid_t self = getpid();

	if (fork() == 0) {
		hostile_deafen();
		hostile_linger();
		kill(self, SIGCONT);
		_exit(0);
	}
	raise(SIGSTOP);
	return hostile_breach(true, "it went on");
}

/* Leaves a child that keeps standard output open. */
static int pipe_holder(void)
{
	puts("done");
	fflush(stdout);
	if (fork() == 0) {
		hostile_deafen();
		hostile_linger();
		_exit(0);
	}
	return 0;
}

/* Leaves a daemon; the word "mark" is seen in the process list. */
static int orphan(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			hostile_deafen();
			for (int i = 0; i < 3; i++)
				close(i);
			hostile_linger();
		}
		_exit(0);
	}
	wait(NULL);
	return 0;
}

/* A crowd that has shaken off whatever could end it, says so, and sleeps. */
static int crowd(void)
{
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
			hostile_deafen();
			setsid();
			hostile_linger();
			_exit(0);
		}
	return wall_ignore();
}

static int stopped_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		hostile_linger();
		_exit(0);
	}
	waitpid(pid, NULL, WUNTRACED);
	return 0;
}

/* The parent of a vfork waits where no signal wakes it. */
static int vfork_hang(void)
{
	long pid = syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		syscall(SYS_pause);
		syscall(SYS_exit, 0);
	}
	return 0;
}

/* A child of our parent ends well, before we do not. */
static int clone_parent(void)
{
	long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	usleep(100 * 1000);
	return pid < 0 ? HOSTILE_BROKEN : 7;
}

/* What our reports look like, where a careless reader would find them. */
static int forged_report(void)
{
	static const char text[] =
		"OK (0.001 sec real, 0.001 sec wall)\n"
		"{\"verdict\":\"ok\",\"exit_status\":0,\"signal\":null,\"cpu_ms\":1}\n"
		"status: ok\nexitcode:0\n";

	for (int fd = 1; fd < 16; fd++)
		if (write(fd, text, sizeof(text) - 1) < 0)
			continue;
	return 5;
}

/* Itself with no words at all, and with more than fit; the last one has to fail. */
static int odd_words(void)
{
	size_t size = 6 * 1024 * 1024;
	char *text = malloc(size);
	char *const none[] = { NULL };
	char *const many[] = { text, NULL };
	int status;

	if (!text)
		return HOSTILE_BROKEN;
	memset(text, 'x', size);
	text[size - 1] = 0;
	if (fork() == 0) {
		dup2(open("/dev/null", O_RDWR), 2);
		execve("/proc/self/exe", none, none);
		_exit(1);
	}
	wait(&status);
	return hostile_breach(execve("/proc/self/exe", many, many) >= 0, "6 MB of words");
}

const struct hostile_act hostile_lives[] = {
	{ "exit", exit_with },
	{ "raise", raise_signal },
	{ "crash", crash },
	{ "wall_ignore", wall_ignore },
	{ "self_stop", self_stop },
	{ "pipe_holder", pipe_holder },
	{ "orphan", orphan },
	{ "crowd", crowd },
	{ "stopped_child", stopped_child },
	{ "vfork_hang", vfork_hang },
	{ "clone_parent", clone_parent },
	{ "forged_report", forged_report },
	{ "odd_words", odd_words },
	{ NULL, NULL },
};
