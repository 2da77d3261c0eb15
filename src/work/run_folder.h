/* run_folder.h - a work folder in a sandbox of this machine, and what the run made of it
 *
 * The run has a copy, without .git and what tools leave (language_caches). New and changed regular
 * files come back, links and special files do not, and nothing is deleted. A file that was changed
 * here meanwhile stays as it is here: size and time tell. */
#ifndef TALI_RUN_FOLDER_H
#define TALI_RUN_FOLDER_H

#include "sandbox/plan.h"

struct run_folder {
	const char *path;		/* of the work folder; borrowed */
	const struct plan_limits *limits;	/* of the run; borrowed */
	json_t *laid;			/* {path: size and time} */
	unsigned kept;			/* files that did not come back */
};

void run_folder_release(struct run_folder *folder);

/* Copies the folder into the empty work folder of a sandbox. ERR_INPUT when it does not fit into
 * the limits. */
int run_folder_lay(struct run_folder *folder, int work_fd, struct err *err);

/* Brings back what the run changed there. */
int run_folder_collect(struct run_folder *folder, int work_fd, struct err *err);

#endif
