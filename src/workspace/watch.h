/* watch.h - what changes in a folder while programs work in it: files saved, moved, removed
 *
 * The kernel (notify.h) only says where to look; what changed is the difference between what is
 * there and what was there at the look before. So an editor that writes a new file and moves it
 * over the old one has written that file, and nothing is missed when the kernel could not tell all.
 * Changes that come close together are looked at once.
 *
 * The tree is hostile: no link is followed, only regular files and folders count, names that are
 * not confined (fs_path_confined) do not, and what is beyond the limits is left out. */
#ifndef TALI_WATCH_H
#define TALI_WATCH_H

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"

#include <stdbool.h>
#include <stdint.h>

#define WATCH_QUIET_MS 100	/* from the last change to the look */
#define WATCH_MOST_MS 1000	/* from the first one, if changes do not end */
#define WATCH_BLIND_MS 2000	/* between two looks where the kernel tells nothing */

enum watch_kind {
	WATCH_MADE_FOLDER,
	WATCH_MADE,
	WATCH_WRITTEN,
	WATCH_MODE,		/* only whether it can be executed */
	WATCH_MOVED,		/* from a path that is gone to one that is new, its content kept */
	WATCH_GONE,
	WATCH_GONE_FOLDER,
};

struct watch_change {
	enum watch_kind kind;
	const char *path, *from;	/* from: MOVED only */
	bool executable;
	/* MADE, WRITTEN: what is in it; NULL when it is larger than the limit of one file, or
	 * cannot be read. */
	const struct buf *content;
};

struct watch;

/* Watches all that is in the folder (a descriptor, copied), but for what has a name in `skip` (ends
 * with NULL, stays borrowed). What is there now is no change. */
struct watch *watch_open(int folder_fd, const char *const *skip, const struct fs_limits *limits,
			 struct err *err);
void watch_close(struct watch **watch);

/* To wait on: it can be read when the kernel has something to tell. -1: it tells nothing here, and
 * watch_due has the times to look. */
int watch_fd(const struct watch *watch);

/* Takes what the kernel has told. `now` and watch_due: ms of a clock that is never set back. */
void watch_take(struct watch *watch, int64_t now);
/* When to look; -1: no need to. */
int64_t watch_due(const struct watch *watch);

/* Looks where something changed, or with `all` everywhere, and at every byte. Calls visit for each
 * change, a folder before what is in it, and what is gone at last; -1 from it stops with its
 * error. */
int watch_look(struct watch *watch, bool all, int64_t now,
	       int (*visit)(void *arg, const struct watch_change *change, struct err *err),
	       void *arg, struct err *err);

/* Files and folders that are not followed: beyond a limit. */
unsigned watch_left_out(const struct watch *watch);

#endif
