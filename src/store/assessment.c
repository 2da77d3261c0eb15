/* assessment.c - see assessment.h */
#include "store/assessment.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/prefix.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

#define SELECT                                                                                     \
	"SELECT a.id, a.candidate_id, a.task_id, a.task_version, a.kind = 'live', a.round, "       \
	"a.attempt, a.status, a.created, a.not_before, a.expires, a.duration_ms, a.extra_ms, "     \
	"a.started, a.deadline, a.submitted, a.commit_id, a.secret_id, a.rotation, a.link_hash, "  \
	"a.passcode_hash, a.code_hash, a.instructions, a.message, a.reason, c.email, c.name, "     \
	"t.name, a.signer FROM assessment a JOIN candidate c ON c.id = a.candidate_id "            \
	"JOIN task t ON t.id = a.task_id "

static const char SQL_GET[] = SELECT "WHERE a.organization_id = ?1 AND a.id = ?2";
static const char SQL_BY_LINK[] = SELECT "WHERE a.organization_id = ?1 AND a.link_hash = ?2";
static const char SQL_BY_PASSCODE[] =
	SELECT "WHERE a.organization_id = ?1 AND a.passcode_hash = ?2";
static const char SQL_BY_ROUND[] =
	SELECT "WHERE a.organization_id = ?1 AND a.task_id = ?2 AND a.candidate_id = ?3 "
	       "AND a.round = ?4 ORDER BY a.attempt DESC LIMIT 1";
/* No names: what is ambiguous may be asked for blind. */
static const char SQL_PREFIX[] =
	"SELECT a.id, t.name || ', ' || a.status FROM assessment a JOIN task t ON t.id = a.task_id "
	"WHERE a.organization_id = ?1 AND a.id >= ?2 AND a.id < ?3 ORDER BY a.id LIMIT 11";
static const char SQL_ADD[] =
	"INSERT INTO assessment (organization_id, id, candidate_id, task_id, task_version, kind, "
	"round, attempt, status, created, not_before, expires, duration_ms, extra_ms, started, "
	"deadline, submitted, commit_id, secret_id, rotation, link_hash, passcode_hash, code_hash, "
	"instructions, message, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
	"?13, ?14, 0, 0, 0, '', ?15, ?16, ?17, ?18, ?19, ?20, ?21, '')";
static const char SQL_SAVE[] =
	"UPDATE assessment SET status = ?3, not_before = ?4, expires = ?5, duration_ms = ?6, "
	"extra_ms = ?7, started = ?8, deadline = ?9, submitted = ?10, commit_id = ?11, "
	"rotation = ?12, link_hash = ?13, passcode_hash = ?14, instructions = ?15, message = ?16, "
	"reason = ?17 WHERE organization_id = ?1 AND id = ?2";
static const char SQL_SET_SIGNER[] =
	"UPDATE assessment SET signer = ?3 WHERE organization_id = ?1 AND id = ?2";
static const char SQL_DUE[] =
	"SELECT id FROM assessment WHERE status = 'active' AND deadline <= ?1 AND "
	"organization_id = ?2 UNION ALL "
	"SELECT id FROM assessment WHERE status = 'scheduled' AND expires > 0 AND expires <= ?1 "
	"AND organization_id = ?2 LIMIT ?3";

/* One statement for each shape of filter, so that each can use its index. */
#define EACH(where, order)                                                                         \
	SELECT "WHERE a.organization_id = ?1 " where "ORDER BY a.created " order ", a.id " order   \
	       " LIMIT ?2 OFFSET ?3"
#define COUNT(where)                                                                               \
	"SELECT count(*) FROM assessment a JOIN candidate c ON c.id = a.candidate_id "             \
	"WHERE a.organization_id = ?1 AND ?2 > -2 AND ?3 > -2 " where
#define BY_STATUS "AND a.status = ?4 "
#define BY_ANY                                                                                     \
	"AND (?4 = '' OR a.status = ?4) AND (?5 = '' OR a.task_id = ?5) "                          \
	"AND (?6 = '' OR a.candidate_id = ?6) "                                                    \
	"AND (?7 = '' OR instr(lower(c.name), lower(?7)) > 0 OR instr(c.email, lower(?7)) > 0) "
