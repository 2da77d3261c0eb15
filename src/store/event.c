/* event.c - see event.h */
#include "store/event.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/sql.h"

#include <string.h>

/* A statement that inserts many rows costs much less than one for each. Parameters without a number
 * count on from the highest before. */
#define INTO_EVENT \
	"INSERT INTO event (organization_id, assessment_id, seq, time, client_seq, client_time, " \
	"actor, kind, data, hash) VALUES "
#define ROW "(?1, ?2, ?, ?, ?, ?, ?, ?, ?, ?)"

static const char SQL_ADD[] = INTO_EVENT ROW;
static const char SQL_ADD_MANY[] = INTO_EVENT ROW ", " ROW ", " ROW ", " ROW ", "
					      ROW ", " ROW ", " ROW ", " ROW;
#define MANY 8
static const char SQL_LAST[] =
	"SELECT seq, time, client_time, hash FROM event "
	"WHERE assessment_id = ?2 AND organization_id = ?1 "
	"ORDER BY seq DESC LIMIT 1";
static const char SQL_EACH[] =
	"SELECT seq, time, client_seq, client_time, actor, kind, data, hash FROM event "
	"WHERE assessment_id = ?2 AND organization_id = ?1 AND seq >= ?3 ORDER BY seq";
static const char SQL_PAGE[] =
	"SELECT seq, time, client_seq, client_time, actor, kind, data, hash FROM event "
	"WHERE assessment_id = ?2 AND organization_id = ?1 AND seq >= ?3 ORDER BY seq LIMIT ?4";
static const char SQL_INSTANT[] =
	"SELECT COALESCE(client_time, time) FROM event "
	"WHERE assessment_id = ?2 AND organization_id = ?1 AND seq = ?3";
/* the condition of the index, word for word */
#define SQL_MARKS_TEXT                                                                             \
	"SELECT seq, time, client_seq, client_time, actor, kind, data, hash FROM event "           \
	"WHERE assessment_id = ?2 AND organization_id = ?1 "                                       \
	"AND kind <> 'edit' AND kind <> 'cursor' AND kind <> 'terminal_in' "                       \
	"AND kind <> 'terminal_out' ORDER BY seq"
static const char SQL_MARKS[] = SQL_MARKS_TEXT;
static const char SQL_MARKS_PLAN[] = "EXPLAIN QUERY PLAN " SQL_MARKS_TEXT;
static const char SQL_COUNTS[] =
	"SELECT kind, COUNT(*) FROM event WHERE assessment_id = ?2 AND organization_id = ?1 "
	"GROUP BY kind ORDER BY kind";
static const char SQL_BLOB_ADD[] =
	"INSERT INTO blob (organization_id, hash, data) VALUES (?1, ?2, ?3) "
	"ON CONFLICT (organization_id, hash) DO NOTHING";
static const char SQL_BLOB_GET[] =
	"SELECT data FROM blob WHERE organization_id = ?1 AND hash = ?2";

int64_t event_instant(const struct event *event)
{
	return event->client_time ? event->client_time : event->time;
}

int event_add(struct store *store, const char *assessment_id, const struct event *event,
	      struct err *err)
{
	return sql_run(store, err, SQL_ADD, "ttiinntttt", store_organization(store), assessment_id,
		       event->seq, event->time, event->client_seq, event->client_time, event->actor,
		       event->kind, event->data, event->hash) < 0 ? -1 : 0;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
	if (number)
		sqlite3_bind_int64(statement, at, number);
	else
		sqlite3_bind_null(statement, at);
}

/* MANY events. */
static int add_many(struct store *store, const char *assessment_id, const struct event *events,
		     struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *insert =
		sql_query(store, err, SQL_ADD_MANY, "tt", store_organization(store), assessment_id);

	for (int i = 0; insert && i < MANY; i++) {
		int at = 3 + 8 * i;	/* ?1 and ?2 are the same in all rows */

		sqlite3_bind_int64(insert, at, events[i].seq);
		sqlite3_bind_int64(insert, at + 1, events[i].time);
		bind_number(insert, at + 2, events[i].client_seq);
		bind_number(insert, at + 3, events[i].client_time);
		bind_text(insert, at + 4, events[i].actor);
		bind_text(insert, at + 5, events[i].kind);
		bind_text(insert, at + 6, events[i].data);
		bind_text(insert, at + 7, events[i].hash);
	}
	return insert ? sql_step(insert, err) : -1;
}

