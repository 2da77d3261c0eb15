/* repo_internal.h - what the repo_* modules share and callers never see */
#ifndef TALI_REPO_INTERNAL_H
#define TALI_REPO_INTERNAL_H

#include "workspace/git_library.h"
#include "workspace/repo.h"


struct repo_stage;

struct repo {
	git_repository *git;
	git_odb *odb;
	struct repo_stage *stage;	/* owned by odb */
	char *path;
};

#define REPO_PATH_MOST 1024	/* bytes of a confined path */
#define REPO_PATH_SIZE (REPO_PATH_MOST + 256)

/* The last error of libgit2 behind the text: ERR_INTEGRITY when it was about an object, else
 * ERR_ENV. */
int repo_git_err(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads 40 hex digits. */
int repo_parse_oid(git_oid *ret, const char *hex, struct err *err);

/* ERR_INPUT when a path of a tree or folder is not allowed; the text shows it without control
 * characters. */
int repo_check_path(const char *path, struct err *err);

/* Sets `path` of `len` characters, which was checked, to "path/name" and checks that; the new
 * length or -1. */
int repo_path_add(char path[REPO_PATH_SIZE], size_t len, const char *name, struct err *err);

/* A tree by its id. NULL with ERR_INTEGRITY. */
git_tree *repo_tree(struct repo *repo, const git_oid *id, struct err *err);

/* Whether a tree's entry is a regular file (and not a link or submodule). */
static inline bool repo_is_file(git_filemode_t mode)
{
	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/* Makes the folders and files of an empty repository that are not there yet; HEAD, without which it
 * is none, comes last. Each file is on disk before the next, unless the repository is `passing`. */
int repo_lay_out(const char *path, const char *config, const char *alternate, bool passing,
		 struct err *err);

/* For AUTO */
static inline void repo_free_tree(git_tree **tree)
{
	git(tree_free)(*tree);
}

static inline void repo_free_object(git_odb_object **object)
{
	git(odb_object_free)(*object);
}

#endif