/* With the newest score run. */
#define SCORED                                                                                     \
	"LEFT JOIN score_run s ON s.assessment_id = a.id AND s.number = (SELECT max(r.number) "    \
	"FROM score_run r WHERE r.assessment_id = a.id) "
#define BY_SCORE BY_ANY "AND (?8 = '' OR s.level = ?8) AND (?9 = 0 OR s.value >= ?9) "
#define SORTED(order)                                                                              \
	SELECT SCORED "WHERE a.organization_id = ?1 " BY_SCORE "ORDER BY " order                   \
		      "a.created DESC, a.id DESC LIMIT ?2 OFFSET ?3"

static const char SQL_EACH_NEWEST[] = EACH("", "DESC");
static const char SQL_EACH_STATUS[] = EACH(BY_STATUS, "DESC");
static const char SQL_EACH_ANY[] = EACH(BY_ANY, "DESC");
static const char SQL_EACH_OLDEST[] = EACH(BY_ANY, "ASC");
static const char SQL_BY_CREATED[] = SORTED("");
static const char SQL_BY_SCORE[] =
	SORTED("s.value IS NULL, s.value DESC, s.grade IS NULL, s.grade DESC, ");
static const char SQL_BY_SUBMITTED[] = SORTED("a.submitted DESC, ");
static const char SQL_BY_STATUS[] = SORTED("a.status, ");
static const char SQL_BY_TASK[] = SORTED("t.name, ");
static const char SQL_BY_CANDIDATE[] = SORTED("c.email, ");
static const char SQL_COUNT_SCORED[] =
	"SELECT count(*) FROM assessment a JOIN candidate c ON c.id = a.candidate_id " SCORED
	"WHERE a.organization_id = ?1 AND ?2 > -2 AND ?3 > -2 " BY_SCORE;
static const char SQL_COUNT_NEWEST[] = COUNT("");
static const char SQL_COUNT_ANY[] = COUNT(BY_ANY);

static const char *const status_names[STATUSES] = {
	"scheduled", "activated", "initializing", "configuring", "active", "submitted",
	"scoring", "scored", "expired", "revoked", "error",
};

const char *status_name(enum status status)
{
	return status_names[status];
}

int status_parse(const char *name, enum status *ret, struct err *err)
{
	AUTO(buf_release) struct buf known = BUF_INIT(256);
	int i;

	for (i = 0; i < STATUSES; i++) {
		if (!strcmp(name, status_names[i])) {
			*ret = (enum status)i;
			return 0;
		}
		buf_add_format(&known, "%s%s", i ? ", " : "", status_names[i]);
	}
	return err_set(err, ERR_INPUT, "'%.60s' is not a status (%s)", name, buf_str(&known));
}

void assessment_release(struct assessment *assessment)
{
	free(assessment->instructions);
	free(assessment->message);
	free(assessment->reason);
	free(assessment->email);
	free(assessment->name);
	free(assessment->task_name);
	*assessment = (struct assessment)ASSESSMENT_INIT;
}

static int read_row(sqlite3_stmt *query, struct assessment *ret, struct err *err)
{
	struct assessment row = ASSESSMENT_INIT;

	sql_copy(query, 0, row.id, sizeof(row.id));
	if (status_parse(sql_text(query, 7), &row.status, err) < 0) {
		err->code = ERR_INTEGRITY;
		return err_wrap(err, "assessment %s", row.id);
	}
	sql_copy(query, 1, row.candidate_id, sizeof(row.candidate_id));
	sql_copy(query, 2, row.task_id, sizeof(row.task_id));
	sql_copy(query, 3, row.task_version, sizeof(row.task_version));
	row.live = sql_int(query, 4) != 0;
	row.round = sql_int(query, 5);
	row.attempt = sql_int(query, 6);
	row.created = sql_int(query, 8);
	row.not_before = sql_int(query, 9);
	row.expires = sql_int(query, 10);
	row.duration_ms = sql_int(query, 11);
	row.extra_ms = sql_int(query, 12);
	row.started = sql_int(query, 13);
	row.deadline = sql_int(query, 14);
	row.submitted = sql_int(query, 15);
	sql_copy(query, 16, row.commit, sizeof(row.commit));
	sql_copy(query, 17, row.secret_id, sizeof(row.secret_id));
	row.rotation = sql_int(query, 18);
	sql_copy(query, 19, row.link_hash, sizeof(row.link_hash));
	sql_copy(query, 20, row.passcode_hash, sizeof(row.passcode_hash));
	sql_copy(query, 21, row.code_hash, sizeof(row.code_hash));
	row.instructions = sql_dup(query, 22);
	row.message = sql_dup(query, 23);
	row.reason = sql_dup(query, 24);
	row.email = sql_dup(query, 25);
	row.name = sql_dup(query, 26);
	row.task_name = sql_dup(query, 27);
	sql_copy(query, 28, row.signer, sizeof(row.signer));
	*ret = row;
	return 0;
}

