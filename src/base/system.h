/* system.h - what Linux has and other systems of today lack or call by another name
 *
 * All that the client of a server (./configure --disable-server) uses beyond POSIX.1-2008 is here
 * once: macOS and the BSDs have no O_PATH, no prctl(2), no inotify(7); macOS has no pipe2(2), no
 * explicit_bzero(3), and other names for the nanoseconds of struct stat. What only
 * the server and the sandbox use, which want Linux, is not. */
#ifndef TALI_SYSTEM_H
#define TALI_SYSTEM_H

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

/* A folder that is only a step on a path: where O_PATH is missing it must be readable. */
#ifdef O_PATH
#define SYSTEM_O_STEP O_PATH
#else
#define SYSTEM_O_STEP O_RDONLY
#endif

#ifndef HAVE_STRUCT_STAT_ST_MTIM_TV_NSEC
#define st_atim st_atimespec
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

/* Of every libc, and of POSIX only since 2024: headers may hide it. */
void *memmem(const void *data, size_t len, const void *what, size_t what_len);

/* No core file, and no other process of this user looks into our memory, where that can be had. */
void system_hide_memory(void);

/* Of standard input, output and error, those that are closed are opened, so that no file of ours
 * gets their number: reading them ends at once, writing to them fails with EBADF. 0, or -1 with
 * errno. */
int system_reserve_streams(void);

/* Overwrites a secret; no compiler leaves it out. */
void system_erase(void *secret, size_t len);

/* mkostemp(3) of "NAME.XXXXXX", which becomes the name; close-on-exec. -1 with errno. */
int system_temp(char *name);

/* pipe(2), both ends close-on-exec. 0, or -1 with errno. */
int system_pipe(int ret_ends[2]);

#endif
