/* live_desk_files.h - the files of a live terminal: saved there, or changed by the page */
#ifndef TALI_LIVE_DESK_FILES_H
#define TALI_LIVE_DESK_FILES_H

#include "assess/live_desk.h"

/* Makes session and folder the same, both ways: what the shell saved becomes events, what others
 * changed is written into the folder. With `all` every file is looked at, else where the kernel
 * told of something. 0 also when nothing can be stored any more. */
int live_desk_files_exchange(struct live_desk *desk, bool all, struct err *err);

/* {path: null} of the files of a fold; yours. */
json_t *live_desk_files_paths(const struct fold *fold);

#endif
