/* client.c - see client.h */
#include "store/client.h"

#include "base/auto.h"
#include "store/sql.h"

static const char SQL_GET[] =
	"SELECT assessment.status, assessment.deadline, assessment.submitted, "
	"coalesce(client.last_seq, 0), coalesce(ingest_rate.tokens, 0), "
	"coalesce(ingest_rate.updated, 0) FROM assessment "
	"LEFT JOIN client ON client.assessment_id = assessment.id AND client.id = ?3 "
	"LEFT JOIN ingest_rate ON ingest_rate.assessment_id = assessment.id "
	"WHERE assessment.id = ?2 AND assessment.organization_id = ?1";
static const char SQL_SET_LAST[] =
	"INSERT INTO client (organization_id, assessment_id, id, last_seq) "
	"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (assessment_id, id) DO UPDATE SET "
	"last_seq = excluded.last_seq";
static const char SQL_SET_RATE[] =
	"INSERT INTO ingest_rate (organization_id, assessment_id, tokens, updated) "
	"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (assessment_id) DO UPDATE SET "
	"tokens = excluded.tokens, updated = excluded.updated";

int client_get(struct store *store, const char *assessment_id, const char *client_id,
	       struct client_state *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_GET, "ttt", store_organization(store), assessment_id,
			  client_id);
	int row = query ? sql_step(query, err) : -1;

	if (row != 1)
		return row;
	*ret = (struct client_state){
		.deadline = sql_int(query, 1), .submitted = sql_int(query, 2),
		.last_seq = sql_int(query, 3), .tokens = sql_int(query, 4),
		.updated = sql_int(query, 5),
	};
	if (status_parse(sql_text(query, 0), &ret->status, err) < 0) {
		err->code = ERR_INTEGRITY;
		return err_wrap(err, "assessment %s", assessment_id);
	}
	return 1;
}

int client_set_last(struct store *store, const char *assessment_id, const char *client_id,
		    int64_t last_seq, struct err *err)
{
	return sql_run(store, err, SQL_SET_LAST, "ttti", store_organization(store), assessment_id,
		       client_id, last_seq) < 0 ? -1 : 0;
}

int client_set_rate(struct store *store, const char *assessment_id, int64_t tokens,
		    int64_t updated, struct err *err)
{
	return sql_run(store, err, SQL_SET_RATE, "ttii", store_organization(store), assessment_id,
		       tokens, updated) < 0 ? -1 : 0;
}
