/* host_folder.h - folders of the host that a run gets a copy of, and what it made of them
 *
 * A run never works in a folder of the host itself. New and changed regular files come back,
 * without set-user-id and other bits; links, special files and what git would take for its own do
 * not, and nothing is deleted. */
#ifndef TALI_HOST_FOLDER_H
#define TALI_HOST_FOLDER_H

#include "base/err.h"
#include "sandbox/plan.h"

#include <stdbool.h>

struct host_folder {
	char *source;	/* path on the host */
	char *target;	/* path below /work; "" is /work itself */
	bool read_only;	/* nothing comes back */
};

void host_folder_release(struct host_folder *folder);

/* Reads "SRC[:DST][:ro]"; DST begins with /work/ or is relative to it. ERR_USAGE. */
int host_folder_parse(const char *words, struct host_folder *ret, struct err *err);

/* Copies it below the work folder. ERR_INPUT when it does not fit into the limits. */
int host_folder_lay(const struct host_folder *folder, int work_fd,
		    const struct plan_limits *limits, struct err *err);

/* Brings back what the run has changed. Adds to *left_out what is no regular file or folder. */
int host_folder_collect(const struct host_folder *folder, int work_fd,
			const struct plan_limits *limits, unsigned *left_out, struct err *err);

#endif
