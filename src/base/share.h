/* share.h - the files under share/ that are compiled in */
#ifndef TALI_SHARE_H
#define TALI_SHARE_H

#include <stddef.h>

struct share_file {
	const char *name;	/* path below share/, e.g. "schema/tali.task-1.json" */
	const char *data;	/* NUL ends it */
	size_t size;
};

/* Sorted by name, ends with a NULL name. */
extern const struct share_file share_files[];

/* NULL when there is no such file. */
const struct share_file *share_find(const char *name);

#endif
