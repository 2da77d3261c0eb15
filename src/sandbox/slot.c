/* slot.c - one sandbox that is kept: how it is built, proved clean, and thrown away */
#include "sandbox/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/work_folder.h"

#define BUILD_MOST (60 * 1000)	/* ms; a sandbox that takes longer to build is broken */
#define REMOVE_MOST 2000	/* files and folders: removing more costs as much as a new slot */

static bool root(void)
{
	return geteuid() == 0;
}

static int send_step(const struct slot *slot, enum run_step step, struct err *err)
{
	char byte = (char)step;

	if (run_channel_send(slot->container.channel, &byte, 1, NULL, 0) < 0)
		return err_set(err, ERR_ENV, "the sandbox died");
	return 0;
}

/* Waits for the next note of the first process. */
static int await_note(struct slot *slot, enum run_note_kind kind, int fds[RUN_CHANNEL_FDS],
		      const int watched[2], struct err *err)
{
	struct pollfd waiting[] = {
		{ .fd = slot->container.channel, .events = POLLIN },
		{ .fd = watched[0], .events = POLLRDHUP },
		{ .fd = watched[1], .events = POLLRDHUP },
	};
	struct run_note note;

	if (poll(waiting, 3, BUILD_MOST) <= 0)
		return err_set(err, ERR_ENV, "the sandbox could not be built in time");
	if (waiting[1].revents || waiting[2].revents)
		return err_set(err, ERR_ENV, "the run was given up");
	if (run_channel_receive(slot->container.channel, &note, sizeof(note), fds) !=
	    (ssize_t)sizeof(note))
		return err_set(err, ERR_ENV, "the sandbox died while it was built");
	if (note.kind == RUN_NOTE_FAILED) {
		*err = note.err;
		return -1;
	}
	slot->landlock = note.landlock;
	return note.kind == kind ? 0 : err_set(err, ERR_ENV, "the sandbox is out of step");
}

static int start_container(struct slot *slot, struct err *err)
{
	const struct container_setup setup = {
		.disk = slot->disk,
		.inodes = slot->inodes,
		.uids = root() ? &slot->uids : NULL,
		.uid = geteuid(),
		.gid = getegid(),
		.count_memory = cgroup_has(&slot->group, CGROUP_MEMORY),
		.count_tasks = cgroup_has(&slot->group, CGROUP_PIDS),
		.own_cgroup = slot->group.version == 2,
		.group = &slot->group,
	};

	return container_start(&slot->container, &setup, err);
}

static int note_folders(struct slot *slot, struct err *err)
{
	for (int i = 0; i < ROOTFS_FOLDERS; i++) {
		struct slot_folder *fresh = &slot->fresh[i];

		fresh->attributes = flistxattr(slot->folders[i], NULL, 0);
		if (fstat(slot->folders[i], &fresh->status) < 0 ||
		    fstatvfs(slot->folders[i], &fresh->space) < 0)
			return err_sys(err, "cannot look at a folder");
	}
	return 0;
}

static int build(struct slot *slot, const struct cgroup_base *base, const int watched[2],
		 struct err *err)
{
	int fds[RUN_CHANNEL_FDS];

	if (root() && uid_pair_take(&slot->uids, err) < 0)
		return -1;
	slot->uid = root() ? slot->uids.payload : geteuid();
	slot->gid = root() ? slot->uids.payload : getegid();
	if (cgroup_open(&slot->group, base, root() ? slot->uids.init : (uid_t)-1, err) < 0 ||
	    start_container(slot, err) < 0)
		return -1;

	if (root() && (await_note(slot, RUN_NOTE_MAP, NULL, watched, err) < 0 ||
		       container_map(&slot->container, &slot->uids, err) < 0 ||
		       send_step(slot, RUN_STEP_MAPPED, err) < 0))
		return -1;
	if (await_note(slot, RUN_NOTE_READY, fds, watched, err) < 0)
		return -1;
	for (int i = 0; i < ROOTFS_FOLDERS; i++)
		slot->folders[i] = fds[i];
	slot->listener = fds[ROOTFS_FOLDERS];
	return note_folders(slot, err);
}

