/* uid_pair.c - two host user ids for one slot of a root caller */
#include "sandbox/uid_pair.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

#define FOLDER "/run/tali"
#define FIRST_UID 60578
#define PAIRS 303

static int open_lock_file(struct err *err)
{
	struct stat status;
	int fd;

	if (mkdir(FOLDER, 0700) < 0 && errno != EEXIST)
		return err_sys(err, "cannot create %s", FOLDER);
	if (lstat(FOLDER, &status) < 0 || !S_ISDIR(status.st_mode) || status.st_uid != 0 ||
	    (status.st_mode & 022))
		return err_set(err, ERR_ENV, "%s must be a folder that only root may write",
			       FOLDER);

	fd = open(FOLDER "/uids", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_sys(err, "cannot open %s/uids", FOLDER);
	return fd;
}

int uid_pair_take(struct uid_pair *slot, struct err *err)
{
	AUTO_FD int fd = open_lock_file(err);
	int start = getpid() % PAIRS;

	if (fd < 0)
		return -1;

	for (int i = 0; i < PAIRS; i++) {
		int pair = (start + i) % PAIRS;
		struct flock lock = { .l_type = F_WRLCK, .l_start = pair, .l_len = 1 };

		if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
			slot->init = FIRST_UID + 2 * (uid_t)pair;
			slot->payload = slot->init + 1;
			slot->lock_fd = TAKE_FD(fd);
			return 0;
		}
		if (errno != EAGAIN && errno != EACCES)
			return err_sys(err, "cannot lock %s/uids", FOLDER);
	}
	return err_set(err, ERR_ENV, "all %d sandbox user ids are in use", PAIRS);
}
