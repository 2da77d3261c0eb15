/* work_tree.h - the candidate's own work folder: which files count, and changing them with care
 *
 * Only regular files with confined paths count: those that git tracks or would add, also where a
 * folder is a repository of its own (to git that is one thing, to the work it is files), and what
 * the caller names. Not what editors and tools leave beside them, nor NAME.theirs. No link is
 * followed, nothing outside of the folder is read or written. */
#ifndef TALI_WORK_TREE_H
#define TALI_WORK_TREE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#include <jansson.h>
#include <stdbool.h>

enum work_tree_is {
	WORK_TREE_NOTHING,
	WORK_TREE_FILE,
	WORK_TREE_OTHER,	/* a link, too large, not to be read: it is left alone */
};

struct work_tree_file {
	enum work_tree_is is;
	bool executable;
	struct buf content;
	char hash[HASH_HEX_SIZE];
};
void work_tree_file_release(struct work_tree_file *file);

/* What stands at a path below the folder (a descriptor), up to `limit` bytes. */
void work_tree_read(int folder_fd, const char *path, size_t limit, struct work_tree_file *ret);

/* {path: true} of what is in the folder (absolute) and git has or would add. `skip`: names of what
 * tools leave (ends with NULL). *ret_odd: how many have names that cannot be told, or are work
 * trees and submodules (`git worktree add`), or more repositories than are looked at. Yours; NULL:
 * ERR_ENV. */
json_t *work_tree_list(const char *folder, const char *const *skip, unsigned *ret_odd,
		       struct err *err);

/* Puts a file there unless it is another meanwhile than `seen` (as read; NOTHING: there was none):
 * 1, and nothing was done. Folders are made. ERR_ENV: it is as it was; ERR_STATE: so it is, as
 * something is in the way (a file for a folder) or it is not for us to write there. */
int work_tree_put(int folder_fd, const char *path, const struct work_tree_file *seen,
		  const struct buf *content, bool executable, struct err *err);
/* The same for taking it away, with the folders that are empty then. */
int work_tree_remove(int folder_fd, const char *path, const struct work_tree_file *seen,
		     struct err *err);

#endif
