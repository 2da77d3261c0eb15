/* work_file.h - writing into the work folder of a sandbox in which programs run
 *
 * The tree is hostile: no link is followed, and nothing but regular files is written. What is made
 * belongs to whom the folder belongs to. A file that is there is written in place, so that its
 * owner, its mode and whoever has it open stay. */
#ifndef TALI_WORK_FILE_H
#define TALI_WORK_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* `path` must be confined (fs_path_confined); missing folders are made. ERR_ENV when something is
 * in the way, or the disk of the sandbox is full: the file may be cut off then. */
int work_file_put(int work_fd, const char *path, const struct buf *content, bool executable,
		  struct err *err);
/* One that is not there is fine. */
void work_file_remove(int work_fd, const char *path);

#endif