/* Reads the one row of a query, if any: 1, 0 or -1. */
static int read_one(sqlite3_stmt *query, struct assessment *ret, struct err *err)
{
	int row = query ? sql_step(query, err) : -1;

	return row == 1 && read_row(query, ret, err) < 0 ? -1 : row;
}

static int find_one(struct store *store, const char *text, const char *key, struct assessment *ret,
		    struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, text, "tt", store_organization(store), key);

	return read_one(query, ret, err);
}

int assessment_get(struct store *store, const char *id, struct assessment *ret, struct err *err)
{
	int row = find_one(store, SQL_GET, id, ret, err);

	if (row == 0)
		err_set(err, ERR_NOT_FOUND, "no assessment '%s'", id);
	return row == 1 ? 0 : -1;
}

int assessment_find(struct store *store, const char *words, struct assessment *ret, struct err *err)
{
	char id[RAND_ID_LEN + 1];

	if (prefix_find(store, SQL_PREFIX, "assessment", words, id, err) < 0)
		return -1;
	return assessment_get(store, id, ret, err);
}

int assessment_find_link(struct store *store, const char *hash, struct assessment *ret,
			 struct err *err)
{
	return find_one(store, SQL_BY_LINK, hash, ret, err);
}

int assessment_find_passcode(struct store *store, const char *hash, struct assessment *ret,
			     struct err *err)
{
	return find_one(store, SQL_BY_PASSCODE, hash, ret, err);
}

int assessment_find_round(struct store *store, const char *task_id, const char *candidate_id,
			  int64_t round, struct assessment *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_BY_ROUND, "ttti", store_organization(store), task_id,
			  candidate_id, round);

	return read_one(query, ret, err);
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int assessment_add(struct store *store, const struct assessment *a, struct err *err)
{
	return sql_run(store, err, SQL_ADD, "ttttttiitiiiii" "tittttt", store_organization(store),
		       a->id, a->candidate_id, a->task_id, a->task_version,
		       a->live ? "live" : "take-home", a->round, a->attempt, status_name(a->status),
		       a->created, a->not_before, a->expires, a->duration_ms, a->extra_ms,
		       a->secret_id, a->rotation, or_null(a->link_hash), or_null(a->passcode_hash),
		       a->code_hash, or_empty(a->instructions), or_empty(a->message)) < 0 ? -1 : 0;
}

int assessment_save(struct store *store, const struct assessment *a, struct err *err)
{
	return sql_run(store, err, SQL_SAVE, "tttiiiiiiititttt" "t", store_organization(store),
		       a->id, status_name(a->status), a->not_before, a->expires, a->duration_ms,
		       a->extra_ms, a->started, a->deadline, a->submitted, a->commit, a->rotation,
		       or_null(a->link_hash), or_null(a->passcode_hash), or_empty(a->instructions),
		       or_empty(a->message), or_empty(a->reason)) < 0 ? -1 : 0;
}

int assessment_import(struct store *store, const struct assessment *a, struct err *err)
{
	if (assessment_add(store, a, err) < 0 || assessment_save(store, a, err) < 0)
		return -1;
	return sql_run(store, err, SQL_SET_SIGNER, "ttt", store_organization(store), a->id,
		       a->signer) < 0 ? -1 : 0;
}

