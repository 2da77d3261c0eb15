/* archive_file.h - one .tar.gz, .tar or .zip in and out of a folder, by libarchive, bounded and
 * confined */
#ifndef TALI_ARCHIVE_FILE_H
#define TALI_ARCHIVE_FILE_H

#include "base/fs.h"

/* Unpacks the archive at `path` into the folder (descriptor). Entries that are not confined paths
 * (.., absolute, .git), links, devices, and anything past the limits make the whole call fail with
 * ERR_INPUT naming the entry; so do two entries of one name, and a top-level name that the folder
 * has already. What fails leaves nothing behind. A single top folder that holds everything, but for
 * the __MACOSX of macOS, is stripped when `strip_single` is set. Files get mode 0755 when their
 * owner may execute them, else 0644. */
int archive_file_unpack(const char *path, int folder_fd, const struct fs_limits *limits,
			bool strip_single, struct err *err);

/* Packs the folder as what the name ends in (.zip or .kpp, .tar, else a gzip-compressed tar file),
 * entries sorted, owner root, times zero: the same folder gives the same bytes. Every entry stands
 * below `top` ("cart/..."). Links, special files and ".git" are left out. Within repo_limits.
 * Written atomically. */
int archive_file_pack(const char *path, int folder_fd, const char *top, struct err *err);

#endif
