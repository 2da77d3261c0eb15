/* live_save.c - see live_save.h */
#include "assess/live_save.h"

#include "assess/late_work.h"
#include "assess/live_fold.h"
#include "assess/submit.h"
#include "base/auto.h"
#include "base/json.h"
#include "journal/journal.h"
#include "report/view.h"

#define REST_MS 60000

/* --- saving */

struct save {
	struct live *live;
	struct recorded recorded;
	bool late;		/* others stored events meanwhile */
};

/* In the transaction: nobody has stored anything since the fold was looked at. */
static json_t *texts(void *arg, const char *before, const char *tree, struct err *err)
{
	struct save *save = arg;

	save->late = journal_next_seq(save->live->store, save->live->id, err) !=
		     save->recorded.next_seq;
	if (!save->late)
		return recorded_texts(&save->recorded, before, tree, err);
	err_set(err, ERR_ENV, "other events came first; try again");
	return NULL;
}

/* 1: others came first. */
static int save_once(struct live *live, const char *reason, const char *pushed,
		     struct snapshot *ret, struct err *err)
{
	struct save save = { .live = live, .recorded = RECORDED_INIT };
	const struct snapshot_texts told = { &save, pushed, texts };
	int result = -1;

	if (recorded_of_fold(live->writer, live->fold, live->snapshot, &save.recorded, err) == 0)
		result = snapshot_take_tree(live->store, live->repo, &live->assessment,
					    save.recorded.tree, reason, 0, &told, ret, err);
	recorded_release(&save.recorded);
	if (result < 0 && !save.late)
		return -1;
	if (save.late)
		*err = (struct err)ERR_INIT;
	return live_catch_up(live, err) < 0 ? -1 : save.late;
}

static int take_snapshot(struct live *live, const char *reason, const char *pushed,
			 struct snapshot *ret, struct err *err)
{
	for (int tries = 0; tries < LIVE_TRIES; tries++) {
		int result = save_once(live, reason, pushed, ret, err);

		if (result <= 0)
			return result;
	}
	return live_too_busy(err);
}

int live_snapshot_push(struct live *live, const char *pushed, struct snapshot *ret,
		       struct err *err)
{
	return take_snapshot(live, "push", pushed, ret, err);
}

int live_snapshot(struct live *live, const char *reason, struct snapshot *ret, struct err *err)
{
	return take_snapshot(live, reason, NULL, ret, err);
}

static bool is_at_rest(const struct live *live)
{
	struct err ignored = ERR_INIT;

	return live->fold && fold_seq(live->fold) != live->rested && live->snapshot >= 0 &&
	       !*live->run && !*live->served.commit &&
	       store_now(live->store) - fold_instant(live->fold) >= REST_MS &&
	       live_require_active(live, &ignored) == 0;
}

void live_save_at_rest(struct live *live)
{
	struct snapshot snapshot;
	struct err ignored = ERR_INIT;

	/* others may have been there a moment ago */
	if (!is_at_rest(live) || live_follow(live, &ignored) < 0 || !is_at_rest(live))
		return;
	live_snapshot(live, "idle", &snapshot, &ignored);
	if (live->fold)
		live->rested = fold_seq(live->fold);
	live_touch(live);
}

/* --- handing in */

static int add_file(void *arg, const struct repo_file *file, struct err *err)
{
	(void)err;
	json_array_append_new(arg, json_pack("{s:s, s:I}", "path", file->path, "size",
					     (json_int_t)file->size));
	return 0;
}

/* Under the lock. */
static json_t *receipt(struct live *live, struct err *err)
{
	const struct assessment *assessment = &live->assessment;
	AUTO_JSON json_t *files = json_array();
	char tree[REPO_OID_SIZE];

	if (!assessment->submitted) {
		err_set(err, ERR_STATE, "it is not handed in");
		return NULL;
	}
	if (repo_commit_tree(live->repo, assessment->commit, tree, err) < 0 ||
	    repo_each_file(live->repo, tree, add_file, files, err) < 0)
		return NULL;
	return json_pack("{s:s, s:s, s:o, s:O}", "commit", assessment->commit, "tree", tree, "time",
			 view_time(assessment->submitted), "files", files);
}

json_t *live_receipt(struct live *live, struct store *store, struct err *err)
{
	AUTO(live_release_look) struct live *held = NULL;

	if (live_hold(live, store, err) < 0)
		return NULL;
	held = live;
	return receipt(live, err);
}

/* 1: others came first. */
static int hand_in_once(struct live *live, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct snapshot snapshot;
	struct err why = ERR_INIT;
	int64_t before;

	if (live_require_active(live, err) < 0 ||
	    live_snapshot(live, "submit", &snapshot, err) < 0)
		return -1;
	before = fold_seq(live->fold);
	if (submit_snapshot(live->store, live->repo, live->id, &snapshot, before + 1, &now,
			    &why) == 0)
		return live_catch_up(live, err);
	if (why.code == ERR_ENV && live_catch_up(live, err) == 0 && fold_seq(live->fold) != before)
		return 1;
	*err = why;
	return -1;
}

static int hand_in(struct live *live, struct err *err)
{
	for (int tries = 0; tries < LIVE_TRIES; tries++) {
		int result = hand_in_once(live, err);

		if (result <= 0)
			return result;
	}
	return live_too_busy(err);
}

json_t *live_submit(struct live *live, struct store *store, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;

	if (live_hold(live, store, err) < 0)
		return NULL;
	held = live;
	if (!live->assessment.submitted && hand_in(live, err) < 0)
		return NULL;
	return receipt(live, err);
}

/* --- after the end */

json_t *live_late(struct live *live, struct store *store, const json_t *request, struct err *err)
{
	AUTO(live_release_hold) struct live *held = NULL;
	AUTO(repo_close) struct repo *repo = NULL;	/* what is staged in vain goes with it */
	struct late_work late;

	if (live_hold(live, store, err) < 0)
		return NULL;
	held = live;
	repo = snapshot_repo(store, &live->assessment, err);
	if (!repo || late_work_keep(store, repo, live->id, request, &late, err) < 0 ||
	    live_catch_up(live, err) < 0)
		return NULL;
	return late_work_json(store, &live->assessment, err);
}
