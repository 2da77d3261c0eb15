/* burdens.c - uses up what is limited */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static void burn(void)
{
	for (volatile uint64_t i = 0;; i++)
		;
}

static int burn_alone(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	burn();
	return 0;
}

static int burn_children(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			burn();
	while (wait(NULL) > 0)
		;
	return 0;
}

/* MILLISECONDS of CPU time in a grandchild that is given to pid 1, then ends well. */
static int burn_orphan(int argc, char **argv)
{
	long most = hostile_number(argc, argv, 0);
	int done[2];
	char byte;

	if (pipe(done) < 0)
		return 99;
	if (fork() == 0) {
		if (fork() == 0) {
			while (clock() < most * (CLOCKS_PER_SEC / 1000))
				;
			_exit(0);
		}
		_exit(0);
	}
	wait(NULL);
	close(done[1]);
	return read(done[0], &byte, 1) == 0 ? 0 : 98;
}

static void touch(size_t size)
{
	volatile char *memory = malloc(size);

	for (size_t i = 0; memory && i < size; i += 4096)
		memory[i] = 1;
}

/* MIB: takes that much in small steps, then stays for a while. */
static int take_memory(int argc, char **argv)
{
	int most = hostile_number(argc, argv, 0);

	for (int i = 0; i < most; i++) {
		touch(MIB);
		if (i % 16 == 0)
			usleep(2000);
	}
	usleep(300 * 1000);
	return 0;
}

/* COUNT MIB: so many children with so much each. */
static int take_memory_children(int argc, char **argv)
{
	int count = hostile_number(argc, argv, 0), failed = 0, status;

	for (int i = 0; i < count; i++)
		if (fork() == 0)
			_exit(take_memory(argc - 1, argv + 1));
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}

/* MIB into files of 1 MiB in /tmp. */
static int take_tmp(int argc, char **argv)
{
	static char data[MIB];
	int most = hostile_number(argc, argv, 0);

	for (int i = 0; i < most; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "/tmp/%d", i);
		fd = open(name, O_WRONLY | O_CREAT, 0644);
		if (fd < 0 || write(fd, data, sizeof(data)) != (ssize_t)sizeof(data))
			return 1;
		close(fd);
		if (i % 16 == 0)
			usleep(2000);
	}
	usleep(100 * 1000);
	return 0;
}

/* BYTES to standard output. */
static int flood(int argc, char **argv)
{
	long most = hostile_number(argc, argv, 0);
	char data[4096];

	memset(data, 'x', sizeof(data));
	while (most > 0) {
		ssize_t put = write(1 + (most / 4096 % 2), data, most < 4096 ? (size_t)most : 4096);

		if (put < 0)
			return 1;
		most -= put;
	}
	return 0;
}

static int fork_bomb(int argc, char **argv)
{
	int made = 0;

	(void)argc;
	(void)argv;
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0)
			break;
		made++;
	}
	usleep(100 * 1000);
	printf("%d\n", made);
	return 1;
}

static void *wait_thread(void *arg)
{
	pause();
	return arg;
}

static int thread_bomb(int argc, char **argv)
{
	pthread_attr_t small;
	pthread_t thread;
	int made = 0;

	(void)argc;
	(void)argv;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	while (made < 5000 && pthread_create(&thread, &small, wait_thread, NULL) == 0)
		made++;
	usleep(100 * 1000);
	printf("%d\n", made);
	return 1;
}

/* FOLDER: empty files until there is no room for one more. */
static int take_inodes(int argc, char **argv)
{
	for (int i = 0; argc > 0; i++) {
		char name[128];
		int fd;

		snprintf(name, sizeof(name), "%s/%d", argv[0], i);
		fd = open(name, O_WRONLY | O_CREAT, 0644);
		if (fd < 0) {
			printf("%d\n", i);
			return errno == ENOSPC ? 1 : 98;
		}
		close(fd);
	}
	return 99;
}

/* A file longer than any may be. */
static int sparse(int argc, char **argv)
{
	int fd = open("/work/long", O_WRONLY | O_CREAT, 0644);

	(void)argc;
	(void)argv;
	return ftruncate(fd, 1LL << 40) < 0 ? 1 : 0;
}

static int open_files(int argc, char **argv)
{
	int count = 0;

	(void)argc;
	(void)argv;
	while (open("/dev/null", O_RDONLY) >= 0)
		count++;
	printf("%d\n", count);
	return 0;
}

const struct hostile_act hostile_burdens[] = {
	{ "burn", burn_alone },
	{ "burn-children", burn_children },
	{ "burn-orphan", burn_orphan },
	{ "memory", take_memory },
	{ "memory-children", take_memory_children },
	{ "tmp", take_tmp },
	{ "flood", flood },
	{ "fork-bomb", fork_bomb },
	{ "thread-bomb", thread_bomb },
	{ "inodes", take_inodes },
	{ "sparse", sparse },
	{ "open-files", open_files },
	{ NULL, NULL },
};
