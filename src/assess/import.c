/* import.c - see import.h */
#include "assess/import.h"

#include "assess/import_repo.h"
#include "assess/lifecycle.h"
#include "assess/snapshot.h"
#include "assess/task_stub.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "journal/journal_verify.h"
#include "store/candidate.h"
#include "store/event.h"
#include "store/score_row.h"

#include <stdio.h>
#include <string.h>

struct import {
	struct store *store;
	const char *path;
	const uint8_t *public_key;
	FILE *file;
	struct import_repo made;
	struct assessment assessment;
	char *name, *email;		/* of the candidate, or NULL */
	/* of the score run whose event came last */
	int64_t score_time;
	struct { int64_t time; char version[REPO_OID_SIZE]; } *scores;
	size_t score_count;
};

static void import_release(struct import *import)
{
	auto_fclose(&import->file);
	import_repo_release(&import->made);
	assessment_release(&import->assessment);
	free(import->name);
	free(import->email);
	free(import->scores);
}

static int check_id(const char *what, const char *id, struct err *err)
{
	if (strlen(id) != RAND_ID_LEN ||
	    strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz") != RAND_ID_LEN)
		return err_set(err, ERR_INTEGRITY, "the id of its %s is none", what);
	return 0;
}

/* What the journal says of the assessment; and of the candidate what the first commit says. */
static int read_row(struct import *import, const struct journal_read *read, struct err *err)
{
	struct assessment *a = &import->assessment;
	AUTO_FREE char *key = hash_base64(import->public_key, SIGN_PUBLIC_SIZE);

	if (lifecycle_read_row(read->check.row, a, err) < 0)
		return -1;
	snprintf(a->id, sizeof(a->id), "%s", read->assessment_id);
	snprintf(a->signer, sizeof(a->signer), "%s", key);
	if (check_id("candidate", a->candidate_id, err) < 0 ||
	    check_id("task", a->task_id, err) < 0)
		return -1;
	if (strlen(a->task_version) != REPO_OID_SIZE - 1)
		return err_set(err, ERR_INTEGRITY, "the task version is none");
	if (!*a->commit)
		return 0;
	return repo_commit_author(import->made.repo, a->commit, &import->name, &import->email, err);
}

/* Anybody can add events to the end of a chain; only a signature says whose they are. */
static int check_signed(const struct journal_check *check, struct err *err)
{
	if (check->signed_seq == check->next_seq - 2)
		return 0;
	return err_set(err, ERR_INTEGRITY, "event %lld and what follows is not signed: it can be "
		       "imported when it was handed in", (long long)check->signed_seq + 1);
}

/* Before anything is written: all of the file. */
static int check_file(struct import *import, struct err *err)
{
	AUTO(journal_read_release) struct journal_read read = { .assessment_id = "" };

	import->file = journal_read_open(import->path, err);
	if (!import->file || import_repo_open(import->store, &import->made, err) < 0)
		return -1;
	if (journal_verify(import->file, import->public_key, import->made.repo, &read, err) < 0 ||
	    check_signed(&read.check, err) < 0 || read_row(import, &read, err) < 0)
		return err_wrap(err, "%s", import->path);
	return 0;
}

static int add_event(void *arg, const struct event *event, struct err *err)
{
	struct import *import = arg;

	if (!strcmp(event->kind, "score"))
		import->score_time = event->time;
	if (!strcmp(event->kind, "signature") && import->score_time) {
		AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "data", err);
		size_t at = import->score_count++;

		import->scores = buf_realloc(import->scores, import->score_count,
					     sizeof(*import->scores));
		import->scores[at].time = TAKE(import->score_time);
		snprintf(import->scores[at].version, sizeof(import->scores[at].version), "%s",
			 json_str(data, "task_version", ""));
	}
	return event_add(import->store, import->assessment.id, event, err);
}

static int add_blob(void *arg, const void *data, size_t len, struct err *err)
{
	struct import *import = arg;
	char hash[HASH_HEX_SIZE];

	return event_blob_add(import->store, data, len, hash, err);
}

