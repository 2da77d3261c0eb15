/* score_sweep.c - see score_sweep.h */
#include "store/score_sweep.h"

#include "base/auto.h"
#include "store/owner.h"
#include "store/sql.h"

static const char SQL_NEWEST[] =
	"SELECT id, begun, finished, owner FROM score_sweep WHERE organization_id = ?1 "
	"AND task_id = ?2 AND version = ?3 AND tali = ?4 ORDER BY begun DESC, id DESC LIMIT 1";
static const char SQL_ADD[] =
	"INSERT INTO score_sweep (id, organization_id, task_id, version, tali, owner, begun, "
	"finished) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
static const char SQL_TAKE[] =
	"UPDATE score_sweep SET owner = ?3 WHERE organization_id = ?1 AND id = ?2";
static const char SQL_LEAVE[] =
	"UPDATE score_sweep SET owner = '', finished = ?3 WHERE organization_id = ?1 AND id = ?2";

/* 1: one that was left is there. */
static int find_left(struct store *store, const char *task_id, const char *version,
		     struct score_sweep *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_NEWEST, "tttt", store_organization(store), task_id,
			  version, PACKAGE_VERSION);
	int row = query ? sql_step(query, err) : -1;

	if (row != 1)
		return row;
	sql_copy(query, 0, ret->id, sizeof(ret->id));
	ret->begun = sql_int(query, 1);
	return !sql_int(query, 2) && !owner_alive(sql_text(query, 3));
}

int score_sweep_take(struct store *store, const char *task_id, const char *version, bool again,
		     struct score_sweep *ret, struct err *err)
{
	AUTO_FREE char *owner = owner_self();
	const char *organization = store_organization(store);
	int left = again ? 0 : find_left(store, task_id, version, ret, err);

	if (left < 0)
		return -1;
	if (left)
		return sql_run(store, err, SQL_TAKE, "ttt", organization, ret->id, owner) < 0 ? -1
											      : 1;
	rand_id(ret->id);
	ret->begun = store_now(store);
	return sql_run(store, err, SQL_ADD, "tttttti", ret->id, organization, task_id, version,
		       PACKAGE_VERSION, owner, ret->begun) < 0 ? -1 : 0;
}

int score_sweep_leave(struct store *store, const char *id, bool finished, struct err *err)
{
	return sql_run(store, err, SQL_LEAVE, "tti", store_organization(store), id,
		       finished ? store_now(store) : (int64_t)0) < 0 ? -1 : 0;
}
