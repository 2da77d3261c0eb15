/* score_row.c - see score_row.h */
#include "store/score_row.h"

#include "base/auto.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

#define SELECT "SELECT number, created, task_version, digest, result, measured FROM score_run "

static const char SQL_NEXT[] =
	"SELECT coalesce(max(number), 0) + 1 FROM score_run "
	"WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_ADD[] =
	"INSERT INTO score_run (organization_id, assessment_id, number, created, task_version, "
	"digest, result, measured, sweep) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char SQL_GET[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 AND (?3 = 0 OR number = ?3) "
	"ORDER BY number DESC LIMIT 1";
static const char SQL_COUNT[] =
	"SELECT count(*) FROM score_run WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_OF_SWEEP[] =
	"SELECT coalesce(max(number), 0) FROM score_run "
	"WHERE organization_id = ?1 AND assessment_id = ?2 AND sweep = ?3";
static const char SQL_EACH[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number";

void score_row_release(struct score_row *row)
{
	free(row->result);
	free(row->measured);
	*row = (struct score_row)SCORE_ROW_INIT;
}

static void read_row(sqlite3_stmt *query, struct score_row *ret)
{
	ret->number = sql_int(query, 0);
	ret->created = sql_int(query, 1);
	sql_copy(query, 2, ret->task_version, sizeof(ret->task_version));
	sql_copy(query, 3, ret->digest, sizeof(ret->digest));
	ret->result = sql_dup(query, 4);
	ret->measured = sql_dup(query, 5);
}

int score_row_import(struct store *store, const char *assessment_id, const struct score_row *row,
		     struct err *err)
{
	return sql_run(store, err, SQL_ADD, "ttiittttt", store_organization(store), assessment_id,
		       row->number, row->created, row->task_version, row->digest, row->result,
		       row->measured, row->sweep) < 0 ? -1 : 0;
}

int score_row_add(struct store *store, const char *assessment_id, struct score_row *row,
		  struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *next =
		sql_query(store, err, SQL_NEXT, "tt", store_organization(store), assessment_id);
	struct hash hash = hash_of(row->result, strlen(row->result));

	if (!next || sql_step(next, err) < 0)
		return -1;
	row->number = sql_int(next, 0);
	row->created = store_now(store);
	hash_hex(&hash, row->digest);
	return score_row_import(store, assessment_id, row, err);
}

int score_row_get(struct store *store, const char *assessment_id, int64_t number,
		  struct score_row *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_GET, "tti", store_organization(store), assessment_id, number);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		read_row(query, ret);
	return row;
}

int64_t score_row_count(struct store *store, const char *assessment_id, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_COUNT, "tt", store_organization(store), assessment_id);
	int row = query ? sql_step(query, err) : -1;

	return row == 1 ? sql_int(query, 0) : -1;
}

int64_t score_row_of_sweep(struct store *store, const char *assessment_id, const char *sweep,
			   struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_OF_SWEEP, "ttt", store_organization(store), assessment_id, sweep);
	int row = query ? sql_step(query, err) : -1;

	return row == 1 ? sql_int(query, 0) : -1;
}

int score_row_each(struct store *store, const char *assessment_id,
		   int (*visit)(void *arg, const struct score_row *row, struct err *err), void *arg,
		   struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_EACH, "tt", store_organization(store), assessment_id);
	int step = query ? sql_step(query, err) : -1;

	for (; step == 1; step = sql_step(query, err)) {
		AUTO(score_row_release) struct score_row row = SCORE_ROW_INIT;

		read_row(query, &row);
		if (visit(arg, &row, err) < 0)
			return -1;
	}
	return step;
}
