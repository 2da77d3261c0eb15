/* checkpoint.c - see checkpoint.h */
#include "store/checkpoint.h"

#include "base/auto.h"
#include "store/sql.h"

#include <string.h>

static const char SQL_FIND[] =
	"SELECT c.seq, c.state FROM checkpoint c JOIN event e ON e.assessment_id = c.assessment_id "
	"AND e.seq = c.seq AND e.hash = c.hash WHERE c.assessment_id = ?2 AND "
	"c.organization_id = ?1 AND c.seq <= ?3 ORDER BY c.seq DESC LIMIT 1";
static const char SQL_ADD[] =
	"INSERT INTO checkpoint (organization_id, assessment_id, seq, hash, state) "
	"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (assessment_id, seq) DO UPDATE SET "
	"hash = excluded.hash, state = excluded.state";
static const char SQL_ADD_PIECE[] =
	"INSERT INTO checkpoint_piece (organization_id, assessment_id, hash, data) "
	"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (assessment_id, hash) DO NOTHING";
static const char SQL_GET_PIECE[] =
	"SELECT data FROM checkpoint_piece WHERE organization_id = ?1 AND assessment_id = ?2 AND "
	"hash = ?3";
static const char SQL_CLEAR[] =
	"DELETE FROM checkpoint WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_CLEAR_PIECES[] =
	"DELETE FROM checkpoint_piece WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_SIZE[] =
	"SELECT (SELECT COUNT(*) FROM checkpoint WHERE organization_id = ?1 AND "
	"assessment_id = ?2), (SELECT COALESCE(SUM(LENGTH(data)), 0) FROM checkpoint_piece WHERE "
	"organization_id = ?1 AND assessment_id = ?2)";

static void add_blob(sqlite3_stmt *query, int column, struct buf *out)
{
	size_t len = (size_t)sqlite3_column_bytes(query, column);

	if (len)
		buf_add(out, sqlite3_column_blob(query, column), len);
}

int checkpoint_find(struct store *store, const char *assessment_id, int64_t seq, int64_t *ret_seq,
		    struct hash *ret_state, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_FIND, "tti", store_organization(store), assessment_id, seq);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1) {
		*ret_seq = sql_int(query, 0);
		*ret_state = (struct hash){ { 0 } };
		if (sqlite3_column_bytes(query, 1) == HASH_SIZE)
			memcpy(ret_state->bytes, sqlite3_column_blob(query, 1), HASH_SIZE);
	}
	return row;
}

int checkpoint_add(struct store *store, const char *assessment_id, int64_t seq, const char *hash,
		   const struct hash *state, struct err *err)
{
	return sql_run(store, err, SQL_ADD, "ttitb", store_organization(store), assessment_id, seq,
		       hash, state->bytes, (size_t)HASH_SIZE) < 0 ? -1 : 0;
}

int checkpoint_add_piece(struct store *store, const char *assessment_id, const struct hash *hash,
			 const void *data, size_t len, struct err *err)
{
	return sql_run(store, err, SQL_ADD_PIECE, "ttbb", store_organization(store), assessment_id,
		       hash->bytes, (size_t)HASH_SIZE, data, len) < 0 ? -1 : 0;
}

int checkpoint_clear(struct store *store, const char *assessment_id, struct err *err)
{
	const char *organization = store_organization(store);

	if (sql_run(store, err, SQL_CLEAR, "tt", organization, assessment_id) < 0)
		return -1;
	return sql_run(store, err, SQL_CLEAR_PIECES, "tt", organization, assessment_id) < 0 ? -1
											     : 0;
}

int checkpoint_get_piece(struct store *store, const char *assessment_id, const struct hash *hash,
			 struct buf *out, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_GET_PIECE, "ttb", store_organization(store),
			  assessment_id, hash->bytes, (size_t)HASH_SIZE);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		add_blob(query, 0, out);
	return row;
}

int checkpoint_size(struct store *store, const char *assessment_id, int64_t *ret_count,
		    int64_t *ret_bytes, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_SIZE, "tt", store_organization(store), assessment_id);
	int row = query ? sql_step(query, err) : -1;

	if (row != 1)
		return -1;
	*ret_count = sql_int(query, 0);
	*ret_bytes = sql_int(query, 1);
	return 0;
}
