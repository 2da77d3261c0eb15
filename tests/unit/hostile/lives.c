/* lives.c - ends, or does not end, in odd ways, and leaves odd things behind */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int exit_with(int argc, char **argv)
{
	return hostile_number(argc, argv, 0);
}

static int raise_signal(int argc, char **argv)
{
	int number = hostile_number(argc, argv, 0);

	signal(number, SIG_DFL);
	raise(number);
	return 99;
}

static int crash(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	/* not a constant: a compiler would see through that */
	*(volatile int *)strtoul("8", NULL, 10) = 1;
	return 99;
}

/* Enters the kernel by the numbers of another architecture. */
static int foreign_call(int argc, char **argv)
{
	(void)argc;
	(void)argv;
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(20L)
			 : "memory", "r8", "r9", "r10", "r11");
	printf("BREACH: %ld\n", result);
	return 1;
#else
	return 77;
#endif
}

static void deafen(void)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
}

static int sleep_on(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	deafen();
	puts("ready");
	fflush(stdout);
	for (;;)
		sleep(100);
	return 0;
}

static int stop_self(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	raise(SIGSTOP);
	return 0;
}

/* Leaves a child that keeps standard output open. */
static int hold_pipe(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("done");
	fflush(stdout);
	if (fork() == 0) {
		deafen();
		sleep(100);
	}
	return 0;
}

/* Leaves a daemon; the words only mark it in the process list. */
static int leave_daemon(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			deafen();
			for (int i = 0; i < 3; i++)
				close(i);
			sleep(100);
		}
		_exit(0);
	}
	wait(NULL);
	return 0;
}

/* Has a crowd of children, says so, and sleeps. */
static int crowd(int argc, char **argv)
{
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			deafen();
			setsid();
			sleep(100);
		}
	return sleep_on(argc, argv);
}

static int leave_traps(int argc, char **argv)
{
	int fd;

	(void)argc;
	(void)argv;
	if (symlink("/etc/passwd", "link") < 0 || symlink("/etc", "folder") < 0 ||
	    mkfifo("fifo", 0666) < 0)
		return 1;
	fd = open("file", O_WRONLY | O_CREAT, 0644);
	return write(fd, "good", 4) == 4 ? 0 : 1;
}

/* A chain of folders far longer than a path may be, with one in it that nobody may enter. */
static int leave_depths(int argc, char **argv)
{
	int levels = hostile_number(argc, argv, 0);

	if (mkdir("deep", 0755) < 0 || chdir("deep") < 0)
		return 1;
	for (int i = 0; i < levels; i++)
		if (mkdir("d", 0755) < 0 || chdir("d") < 0)
			return 1;
	return mkdir("closed", 0) < 0;
}

const struct hostile_act hostile_lives[] = {
	{ "exit", exit_with },
	{ "raise", raise_signal },
	{ "crash", crash },
	{ "foreign-call", foreign_call },
	{ "sleep", sleep_on },
	{ "stop", stop_self },
	{ "hold-pipe", hold_pipe },
	{ "daemon", leave_daemon },
	{ "crowd", crowd },
	{ "traps", leave_traps },
	{ "depths", leave_depths },
	{ NULL, NULL },
};
