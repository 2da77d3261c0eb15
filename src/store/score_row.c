/* score_row.c - see score_row.h */
#include "store/score_row.h"

#include "base/auto.h"
#include "base/json.h"
#include "store/sql.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SELECT "SELECT number, created, task_version, digest, result, measured, value, level, " \
	       "grade FROM score_run "

static const char SQL_NEXT[] =
	"SELECT coalesce(max(number), 0) + 1 FROM score_run "
	"WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_ADD[] =
	"INSERT INTO score_run (organization_id, assessment_id, number, created, task_version, "
	"digest, result, measured, sweep, value, level, grade) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
static const char SQL_GET[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 AND (?3 = 0 OR number = ?3) "
	"ORDER BY number DESC LIMIT 1";
static const char SQL_FIGURES[] =
	"SELECT value, level, grade FROM score_run "
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number DESC LIMIT 1";
static const char SQL_COUNT[] =
	"SELECT count(*) FROM score_run WHERE organization_id = ?1 AND assessment_id = ?2";
static const char SQL_OF_SWEEP[] =
	"SELECT coalesce(max(number), 0) FROM score_run "
	"WHERE organization_id = ?1 AND assessment_id = ?2 AND sweep = ?3";
static const char SQL_EACH[] = SELECT
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number";

int score_level_check(const char *name, struct err *err)
{
	static const char *const levels[] = { "developing", "operator", "architect", "innovator" };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (!strcmp(name, levels[i]))
			return 0;
	return err_set(err, ERR_USAGE, "'%s' is no level (developing, operator, architect, "
		       "innovator)", name);
}

void score_row_release(struct score_row *row)
{
	free(row->result);
	free(row->measured);
	*row = (struct score_row)SCORE_ROW_INIT;
}

/* From the column `first` on. */
static void read_stored(sqlite3_stmt *query, int first, struct score_figures *ret)
{
	ret->has_value = !sql_null(query, first);
	ret->value = sql_int(query, first);
	sql_copy(query, first + 1, ret->level, sizeof(ret->level));
	ret->has_grade = !sql_null(query, first + 2);
	ret->grade = sql_int(query, first + 2);
}

static void read_row(sqlite3_stmt *query, struct score_row *ret)
{
	ret->number = sql_int(query, 0);
	ret->created = sql_int(query, 1);
	sql_copy(query, 2, ret->task_version, sizeof(ret->task_version));
	sql_copy(query, 3, ret->digest, sizeof(ret->digest));
	ret->result = sql_dup(query, 4);
	ret->measured = sql_dup(query, 5);
	read_stored(query, 6, &ret->figures);
}

static bool read_hundredths(const json_t *value, int64_t *ret)
{
	double number = json_number_value(value);

	if (!json_is_number(value) || !(number >= 0 && number <= 100))
		return false;
	*ret = llround(number * 100);
	return true;
}

/* Nothing is known of a result that cannot be read: others check it. */
static struct score_figures read_figures(const char *result)
{
	struct score_figures figures = { .has_value = false };
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *document = json_parse(result, strlen(result), "score", &ignored);
	const json_t *score = json_object_get(document, "score");

	figures.has_value = read_hundredths(json_object_get(score, "value"), &figures.value);
	figures.has_grade = read_hundredths(
		json_object_get(json_object_get(document, "grade"), "percent"), &figures.grade);
	if (figures.has_value)
		snprintf(figures.level, sizeof(figures.level), "%s", json_str(score, "level", ""));
	return figures;
}

bool score_row_fits(const struct score_row *row)
{
	const struct score_figures *stored = &row->figures;
	struct score_figures made = read_figures(row->result);

	/* those of an older version have none at all */
	if (!stored->has_value && !stored->has_grade && !*stored->level)
		return true;
	return stored->has_value == made.has_value && stored->has_grade == made.has_grade &&
	       (!made.has_value || stored->value == made.value) &&
	       (!made.has_grade || stored->grade == made.grade) &&
	       !strcmp(stored->level, made.level);
}

int score_row_import(struct store *store, const char *assessment_id, const struct score_row *row,
		     struct err *err)
{
	struct score_figures figures = read_figures(row->result);

	return sql_run(store, err, SQL_ADD, "ttiitttttptp", store_organization(store),
		       assessment_id, row->number, row->created, row->task_version, row->digest,
		       row->result, row->measured, row->sweep,
		       figures.has_value ? &figures.value : NULL, figures.level,
		       figures.has_grade ? &figures.grade : NULL) < 0 ? -1 : 0;
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

int score_row_figures(struct store *store, const char *assessment_id, struct score_figures *ret,
		      struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_FIGURES, "tt", store_organization(store), assessment_id);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		read_stored(query, 0, ret);
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
