/* folder_scan.h - what lies in a folder that is not trusted: listed by descriptors, bounded, in
 * git's order */
#ifndef TALI_FOLDER_SCAN_H
#define TALI_FOLDER_SCAN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* A regular file or folder as it was when it was listed. */
struct folder_entry {
	char *path;
	struct stat stat;
};

/* Each folder stands before what lies in it; the files alone are in the order of a git index. */
struct folder_scan {
	struct folder_entry *entries;
	size_t count, size;
	unsigned left_out;	/* links and special files */
};

#define FOLDER_SCAN_INIT { .entries = NULL }
void folder_scan_release(struct folder_scan *scan);

/* Lists the folder (descriptor; its position is not moved). ".git" and the names in `skip` (ends
 * with NULL; may be NULL) are passed over wherever they stand, whatever they are. ERR_INPUT past
 * the limits or for a name that is not allowed, ERR_ENV for a folder that cannot be read; both name
 * the path. */
int folder_scan_list(struct folder_scan *ret, int folder_fd, const char *const *skip,
		     const struct fs_limits *limits, struct err *err);

/* Reads the file at `path` below the folder into `out` (emptied first), following no link on the
 * way. 0 when it was read, with its state before that in *ret_stat; 1 when there is no such regular
 * file any more; -1 with ERR_ENV (cannot be read) or ERR_INPUT (larger than out->limit). */
int folder_scan_read(int folder_fd, const char *path, struct buf *out, struct stat *ret_stat,
		     struct err *err);

#endif
