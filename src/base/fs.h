/* fs.h - files and folders: whole reads with a limit, atomic writes, confined paths, safe
 * removal */
#ifndef TALI_FS_H
#define TALI_FS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* "a/b" of "a" and "b"; yours. */
char *fs_join(const char *folder, const char *name);

/* Opens what stands at a relative path below the folder, to read, without waiting, and following no
 * link on the way (O_NOFOLLOW alone guards the last part only). -1 with errno. */
int fs_open_below(int folder_fd, const char *path);

/* Opens the folder into which a relative path below the folder leads, following no link on the way;
 * with `make` what is missing is made. *ret_name is the last part of the path. -1 with errno. */
int fs_open_parent(int folder_fd, const char *path, bool make, const char **ret_name);

/* Puts a file there in the place of whatever has that name, by a temporary one beside it that is
 * called ".tali-" and an id: old or new when this process dies. Nothing is synced. */
int fs_put(int parent, const char *name, mode_t mode, const void *data, size_t len,
	   struct err *err);

/* Reads a regular file of at most `limit` bytes relative to dirfd (AT_FDCWD allowed) into `out`;
 * ERR_NOT_FOUND, ERR_INPUT (too large, not a regular file) or ERR_ENV. With a
 * folder as `dirfd`, no link is followed (fs_open_below). */
int fs_read(int dirfd, const char *path, size_t limit, struct buf *out, struct err *err);

/* Writes path by a temporary file, fsync, rename and fsync of the folder: old or new, never
 * half. */
int fs_write(const char *path, mode_t mode, const void *data, size_t len, struct err *err);

/* fsync of the folder that `path` is a name in, so that it is there after a loss of power. -1 with
 * errno. */
int fs_sync_parent(const char *path);

/* write(2) until all is written. */
int fs_write_all(int fd, const void *data, size_t len);

/* Creates the folder and the ones above it. */
int fs_mkdirs(const char *path, mode_t mode, struct err *err);

/* 0 when we may write in the folder, or, where it is not there, in the nearest one above it, so
 * that fs_mkdirs can be expected to make it. ERR_ENV. */
int fs_may_mkdirs(const char *path, struct err *err);

/* A descriptor of the folder that nobody else has locked so (waits its turn); closing it
 * unlocks. */
int fs_lock(const char *folder, struct err *err);

/* Creates a fresh folder "PREFIX.XXXXXX" (0700) under $TMPDIR or /tmp; path is yours. */
char *fs_temp_dir(const char *prefix, struct err *err);

/* Removes a whole tree beneath dirfd by descriptors (no path length limit, follows no links,
 * makes unreadable folders readable first). A missing path is fine. */
int fs_remove_tree(int dirfd, const char *path, struct err *err);

/* For AUTO: removes the tree and frees the path (errors are ignored). */
void fs_temp_release(char **path);

bool fs_is_dir(const char *path);
bool fs_exists(const char *path);

#define FS_PATH_FOLDERS 64

/* A path that may be used inside a workspace or task, and that git can hold: relative, no empty,
 * "." or ".." part, no part that is ".git" or that some system takes for it (any case, "git~1",
 * ".git ", ".git.", ".git:x"), no control characters, no backslash, valid UTF-8, parts <= 255
 * bytes, whole <= 1024, below at most FS_PATH_FOLDERS folders. */
bool fs_path_confined(const char *path);

/* Shell glob on paths: '*' and '?' within a part, '**' over parts, [a-z] sets. */
bool fs_path_match(const char *glob, const char *path);

/* Whether it is longer than the ending and ends in it: fs_path_ends("a/b.in", ".in"). */
bool fs_path_ends(const char *path, const char *ending);

struct fs_limits {
	uint64_t files;		/* most files and folders */
	uint64_t bytes;		/* most bytes in all */
	uint64_t file_bytes;	/* most bytes in one */
	unsigned depth;		/* most nested folders */
	const char *const *skip;	/* names that are no part of the tree, ends with NULL; or
					 * NULL */
};

/* Copies regular files and folders of the tree at `from` (descriptor) into the folder `to`
 * (descriptor); symlinks, FIFOs, sockets and devices are left out and counted in *ret_left_out
 * (may be NULL). Mode is 0755 for what the owner may execute, else 0644; times are kept. */
int fs_copy_tree(int from, int to, const struct fs_limits *limits, unsigned *ret_left_out,
		 struct err *err);

/* The same for a tree that nobody trusts, coming back to where it was copied from: a file that has
 * its size and time there already is left alone, and a name that is not confined (".git", ...) is
 * left out. */
int fs_copy_changes(int from, int to, const struct fs_limits *limits, unsigned *ret_left_out,
		    struct err *err);

#endif
