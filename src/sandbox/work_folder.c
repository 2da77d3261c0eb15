/* work_folder.c - makes what the caller put into /work the payload's own */
#include "sandbox/work_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
