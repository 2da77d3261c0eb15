/* write_back.h - what a program made in the sandbox comes back into the work folder
 *
 * Only new and changed regular files; nothing is ever deleted; a file that the candidate changed
 * while the program ran keeps the candidate's version. */
#ifndef TALI_WRITE_BACK_H
#define TALI_WRITE_BACK_H

#include "workspace/repo.h"

struct write_back {
	struct repo *repo;
	const char *tree;		/* what the sandbox started from */
	int folder_fd;			/* the candidate's work folder */
	unsigned written, kept; /* kept: left alone, changed by the candidate meanwhile or a link */
};

/* For sandbox_io.collect with a struct write_back as arg. */
int write_back_collect(void *write_back, int work_fd, struct err *err);

#endif
