/* review_row.c - see review_row.h */
#include "store/review_row.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/sign.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

static const char SQL_LAST[] =
	"SELECT number, signature FROM review "
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number DESC LIMIT 1";
static const char SQL_ADD[] =
	"INSERT INTO review (organization_id, assessment_id, number, created, who, kind, subject, "
	"value, text, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char SQL_EACH[] =
	"SELECT number, created, who, kind, subject, value, text, signature FROM review "
	"WHERE organization_id = ?1 AND assessment_id = ?2 ORDER BY number";

static const char *const kinds[REVIEW_KINDS] = { "override", "note", "release", "withdraw" };

const char *review_kind_name(enum review_kind kind)
{
	return kinds[kind];
}

/* --- signatures */

static char *signed_text(const char *assessment_id, const struct review_row *row,
			 const char *previous)
{
	AUTO_JSON json_t *json = json_pack(
		"{s:s, s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:s}", "assessment", assessment_id,
		"created", (json_int_t)row->created, "kind", kinds[row->kind], "number",
		(json_int_t)row->number, "previous", previous, "schema", "tali.review-row/1",
		"subject", row->subject, "text", row->text, "value",
		row->has_value ? json_integer(row->value) : json_null(), "who", row->who);

	return json ? json_canonical(json) : NULL;
}

/* Base64, yours. */
static char *sign_row(struct store *store, const char *assessment_id, const struct review_row *row,
		      const char *previous, struct err *err)
{
	const struct sign_key *key = store_sign_key(store, err);
	AUTO_FREE char *text = NULL;
	uint8_t signature[SIGN_SIZE];

	if (!key)
		return NULL;
	text = signed_text(assessment_id, row, previous);
	if (!text) {
		err_set(err, ERR_INPUT, "a review is not UTF-8");
		return NULL;
	}
	sign_make(key, text, strlen(text), signature);
	return hash_base64(signature, sizeof(signature));
}

static int check_row(const uint8_t public_key[SIGN_PUBLIC_SIZE], const char *assessment_id,
		     const struct review_row *row, const char *previous, const char *signature)
{
	AUTO_FREE char *text = signed_text(assessment_id, row, previous);
	struct err ignored = ERR_INIT;
	size_t len = 0;
	AUTO_FREE void *bytes = hash_from_base64(signature, &len, &ignored);

	return text && bytes && len == SIGN_SIZE ?
		       sign_check(public_key, text, strlen(text), bytes, &ignored) : -1;
}

/* --- rows */

int review_row_add(struct store *store, const char *assessment_id, struct review_row *row,
		   struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *last =
		sql_query(store, err, SQL_LAST, "tt", store_organization(store), assessment_id);
	AUTO_FREE char *signature = NULL;
	int step = last ? sql_step(last, err) : -1;

	if (step < 0)
		return -1;
	row->number = step ? sql_int(last, 0) + 1 : 1;
	row->created = store_now(store);
	row->subject = row->subject ? row->subject : "";
	row->text = row->text ? row->text : "";
	signature = sign_row(store, assessment_id, row, step ? sql_text(last, 1) : "", err);
	if (!signature)
		return -1;
	return sql_run(store, err, SQL_ADD, "ttiit" "ttptt", store_organization(store),
		       assessment_id, row->number, row->created, row->who, kinds[row->kind],
		       row->subject, row->has_value ? &row->value : NULL, row->text,
		       signature) < 0 ? -1 : 0;
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
	AUTO_FREE char *previous = buf_strdup("");
	uint8_t public_key[SIGN_PUBLIC_SIZE];
	int step = query ? sql_step(query, err) : -1;

	if (step == 1 && store_public_key(store, public_key, err) < 0)
		return -1;
	for (; step == 1; step = sql_step(query, err)) {
		struct review_row row = {
			.number = sql_int(query, 0), .created = sql_int(query, 1),
			.who = sql_text(query, 2), .subject = sql_text(query, 4),
			.has_value = !sql_null(query, 5), .value = sql_int(query, 5),
			.text = sql_text(query, 6),
		};

		if (read_kind(sql_text(query, 3), &row.kind, err) < 0)
			return -1;
		if (check_row(public_key, assessment_id, &row, previous, sql_text(query, 7)) < 0)
			return err_set(err, ERR_INTEGRITY, "review %lld is not what was signed",
				       (long long)row.number);
		free(previous);
		previous = sql_dup(query, 7);
		if (visit(arg, &row, err) < 0)
			return -1;
	}
	return step;
}
