/* rootfs.h - the file system a payload sees
 *
 * /usr and its companions are the host's, where it can be had behind inodes of the slot's own; of
 * /etc only what programs need and nobody keeps secret; users, hosts and name lookup are made up.
 * /work, /tmp and /dev/shm are tmpfs with a size each, all else is read-only, and nothing honours
 * set-user-id bits or device nodes but the few in /dev. */
#ifndef TALI_ROOTFS_H
#define TALI_ROOTFS_H

#include "base/err.h"
#include <stdint.h>
#include <sys/types.h>

enum rootfs_folder { ROOTFS_WORK, ROOTFS_TMP, ROOTFS_SHM, ROOTFS_FOLDERS };

/* Builds it and makes it the root of the calling process, which must be alone in a fresh mount and
 * process namespace that it may mount in. `disk` bytes and `inodes` fit into each writable
 * folder. uid and gid (as this process sees them) own /work. The writable folders' descriptors are
 * yours; none other is kept. */
int rootfs_enter(uint64_t disk, uint32_t inodes, uid_t uid, gid_t gid,
		 int ret_folders[ROOTFS_FOLDERS], struct err *err);

#endif
