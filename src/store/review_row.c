/* review_row.c - see review_row.h */
#include "store/review_row.h"

#include "base/auto.h"
#include "store/sql.h"

#include <string.h>

static const char SQL_NEXT[] = "SELECT coalesce(max(number), 0) + 1 FROM review "
			       "WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_ADD[] =
	"INSERT INTO review (organization_id, assessment_id, number, created, who, kind, subject, "
	"value, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char SQL_EACH[] =
	"SELECT number, created, who, kind, subject, value, text FROM review "
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number";

static const char *const kinds[REVIEW_KINDS] = { "override", "note", "release", "withdraw" };

const char *review_kind_name(enum review_kind kind)
{
	return kinds[kind];
}

int review_row_add(struct store *store, const char *assessment_id, struct review_row *row,
		   struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *next =
		sql_query(store, err, SQL_NEXT, "tt", store_organization(store), assessment_id);

	if (!next || sql_step(next, err) < 0)
		return -1;
	row->number = sql_int(next, 0);
	row->created = store_now(store);
	return sql_run(store, err, SQL_ADD, "ttiit" "ttpt", store_organization(store),
		       assessment_id, row->number, row->created, row->who, kinds[row->kind],
		       row->subject ? row->subject : "", row->has_value ? &row->value : NULL,
		       row->text ? row->text : "") < 0 ? -1 : 0;
}

static int read_kind(const char *name, enum review_kind *ret, struct err *err)
{
	int i;

	for (i = 0; i < REVIEW_KINDS; i++) {
		if (!strcmp(name, kinds[i])) {
			*ret = (enum review_kind)i;
			return 0;
		}
	}
	return err_set(err, ERR_INTEGRITY, "'%s' is no kind of review", name);
}

int review_row_each(struct store *store, const char *assessment_id,
		    int (*visit)(void *arg, const struct review_row *row, struct err *err),
		    void *arg, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_EACH, "tt", store_organization(store), assessment_id);
	int step = query ? sql_step(query, err) : -1;

	for (; step == 1; step = sql_step(query, err)) {
		struct review_row row = {
			.number = sql_int(query, 0), .created = sql_int(query, 1),
			.who = sql_text(query, 2), .subject = sql_text(query, 4),
			.has_value = !sql_null(query, 5), .value = sql_int(query, 5),
			.text = sql_text(query, 6),
		};

		if (read_kind(sql_text(query, 3), &row.kind, err) < 0 || visit(arg, &row, err) < 0)
			return -1;
	}
	return step;
}
