/* slot.h - one sandbox that is kept: namespaces, file system, control groups, and its first process
 *
 * Runs follow each other in it. A slot is used again only when it is proved clean: every process of
 * the run is dead, its groups are empty, no memory is charged, no System V object and no packet on
 * its network was left, and its writable folders are as empty, and as they were in all that can be
 * changed in them, as on the first day. Else it is thrown away. */
#ifndef TALI_SLOT_H
#define TALI_SLOT_H

#include "sandbox/cgroup.h"
#include "sandbox/container.h"
#include "sandbox/plan.h"
#include "sandbox/rootfs.h"
#include "sandbox/run_channel.h"
#include "sandbox/uid_pair.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

/* A writable folder when it was made. */
struct slot_folder {
	struct stat status;
	struct statvfs space;
	ssize_t attributes;		/* bytes of the names of extended ones */
};

struct slot {
	uint64_t disk;			/* of the limits, what cannot be changed later */
	uint32_t inodes;
	struct uid_pair uids;		/* only root has a pair */
	uid_t uid;			/* of the payload, seen from outside */
	gid_t gid;
	struct cgroup group;
	struct container container;
	int folders[ROOTFS_FOLDERS];
	struct slot_folder fresh[ROOTFS_FOLDERS];
	bool landlock;
	int listener;			/* of the system call filter all runs have; -1: none */
};

#define SLOT_INIT \
	{ .uids = UID_PAIR_INIT, .group = CGROUP_INIT, .container = CONTAINER_INIT, \
	  .folders = { -1, -1, -1 }, .listener = -1 }

/* Builds it. Gives up with ERR_ENV when the other end of one of the two `watched` descriptors is
 * closed, or after a minute. On error nothing is left. */
int slot_build(struct slot *slot, const struct cgroup_base *base, const struct plan_limits *limits,
	       const int watched[2], struct err *err);
bool slot_is_built(const struct slot *slot);
/* False when it is not built, or built with other limits. */
bool slot_fits(const struct slot *slot, const struct plan_limits *limits);

/* After a run whose last note was `over`: true when the slot is proved clean. */
bool slot_reset(struct slot *slot, const struct run_note *over);

/* Kills all in it and removes it. */
void slot_close(struct slot *slot);

#endif
