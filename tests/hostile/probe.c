/* probe.c - looks for anything that an earlier run may have left where a new one can see it
 *
 * Its last line is "used N us": the processor time that looking took, whatever the machine. */
#include "hostile.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define PORT 4242	/* of leave_ports */

/* The folder has nothing in it but, perhaps, one name. */
static int folder_is_fresh(const char *path, const char *allowed, mode_t mode)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	struct stat status;
	char list[256];
	int bad = hostile_breach(!folder, path);

	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    (!allowed || strcmp(entry->d_name, allowed) != 0))
			bad |= hostile_breach(true, entry->d_name);
	bad |= hostile_breach(stat(path, &status) < 0 || (status.st_mode & 07777) != mode, "mode");
	/* labels of a security module are none of ours */
	for (ssize_t at = 0, len = listxattr(path, list, sizeof(list)); at < len;) {
		bad |= hostile_breach(strncmp(list + at, "user.", 5) == 0, list + at);
		at += (ssize_t)strlen(list + at) + 1;
	}
	if (folder)
		closedir(folder);
	return bad;
}

static int count_lines(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];
	int lines = 0;

	while (file && fgets(line, sizeof(line), file))
		lines++;
	if (file)
		fclose(file);
	return lines;
}

/* Sockets in flight between sockets that nobody holds are out of everybody's reach, but the kernel
 * frees them when it comes to that (net/unix/garbage.c, work of its own since Linux 6.10). */
static void wait_for_garbage(void)
{
	const struct timespec step = { .tv_nsec = 10000000 };

	for (int i = 0; i < 1000 && count_lines("/proc/net/unix") > 1; i++)
		nanosleep(&step, NULL);
}

/* A table of /proc that has nothing but its headline. */
static int table_is_empty(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];
	int lines = 0;

	while (file && fgets(line, sizeof(line), file))
		if (lines++ > 0)
			hostile_breach(true, line);
	if (file)
		fclose(file);
	return hostile_breach(lines > 1, path);
}

static int nobody_is_here(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	int bad = hostile_breach(!folder, "/proc");

	while (folder && (entry = readdir(folder))) {
		long pid = strtol(entry->d_name, NULL, 10);

		bad |= hostile_breach(pid > 0 && pid != getpid() && pid != 1, "a process");
	}
	if (folder)
		closedir(folder);
	return bad;
}

static int descriptors_are_three(void)
{
	int bad = 0;

	for (int fd = 3; fd < 1024; fd++)
		bad |= hostile_breach(fcntl(fd, F_GETFD) >= 0, "a descriptor");
	return bad;
}

static int port_is_free(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), bad;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bad = hostile_breach(bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0,
			     "the port is taken");
	close(fd);
	return bad;
}

static int state_is_fresh(void)
{
	struct utsname name;
	struct sigaction old;
	char folder[64];
	mode_t mask = umask(022);
	long nice = hostile_number("nice", 0);
	int bad = 0;

	bad |= hostile_breach(mask != 022, "umask");
	bad |= hostile_breach(!getcwd(folder, sizeof(folder)) || strcmp(folder, "/work") != 0,
			      "working folder");
	bad |= hostile_breach(uname(&name) < 0 || strcmp(name.nodename, "tali") != 0, "host name");
	bad |= hostile_breach(getpriority(PRIO_PROCESS, 0) != (nice > 0 ? nice : 0), "priority");
	bad |= hostile_breach(sched_getscheduler(0) != SCHED_OTHER, "scheduler");
	for (int i = 1; i < NSIG; i++)
		bad |= hostile_breach(sigaction(i, NULL, &old) == 0 && old.sa_handler != SIG_DFL,
				      "a signal");
	return bad;
}

static void tell_used(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	printf("used %ld us\n", (long)(used.tv_sec * 1000000 + used.tv_nsec / 1000));
}

static int probe(void)
{
	static const char *const tables[] = {
		"/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem", "/proc/net/tcp",
		"/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6", "/proc/net/unix",
	};
	int bad = descriptors_are_three();

	bad |= folder_is_fresh("/work", "hostile", 0755) | folder_is_fresh("/tmp", NULL, 01777) |
	       folder_is_fresh("/dev/shm", NULL, 01777);
	wait_for_garbage();
	for (size_t i = 0; i < COUNT(tables); i++)
		bad |= table_is_empty(tables[i]);
	bad |= nobody_is_here() | port_is_free() | state_is_fresh();
	bad |= hostile_breach(syscall(SYS_mq_open, "left", O_RDONLY, 0, NULL) >= 0, "a queue");
	bad |= hostile_breach(syscall(SYS_request_key, "user", "tali-test", NULL, 0) >= 0,
			      "a key");
	tell_used();
	return bad;
}

const struct hostile_act hostile_probe[] = {
	{ "probe", probe },
	{ NULL, NULL },
};
