/* submit.c - see submit.h */
#include "assess/submit.h"

#include "assess/ai_unanswered.h"
#include "assess/lifecycle.h"
#include "assess/recorded.h"
#include "base/auto.h"
#include "journal/journal.h"

#include <fcntl.h>
#include <string.h>

static bool is_due(const struct store *store, const struct assessment *assessment)
{
	return assessment->status == STATUS_ACTIVE && assessment->deadline <= store_now(store);
}

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

	if (ai_unanswered_close(store, assessment->id, err) < 0) {
		json_decref(data);
		return -1;
	}
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

int submit_snapshot(struct store *store, struct repo *repo, const char *id,
		    const struct snapshot *snapshot, int64_t next_seq, struct assessment *ret,
		    struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;

	if (store_begin(store, err) < 0 || assessment_get(store, id, ret, err) < 0 ||
	    lifecycle_require(ret, STATUS_ACTIVE, "to be handed in", err) < 0)
		return -1;
	if (next_seq && journal_next_seq(store, id, err) != next_seq)
		return err_set(err, ERR_ENV, "other events came first; try again");
	if (seal(store, ret, snapshot->tree, false, store_now(store), err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return repo_set_ref(repo, SNAPSHOT_TAG, ret->commit, err);
}

int submit_session(struct store *store, const struct session *session, struct assessment *ret,
		   struct snapshot *ret_snapshot, struct err *err)
{
	AUTO(repo_close) struct repo *repo = NULL;
	AUTO_FD int folder = open(session->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return err_sys(err, "%s", session->folder);
	if (assessment_get(store, session->assessment_id, ret, err) < 0)
		return -1;
	repo = snapshot_repo(store, ret, err);	/* first: a crash may have left the tag out */
	if (!repo || lifecycle_require(ret, STATUS_ACTIVE, "to be handed in", err) < 0 ||
	    snapshot_take(store, repo, ret, folder, "submit", ret_snapshot, err) < 0)
		return -1;
	assessment_release(ret);
	return submit_snapshot(store, repo, session->assessment_id, ret_snapshot, 0, ret, err);
}

/* What was recorded after the newest snapshot is handed in, too. Where the record itself cannot be
 * made files of, what was saved last is; when our side fails, it is tried again later. */
static int read_record(struct store *store, struct repo *repo, const char *id, const char *tree,
		       struct recorded *ret, struct err *err)
{
	struct err why = ERR_INIT;

	if (recorded_read(store, repo, id, ret, &why) == 0)
		return 0;
	if (why.code == ERR_ENV) {
		*err = why;
		return -1;
	}
	*ret = (struct recorded){ .next_seq = -1 };
	memcpy(ret->tree, tree, REPO_OID_SIZE);
	return 0;
}

/* In the transaction that seals. */
static int save_record(struct store *store, struct repo *repo, struct assessment *assessment,
		       struct recorded *recorded, struct err *err)
{
	const struct snapshot_texts texts = { .arg = recorded, .open = recorded_texts };
	struct snapshot snapshot;

	return snapshot_commit(store, repo, assessment, recorded->tree, "submit",
			       assessment->deadline, 0, &texts, &snapshot, err);
}

/* 1 sealed, 0 not due, or there is more on record now: to be tried again. */
static int seal_due(struct store *store, struct repo *repo, struct assessment *assessment,
		    const char *saved, struct recorded *recorded, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	AUTO(assessment_release) struct assessment before = *assessment;
	int64_t next;

	*assessment = (struct assessment)ASSESSMENT_INIT;
	if (store_begin(store, err) < 0 || assessment_get(store, before.id, assessment, err) < 0)
		return -1;
	next = journal_next_seq(store, before.id, err);
	if (next < 0)
		return -1;
	if (!is_due(store, assessment) || strcmp(assessment->commit, before.commit) != 0 ||
	    (recorded->next_seq >= 0 && recorded->next_seq != next))
		return 0;
	if (strcmp(recorded->tree, saved) != 0 &&
	    save_record(store, repo, assessment, recorded, err) < 0)
		return -1;
	if (seal(store, assessment, recorded->tree, true, assessment->deadline, err) < 0 ||
	    store_commit(store, err) < 0)
		return -1;
	return 1;
}

int submit_due(struct store *store, const char *id, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(repo_close) struct repo *repo = NULL;
	int sealed = 0;

	if (assessment_get(store, id, &assessment, err) < 0)
		return -1;
	while (sealed == 0 && is_due(store, &assessment)) {
		AUTO(recorded_release) struct recorded recorded = RECORDED_INIT;
		char tree[REPO_OID_SIZE];

		repo_close(&repo);
		repo = snapshot_repo(store, &assessment, err);
		if (!repo || repo_commit_tree(repo, assessment.commit, tree, err) < 0 ||
		    read_record(store, repo, id, tree, &recorded, err) < 0)
			return -1;
		sealed = seal_due(store, repo, &assessment, tree, &recorded, err);
	}
	return sealed <= 0 ? sealed : snapshot_publish(store, repo, id, err);
}
