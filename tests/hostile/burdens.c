/* burdens.c - uses up processor time, memory and processes */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB (1024 * 1024)
#define CHILDREN_MOST 200

static int64_t used_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void burn(long ms)
{
	while (used_ms() < ms)
		;
}

/* "ms" of processor time in all, for each child. */
static int cpu_children(void)
{
	int status, whole = 0;

	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			burn(hostile_number("ms", 1600));
			_exit(0);
		}
	while (wait(&status) > 0)
		whole += WIFEXITED(status);
	return hostile_breach(whole == 2, "both burned on") ? 1 : HOSTILE_REFUSED;
}

static int cpu_ignore_xcpu(void)
{
	struct rlimit limit;

	hostile_deafen();
	getrlimit(RLIMIT_CPU, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_CPU, &limit);
	burn(hostile_number("ms", 3500));
	return hostile_breach(true, "burned on");
}

/* "ms" of processor time in a grandchild that is given to pid 1, then ends well. */
static int cpu_orphan(void)
{
	int done[2];
	char byte;

	if (pipe(done) < 0)
		return HOSTILE_BROKEN;
	if (fork() == 0) {
		if (fork() == 0)
			burn(hostile_number("ms", 300));
		_exit(0);
	}
	wait(NULL);
	close(done[1]);
	return read(done[0], &byte, 1) == 0 ? 0 : HOSTILE_BROKEN;
}

/* Short lives that end before a clock tick would see them: "count" children of "ms" each. */
static int cpu_between_ticks(void)
{
	for (long i = hostile_number("count", 150); i > 0; i--) {
		if (fork() == 0) {
			burn(hostile_number("ms", 2));
			_exit(0);
		}
		wait(NULL);
	}
	return 0;
}

static void touch(volatile char *memory, size_t size)
{
	for (size_t i = 0; memory && i < size; i += 4096)
		memory[i] = 1;
}

/* "mib" in small steps, then stays for "stay" ms; whoever only looks now and then sees it. */
static int mem_single(void)
{
	long most = hostile_number("mib", 640);

	for (long i = 0; i < most; i++) {
		void *memory = malloc(MIB);

		if (!memory)
			return HOSTILE_REFUSED;
		touch(memory, MIB);
		if (i % 16 == 0)
			usleep(2000);
	}
	usleep((useconds_t)hostile_number("stay", 300) * 1000);
	return hostile_number("mib", 0) ? 0 : hostile_breach(true, "all its memory");
}

/* "count" children with "mib" each, at the same time. */
static int mem_multi(void)
{
	long count = hostile_number("count", 6);
	int status, whole = 0;

	for (long i = 0; i < count; i++)
		if (fork() == 0) {
			size_t size = (size_t)hostile_number("mib", 100) * MIB;
			void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			touch(memory == MAP_FAILED ? NULL : memory, size);
			usleep(300 * 1000);
			_exit(memory == MAP_FAILED);
		}
	while (wait(&status) > 0)
		whole += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return hostile_breach(whole == count, "all their memory") ? 1 : HOSTILE_REFUSED;
}

/* In pieces that stay below the limit of a file, mapped nowhere. */
static int mem_memfd(void)
{
	static char data[MIB];
	long most = hostile_number("mib", 500);

	for (long i = 0; i < most; i += 5) {
		int fd = memfd_create("x", 0);

		if (fd < 0)
			return 0;
		for (int part = 0; part < 5; part++)
			if (write(fd, data, sizeof(data)) < 0)
				return HOSTILE_REFUSED;
		usleep(1000);
	}
	return hostile_breach(true, "all in descriptors");
}

static void remove_segments(const int *segments, int count)
{
	for (int i = 0; i < count; i++)
		shmctl(segments[i], IPC_RMID, NULL);
}

static int mem_sysvshm(void)
{
	int segments[10], count = 0;

	for (; count < 10; count++) {
		void *memory;

		segments[count] = shmget(IPC_PRIVATE, 50 * MIB, IPC_CREAT | 0600);
		if (segments[count] < 0)
			break;
		memory = shmat(segments[count], NULL, 0);
		if (memory == (void *)-1)
			break;
		touch(memory, 50 * MIB);
		shmdt(memory);
	}
	remove_segments(segments, count);
	return count == 0 ? 0 : hostile_breach(count == 10, "ten segments");
}

/* Shared memory that its process has let go of stays as long as it is mapped; with "device", that
 * of /dev/zero, which Landlock alone can refuse. */
static int mem_let_go(void)
{
	bool device = hostile_number("device", 0);
	int flags = device ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS;
	int fd = device ? open("/dev/zero", O_RDWR | O_CLOEXEC) : -1;
	long most = hostile_number("mib", 500);

	if (device && (fd < 0 || syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 2))
		return 0;
	for (long i = 0; i < most; i += 5) {
		void *memory = mmap(NULL, 5 * MIB, PROT_READ | PROT_WRITE, flags, fd, 0);

		if (memory == MAP_FAILED)
			return 0;
		touch(memory, 5 * MIB);
		madvise(memory, 5 * MIB, MADV_DONTNEED);
		usleep(1000);
	}
	return hostile_breach(true, "all mapped and let go");
}

static int sleep_in_children(int *made)
{
	*made = 0;
	while (*made < CHILDREN_MOST) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			sleep(4);
			_exit(0);
		}
		++*made;
	}
	return *made;
}

static int fork_bomb(void)
{
	int made;

	sleep_in_children(&made);
	if (hostile_breach(made == CHILDREN_MOST, "a crowd of children"))
		return 1;
	usleep(100 * 1000);
	printf("%d\n", made);
	return HOSTILE_REFUSED;
}

static void *wait_thread(void *arg)
{
	pause();
	return arg;
}

static int thread_bomb(void)
{
	pthread_attr_t small;
	pthread_t thread;
	int made = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	while (made < CHILDREN_MOST && pthread_create(&thread, &small, wait_thread, NULL) == 0)
		made++;
	if (hostile_breach(made == CHILDREN_MOST, "a crowd of threads"))
		return 1;
	usleep(100 * 1000);
	printf("%d\n", made);
	return HOSTILE_REFUSED;
}

static void *no_thread(void *arg)
{
	return arg;
}

static int threads_one_by_one(void)
{
	for (long i = hostile_number("count", 10000); i > 0; i--) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, no_thread, NULL) != 0)
			return HOSTILE_REFUSED;
		pthread_join(thread, NULL);
	}
	return 0;
}

/* As many watchers of files as the kernel gives to one user, held until the run is ended. */
static int inotify_fill(void)
{
	for (int child = 0; child < 8; child++)
		if (fork() == 0) {
			for (int i = 0; i < 25 && inotify_init() >= 0; i++)
				;
			hostile_linger();
			_exit(0);
		}
	usleep(200 * 1000);
	puts("full");
	fflush(stdout);
	hostile_linger();
	return 0;
}

const struct hostile_act hostile_burdens[] = {
	{ "cpu_children", cpu_children },
	{ "cpu_ignore_xcpu", cpu_ignore_xcpu },
	{ "cpu_orphan", cpu_orphan },
	{ "cpu_between_ticks", cpu_between_ticks },
	{ "mem_single", mem_single },
	{ "mem_multi", mem_multi },
	{ "mem_memfd", mem_memfd },
	{ "mem_sysvshm", mem_sysvshm },
	{ "mem_let_go", mem_let_go },
	{ "fork_bomb", fork_bomb },
	{ "thread_bomb", thread_bomb },
	{ "threads_one_by_one", threads_one_by_one },
	{ "inotify_fill", inotify_fill },
	{ NULL, NULL },
};
