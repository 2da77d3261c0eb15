/* snapshot.c - see snapshot.h */
#include "assess/snapshot.h"

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "base/buf.h"
#include "journal/journal.h"
#include "task/language.h"

#include <inttypes.h>
#include <string.h>

#define STAT_CACHE "tali.index"

/* The database is the truth: it names the commit, refs follow. */
static int mend_ref(struct repo *repo, const char *ref, const char *commit, struct err *err)
{
	char at[REPO_OID_SIZE];

	if (repo_get_ref(repo, ref, at, err) < 0)
		return -1;
	return strcmp(at, commit) != 0 ? repo_set_ref(repo, ref, commit, err) : 0;
}

/* Nobody can commit a newer snapshot meanwhile: the row is read, and the refs are set, while the
 * store is ours to write. */
int snapshot_publish(struct store *store, struct repo *repo, const char *assessment_id,
		     struct err *err)
{
	AUTO(store_rollback) struct store *tx = store_in_transaction(store) ? NULL : store;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;

	if ((tx && store_begin(store, err) < 0) ||
	    assessment_get(store, assessment_id, &now, err) < 0)
		return -1;
	if (*now.commit && mend_ref(repo, SNAPSHOT_BRANCH, now.commit, err) < 0)
		return -1;
	return now.submitted ? mend_ref(repo, SNAPSHOT_TAG, now.commit, err) : 0;
}

/* Cheap, as nearly always nothing has to be mended. */
static int refs_follow(struct repo *repo, const struct assessment *assessment, struct err *err)
{
	char branch[REPO_OID_SIZE], tag[REPO_OID_SIZE];

	if (repo_get_ref(repo, SNAPSHOT_BRANCH, branch, err) < 0 ||
	    repo_get_ref(repo, SNAPSHOT_TAG, tag, err) < 0)
		return -1;
	return !strcmp(branch, assessment->commit) &&
	       (!assessment->submitted || !strcmp(tag, assessment->commit));
}

struct repo *snapshot_repo(struct store *store, const struct assessment *assessment,
			   struct err *err)
{
	AUTO_FREE char *path = store_repo_path(store, assessment->id);
	AUTO(repo_close) struct repo *repo = repo_open(path, err);
	int follow;

	if (!repo)
		return NULL;
	if (!store_writable(store))
		return TAKE(repo);
	follow = refs_follow(repo, assessment, err);
	if (follow < 0 ||
	    (follow == 0 && snapshot_publish(store, repo, assessment->id, err) < 0))
		return NULL;
	return TAKE(repo);
}

/* A commit that was pushed stands for the snapshot itself when it holds that tree and adds to the
 * last one. Else what it brought is merged. 1: it does. */
static int place_pushed(struct repo *repo, const struct assessment *assessment, const char *pushed,
			const char *tree, struct repo_commit *commit, struct err *err)
{
	char pushed_tree[REPO_OID_SIZE];
	int adds = repo_commit_adds(repo, pushed, assessment->commit, err);

	if (adds < 0 || repo_commit_tree(repo, pushed, pushed_tree, err) < 0)
		return -1;
	if (adds && !strcmp(tree, pushed_tree))
		return 1;
	if (adds)
		commit->parent = pushed;
	else
		commit->merged = pushed;
	return 0;
}

/* The same commit when nothing else was recorded since the last call. */
static int write_commit(struct store *store, struct repo *repo, const struct assessment *assessment,
			const char *reason, const char *pushed, int64_t time_ms,
			struct snapshot *snapshot, struct err *err)
{
	int64_t seq = journal_next_seq(store, assessment->id, err);
	AUTO_FREE char *message = NULL;
	struct repo_commit commit = {
		.tree = snapshot->tree, .name = assessment->name, .email = assessment->email,
		.parent = *assessment->commit ? assessment->commit : NULL,
		.time_ms = time_ms,
	};

	int stands = pushed ? place_pushed(repo, assessment, pushed, snapshot->tree, &commit, err)
			    : 0;

	if (seq < 0 || stands < 0)
		return -1;
	if (stands) {
		memcpy(snapshot->commit, pushed, REPO_OID_SIZE);
		return repo_publish(repo, err);
	}
	message = buf_format("%s\n\nAssessment: %s\nEvent: %" PRId64 "\n", reason, assessment->id,
			     seq);
	commit.message = message;
	return repo_write_commit(repo, &commit, snapshot->commit, err) < 0
		       ? -1
		       : repo_publish(repo, err);
}

