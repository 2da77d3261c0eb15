/* work_file.c - see work_file.h */
#include "assess/work_file.h"

#include "base/auto.h"
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whose the work folder is; where it cannot be given away (an ordinary user), it is ours as all of
 * the sandbox is. */
static void give(int fd, const struct stat *work)
{
	if (fchown(fd, work->st_uid, work->st_gid) < 0)
		return;
}

/* The folder that the file belongs into. -1 with errno. */
static int open_parent(int work_fd, const char *path, const struct stat *work, bool make,
		       const char **ret_name)
{
	AUTO_FREE char *copy = buf_strdup(path);
	AUTO_FD int at = fcntl(work_fd, F_DUPFD_CLOEXEC, 0);
	char *part = copy, *slash;

	while (at >= 0 && (slash = strchr(part, '/'))) {
		bool made;
		int below;

		*slash = '\0';
		made = make && mkdirat(at, part, 0755) == 0;
		below = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (made && below >= 0)
			give(below, work);
		close(at);
		at = below;
		part = slash + 1;
	}
	*ret_name = path + (part - copy);
	return TAKE_FD(at);
}

static int open_file(int parent, const char *name, const struct stat *work)
{
	int fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	struct stat st;

	if (fd >= 0) {
		give(fd, work);
		return fd;
	}
	if (errno != EEXIST)
		return -1;
	/* a FIFO without a reader does not hold us up */
	fd = openat(parent, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ftruncate(fd, 0) == 0)
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static void set_mode(int fd, bool executable)
{
	struct stat st;
	mode_t wanted;

	if (fstat(fd, &st) < 0)
		return;
	wanted = executable ? st.st_mode | (st.st_mode & 0444) >> 2 : st.st_mode & ~(mode_t)0111;
	if (wanted != st.st_mode && fchmod(fd, wanted & 0777) < 0)
		return;
}

int work_file_put(int work_fd, const char *path, const struct buf *content, bool executable,
		  struct err *err)
{
	const char *name;
	AUTO_FD int parent = -1;
	AUTO_FD int fd = -1;
	struct stat work;

	if (fstat(work_fd, &work) < 0)
		return err_sys(err, "the work folder");
	parent = open_parent(work_fd, path, &work, true, &name);
	fd = parent < 0 ? -1 : open_file(parent, name, &work);
	if (fd < 0 || fs_write_all(fd, buf_str(content), content->len) < 0)
		return err_sys(err, "cannot write '%s' there", path);
	set_mode(fd, executable);
	return 0;
}

void work_file_remove(int work_fd, const char *path)
{
	const char *name;
	AUTO_FD int parent = -1;
	struct stat work;

	if (fstat(work_fd, &work) < 0)
		return;
	parent = open_parent(work_fd, path, &work, false, &name);
	if (parent >= 0 && unlinkat(parent, name, 0) < 0)
		return;
}
