/* task.h - stored tasks and their versions
 *
 * A task has two repositories: repos/task-ID.git with everything, and repos/start-ID.git with
 * only what a candidate may have. Assessments borrow objects of the second alone, so that
 * nothing hidden can be reached from theirs. A version is the git tree id of the whole folder.
 *
 * A stub is a version that an imported assessment was pinned to: the store knows its id and nothing
 * else. Its start tree is empty; nobody can be invited to it, and nothing can be scored by it. */
#ifndef TALI_TASK_H
#define TALI_TASK_H

#include "base/rand.h"
#include "store/store.h"

#define TASK_VERSION_SIZE 41

struct task {
	char id[RAND_ID_LEN + 1];
	char *name;
	char version[TASK_VERSION_SIZE];	/* the newest */
	char *visibility;			/* "private", "public" */
	char *template_name;			/* template it was made from, or "" */
	int64_t archived, created, updated;
	char *manifest;				/* JSON of the newest version */
	bool proved;				/* the newest version has a proof that holds */
	bool stub;				/* the newest version is one */
};

#define TASK_INIT { .id = "" }
void task_release(struct task *task);

struct task_version {
	char version[TASK_VERSION_SIZE];
	char start_tree[TASK_VERSION_SIZE];	/* what a candidate gets */
	char *manifest;				/* JSON text */
	char *proof;				/* tali.proof/1 or "" */
	int64_t created;
};

#define TASK_VERSION_INIT { .version = "" }
void task_version_release(struct task_version *version);

/* By name, id or unique prefix of an id. ERR_NOT_FOUND, ERR_USAGE (ambiguous). */
int task_find(struct store *store, const char *words, struct task *ret, struct err *err);
/* ERR_STATE: what is said of a stub when its files are wanted. */
int task_refuse_stub(const char *name, struct err *err);
/* 1 when a task of this id is there, 0, -1. */
int task_known(struct store *store, const char *id, struct err *err);
/* 1 when a task of this name is there. */
int task_name_taken(struct store *store, const char *name, struct err *err);

/* Write: need an open transaction. */
int task_add(struct store *store, struct task *task, struct err *err);
int task_save(struct store *store, const struct task *task, struct err *err);
/* Does nothing when the version is there already. */
int task_version_add(struct store *store, const char *task_id, const struct task_version *version,
		     struct err *err);
int task_version_set_proof(struct store *store, const char *task_id, const char *version,
			   const char *proof, struct err *err);

/* By the version or a unique beginning of it. ERR_NOT_FOUND, ERR_USAGE (ambiguous). */
int task_version_get(struct store *store, const char *task_id, const char *version,
		     struct task_version *ret, struct err *err);
/* Newest first. */
int task_version_each(struct store *store, const char *task_id,
		      int (*visit)(void *arg, const struct task_version *version, struct err *err),
		      void *arg, struct err *err);
/* By name; archived ones only when asked for. */
int task_each(struct store *store, bool archived,
	      int (*visit)(void *arg, const struct task *task, struct err *err), void *arg,
	      struct err *err);

#endif
