/* hostile_remains.c - what could be left on the machine for good, before and after */
#include "hostile_case.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "hostile_tree.h"
#include "hostile_witness.h"

#define SLOT_FIRST 60578	/* the host user ids of sandboxes */
#define SLOT_LAST 61183

static int mounts_before, ids_before;

/* Mounts that a sandbox makes in a namespace of its own would be seen here. */
static int count_mounts(void)
{
	AUTO_FILE FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[4096], point[4096];
	int count = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%*d %*d %*s %*s %4095s", point) == 1)
			count += strcmp(point, "/tmp") == 0 || strcmp(point, "/") == 0 ||
				 strncmp(point, "/tmp/tali", 9) == 0 ||
				 strncmp(point, "/work", 5) == 0;
	return count;
}

/* System V objects that our user, or a user of sandboxes, has made. Those under a witness's key are
 * of a test that runs beside this one. */
static int count_ids(void)
{
	static const char *const tables[] = { "shm", "msg", "sem" };
	/* the column of the creator's uid, from 0 */
	static const int columns[] = { 9, 9, 6 };
	int count = 0;

	for (int i = 0; i < 3; i++) {
		AUTO_FILE FILE *file = NULL;
		char path[64], line[512];

		snprintf(path, sizeof(path), "/proc/sysvipc/%s", tables[i]);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file)) {
			char *rest = line, *word = NULL;
			long key = strtol(line, NULL, 10), uid;

			if ((key & ~0xffffL) == WITNESS_KEYS)
				continue;
			for (int column = 0; column <= columns[i]; column++)
				word = strtok_r(column ? NULL : line, " \n", &rest);
			uid = word && isdigit((unsigned char)*word) ? strtol(word, NULL, 10) : -1;
			count += uid == (long)geteuid() || (uid >= SLOT_FIRST && uid <= SLOT_LAST);
		}
	}
	return count;
}

/* Files of users that only sandboxes have. */
static int count_files(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	struct stat status;
	int count = 0;

	while (folder && (entry = readdir(folder)))
		if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		    status.st_uid >= SLOT_FIRST && status.st_uid <= SLOT_LAST) {
			print_message("left: %s/%s\n", path, entry->d_name);
			count++;
		}
	if (folder)
		closedir(folder);
	return count;
}

/* --- control groups */

static const pid_t *wanted;
static size_t wanted_count;
static int groups;

/* "tali-NAMESPACE-PID" of one of the wanted, or, when none is, of a process that is dead. Those of
 * another process namespace cannot be told from living ones. */
static bool is_left(const char *name)
{
	unsigned long namespace;
	struct stat own;
	int pid;

	if (sscanf(name, "tali-%lu-%d", &namespace, &pid) != 2 ||
	    stat("/proc/self/ns/pid", &own) < 0 || namespace != own.st_ino)
		return false;
	for (size_t i = 0; i < wanted_count; i++)
		if (wanted[i] == pid)
			return true;
	return wanted_count == 0 && kill(pid, 0) < 0 && errno == ESRCH;
}

static int see_group(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	/* those of other users, whose tests kill too, are not ours to sweep */
	if (kind == FTW_D && status->st_uid == geteuid() && is_left(path + place->base)) {
		print_message("left: %s\n", path);
		groups++;
	}
	return 0;
}

int hostile_remains_groups(const pid_t *pids, size_t count)
{
	wanted = pids;
	wanted_count = count;
	groups = 0;
	nftw("/sys/fs/cgroup", see_group, 20, FTW_PHYS);
	return groups;
}

/* Other tests kill too: what they leave, the next launcher sweeps. */
static void sweep(void)
{
	struct err err = ERR_INIT;
	struct sandbox *sandbox = sandbox_start(&err);

	assert_non_null(sandbox);
	sandbox_close(&sandbox);
}

void hostile_remains_note(void)
{
	mounts_before = count_mounts();
	ids_before = count_ids();
}

void hostile_remains_check(void)
{
	static const char *const folders[] = { "/tmp", "/var/tmp", "/dev/shm", "/run",
					       "/run/tali" };
	struct tree none = { .count = 0 };
	int left = 1;

	assert_int_equal(tree_await_children(&none, 10000), 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);	/* nobody of ours lives */
	assert_int_equal(play_count_marked(), 0);
	assert_int_equal(count_mounts(), mounts_before);
	/* what a test beside this one had then may be gone by now */
	assert_in_range(count_ids(), 0, ids_before);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		assert_int_equal(count_files(folders[i]), 0);
	for (int i = 0; i < 3 && left > 0; i++) {
		sweep();
		left = hostile_remains_groups(NULL, 0);
	}
	assert_int_equal(left, 0);
}
