/* late_work.c - see late_work.h */
#include "assess/late_work.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/schema.h"
#include "journal/journal.h"
#include "store/event.h"
#include "workspace/repo_build.h"
#include "workspace/repo_diff.h"
#include "workspace/repo_read.h"
#include "workspace/repo_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- what is on record */

static int see_event(void *arg, const struct event *event, struct err *err)
{
	struct late_work *late = arg;
	AUTO_JSON json_t *data = NULL;

	if (strcmp(event->kind, "late") != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), "late", err);
	if (!data)
		return -1;
	late->times++;
	snprintf(late->commit, sizeof(late->commit), "%s", json_str(data, "commit", ""));
	snprintf(late->tree, sizeof(late->tree), "%s", json_str(data, "tree", ""));
	late->files = json_int(data, "files", 0);
	late->after_ms = json_int(data, "after_ms", 0);
	return 0;
}

/* Whoever was there handed in before. */
static bool ended_by_deadline(const struct assessment *assessment)
{
	return assessment->submitted && assessment->submitted == assessment->deadline;
}

int late_work_read(struct store *store, const struct assessment *assessment, struct late_work *ret,
		   struct err *err)
{
	*ret = (struct late_work){ .times = 0 };
	if (!ended_by_deadline(assessment))
		return 0;
	return event_each_mark(store, assessment->id, see_event, ret, err);
}

json_t *late_work_json(struct store *store, const struct assessment *assessment, struct err *err)
{
	struct late_work late;

	if (late_work_read(store, assessment, &late, err) < 0)
		return NULL;
	if (!late.times)
		return json_null();
	return json_pack("{s:s, s:s, s:I, s:I}", "commit", late.commit, "tree", late.tree, "files",
			 (json_int_t)late.files, "after_ms", (json_int_t)late.after_ms);
}

/* --- a request */

struct keeping {
	struct store *store;
	struct repo *repo;
	struct assessment assessment;
	struct late_work late;		/* as it is, then as it becomes */
	char base[REPO_OID_SIZE], handed_in[REPO_OID_SIZE];	/* trees */
	json_t *files;			/* {path: {"oid", "executable"}} */
	size_t bytes;
};

static void release_keeping(struct keeping *keeping)
{
	assessment_release(&keeping->assessment);
	json_decref(keeping->files);
}

int late_work_check(const struct assessment *assessment, int64_t now, struct err *err)
{
	if (!ended_by_deadline(assessment))
		return err_set(err, ERR_STATE, "there is no late work: %s",
			       assessment->submitted ? "it was handed in in time"
						     : "the session did not end by its deadline");
	if (now - assessment->deadline > LATE_WORK_MS)
		return err_set(err, ERR_STATE, "late work is taken for 7 days");
	return 0;
}

static int has_room(const struct keeping *keeping, struct err *err)
{
	return keeping->late.times < LATE_WORK_TIMES ? 0 :
		       err_set(err, ERR_STATE, "late work came %d times already, and no more is "
			       "taken", LATE_WORK_TIMES);
}

static int note_file(void *arg, const struct repo_file *file, struct err *err)
{
	struct keeping *keeping = arg;

	(void)err;
	json_object_set_new(keeping->files, file->path,
			    json_pack("{s:s, s:b}", "oid", file->oid, "executable",
				      file->executable));
	return 0;
}

/* What the work stands on: what came last, or else what was handed in. */
static int read_base(struct keeping *keeping, struct err *err)
{
	const char *tree = keeping->late.times ? keeping->late.tree : keeping->handed_in;

	if (repo_commit_tree(keeping->repo, keeping->assessment.commit, keeping->handed_in, err) <
	    0)
		return -1;
	memcpy(keeping->base, tree, REPO_OID_SIZE);
	keeping->files = json_object();
	return repo_each_file(keeping->repo, keeping->base, note_file, keeping, err);
}

static int take_content(struct keeping *keeping, const char *path, const json_t *file,
			const char *base64, struct err *err)
{
	bool was = json_flag(json_object_get(keeping->files, path), "executable", false);
	AUTO_FREE void *bytes = NULL;
	char oid[REPO_OID_SIZE];
	size_t len = 0;

	bytes = hash_from_base64(base64, &len, err);
	if (!bytes)
		return -1;
	keeping->bytes += len;
	if (keeping->bytes > LATE_WORK_BYTES)
		return err_set(err, ERR_INPUT, "late work has at most %u MiB",
			       LATE_WORK_BYTES >> 20);
	if (repo_write_blob(keeping->repo, bytes, len, oid, err) < 0)
		return -1;
	json_object_set_new(keeping->files, path,
			    json_pack("{s:s, s:b}", "oid", oid, "executable",
				      json_flag(file, "executable", was)));
	return 0;
}

