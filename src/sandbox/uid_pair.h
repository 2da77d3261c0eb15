/* uid_pair.h - two host user ids for one slot of a root caller: for pid 1 and for the payload
 *
 * 60578-61183 is what both Debian's policy and systemd's UIDS-GIDS leave to nobody. Pair k is held
 * by a lock on byte k of /run/tali/uids and is free again when its holder dies, however that
 * happens. */
#ifndef TALI_UID_PAIR_H
#define TALI_UID_PAIR_H

#include "base/err.h"

#include <sys/types.h>

struct uid_pair {
	int lock_fd;	/* close it to give the pair back */
	uid_t init;	/* uid and gid of the first process, inside 0 */
	uid_t payload;	/* uid and gid of the payload, inside 1000 */
};

#define UID_PAIR_INIT { .lock_fd = -1 }

int uid_pair_take(struct uid_pair *slot, struct err *err);

#endif
