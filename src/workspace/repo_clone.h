/* repo_clone.h - an ordinary clone for somebody else (include workspace/repo.h) */
#ifndef TALI_REPO_CLONE_H
#define TALI_REPO_CLONE_H

#include "workspace/repo.h"

/* Makes an ordinary clone with a work tree at `path` (must not exist or be an empty folder, else
 * ERR_STATE) that owns all of its objects and has no way back into ours (no alternates, no remote).
 * Branch main is checked out (ERR_NOT_FOUND when it has no commit); name and email become its user.
 * Until it is done the folder holds ".git.unfinished" in place of ".git"; such a folder is accepted
 * and made again. */
int repo_clone_out(struct repo *repo, const char *path, const char *name, const char *email,
		   struct err *err);

#endif
