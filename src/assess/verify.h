/* verify.h - checks that nothing was changed: journal, signatures, payloads, git objects, rows,
 * score runs */
#ifndef TALI_VERIFY_H
#define TALI_VERIFY_H

#include "store/assessment.h"
#include "store/task.h"
#include "workspace/repo.h"

struct verify_summary {
	int64_t events, snapshots, scores;
	int signatures;
	char head[HASH_HEX_SIZE];
};

/* The whole of one assessment, also that its events can be replayed. ERR_INTEGRITY says what was
 * changed. */
int verify_assessment(struct store *store, const struct assessment *assessment,
		      struct verify_summary *ret, struct err *err);

/* What scoring rests on: the journal, its seal, and the sealed commit and tree. Gives the tree. */
int verify_submission(struct store *store, const struct assessment *assessment,
		      char ret_tree[REPO_OID_SIZE], struct err *err);

/* What a task version is graded by: its row says the same as its tree. */
int verify_task_version(struct store *store, const char *task_id,
			const struct task_version *version, struct err *err);

/* The database, every task version, every assessment. Each fault goes to `fault` (NULL for the
 * database, else the name of the thing); the first is given as err at the end. */
int verify_store(struct store *store,
		 void (*checked)(void *arg, const char *what, const struct err *fault), void *arg,
		 struct err *err);

#endif
