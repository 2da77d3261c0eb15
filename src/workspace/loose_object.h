/* loose_object.h - one object of git in a file of its own, put in place when it is on disk
 *
 * A loose object is a zlib stream (RFC 1950) of "TYPE LENGTH", NUL and the contents. */
#ifndef TALI_LOOSE_OBJECT_H
#define TALI_LOOSE_OBJECT_H

#include "base/err.h"
#include "workspace/git_library.h"

#include <stdbool.h>
#include <stddef.h>

struct loose_object {
	int fd;
	char *temp; /* objects/tmp_obj_XXXXXX (git removes what is left of such, by that name) */
};

#define LOOSE_OBJECT_INIT { .fd = -1 }

/* Writes the file under its temporary name and lets the disk begin with it. */
int loose_object_write(struct loose_object *ret, const char *objects, git_object_t type,
		       const void *data, size_t len, struct err *err);

/* Waits until it is on disk (fsync). */
int loose_object_sync(struct loose_object *object, struct err *err);

/* Gives it the name of its id; *ret_fresh when a new folder was made for it, else as it was. */
int loose_object_place(struct loose_object *object, const char *objects, const git_oid *id,
		       bool *ret_fresh, struct err *err);

/* Closes it; one without its place is removed. */
void loose_object_release(struct loose_object *object);

#endif
