/* repo.h - bare git repositories by libgit2: trees from folders, commits, tags, and folders from
 * trees
 *
 * The one header that callers include; it brings the repo_* headers below with it.
 *
 * No hook, filter or attribute of anybody is ever run or honoured, and no configuration but the
 * repository's own is read: file contents go in and out byte for byte, only regular files and
 * folders exist, modes are 100644 and 100755. Object ids are the 40 hex digits of git. What is
 * written is staged: the handle finds it at once, others only after repo_publish. A name that git
 * itself would refuse to check out (".git" and its disguises) or that is not confined
 * (fs_path_confined) is refused with ERR_INPUT wherever it is met; links and submodules in a tree
 * that somebody pushed are passed over. A missing or damaged object is ERR_INTEGRITY.
 *
 * One handle belongs to one thread. Several handles and git itself may use one repository at
 * once. */
#ifndef TALI_REPO_H
#define TALI_REPO_H

#include "base/err.h"
#include "base/fs.h"

#include <stdbool.h>
#include <stdint.h>

#define REPO_OID_SIZE 41	/* 40 hex digits and NUL */

struct repo;

/* Most a workspace or a task may hold. */
extern const struct fs_limits repo_limits;

/* Creates a bare repository with branch "main"; with `alternate` (path of another bare repository,
 * may be NULL) it borrows that one's objects. An existing repository is opened and mended
 * (idempotent): what a crash left out is added, and objects are borrowed from where `alternate` is
 * now. */
struct repo *repo_create(const char *path, const char *alternate, struct err *err);
/* The same for one that is thrown away: nothing waits for the disk. */
struct repo *repo_create_passing(const char *path, struct err *err);
/* ERR_NOT_FOUND when it is not there. */
struct repo *repo_open(const char *path, struct err *err);
void repo_close(struct repo **repo);

/* Puts all that was staged in place, on disk (fsync) before the call returns. On error what was
 * staged is forgotten. */
int repo_publish(struct repo *repo, struct err *err);

/* Stages a commit object (no ref moves). `parent` may be NULL, and so may `merged`, a second one.
 * Author and committer are the same. */
struct repo_commit {
	const char *tree;
	const char *parent, *merged;
	const char *name, *email;	/* e.g. "Ada L", "ada@example.org" */
	const char *message;
	int64_t time_ms;
};
int repo_write_commit(struct repo *repo, const struct repo_commit *commit,
		      char ret_commit[REPO_OID_SIZE], struct err *err);
/* Whether `commit` is `before`, or has it among those it came from: 1, 0, -1. */
int repo_commit_adds(struct repo *repo, const char *commit, const char *before, struct err *err);
int repo_commit_tree(struct repo *repo, const char *commit, char ret_tree[REPO_OID_SIZE],
		     struct err *err);

/* Name and address of a commit's author, yours. */
int repo_commit_author(struct repo *repo, const char *commit, char **ret_name, char **ret_email,
		       struct err *err);

/* Points refs/heads/main (or another full ref name) at a commit, whatever it was. One caller at a
 * time. Not waited for on disk: refs follow the database, which is asked and puts them right. */
int repo_set_ref(struct repo *repo, const char *ref, const char *oid, struct err *err);
/* "" in ret_oid when the ref is not there or not to be read. */
int repo_get_ref(struct repo *repo, const char *ref, char ret_oid[REPO_OID_SIZE], struct err *err);

#include "workspace/repo_build.h"
#include "workspace/repo_clone.h"
#include "workspace/repo_copy.h"
#include "workspace/repo_diff.h"
#include "workspace/repo_filter.h"
#include "workspace/repo_lay.h"
#include "workspace/repo_pack.h"
#include "workspace/repo_read.h"
#include "workspace/repo_serve.h"
#include "workspace/repo_verify.h"
#include "workspace/repo_write.h"

#endif
