/* remote_merge.h - three versions of a file: what is to be done, and lines put together */
#ifndef TALI_REMOTE_MERGE_H
#define TALI_REMOTE_MERGE_H

#include "base/buf.h"
#include "base/err.h"

enum remote_step {
	REMOTE_SAME,		/* nothing is to be done */
	REMOTE_MOVE_BASE,	/* both came to the same */
	REMOTE_FETCH,		/* it changed there alone */
	REMOTE_SEND,		/* it changed here alone */
	REMOTE_BOTH,		/* each changed it in another way */
};

/* What each version is, as a text that is the same when the versions are (a hash, and whether it
 * can be executed); "": there is no file. */
enum remote_step remote_merge_step(const char *base, const char *here, const char *there);

/* Puts lines together (git merge-file) that were changed here and there; the folder is for
 * temporary files. 1: `ret` (set up here) has both changes. 0: they are about the same lines, or
 * these are no texts. -1: ERR_ENV. */
int remote_merge_lines(const char *folder, const struct buf *base, const struct buf *here,
		       const struct buf *there, struct buf *ret, struct err *err);

#endif
