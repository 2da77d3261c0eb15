/* work_folder.h - makes what the caller put into a writable folder the payload's own, and removes
 * what the payload has left there */
#ifndef TALI_WORK_FOLDER_H
#define TALI_WORK_FOLDER_H

#include "base/err.h"

#include <sys/types.h>

/* Gives everything below the descriptor to uid and gid: folders 0755, files 0755 when the owner
 * could execute them, else 0644. Links are given away, never followed. ERR_INPUT past 64 nested
 * folders. */
int work_folder_settle(int work_fd, uid_t uid, gid_t gid, struct err *err);

/* Removes everything in the folder, whatever its modes and however deep. -1 when something cannot
 * be removed, or when there are more than `most` files and folders. */
int work_folder_empty(int fd, unsigned most);

#endif
