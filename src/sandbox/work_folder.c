/* work_folder.c - makes what the caller put into a writable folder the payload's own, and removes
 * what the payload has left there */
#include "sandbox/work_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

#define DEPTH_MOST 64

struct owner {
	uid_t uid;
	gid_t gid;
};

static int settle_folder(int fd, const struct owner *owner, int depth, struct err *err);

static void auto_closedir(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

static int settle_entry(int folder, const char *name, const struct owner *owner, int depth,
			struct err *err)
{
	AUTO_FD int fd = -1;
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot look at '%s'", name);

	if (S_ISDIR(status.st_mode)) {
		fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return err_sys(err, "cannot open '%s'", name);
		return settle_folder(fd, owner, depth + 1, err);
	}

	if (fchownat(folder, name, owner->uid, owner->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot give away '%s'", name);
	if (S_ISREG(status.st_mode) &&
	    fchmodat(folder, name, status.st_mode & S_IXUSR ? 0755 : 0644, 0) < 0)
		return err_sys(err, "cannot set the mode of '%s'", name);
	return 0;
}

static int settle_folder(int fd, const struct owner *owner, int depth, struct err *err)
{
	AUTO(auto_closedir) DIR *folder = NULL;
	struct dirent *entry;
	int copy;

	if (depth > DEPTH_MOST)
		return err_set(err, ERR_INPUT, "more than %d nested folders", DEPTH_MOST);

	/* an open of its own: the caller's read position stays where it is */
	copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = copy < 0 ? NULL : fdopendir(copy);
	if (!folder)
		return err_sys(err, "cannot read a folder");

	while ((entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (settle_entry(fd, entry->d_name, owner, depth, err) < 0)
			return -1;
	}

	if (fchown(fd, owner->uid, owner->gid) < 0 || fchmod(fd, 0755) < 0)
		return err_sys(err, "cannot give away a folder");
	return 0;
}

int work_folder_settle(int work_fd, uid_t uid, gid_t gid, struct err *err)
{
	struct owner owner = { uid, gid };

	if (settle_folder(work_fd, &owner, 0, err) < 0)
		return err_wrap(err, "work folder");
	return 0;
}

/* --- emptying */

/* Moves a folder that stands in a folder of the top one up, beside that: so no path grows long, and
 * no recursion deep. */
static int move_up(int folder, const char *name, int top, unsigned *moved)
{
	char to[32];

	do {
		snprintf(to, sizeof(to), "tali-%u", (*moved)++);
		if (renameat2(folder, name, top, to, RENAME_NOREPLACE) == 0)
			return 0;
	} while (errno == EEXIST);
	return -1;
}

/* Takes a folder below the top one apart: its files go, its folders move up. */
static int take_apart(int top, const char *name, unsigned *left, unsigned *moved)
{
	AUTO(auto_closedir) DIR *folder = NULL;
	struct dirent *entry;
	int fd;

	/* its owner may have locked himself out */
	if (fchmodat(top, name, 0700, 0) < 0)
		return -1;
	fd = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder)
		return -1;
	while ((entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if ((*left)-- == 0)
			return -1;
		if (unlinkat(fd, entry->d_name, 0) == 0)
			continue;
		if (fchmodat(fd, entry->d_name, 0700, 0) < 0 ||
		    move_up(fd, entry->d_name, top, moved) < 0)
			return -1;
	}
	return unlinkat(top, name, AT_REMOVEDIR);
}

/* One pass over the top folder; what it moves up is for the next. 1 when anything was there. */
static int empty_once(int top, unsigned *left, unsigned *moved)
{
	int fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(auto_closedir) DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int found = 0;

	if (!folder)
		return -1;
	while ((entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		found = 1;
		if ((*left)-- == 0)
			return -1;
		if (unlinkat(top, entry->d_name, 0) < 0 &&
		    take_apart(top, entry->d_name, left, moved) < 0)
			return -1;
	}
	return found;
}

int work_folder_empty(int fd, unsigned most)
{
	unsigned left = 2 * most, moved = 0;
	int found;

	if (fchmod(fd, 0700) < 0)
		return -1;
	do
		found = empty_once(fd, &left, &moved);
	while (found == 1);
	return found;
}