int event_add_all(struct store *store, const char *assessment_id, const struct event *events,
		  size_t count, struct err *err)
{
	for (; count >= MANY; events += MANY, count -= MANY)
		if (add_many(store, assessment_id, events, err) < 0)
			return -1;
	for (; count; events++, count--)
		if (event_add(store, assessment_id, events, err) < 0)
			return -1;
	return 0;
}

int event_last(struct store *store, const char *assessment_id, struct event *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_LAST, "tt", store_organization(store), assessment_id);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1) {
		*ret = (struct event){ .seq = sql_int(query, 0), .time = sql_int(query, 1),
				       .client_time = sql_int(query, 2) };
		sql_copy(query, 3, ret->hash, sizeof(ret->hash));
	}
	return row;
}

/* Visits the rows of a query that gives whole events. */
static int visit_rows(sqlite3_stmt *query,
		      int (*visit)(void *arg, const struct event *event, struct err *err),
		      void *arg, struct err *err)
{
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		struct event event = {
			.seq = sql_int(query, 0), .time = sql_int(query, 1),
			.client_seq = sql_int(query, 2), .client_time = sql_int(query, 3),
			.actor = sql_text(query, 4), .kind = sql_text(query, 5),
			.data = sql_text(query, 6),
		};
		int result;

		sql_copy(query, 7, event.hash, sizeof(event.hash));
		result = visit(arg, &event, err);
		if (result)
			return result < 0 ? -1 : 0;
	}
	return row;
}

int event_each(struct store *store, const char *assessment_id, int64_t first,
	       int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
	       struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_EACH, "tti", store_organization(store), assessment_id, first);

	return visit_rows(query, visit, arg, err);
}

int event_page(struct store *store, const char *assessment_id, int64_t first, int64_t most,
	       int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
	       struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_PAGE, "ttii", store_organization(store), assessment_id,
			  first, most);

	return visit_rows(query, visit, arg, err);
}

int event_read_instant(struct store *store, const char *assessment_id, int64_t seq, int64_t *ret,
		  struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_INSTANT, "tti", store_organization(store), assessment_id, seq);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		*ret = sql_int(query, 0);
	return row;
}

int event_each_mark(struct store *store, const char *assessment_id,
		    int (*visit)(void *arg, const struct event *event, struct err *err), void *arg,
		    struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_MARKS, "tt", store_organization(store), assessment_id);

	return visit_rows(query, visit, arg, err);
}

json_t *event_counts(struct store *store, const char *assessment_id, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_COUNTS, "tt", store_organization(store), assessment_id);
	json_t *counts = json_object();
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err))
		json_object_set_new(counts, sql_text(query, 0), json_integer(sql_int(query, 1)));
	if (row == 0)
		return counts;
	json_decref(counts);
	return NULL;
}

char *event_mark_plan(struct store *store, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_MARKS_PLAN, "tt", store_organization(store), "");
	struct buf plan = BUF_INIT(4096);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err))
		buf_add_format(&plan, "%s\n", sql_text(query, 3));
	if (row == 0)
		return buf_take(&plan);
	buf_release(&plan);
	return NULL;
}

int event_blob_put(struct store *store, const char *hash, const void *data, size_t len,
		   struct err *err)
{
	return sql_run(store, err, SQL_BLOB_ADD, "ttb", store_organization(store), hash,
		       len ? data : "", len) < 0 ? -1 : 0;
}

int event_blob_add(struct store *store, const void *data, size_t len, char ret_hash[HASH_HEX_SIZE],
		   struct err *err)
{
	struct hash hash = hash_of(data, len);

	return event_blob_put(store, hash_hex(&hash, ret_hash), data, len, err);
}

void *event_blob_get(struct store *store, const char *hash, size_t *ret_len, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_BLOB_GET, "tt", store_organization(store), hash);
	int row = query ? sql_step(query, err) : -1;
	AUTO_FREE char *data = NULL;
	char hex[HASH_HEX_SIZE];
	struct hash found;
	size_t len;

	if (row < 0)
		return NULL;
	if (row == 0) {
		err_set(err, ERR_INTEGRITY, "payload %s is missing", hash);
		return NULL;
	}
	len = (size_t)sqlite3_column_bytes(query, 0);
	data = buf_alloc(len + 1);
	if (len)
		memcpy(data, sqlite3_column_blob(query, 0), len);
	found = hash_of(data, len);
	if (strcmp(hash_hex(&found, hex), hash) != 0) {
		err_set(err, ERR_INTEGRITY, "payload %s was changed", hash);
		return NULL;
	}
	if (ret_len)
		*ret_len = len;
	return TAKE(data);
}
