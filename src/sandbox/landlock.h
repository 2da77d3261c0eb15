/* landlock.h - the kernel's path rules as a second wall behind the mounts (Linux >= 5.19) */
#ifndef TALI_LANDLOCK_H
#define TALI_LANDLOCK_H

#include "base/err.h"

#include <stdbool.h>

/* The rules for processes in the sandbox's root, which is the caller's: read and execute
 * everywhere, write in /work, /tmp, /dev/shm and the few devices (with count_memory false not
 * /dev/zero, see syscall_filter.h), no signals and abstract sockets to outside. *ret_ruleset is a
 * descriptor (yours), or -1 where the kernel has no (or too old a) Landlock. */
int landlock_open(bool count_memory, int *ret_ruleset, struct err *err);
/* One rule more: the terminal (a descriptor), which stands in a folder of the host's, may be opened
 * anew. A ruleset that has it is of no use for another run. */
int landlock_allow_terminal(int ruleset, int fd, struct err *err);
/* Limits the calling process, which must have no_new_privs. */
int landlock_apply(int ruleset, struct err *err);

#endif
