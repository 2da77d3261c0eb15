/* owned_folder.c - see owned_folder.h */
#include "base/owned_folder.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* A folder of our own user that nobody has locked; it stays locked as long as the descriptor. */
static int take_left(int dir, const char *name)
{
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
	    flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -1;
	return TAKE_FD(fd);
}

/* What cannot be removed is left for the next one. */
static void remove_left(const char *where, const char *prefix)
{
	AUTO(close_dir) DIR *dir = opendir(where);
	size_t len = strlen(prefix);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		AUTO_FD int lock = -1;
		struct err ignored = ERR_INIT;

		if (strncmp(entry->d_name, prefix, len) != 0 || entry->d_name[len] != '.')
			continue;
		lock = take_left(dirfd(dir), entry->d_name);
		if (lock >= 0)
			fs_remove_tree(dirfd(dir), entry->d_name, &ignored);
	}
}

/* Between its making and its lock another process may have taken it for one that was left: then the
 * lock is that of a folder that is gone. */
static int lock_made(const char *path, struct err *err)
{
	struct err why = ERR_INIT;
	AUTO_FD int fd = fs_lock(path, &why);
	struct stat locked, there;

	if (fd < 0 && fs_exists(path))
		return err_set(err, why.code, "%s", why.text);
	if (fd < 0 || fstat(fd, &locked) < 0 || stat(path, &there) < 0 ||
	    locked.st_ino != there.st_ino || locked.st_dev != there.st_dev)
		return -2;
	return TAKE_FD(fd);
}

int owned_folder_make(const char *where, const char *prefix, struct owned_folder *ret,
		      struct err *err)
{
	const char *base = getenv("TMPDIR");
	int lock = -2;

	if (!where)
		where = base && *base ? base : "/tmp";
	remove_left(where, prefix);
	while (lock == -2) {
		AUTO_FREE char *path = buf_format("%s/%s.XXXXXX", where, prefix);

		if (!mkdtemp(path))
			return err_sys(err, "%s", path);
		lock = lock_made(path, err);
		if (lock >= 0)
			*ret = (struct owned_folder){ TAKE(path), lock };
	}
	return lock < 0 ? -1 : 0;
}

void owned_folder_release(struct owned_folder *folder)
{
	if (!folder->path)
		return;
	fs_temp_release(&folder->path);
	close(folder->lock);
}