/* Ubuntu lets everybody make a user namespace, and then takes the rights in it away. */
static bool apparmor_restricts(void)
{
	char word = '0';
	AUTO_FD int fd = open("/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
			      O_RDONLY | O_CLOEXEC);

	return !root() && fd >= 0 && read(fd, &word, 1) == 1 && word == '1';
}

/* What the kernel refuses in a new namespace has a cause that it does not tell. */
static void explain(struct err *err)
{
	struct err why = *err;

	if (apparmor_restricts())
		err_set(err, ERR_ENV,
			"%.300s (AppArmor takes the rights in user namespaces away: sysctl "
			"kernel.apparmor_restrict_unprivileged_userns=0, or run as root)",
			why.text);
}

int slot_build(struct slot *slot, const struct cgroup_base *base, const struct plan_limits *limits,
	       const int watched[2], struct err *err)
{
	slot->disk = limits->disk;
	slot->inodes = limits->inodes;
	if (build(slot, base, watched, err) == 0)
		return 0;
	explain(err);
	slot_close(slot);
	return -1;
}

bool slot_is_built(const struct slot *slot)
{
	return slot->container.pid > 0;
}

bool slot_fits(const struct slot *slot, const struct plan_limits *limits)
{
	return slot_is_built(slot) && slot->disk == limits->disk && slot->inodes == limits->inodes;
}

/* --- proving it clean */

/* Also what a folder's owner can set on it: mode, owner, attributes, flags. */
static bool is_as_made(int fd, const struct slot_folder *fresh)
{
	struct statvfs space;
	struct stat status;
	int flags = 0;

	if (fstat(fd, &status) < 0 || fstatvfs(fd, &space) < 0)
		return false;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 && errno != ENOTTY && errno != EOPNOTSUPP)
		return false;
	return flags == 0 && flistxattr(fd, NULL, 0) == fresh->attributes &&
	       status.st_mode == fresh->status.st_mode && status.st_uid == fresh->status.st_uid &&
	       status.st_gid == fresh->status.st_gid &&
	       status.st_nlink == fresh->status.st_nlink &&
	       space.f_bfree == fresh->space.f_bfree && space.f_ffree == fresh->space.f_ffree;
}

/* An entry takes an inode or a block: where none is missing there is nothing to remove. */
static bool reset_folder(int fd, const struct slot_folder *fresh)
{
	const struct timespec times[2] = { fresh->status.st_atim, fresh->status.st_mtim };

	if (futimens(fd, times) == 0 && is_as_made(fd, fresh))
		return true;
	return work_folder_empty(fd, REMOVE_MOST) == 0 &&
	       fchown(fd, fresh->status.st_uid, fresh->status.st_gid) == 0 &&
	       fchmod(fd, fresh->status.st_mode & 07777) == 0 && futimens(fd, times) == 0 &&
	       is_as_made(fd, fresh);
}

bool slot_reset(struct slot *slot, const struct run_note *over)
{
	if (!over->clean)
		return false;
	for (int i = 0; i < ROOTFS_FOLDERS; i++)
		if (!reset_folder(slot->folders[i], &slot->fresh[i]))
			return false;
	return cgroup_end(&slot->group);
}

void slot_close(struct slot *slot)
{
	container_close(&slot->container);
	cgroup_close(&slot->group);
	for (int i = 0; i < ROOTFS_FOLDERS; i++)
		if (slot->folders[i] >= 0)
			close(slot->folders[i]);
	if (slot->listener >= 0)
		close(slot->listener);
	if (slot->uids.lock_fd >= 0)
		close(slot->uids.lock_fd);
	*slot = (struct slot)SLOT_INIT;
}
