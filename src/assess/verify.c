/* verify.c - see verify.h */
#include "assess/verify.h"

#include "assess/late_work.h"
#include "assess/lifecycle.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/fold.h"
#include "journal/journal_check.h"
#include "journal/journal_git.h"
#include "store/review_row.h"
#include "store/score_row.h"
#include "store/task.h"
#include "task/manifest.h"

#include <stdlib.h>
#include <string.h>

static struct repo *open_repo(const struct store *store, const char *name, struct err *err)
{
	AUTO_FREE char *path = store_repo_path(store, name);
	struct repo *repo = repo_open(path, err);

	if (!repo && err->code == ERR_NOT_FOUND)
		err->code = ERR_INTEGRITY;
	return repo;
}

static int check_journal(struct store *store, const struct assessment *assessment,
			 struct journal_check *check, struct err *err)
{
	if (journal_check_store(store, check, err) < 0)
		return -1;
	return lifecycle_compare(assessment, check->row, err);
}

static int fold_one(void *arg, const struct event *event, struct err *err)
{
	return fold_event(arg, event, err);
}

/* What the events make of the session must be what they say: every edit fits, and files of which
 * every change is on record are what the snapshots hold. From the first event on, whatever
 * checkpoints there are. */
static int check_fold(struct store *store, const struct assessment *assessment, struct repo *repo,
		      struct err *err)
{
	struct fold_stored stored = { store, repo };
	struct fold_source source = fold_source_stored(&stored);
	AUTO(fold_free) struct fold *fold = fold_new(&source);

	return event_each(store, assessment->id, 0, fold_one, fold, err);
}

/* An export, and what is made of one, has the event alone. */
static int check_late(struct store *store, const struct assessment *assessment, struct repo *repo,
		      struct err *err)
{
	struct late_work late;
	char tree[REPO_OID_SIZE];

	if (late_work_read(store, assessment, &late, err) < 0)
		return -1;
	if (!late.times || *assessment->signer)
		return 0;
	if (repo_commit_tree(repo, late.commit, tree, err) < 0) {
		err->code = ERR_INTEGRITY;
		return err_wrap(err, "late work");
	}
	if (strcmp(tree, late.tree) != 0)
		return err_set(err, ERR_INTEGRITY, "late work %s holds another tree", late.commit);
	return repo_verify(repo, tree, err);
}

static int check_git(struct store *store, const struct assessment *assessment,
		     const struct journal_check *check, struct err *err)
{
	AUTO(repo_close) struct repo *repo = NULL;
	uint64_t objects;

	if (*assessment->commit) {
		repo = open_repo(store, assessment->id, err);
		if (!repo)
			return -1;
	}
	if (journal_git_check(repo, check, &objects, err) < 0 ||
	    check_late(store, assessment, repo, err) < 0)
		return -1;
	return check_fold(store, assessment, repo, err);
}

struct score_walk {
	const struct journal_check *check;
	int64_t count;
};

static int check_score(void *arg, const struct score_row *row, struct err *err)
{
	struct score_walk *walk = arg;

	if (journal_check_score(walk->check, walk->count++, row->number, row->result, err) < 0)
		return -1;
	if (strcmp(json_string_value(json_array_get(walk->check->scores,
						    (size_t)walk->count - 1)),
		   row->digest) != 0 || !score_row_fits(row))
		return err_set(err, ERR_INTEGRITY, "score run %lld is not what the journal says",
			       (long long)row->number);
	return 0;
}

static int check_scores(struct store *store, const struct assessment *assessment,
			const struct journal_check *check, struct err *err)
{
	struct score_walk walk = { .check = check };

	if (score_row_each(store, assessment->id, check_score, &walk, err) < 0)
		return -1;
	return journal_check_scores(check, walk.count, err);
}

/* Reading them checks them. */
static int see_review(void *arg, const struct review_row *row, struct err *err)
{
	(void)arg;
	(void)row;
	(void)err;
	return 0;
}

int verify_assessment(struct store *store, const struct assessment *assessment,
		      struct verify_summary *ret, struct err *err)
{
	AUTO(journal_check_release) struct journal_check check;
	uint8_t public_key[SIGN_PUBLIC_SIZE] = { 0 };

	journal_check_start(&check, assessment->id, public_key);
	if (assessment_signer(store, assessment, public_key, err) < 0 ||
	    check_journal(store, assessment, &check, err) < 0 ||
	    check_git(store, assessment, &check, err) < 0 ||
	    check_scores(store, assessment, &check, err) < 0 ||
	    review_row_each(store, assessment->id, see_review, NULL, err) < 0)
		return -1;
	ret->events = check.next_seq;
	ret->snapshots = (int64_t)json_array_size(check.snapshots);
	ret->scores = (int64_t)json_array_size(check.scores);
	ret->signatures = check.signatures;
	hash_hex(&check.head, ret->head);
	return 0;
}

