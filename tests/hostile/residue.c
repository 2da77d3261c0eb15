/* residue.c - leaves odd things behind for whoever comes next */
#include "hostile.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#define PORT 4242

/* Raises its core limit as far as that goes and dies with 32 MiB of memory. */
static int core_dump(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	size_t size = 32 * 1024 * 1024;
	volatile char *memory = malloc(size);

	for (size_t i = 0; memory && i < size; i += 4096)
		memory[i] = 1;
	if (hostile_breach(setrlimit(RLIMIT_CORE, &limit) == 0, "core limit"))
		return 1;
	getrlimit(RLIMIT_CORE, &limit);
	if (hostile_breach(limit.rlim_max != 0, "core files"))
		return 1;
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* A chain of folders far longer than a path may be, with one in it that nobody may enter. */
static int deep_tree(void)
{
	if (mkdir("deep", 0755) < 0 || chdir("deep") < 0)
		return HOSTILE_BROKEN;
	for (long i = hostile_number("levels", 2000); i > 0; i--)
		if (mkdir("d", 0755) < 0 || chdir("d") < 0)
			return HOSTILE_BROKEN;
	return mkdir("closed", 0) < 0;
}

/* The file "name" in /dev/shm. */
static int dev_shm_leak(void)
{
	const char *name = hostile_word("name");
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/dev/shm/%s", name ? name : "leak");
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	return fd >= 0 && write(fd, "x", 1) == 1 ? 0 : HOSTILE_BROKEN;
}

static int leave_fifo(void)
{
	return mkfifo("out.txt", 0666) < 0;
}

static int leave_setuid(void)
{
	int fd = open("out.txt", O_WRONLY | O_CREAT, 0755);

	return fd < 0 || write(fd, "x", 1) < 0 || fchmod(fd, 06755) < 0;
}

/* "to": where the link goes, "as": its name. */
static int leave_symlink(void)
{
	const char *to = hostile_word("to"), *as = hostile_word("as");

	return symlink(to ? to : "/etc/passwd", as ? as : "out.txt") < 0;
}

/* A folder that is a link every other moment, as long as this lives. */
static int swap_folder(void)
{
	if (mkdir("box", 0755) < 0 || symlink("/etc", "link") < 0)
		return HOSTILE_BROKEN;
	if (fork() > 0)
		return 0;
	setsid();
	hostile_deafen();
	for (int i = 0; i < 200000; i++)
		syscall(316 /* renameat2 */, AT_FDCWD, "box", AT_FDCWD, "link", 2 /* exchange */);
	_exit(0);
}

/* A segment, a queue and semaphores by the number "new". */
static int shm_persist(void)
{
	key_t key = (key_t)hostile_number("new", 0x7a11);

	shmget(key, 4096, IPC_CREAT | 0666);
	msgget(key, IPC_CREAT | 0666);
	semget(key, 1, IPC_CREAT | 0666);
	return 0;
}

static struct sockaddr_in own_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

/* A connection that was closed a moment ago, and a child that listens on. */
static int leave_ports(void)
{
	struct sockaddr_in address = own_port();
	const struct sockaddr *name = (const struct sockaddr *)&address;
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	int taken;

	if (bind(server, name, sizeof(address)) < 0 || listen(server, 1) < 0 ||
	    connect(client, name, sizeof(address)) < 0)
		return HOSTILE_BROKEN;
	taken = accept(server, NULL, NULL);
	close(taken);
	close(client);
	if (fork() == 0) {
		hostile_deafen();
		hostile_linger();
		_exit(0);
	}
	return 0;
}

static void leave_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/tmp/socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

/* Something of every kind that a folder can hold, and changes to the folders themselves. */
static int litter(void)
{
	static const char *const folders[] = { "/work", "/tmp", "/dev/shm" };

	for (size_t i = 0; i < COUNT(folders); i++) {
		if (chdir(folders[i]) < 0)
			return HOSTILE_BROKEN;
		if (mkdir("folder", 0700) < 0 || mkdir("folder/closed", 0) < 0 ||
		    mkfifo("fifo", 0600) < 0 || symlink("folder", "link") < 0 ||
		    close(open("file", O_WRONLY | O_CREAT, 0)) < 0)
			return HOSTILE_BROKEN;
		setxattr(folders[i], "user.note", "x", 1, 0);
		chmod(folders[i], 0777);
	}
	leave_socket();
	return 0;
}

const struct hostile_act hostile_residue[] = {
	{ "core_dump", core_dump },
	{ "deep_tree", deep_tree },
	{ "dev_shm_leak", dev_shm_leak },
	{ "leave_fifo", leave_fifo },
	{ "leave_setuid", leave_setuid },
	{ "leave_symlink", leave_symlink },
	{ "swap_folder", swap_folder },
	{ "shm_persist", shm_persist },
	{ "leave_ports", leave_ports },
	{ "litter", litter },
	{ NULL, NULL },
};
