/* stores.c - uses up files, output and descriptors */
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static char data[MIB];

/* Removes "NAME0", "NAME1", ...: what was made outside of a sandbox is not to stay. */
static void remove_files(const char *folder, long count)
{
	for (long i = 0; i < count; i++) {
		char name[300];

		snprintf(name, sizeof(name), "%s/fill%ld", folder, i);
		unlink(name);
	}
}

/* "mib" in files of "each" MiB in "folder"; reaching all of it is only a breach without "calm". */
static int fill_folder(const char *folder, long most, long each)
{
	long made = 0, got = 0;
	bool full = false;

	for (; got < most && !full; made++) {
		char name[300];
		int fd;

		snprintf(name, sizeof(name), "%s/fill%ld", folder, made);
		fd = open(name, O_WRONLY | O_CREAT, 0644);
		for (long i = 0; i < each && !full; i++, got++)
			full = fd < 0 || write(fd, data, sizeof(data)) != (ssize_t)sizeof(data);
		close(fd);
		if (made % 4 == 0)
			usleep(1000);
	}
	usleep((useconds_t)hostile_number("stay", 0) * 1000);
	if (full)
		return HOSTILE_REFUSED;
	remove_files(folder, made);
	return hostile_breach(true, "all in files");
}

static int disk_fill(void)
{
	return fill_folder(".", hostile_number("mib", 512), hostile_number("each", 4));
}

static int mem_tmpfs(void)
{
	const char *folder = hostile_word("folder");

	return fill_folder(folder ? folder : "/dev/shm", hostile_number("mib", 500),
			   hostile_number("each", 4));
}

/* One file of 128 MiB. */
static int flood_file(void)
{
	int fd = open("flood", O_WRONLY | O_CREAT, 0644), bad;
	long got = 0;

	while (got < 128 && write(fd, data, sizeof(data)) == (ssize_t)sizeof(data))
		got++;
	bad = got == 128;
	if (bad)
		unlink("flood");
	return hostile_breach(bad, "one large file") ? 1 : HOSTILE_REFUSED;
}

/* "bytes" to standard output and error in turn. Its breach is in the driver's hands: it prints. */
static int flood_pipe(void)
{
	long most = hostile_number("bytes", 128 * MIB);
	char part[4096];

	memset(part, 'x', sizeof(part));
	while (most > 0) {
		ssize_t put = write(1 + (most / 4096 % 2), part, most < 4096 ? (size_t)most : 4096);

		if (put < 0)
			return HOSTILE_REFUSED;
		most -= put;
	}
	return 0;
}

/* One line without an end, with bytes that no text has. */
static int flood_line(void)
{
	static const char odd[] = "\0\033[2J\033]0;x\a\377\376\r\302\233";

	for (long left = hostile_number("bytes", 64 * MIB); left > 0; left -= sizeof(odd) - 1)
		if (write(1, odd, sizeof(odd) - 1) < 0)
			return HOSTILE_REFUSED;
	return 0;
}

/* "folder": empty files until there is no room for one more, at most 20 000. */
static int inode_fill(void)
{
	const char *folder = hostile_word("folder");
	long made = 0, most = hostile_number("count", 20000);

	if (!folder)
		folder = ".";
	for (; made < most; made++) {
		char name[300];
		int fd;

		snprintf(name, sizeof(name), "%s/fill%ld", folder, made);
		fd = open(name, O_WRONLY | O_CREAT, 0644);
		if (fd < 0) {
			printf("%ld\n", made);
			return errno == ENOSPC ? HOSTILE_REFUSED : HOSTILE_BROKEN;
		}
		close(fd);
	}
	remove_files(folder, made);
	return hostile_breach(true, "all the files");
}

/* A file that has no blocks and would be read for hours. */
static int sparse_file(void)
{
	int fd = open("long", O_WRONLY | O_CREAT, 0644);
	bool made = ftruncate(fd, 1LL << 40) == 0;

	if (made)
		unlink("long");
	return hostile_breach(made, "1 TiB") ? 1 : HOSTILE_REFUSED;
}

static int open_files(void)
{
	int count = 0;

	while (count < 5000 && open("/dev/null", O_RDONLY) >= 0)
		count++;
	printf("%d\n", count);
	return 0;
}

static int sync_storm(void)
{
	int fd = open("synced", O_RDWR | O_CREAT, 0644);

	for (long i = hostile_number("count", 200); i > 0; i--) {
		if (pwrite(fd, data, 4096, (i % 16) * 4096) < 0)
			return HOSTILE_BROKEN;
		fsync(fd);
		fdatasync(fd);
	}
	unlink("synced");
	return 0;
}

/* Large files that are bound in from the host: what they fill is a cache, not our memory. */
static int read_big(void)
{
	static const char *const paths[] = {
		"/usr/bin/python3", "/usr/bin/perl", "/usr/bin/git",
		"/usr/lib/locale/locale-archive", "/usr/lib/gcc/x86_64-linux-gnu/12/cc1",
	};
	long left = hostile_number("mib", 256);

	for (size_t i = 0; i < COUNT(paths); i++) {
		int fd = open(paths[i], O_RDONLY);

		while (fd >= 0 && left > 0 && read(fd, data, sizeof(data)) > 0)
			left--;
		if (fd >= 0)
			close(fd);
	}
	return 0;
}

/* Sends both ends of a pair through the pair: nothing but the kernel's collector closes them. */
static bool send_cycle(void)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	struct iovec text = { data, 1 };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int pair[2];
	bool sent;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return false;
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(pair));
	memcpy(CMSG_DATA(&control.head), pair, sizeof(pair));
	sent = sendmsg(pair[0], &message, MSG_DONTWAIT) == 1;
	close(pair[0]);
	close(pair[1]);
	return sent;
}

static int fd_cycles(void)
{
	for (long i = hostile_number("count", 20000); i > 0 && send_cycle(); i--)
		;
	return 0;
}

const struct hostile_act hostile_stores[] = {
	{ "disk_fill", disk_fill },
	{ "mem_tmpfs", mem_tmpfs },
	{ "flood_file", flood_file },
	{ "flood_pipe", flood_pipe },
	{ "flood_line", flood_line },
	{ "inode_fill", inode_fill },
	{ "sparse_file", sparse_file },
	{ "open_files", open_files },
	{ "sync_storm", sync_storm },
	{ "read_big", read_big },
	{ "fd_cycles", fd_cycles },
	{ NULL, NULL },
};