int snapshot_commit(struct store *store, struct repo *repo, struct assessment *assessment,
		    const char *tree, const char *reason, int64_t time_ms, unsigned left_out,
		    const struct snapshot_texts *texts, struct snapshot *ret, struct err *err)
{
	struct assessment after = *assessment;
	AUTO_JSON json_t *open = NULL;
	json_t *data;

	*ret = (struct snapshot){ .made = true, .left_out = left_out };
	memcpy(ret->tree, tree, REPO_OID_SIZE);
	if (write_commit(store, repo, assessment, reason, texts ? texts->pushed : NULL, time_ms,
			 ret, err) < 0)
		return -1;
	open = texts ? texts->open(texts->arg, assessment->commit, tree, err) : NULL;
	if (texts && !open)
		return -1;
	memcpy(after.commit, ret->commit, REPO_OID_SIZE);
	data = json_pack("{s:s, s:s, s:s, s:i}", "reason", reason, "tree", ret->tree, "commit",
			 ret->commit, "left_out", (int)left_out);
	if (json_object_size(open))
		json_object_set(data, "open", open);
	if (lifecycle_change(store, assessment, &after, "candidate", "snapshot", data, err) < 0)
		return -1;
	*assessment = after;
	return 0;
}

/* The row may have changed since it was read: another process may have extended, revoked or
 * handed in. */
static int read_again(struct store *store, struct assessment *assessment, const char *verb,
		      struct err *err)
{
	AUTO(assessment_release) struct assessment old = *assessment;
	char time[CLOCK_TEXT_SIZE];

	*assessment = (struct assessment)ASSESSMENT_INIT;
	if (assessment_get(store, old.id, assessment, err) < 0 ||
	    lifecycle_require(assessment, STATUS_ACTIVE, verb, err) < 0)
		return -1;
	if (store_now(store) >= assessment->deadline)
		return err_set(err, ERR_STATE, "time was up at %s",
			       clock_text(assessment->deadline, time));
	return 0;
}

/* Nobody shall wait for our disk: the commit is on it before the transaction begins, which finds it
 * there unless another process was faster with this assessment. */
static int commit_ahead(struct store *store, struct repo *repo, const struct assessment *assessment,
			const char *tree, const char *reason, int64_t time_ms, struct err *err)
{
	struct snapshot snapshot = { .made = false };
	char last[REPO_OID_SIZE] = "";

	if (*assessment->commit && repo_commit_tree(repo, assessment->commit, last, err) < 0)
		return -1;
	if (!strcmp(tree, last))
		return 0;
	memcpy(snapshot.tree, tree, REPO_OID_SIZE);
	return write_commit(store, repo, assessment, reason, NULL, time_ms, &snapshot, err);
}

int snapshot_take(struct store *store, struct repo *repo, struct assessment *assessment,
		  int folder_fd, const char *reason, struct snapshot *ret, struct err *err)
{
	return snapshot_take_texts(store, repo, assessment, folder_fd, reason, NULL, ret, err);
}

int snapshot_take_texts(struct store *store, struct repo *repo, struct assessment *assessment,
			int folder_fd, const char *reason, const struct snapshot_texts *texts,
			struct snapshot *ret, struct err *err)
{
	struct repo_skip skip = { .names = language_caches() };
	const char *cache = strcmp(reason, "submit") != 0 ? STAT_CACHE
							  : NULL; /* the last is read whole */
	char tree[REPO_OID_SIZE];
	unsigned left_out = 0;

	if (repo_write_folder(repo, folder_fd, cache, &skip, tree, &left_out, err) < 0)
		return -1;
	return snapshot_take_tree(store, repo, assessment, tree, reason, left_out, texts, ret, err);
}

int snapshot_take_tree(struct store *store, struct repo *repo, struct assessment *assessment,
		       const char *tree, const char *reason, unsigned left_out,
		       const struct snapshot_texts *texts, struct snapshot *ret, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	char last[REPO_OID_SIZE] = "";
	const char *pushed = texts ? texts->pushed : NULL;
	int64_t time_ms = store_now(store);

	if ((!pushed && commit_ahead(store, repo, assessment, tree, reason, time_ms, err) < 0) ||
	    store_begin(store, err) < 0 || read_again(store, assessment, "for this", err) < 0)
		return -1;
	if (*assessment->commit && repo_commit_tree(repo, assessment->commit, last, err) < 0)
		return -1;
	if (!strcmp(tree, last) && !pushed) {
		*ret = (struct snapshot){ .left_out = left_out };
		memcpy(ret->tree, tree, REPO_OID_SIZE);
		memcpy(ret->commit, assessment->commit, REPO_OID_SIZE);
		return 0;
	}
	if (snapshot_commit(store, repo, assessment, tree, reason, time_ms, left_out, texts, ret,
			    err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return snapshot_publish(store, repo, assessment->id, err);
}
