/* submit.c - see submit.h */
#include "assess/submit.h"

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "journal/journal.h"

#include <fcntl.h>
#include <string.h>

/* Events `submit`, status, `signature` in the open transaction. */
static int seal(struct store *store, struct assessment *assessment, const char *tree,
		bool automatic, int64_t when, struct err *err)
{
	struct journal_seal sealed = { .tree = tree, .commit = assessment->commit,
				       .task_version = assessment->task_version };
	const char *actor = automatic ? "system" : "candidate";
	struct assessment after = *assessment;
	json_t *data = json_pack("{s:s, s:s, s:b}", "commit", assessment->commit, "tree", tree,
				 "automatic", automatic);

	if (journal_append(store, assessment->id, actor, "submit", data, err) < 0)
		return -1;
	after.status = STATUS_SUBMITTED;
	after.submitted = when;
	data = json_pack("{s:s, s:s}", "from", "active", "to", "submitted");
	if (lifecycle_change(store, assessment, &after, actor, "status", data, err) < 0 ||
	    journal_seal(store, assessment->id, &sealed, err) < 0)
		return -1;
	*assessment = after;
	return 0;
}

int submit_session(struct store *store, const struct session *session, struct assessment *ret,
		   struct snapshot *ret_snapshot, struct err *err)
{
	AUTO(repo_close) struct repo *repo = NULL;
	AUTO(store_rollback) struct store *tx = store;
	AUTO_FD int folder = open(session->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return err_sys(err, "%s", session->folder);
	if (assessment_get(store, session->assessment_id, ret, err) < 0)
		return -1;
	repo = snapshot_repo(store, ret, err);	/* first: a crash may have left the tag out */
	if (!repo || lifecycle_require(ret, STATUS_ACTIVE, "to be handed in", err) < 0 ||
	    snapshot_take(store, repo, ret, folder, "submit", ret_snapshot, err) < 0 ||
	    store_begin(store, err) < 0)
		return -1;
	assessment_release(ret);
	if (assessment_get(store, session->assessment_id, ret, err) < 0 ||
	    lifecycle_require(ret, STATUS_ACTIVE, "to be handed in", err) < 0 ||
	    seal(store, ret, ret_snapshot->tree, false, store_now(store), err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return repo_set_ref(repo, SNAPSHOT_TAG, ret->commit, err);
}

int submit_due(struct store *store, const char *id, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(store_rollback) struct store *tx = store;
	AUTO(repo_close) struct repo *repo = NULL;
	char tree[REPO_OID_SIZE];

	if (store_begin(store, err) < 0 || assessment_get(store, id, &assessment, err) < 0)
		return -1;
	if (assessment.status != STATUS_ACTIVE || assessment.deadline > store_now(store))
		return 0;
	repo = snapshot_repo(store, &assessment, err);
	if (!repo || repo_commit_tree(repo, assessment.commit, tree, err) < 0 ||
	    seal(store, &assessment, tree, true, assessment.deadline, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return repo_set_ref(repo, SNAPSHOT_TAG, assessment.commit, err);
}
