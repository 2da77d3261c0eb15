/* scoring.c - see scoring.h */
#include "assess/scoring.h"

#include "assess/lifecycle.h"
#include "assess/proving.h"
#include "assess/replaying.h"
#include "assess/scratch.h"
#include "assess/snapshot.h"
#include "assess/verify.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/journal.h"
#include "score/score_result.h"
#include "score/score_session.h"
#include "store/config.h"
#include "store/score_row.h"
#include "store/task.h"

#include <string.h>

/* What one submission is graded with. */
struct material {
	struct assessment assessment;
	struct task_version version;
	struct manifest manifest;
	json_t *proof;			/* NULL when the version was never proved */
	struct scratch scratch;		/* borrows from the task and the assessment */
	char tree[REPO_OID_SIZE];	/* the sealed one */
	struct judging_run judge;
	bool judged;			/* somebody is asked, or was */
};

static void material_release(struct material *material)
{
	assessment_release(&material->assessment);
	task_version_release(&material->version);
	manifest_release(&material->manifest);
	json_decref(material->proof);
	scratch_release(&material->scratch);
	judging_release(&material->judge);
}

int scoring_check_only(const struct manifest *manifest, const char *const *only, struct err *err)
{
	for (; only && *only; only++) {
		int i = 0;

		while (i < manifest->test_count && !fs_path_match(*only, manifest->tests[i].id))
			i++;
		if (i == manifest->test_count)
			return err_set(err, ERR_USAGE, "task '%s' has no test '%s'", manifest->name,
				       *only);
	}
	return 0;
}

static int read_version(struct store *store, const char *wanted, struct material *ret,
			struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	const char *version = wanted ? wanted : ret->assessment.task_version;

	if (task_find(store, ret->assessment.task_id, &task, err) < 0)
		return -1;
	if (task.stub)
		return task_refuse_stub(task.name, err);
	if (!strcmp(version, "latest"))
		version = task.version;
	if (task_version_get(store, task.id, version, &ret->version, err) < 0 ||
	    verify_task_version(store, task.id, &ret->version, err) < 0 ||
	    manifest_parse(ret->version.manifest, strlen(ret->version.manifest), MANIFEST_FILE,
			   &ret->manifest, NULL, err) < 0)
		return -1;
	if (!*ret->version.proof)
		return 0;
	ret->proof = json_parse(ret->version.proof, strlen(ret->version.proof), "proof", err);
	return ret->proof ? 0 : -1;
}

static int gather(struct store *store, const char *id, const struct scoring *scoring,
		  struct material *ret, struct err *err)
{
	AUTO(repo_close) struct repo *mended = NULL;
	AUTO_FREE char *task_repo = NULL;
	struct assessment *assessment = &ret->assessment;

	if (assessment_find(store, id, assessment, err) < 0)
		return -1;
	if (!assessment->submitted)
		return lifecycle_require(assessment, STATUS_SUBMITTED, "to be scored", err);
	if (verify_submission(store, assessment, ret->tree, err) < 0)
		return -1;
	mended = snapshot_repo(store, assessment, err);
	if (!mended || read_version(store, scoring->task_version, ret, err) < 0)
		return -1;
	task_repo = buf_format("task-%s", assessment->task_id);
	if (scratch_make(&ret->scratch, err) < 0 ||
	    scratch_borrow(&ret->scratch, store, task_repo, err) < 0)
		return -1;
	return scratch_borrow(&ret->scratch, store, assessment->id, err);
}

/* What was answered before, and who is asked now. */
static int read_judge(struct store *store, const struct scoring *scoring, struct material *ret,
		      struct err *err)
{
	int found;

	ret->judge = (struct judging_run){
		.store = store, .assessment_id = ret->assessment.id, .judging = scoring->judging,
		.progress = scoring->progress, .arg = scoring->arg,
	};
	found = judging_begin(&ret->judge, err);
	ret->judged = found == 1;
	return found < 0 ? -1 : 0;
}

static int grade_material(struct store *store, const struct material *material,
			  const struct scoring *scoring, struct grade *ret, struct err *err)
{
	struct grade_request request = {
		.sandbox = scoring->sandbox, .repo = material->scratch.repo,
		.tree = material->tree,
		.task_tree = material->version.version, .manifest = &material->manifest,
		.only = scoring->only, .expected = material->proof,
		.progress = scoring->progress, .arg = scoring->arg,
	};

	if (config_bool(store, "sandbox.allow_weak", &request.allow_weak, err) < 0)
		return -1;
	request.allow_weak |= scoring->allow_weak;
	if (grade_run(&request, ret, err) < 0)
		return -1;
	return json_flag(material->proof, "proved", false) ? proving_doubt(&request, ret, err) : 0;
}

