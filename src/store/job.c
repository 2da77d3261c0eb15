/* job.c - see job.h */
#include "store/job.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/owner.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

#define SELECT                                                                                     \
	"SELECT id, assessment_id, kind, state, owner, log, attempts, created, updated FROM job "

static const char SQL_ADD[] =
	"INSERT INTO job (id, organization_id, assessment_id, kind, state, owner, attempts, log, "
	"created, updated) VALUES (?1, ?2, ?3, ?4, 'queued', '', 0, '', ?5, ?5)";
static const char SQL_GET[] = SELECT "WHERE organization_id = ?1 AND id = ?2";
static const char SQL_TAKE[] =
	"UPDATE job SET state = 'running', owner = ?3, attempts = attempts + 1, updated = ?4 "
	"WHERE organization_id = ?1 AND id = ?2";
static const char SQL_FINISH[] =
	"UPDATE job SET state = ?3, owner = '', updated = ?4 "
	"WHERE organization_id = ?1 AND id = ?2";
static const char SQL_LOG[] =
	"UPDATE job SET log = log || ?3 WHERE organization_id = ?1 AND id = ?2";
static const char SQL_FIND[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 AND kind = ?3 "
	"ORDER BY created DESC, id DESC LIMIT 1";
static const char SQL_OPEN[] = SELECT
	"WHERE organization_id = ?1 AND state IN ('queued', 'running') ORDER BY created LIMIT ?2";
static const char SQL_EACH[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY created, id";

void job_release(struct job *job)
{
	free(job->kind);
	free(job->state);
	free(job->owner);
	free(job->log);
	*job = (struct job)JOB_INIT;
}

static bool is_open(const struct job *job)
{
	return !strcmp(job->state, "queued") ||
	       (!strcmp(job->state, "running") && !owner_alive(job->owner));
}

static void read_row(sqlite3_stmt *query, struct job *ret)
{
	sql_copy(query, 0, ret->id, sizeof(ret->id));
	sql_copy(query, 1, ret->assessment_id, sizeof(ret->assessment_id));
	ret->kind = sql_dup(query, 2);
	ret->state = sql_dup(query, 3);
	ret->owner = sql_dup(query, 4);
	ret->log = sql_dup(query, 5);
	ret->attempts = sql_int(query, 6);
	ret->created = sql_int(query, 7);
	ret->updated = sql_int(query, 8);
}

int job_add(struct store *store, const char *assessment_id, const char *kind,
	    char ret_id[RAND_ID_LEN + 1], struct err *err)
{
	rand_id(ret_id);
	return sql_run(store, err, SQL_ADD, "tttti", ret_id, store_organization(store),
		       assessment_id, kind, store_now(store)) < 0 ? -1 : 0;
}

int job_take(struct store *store, const char *id, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_GET, "tt", store_organization(store), id);
	AUTO(job_release) struct job job = JOB_INIT;
	AUTO_FREE char *owner = NULL;
	int row = query ? sql_step(query, err) : -1;

	if (row != 1)
		return row;
	read_row(query, &job);
	if (!is_open(&job))
		return 0;
	owner = owner_self();
	return sql_run(store, err, SQL_TAKE, "ttti", store_organization(store), id, owner,
		       store_now(store)) < 0 ? -1 : 1;
}

int job_finish(struct store *store, const char *id, const char *state, struct err *err)
{
	return sql_run(store, err, SQL_FINISH, "ttti", store_organization(store), id, state,
		       store_now(store)) < 0 ? -1 : 0;
}

int job_log(struct store *store, const char *id, const char *text, struct err *err)
{
	char time[CLOCK_TEXT_SIZE];
	AUTO_FREE char *line =
		buf_format("%s %s\n", clock_text_ms(store_now(store), time), text);

	return sql_run(store, err, SQL_LOG, "ttt", store_organization(store), id, line) < 0 ? -1
											    : 0;
}

int job_find(struct store *store, const char *assessment_id, const char *kind, struct job *ret,
	     struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_FIND, "ttt", store_organization(store), assessment_id, kind);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		read_row(query, ret);
	return row;
}

int job_open_ones(struct store *store, struct job *jobs, int most, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_OPEN, "ti", store_organization(store), (int64_t)most);
	int row = query ? sql_step(query, err) : -1;
	int count = 0;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(job_release) struct job job = JOB_INIT;

		read_row(query, &job);
		if (is_open(&job)) {
			jobs[count++] = job;
			job = (struct job)JOB_INIT;
		}
	}
	return row < 0 ? -1 : count;
}

int job_each(struct store *store, const char *assessment_id,
	     int (*visit)(void *arg, const struct job *job, struct err *err), void *arg,
	     struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_EACH, "tt", store_organization(store), assessment_id);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(job_release) struct job job = JOB_INIT;

		read_row(query, &job);
		if (visit(arg, &job, err) < 0)
			return -1;
	}
	return row;
}
