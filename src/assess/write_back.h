/* write_back.h - what a program made in the sandbox comes back into the work folder
 *
 * After a run: only new and changed regular files; nothing is ever deleted. While a shell is open,
 * file by file: what is removed there is removed here. Either way a file that the candidate changed
 * meanwhile keeps the candidate's version. */
#ifndef TALI_WRITE_BACK_H
#define TALI_WRITE_BACK_H

#include "workspace/repo.h"

struct write_back {
	struct repo *repo;
	const char *tree;		/* what the sandbox started from */
	int folder_fd;			/* the candidate's work folder */
	unsigned written, kept; /* kept: left alone, changed by the candidate meanwhile or a link */
};

/* One file, at once, as far as the candidate's folder still holds what it held `before` (the blob
 * id of a file, "" for nothing): 1 when it is there now, 0 when it was kept (and counted), -1 on
 * error. `path` must be confined (fs_path_confined). */
int write_back_file(struct write_back *back, const char *path, const char *before,
		    const struct buf *content, bool executable, struct err *err);
/* Only whether it can be executed: 1 when it was changed. */
int write_back_mode(struct write_back *back, const char *path, const char *before, bool executable);
/* Removes it there too: 1 when it is gone. */
int write_back_remove(struct write_back *back, const char *path, const char *before);
/* Makes a folder, or removes one that is empty. */
void write_back_folder(struct write_back *back, const char *path, bool made);

/* For sandbox_io.collect with a struct write_back as arg. */
int write_back_collect(void *write_back, int work_fd, struct err *err);

#endif