/* By what the row says now: another process may have scored it since it was read. */
static int to_scoring(struct store *store, const char *id, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO(store_rollback) struct store *tx = store;

	if (store_begin(store, err) < 0 || assessment_get(store, id, &now, err) < 0)
		return -1;
	if (now.status == STATUS_SUBMITTED &&
	    lifecycle_move(store, &now, STATUS_SCORING, "system", NULL, err) < 0)
		return -1;
	return store_commit(store, err);
}

/* Row, events, status and signature in one transaction: a result is there whole or not at all. */
static int record(struct store *store, struct material *material, const json_t *result,
		  struct score_row *row, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO(store_rollback) struct store *tx = store;
	const char *id = material->assessment.id;
	struct journal_seal seal = { material->tree, material->assessment.commit,
				     material->version.version };
	json_t *data;

	if (store_begin(store, err) < 0 || assessment_get(store, id, &now, err) < 0 ||
	    judging_record(&material->judge, err) < 0 || score_row_add(store, id, row, err) < 0)
		return -1;
	data = json_pack("{s:I, s:s, s:O, s:O}", "number", (json_int_t)row->number, "digest",
			 row->digest, "verdict",
			 json_object_get(json_object_get(result, "grade"), "verdict"), "weak",
			 json_object_get(json_object_get(result, "sandbox"), "weak"));
	if (journal_append(store, id, "system", "score", data, err) < 0)
		return -1;
	if (now.status == STATUS_SCORING &&
	    lifecycle_move(store, &now, STATUS_SCORED, "system", NULL, err) < 0)
		return -1;
	if (journal_seal(store, id, &seal, err) < 0)
		return -1;
	return store_commit(store, err);
}

/* Grade and score; the part that repeats. Yours. */
static json_t *result_of(struct store *store, struct material *material,
			 const struct grade *grade, struct err *err)
{
	const struct assessment *assessment = &material->assessment;
	const struct score_subject subject = {
		.assessment_id = assessment->id, .task = material->manifest.name,
		.task_version = material->version.version, .tree = material->tree,
		.commit = assessment->commit,
	};
	const struct score_session session = {
		.store = store, .assessment_id = assessment->id, .repo = material->scratch.repo,
		.tree = material->tree, .task_tree = material->version.version,
		.manifest = &material->manifest, .grade = grade,
		.limit_ms = assessment->duration_ms + assessment->extra_ms,
		.judge = material->judged ? judging_answers : NULL, .arg = &material->judge,
	};
	AUTO_JSON json_t *result = score_result_build(&subject, grade);

	return score_session_add(&session, result, err) < 0 ? NULL : TAKE(result);
}

json_t *scoring_run(struct store *store, const char *id, const struct scoring *scoring,
		    struct err *err)
{
	AUTO(material_release) struct material material = { .proof = NULL };
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO(score_row_release) struct score_row row = SCORE_ROW_INIT;
	AUTO_JSON json_t *result = NULL;
	AUTO_JSON json_t *measured = NULL;

	if (gather(store, id, scoring, &material, err) < 0 ||
	    scoring_check_only(&material.manifest, scoring->only, err) < 0 ||
	    read_judge(store, scoring, &material, err) < 0)
		return NULL;
	if (!scoring->dry_run && lifecycle_require_own(&material.assessment, err) < 0)
		return NULL;
	if (!scoring->dry_run && to_scoring(store, material.assessment.id, err) < 0)
		return NULL;
	if (grade_material(store, &material, scoring, &grade, err) < 0)
		return NULL;
	result = result_of(store, &material, &grade, err);
	if (!result)
		return NULL;
	measured = grade_measured_json(&grade);
	row.result = json_canonical(result);
	row.measured = json_dumps(measured, JSON_COMPACT);
	row.sweep = scoring->sweep;
	memcpy(row.task_version, material.version.version, sizeof(row.task_version));
	if (!scoring->dry_run && record(store, &material, result, &row, err) < 0)
		return NULL;
	if (!scoring->dry_run)
		replaying_prepare(store, material.assessment.id);
	return score_result_document(result, row.number,
				     row.created ? row.created : store_now(store), measured);
}

int scoring_recorded(struct store *store, const char *assessment_id, int64_t number, json_t **ret,
		     struct err *err)
{
	AUTO(score_row_release) struct score_row row = SCORE_ROW_INIT;
	AUTO_JSON json_t *result = NULL;
	AUTO_JSON json_t *measured = NULL;
	int found = score_row_get(store, assessment_id, number, &row, err);

	if (found != 1)
		return found;
	result = json_parse(row.result, strlen(row.result), "score", err);
	measured = result ? json_parse(row.measured, strlen(row.measured), "score", err) : NULL;
	if (!measured)
		return -1;
	*ret = score_result_document(result, row.number, row.created, measured);
	return 1;
}