int assessment_signer(const struct store *store, const struct assessment *assessment,
		      uint8_t public_key[SIGN_PUBLIC_SIZE], struct err *err)
{
	AUTO_FREE uint8_t *key = NULL;
	size_t len = 0;

	if (!*assessment->signer)
		return store_public_key(store, public_key, err);
	key = hash_from_base64(assessment->signer, &len, err);
	if (!key || len != SIGN_PUBLIC_SIZE)
		return err_set(err, ERR_INTEGRITY, "the key of its signer is damaged");
	memcpy(public_key, key, SIGN_PUBLIC_SIZE);
	return 0;
}

static const struct {
	const char *name, *text;
} sorts[ASSESSMENT_SORTS] = {
	[ASSESSMENT_BY_CREATED] = { "created", SQL_BY_CREATED },
	[ASSESSMENT_BY_SCORE] = { "score", SQL_BY_SCORE },
	[ASSESSMENT_BY_SUBMITTED] = { "submitted", SQL_BY_SUBMITTED },
	[ASSESSMENT_BY_STATUS] = { "status", SQL_BY_STATUS },
	[ASSESSMENT_BY_TASK] = { "task", SQL_BY_TASK },
	[ASSESSMENT_BY_CANDIDATE] = { "candidate", SQL_BY_CANDIDATE },
};

int assessment_sort_parse(const char *name, enum assessment_sort *ret, struct err *err)
{
	int i;

	for (i = 0; i < ASSESSMENT_SORTS; i++) {
		if (!strcmp(name, sorts[i].name)) {
			*ret = (enum assessment_sort)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "'%s' is no order (created, score, submitted, status, task, "
		       "candidate)", name);
}

static bool wants_score(const struct assessment_filter *filter)
{
	return filter->level || filter->least_score;
}

static bool wants_any(const struct assessment_filter *filter)
{
	return filter->task_id || filter->candidate_id || filter->search || filter->oldest_first;
}

static sqlite3_stmt *query_filter(struct store *store, const struct assessment_filter *filter,
				  const char *text, struct err *err)
{
	return sql_query(store, err, text, "tiitt" "ttti", store_organization(store),
			 filter->limit, filter->offset, or_empty(filter->status),
			 or_empty(filter->task_id), or_empty(filter->candidate_id),
			 or_empty(filter->search), or_empty(filter->level),
			 filter->least_score);
}

int assessment_each(struct store *store, const struct assessment_filter *filter,
		    int (*visit)(void *arg, const struct assessment *assessment, struct err *err),
		    void *arg, struct err *err)
{
	const char *text = filter->sort || wants_score(filter) ? sorts[filter->sort].text
			 : filter->oldest_first ? SQL_EACH_OLDEST
			 : wants_any(filter) ? SQL_EACH_ANY
			 : filter->status ? SQL_EACH_STATUS : SQL_EACH_NEWEST;
	AUTO(sql_done) sqlite3_stmt *query = query_filter(store, filter, text, err);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;

		if (read_row(query, &assessment, err) < 0 || visit(arg, &assessment, err) < 0)
			return -1;
	}
	return row;
}

int64_t assessment_count(struct store *store, const struct assessment_filter *filter,
			 struct err *err)
{
	const char *text = wants_score(filter) ? SQL_COUNT_SCORED
			 : wants_any(filter) || filter->status ? SQL_COUNT_ANY : SQL_COUNT_NEWEST;
	AUTO(sql_done) sqlite3_stmt *query = query_filter(store, filter, text, err);
	int row = query ? sql_step(query, err) : -1;

	return row == 1 ? sql_int(query, 0) : -1;
}

int assessment_due(struct store *store, int64_t now, char (*ids)[RAND_ID_LEN + 1], int most,
		   struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(store, err, SQL_DUE, "iti", now,
						       store_organization(store), (int64_t)most);
	int row = query ? sql_step(query, err) : -1;
	int count = 0;

	for (; row == 1; row = sql_step(query, err))
		sql_copy(query, 0, ids[count++], RAND_ID_LEN + 1);
	return row < 0 ? -1 : count;
}
