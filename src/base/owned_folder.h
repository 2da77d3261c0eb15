/* owned_folder.h - temporary folders that are removed when their process could not do it
 *
 * The process that made one keeps it locked (flock), so the lock ends with the process, however it
 * ends. Whoever makes the next one of the same prefix in the same place removes those of its own
 * user that nobody has locked. */
#ifndef TALI_OWNED_FOLDER_H
#define TALI_OWNED_FOLDER_H

#include "base/err.h"

struct owned_folder {
	char *path;	/* NULL: there is none */
	int lock;
};

#define OWNED_FOLDER_INIT { .path = NULL }

/* Creates a fresh folder "PREFIX.XXXXXX" (0700) in `where`, or for NULL in $TMPDIR or /tmp. Yours;
 * ERR_ENV. */
int owned_folder_make(const char *where, const char *prefix, struct owned_folder *ret,
		      struct err *err);
/* Removes it with all that is in it. */
void owned_folder_release(struct owned_folder *folder);

#endif
