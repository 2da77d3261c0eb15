/* landlock.h - the kernel's path rules as a second wall behind the mounts (Linux >= 5.19) */
#ifndef TALI_LANDLOCK_H
#define TALI_LANDLOCK_H

#include "base/err.h"

#include <stdbool.h>

/* Limits the calling process, which must have no_new_privs and stand in the sandbox's root: read
 * and execute everywhere, write in /work, /tmp, /dev/shm and the few devices, no signals and
 * abstract sockets to outside. *ret_applied is false where the kernel has no (or too old a)
 * Landlock. */
int landlock_apply(bool *ret_applied, struct err *err);

#endif