static int take_files(struct keeping *keeping, const json_t *request, struct err *err)
{
	AUTO_JSON json_t *seen = json_object();
	const json_t *file;
	size_t i;

	json_array_foreach(json_object_get(request, "files"), i, file) {
		const char *path = json_str(file, "path", "");
		const char *base64 = json_str(file, "content", NULL);

		if (json_object_get(seen, path))
			return err_set(err, ERR_INPUT, "/files/%zu/path: is there twice", i);
		json_object_set_new(seen, path, json_true());
		if (!base64)
			json_object_del(keeping->files, path);
		else if (take_content(keeping, path, file, base64, err) < 0)
			return err_wrap(err, "/files/%zu", i);
	}
	return 0;
}

static int build_tree(struct keeping *keeping, struct err *err)
{
	size_t count = 0, most = json_object_size(keeping->files);
	AUTO_FREE struct repo_entry *entries = buf_alloc((most + 1) * sizeof(*entries));
	const char *path;
	json_t *file;

	json_object_foreach(keeping->files, path, file)
		entries[count++] = (struct repo_entry){ path, json_str(file, "oid", ""),
							json_flag(file, "executable", false) };
	return repo_build_tree(keeping->repo, entries, count, keeping->late.tree, err);
}

static int count_change(void *arg, const char *path, const char *oid, bool executable,
			struct err *err)
{
	int64_t *count = arg;

	(void)path;
	(void)oid;
	(void)executable;
	(void)err;
	++*count;
	return 0;
}

/* On disk before the record tells of it. */
static int write_commit(struct keeping *keeping, struct err *err)
{
	const struct assessment *assessment = &keeping->assessment;
	struct late_work *late = &keeping->late;
	AUTO_FREE char *message = buf_format("late\n\nAssessment: %s\n", assessment->id);
	AUTO_FREE char *parent = buf_strdup(late->times ? late->commit : assessment->commit);
	struct repo_commit commit = {
		.tree = late->tree, .parent = parent, .name = assessment->name,
		.email = assessment->email, .message = message,
		.time_ms = store_now(keeping->store),
	};

	late->files = 0;
	late->after_ms = commit.time_ms - assessment->deadline;
	return repo_write_commit(keeping->repo, &commit, late->commit, err) < 0 ||
	       repo_publish(keeping->repo, err) < 0 ||
	       repo_diff_ids(keeping->repo, keeping->handed_in, late->tree, count_change,
			     &late->files, err) < 0 ? -1 : 0;
}

static int record(struct keeping *keeping, struct err *err)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO(store_rollback) struct store *tx = keeping->store;
	struct late_work *late = &keeping->late, there;
	const char *id = keeping->assessment.id;
	struct journal_seal seal = { keeping->handed_in, keeping->assessment.commit,
				     keeping->assessment.task_version };

	if (store_begin(tx, err) < 0 || assessment_get(tx, id, &now, err) < 0 ||
	    late_work_read(tx, &now, &there, err) < 0)
		return -1;
	if (there.times != late->times)
		return err_set(err, ERR_ENV, "other late work came first; try again");
	if (journal_append(tx, id, "candidate", "late",
			   json_pack("{s:s, s:s, s:I, s:I}", "commit", late->commit, "tree",
				     late->tree, "files", (json_int_t)late->files, "after_ms",
				     (json_int_t)late->after_ms), err) < 0 ||
	    journal_seal(tx, id, &seal, err) < 0 || store_commit(tx, err) < 0)
		return -1;
	late->times++;
	return 0;
}

static int keep(struct keeping *keeping, const json_t *request, struct err *err)
{
	struct late_work *late = &keeping->late;

	if (read_base(keeping, err) < 0 || take_files(keeping, request, err) < 0 ||
	    build_tree(keeping, err) < 0)
		return -1;
	if (strcmp(late->tree, keeping->base) != 0 &&
	    (has_room(keeping, err) < 0 || write_commit(keeping, err) < 0 ||
	     record(keeping, err) < 0))
		return -1;
	/* also when a crash left it behind */
	return late->times ? repo_set_ref(keeping->repo, LATE_WORK_REF, late->commit, err) : 0;
}

int late_work_keep(struct store *store, struct repo *repo, const char *assessment_id,
		   const json_t *request, struct late_work *ret, struct err *err)
{
	AUTO(release_keeping) struct keeping keeping = { .store = store, .repo = repo,
							 .assessment = ASSESSMENT_INIT };

	if (schema_check_named("tali.late-1", request, err) < 0 ||
	    assessment_get(store, assessment_id, &keeping.assessment, err) < 0 ||
	    late_work_check(&keeping.assessment, store_now(store), err) < 0 ||
	    late_work_read(store, &keeping.assessment, &keeping.late, err) < 0 ||
	    keep(&keeping, request, err) < 0)
		return -1;
	*ret = keeping.late;
	return 0;
}