int verify_submission(struct store *store, const struct assessment *assessment,
		      char ret_tree[REPO_OID_SIZE], struct err *err)
{
	AUTO(journal_check_release) struct journal_check check;
	AUTO(repo_close) struct repo *repo = NULL;
	uint8_t public_key[SIGN_PUBLIC_SIZE] = { 0 };

	journal_check_start(&check, assessment->id, public_key);
	if (assessment_signer(store, assessment, public_key, err) < 0 ||
	    check_journal(store, assessment, &check, err) < 0)
		return -1;
	repo = open_repo(store, assessment->id, err);
	if (!repo || repo_commit_tree(repo, assessment->commit, ret_tree, err) < 0)
		return -1;
	if (strcmp(json_str(check.seal, "commit", ""), assessment->commit) != 0 ||
	    strcmp(json_str(check.seal, "tree", ""), ret_tree) != 0)
		return err_set(err, ERR_INTEGRITY, "the submission is not the one that was sealed");
	return repo_verify(repo, ret_tree, err);
}

/* The row has a copy of the manifest, for speed. */
static int check_manifest(struct repo *repo, const struct task_version *version, struct err *err)
{
	AUTO(buf_release) struct buf text = { 0 };

	if (repo_read_file(repo, version->version, MANIFEST_FILE, MANIFEST_MAX_BYTES, &text, err) <
	    0)
		return -1;
	if (strcmp(buf_str(&text), version->manifest) != 0)
		return err_set(err, ERR_INTEGRITY, "the manifest is not the one of the tree");
	return 0;
}

int verify_task_version(struct store *store, const char *task_id,
			const struct task_version *version, struct err *err)
{
	AUTO_FREE char *name = buf_format("task-%s", task_id);
	AUTO(repo_close) struct repo *repo = NULL;

	if (!*version->start_tree)
		return task_refuse_stub(version->version, err);
	repo = open_repo(store, name, err);
	return repo ? check_manifest(repo, version, err) : -1;
}

struct walk {
	struct store *store;
	struct repo *repo;
	void (*checked)(void *arg, const char *what, const struct err *fault);
	void *arg;
	struct err first;
};

static void report(struct walk *walk, const char *what, int result, struct err *err)
{
	if (result == 0) {
		walk->checked(walk->arg, what, NULL);
		return;
	}
	walk->checked(walk->arg, what, err);
	if (walk->first.code == ERR_NONE) {
		walk->first = *err;
		err_wrap(&walk->first, "%s", what);
	}
	*err = (struct err)ERR_INIT;
}

static int check_version(void *arg, const struct task_version *version, struct err *err)
{
	struct walk *walk = arg;

	if (!*version->start_tree)
		return 0;	/* a stub: nothing of it is here */
	if (repo_verify(walk->repo, version->version, err) < 0 ||
	    check_manifest(walk->repo, version, err) < 0)
		return err_wrap(err, "version %.12s", version->version);
	return 0;
}

static int check_task(void *arg, const struct task *task, struct err *err)
{
	struct walk *walk = arg;
	AUTO_FREE char *name = buf_format("task-%s", task->id);
	AUTO_FREE char *what = buf_format("task %s", task->name);
	AUTO(repo_close)
	struct repo *repo = task->stub ? NULL : open_repo(walk->store, name, err);
	int result = task->stub ? 0 : -1;

	walk->repo = repo;
	if (repo)
		result = task_version_each(walk->store, task->id, check_version, walk, err);
	report(walk, what, result, err);
	return 0;
}

static int check_assessment(void *arg, const struct assessment *assessment, struct err *err)
{
	struct walk *walk = arg;
	struct verify_summary summary;
	AUTO_FREE char *what = buf_format("assessment %s", assessment->id);

	report(walk, what, verify_assessment(walk->store, assessment, &summary, err), err);
	return 0;
}

int verify_store(struct store *store,
		 void (*checked)(void *arg, const char *what, const struct err *fault), void *arg,
		 struct err *err)
{
	struct walk walk = { .store = store, .checked = checked, .arg = arg };
	struct assessment_filter filter = { .limit = -1, .oldest_first = true };

	report(&walk, "database", store_check(store, err), err);
	if (task_each(store, true, check_task, &walk, err) < 0)
		report(&walk, "tasks", -1, err);
	if (assessment_each(store, &filter, check_assessment, &walk, err) < 0)
		report(&walk, "assessments", -1, err);
	if (walk.first.code == ERR_NONE)
		return 0;
	*err = walk.first;
	return -1;
}