/* What was measured is not part of an export. */
static int add_score(void *arg, int64_t number, const char *result, struct err *err)
{
	struct import *import = arg;
	AUTO(score_row_release) struct score_row row = { .number = number };
	struct hash hash = hash_of(result, strlen(result));
	size_t at = (size_t)number - 1;

	row.result = buf_strdup(result);
	row.measured = buf_strdup("{}");
	hash_hex(&hash, row.digest);
	if (at < import->score_count) {
		row.created = import->scores[at].time;
		memcpy(row.task_version, import->scores[at].version, sizeof(row.task_version));
	}
	return score_row_import(import->store, import->assessment.id, &row, err);
}

/* The address may belong to somebody here already; ids are what the journal speaks of. */
static int ensure_candidate(struct import *import, struct err *err)
{
	AUTO(candidate_release) struct candidate there = CANDIDATE_INIT;
	AUTO(candidate_release) struct candidate made = CANDIDATE_INIT;
	const char *id = import->assessment.candidate_id;
	struct err ignored = ERR_INIT;
	int row = candidate_known(import->store, id, err);

	if (row != 0)
		return row < 0 ? -1 : 0;
	snprintf(made.id, sizeof(made.id), "%s", id);
	made.email = import->email ? candidate_email_read(import->email, &ignored) : NULL;
	row = made.email ? candidate_find_email(import->store, made.email, &there, err) : 1;
	if (row < 0)
		return -1;
	if (row == 1) {
		free(made.email);
		made.email = buf_format("%s@imported.invalid", id);
	}
	made.name = buf_strdup(import->name ? import->name : made.email);
	made.notes = buf_strdup("");
	return candidate_import(import->store, &made, err);
}

static int add_rows(struct import *import, struct err *err)
{
	const struct assessment *a = &import->assessment;
	AUTO_FREE char *task_name = buf_format("imported-%s", a->task_id);

	if (ensure_candidate(import, err) < 0 ||
	    task_stub_ensure(import->store, a->task_id, a->task_version, task_name,
			     "Task of an imported assessment", err) < 0)
		return -1;
	return assessment_import(import->store, a, err);
}

/* The file is read again, and checked again: it may have been changed meanwhile. */
static int add_contents(struct import *import, struct err *err)
{
	AUTO(journal_read_release) struct journal_read read = { .assessment_id = "" };
	const struct journal_read_visit visit = { import, add_event, add_blob, add_score };

	if (journal_read(import->file, import->public_key, NULL, &visit, &read, err) < 0)
		return err_wrap(err, "%s", import->path);
	if (strcmp(read.assessment_id, import->assessment.id) != 0)
		return err_set(err, ERR_INTEGRITY, "%s: changed meanwhile", import->path);
	return lifecycle_compare(&import->assessment, read.check.row, err);
}

static int set_refs(struct import *import, struct err *err)
{
	const struct assessment *a = &import->assessment;

	if (!*a->commit)
		return 0;
	if (repo_set_ref(import->made.repo, SNAPSHOT_BRANCH, a->commit, err) < 0)
		return -1;
	return a->submitted ? repo_set_ref(import->made.repo, SNAPSHOT_TAG, a->commit, err) : 0;
}

static int refuse_known(struct store *store, const char *id, struct err *err)
{
	AUTO(assessment_release) struct assessment there = ASSESSMENT_INIT;
	struct err missing = ERR_INIT;

	if (assessment_get(store, id, &there, &missing) == 0)
		return err_set(err, ERR_STATE, "assessment %s is here already", id);
	if (missing.code == ERR_NOT_FOUND)
		return 0;
	*err = missing;
	return -1;
}

static int write_all(struct import *import, struct err *err)
{
	AUTO(store_rollback) struct store *tx = import->store;

	if (store_begin(import->store, err) < 0 ||
	    refuse_known(import->store, import->assessment.id, err) < 0 ||
	    add_rows(import, err) < 0 || add_contents(import, err) < 0)
		return -1;
	if (*import->assessment.commit &&
	    import_repo_place(import->store, &import->made, import->assessment.id, err) < 0)
		return -1;
	return store_commit(import->store, err);
}

int import_journal(struct store *store, const char *path,
		   const uint8_t public_key[SIGN_PUBLIC_SIZE], struct assessment *ret,
		   struct err *err)
{
	AUTO(import_release) struct import import = { .store = store, .path = path,
						      .public_key = public_key,
						      .made = IMPORT_REPO_INIT };

	if (check_file(&import, err) < 0 || set_refs(&import, err) < 0 ||
	    write_all(&import, err) < 0)
		return -1;
	return assessment_get(store, import.assessment.id, ret, err);
}
