/* snapshot.h - saves a work folder as a commit of the assessment's repository, with its event */
#ifndef TALI_SNAPSHOT_H
#define TALI_SNAPSHOT_H

#include "store/assessment.h"
#include "workspace/repo.h"

#include <jansson.h>

#define SNAPSHOT_BRANCH "refs/heads/main"
#define SNAPSHOT_TAG "refs/tags/submission"	/* on the commit that was handed in */

/* The assessment's repository. Branch and tag are put where the database says, should a crash
 * have left them elsewhere. NULL on error. */
struct repo *snapshot_repo(struct store *store, const struct assessment *assessment,
			   struct err *err);

struct snapshot {
	char tree[REPO_OID_SIZE], commit[REPO_OID_SIZE];
	bool made;		/* false: nothing had changed, the one before is given */
	unsigned left_out;	/* links and special files, not saved */
};

/* Who knows texts whose every change is on record. */
struct snapshot_texts {
	void *arg;
	const char *pushed;	/* the commit of a push that is in the repository: the snapshot is
				 * that commit, or has it among its parents; or NULL */
	/* {path: SHA-256} of those that are so in `tree`, for the event's `open`; `before` is the
	 * newest commit, "" for none. Called in the transaction that writes the event. Yours; NULL
	 * on error. */
	json_t *(*open)(void *arg, const char *before, const char *tree, struct err *err);
};

/* Commits a tree that is in the repository, in the open transaction: commit object, event
 * `snapshot`, row. The branch is moved by snapshot_publish after the commit of the
 * transaction. `texts` may be NULL. */
int snapshot_commit(struct store *store, struct repo *repo, struct assessment *assessment,
		    const char *tree, const char *reason, int64_t time_ms, unsigned left_out,
		    const struct snapshot_texts *texts, struct snapshot *ret, struct err *err);
/* Puts branch and tag where the row says now. */
int snapshot_publish(struct store *store, struct repo *repo, const char *assessment_id,
		     struct err *err);

/* The whole of it for an active assessment: reads the folder, commits when something changed.
 * ERR_STATE when time is up or the assessment is not active. */
int snapshot_take(struct store *store, struct repo *repo, struct assessment *assessment,
		  int folder_fd, const char *reason, struct snapshot *ret, struct err *err);
/* The same of a tree that is staged in the repository, whoever made it. */
int snapshot_take_tree(struct store *store, struct repo *repo, struct assessment *assessment,
		       const char *tree, const char *reason, unsigned left_out,
		       const struct snapshot_texts *texts, struct snapshot *ret, struct err *err);
/* snapshot_take for a recorder, with what it knows. */
int snapshot_take_texts(struct store *store, struct repo *repo, struct assessment *assessment,
			int folder_fd, const char *reason, const struct snapshot_texts *texts,
			struct snapshot *ret, struct err *err);

#endif
