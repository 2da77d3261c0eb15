/* candidate.c - see candidate.h */
#include "store/candidate.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/prefix.h"
#include "store/sql.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST 4000
#define COLUMNS "id, email, name, notes, created, deleted"

static const char SQL_BY_EMAIL[] =
	"SELECT " COLUMNS " FROM candidate WHERE organization_id = ?1 AND email = ?2";
static const char SQL_BY_ID[] =
	"SELECT " COLUMNS " FROM candidate WHERE organization_id = ?1 AND id = ?2";
static const char SQL_PREFIX[] =
	"SELECT id, email FROM candidate WHERE organization_id = ?1 AND id >= ?2 AND id < ?3 "
	"ORDER BY id LIMIT 11";
static const char SQL_ADD[] =
	"INSERT INTO candidate (id, organization_id, email, name, notes, created, deleted) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
static const char SQL_SAVE[] =
	"UPDATE candidate SET email = ?3, name = ?4, notes = ?5, deleted = ?6 "
	"WHERE organization_id = ?1 AND id = ?2";
static const char SQL_EACH[] =
	"SELECT " COLUMNS " FROM candidate WHERE organization_id = ?1 AND deleted = 0 "
	"AND (?2 = '' OR lower(name) LIKE ?2 ESCAPE '\\' OR email LIKE ?2 ESCAPE '\\' "
	"OR lower(notes) LIKE ?2 ESCAPE '\\') ORDER BY name, email LIMIT ?3 OFFSET ?4";

void candidate_release(struct candidate *candidate)
{
	free(candidate->email);
	free(candidate->name);
	free(candidate->notes);
	*candidate = (struct candidate)CANDIDATE_INIT;
}

static bool is_utf8(const char *text)
{
	AUTO_JSON json_t *string = json_string(text);

	return string != NULL;
}

int candidate_text_check(const char *what, const char *text, struct err *err)
{
	if (text && strlen(text) > TEXT_MOST)
		return err_set(err, ERR_INPUT, "%s is longer than %d bytes", what, TEXT_MOST);
	if (text && !is_utf8(text))
		return err_set(err, ERR_INPUT, "%s is not UTF-8", what);
	return 0;
}

char *candidate_email_read(const char *typed, struct err *err)
{
	AUTO_FREE char *email = buf_strdup(typed);
	char *at = strchr(email, '@');
	char *c;

	for (c = email; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>\",;:\\()", *c))
			at = NULL;
		*c = (char)tolower((unsigned char)*c);
	}
	if (!at || !is_utf8(email) || at == email || strchr(at + 1, '@') || strlen(email) > 254 ||
	    (!strchr(at, '.') && strcmp(at, "@localhost") != 0) || at[1] == '.' || c[-1] == '.') {
		err_set(err, ERR_INPUT, "'%s' is not an e-mail address", typed);
		return NULL;
	}
	return TAKE(email);
}

static void read_row(sqlite3_stmt *query, struct candidate *ret)
{
	sql_copy(query, 0, ret->id, sizeof(ret->id));
	ret->email = sql_dup(query, 1);
	ret->name = sql_dup(query, 2);
	ret->notes = sql_dup(query, 3);
	ret->created = sql_int(query, 4);
	ret->deleted = sql_int(query, 5);
}

static int find_one(struct store *store, const char *text, const char *key, struct candidate *ret,
		    struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, text, "tt", store_organization(store), key);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		read_row(query, ret);
	return row;
}

int candidate_find_email(struct store *store, const char *email, struct candidate *ret,
			 struct err *err)
{
	return find_one(store, SQL_BY_EMAIL, email, ret, err);
}

int candidate_known(struct store *store, const char *id, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;

	return find_one(store, SQL_BY_ID, id, &candidate, err);
}

int candidate_find(struct store *store, const char *words, struct candidate *ret, struct err *err)
{
	char id[RAND_ID_LEN + 1];
	int row;

	if (strchr(words, '@')) {
		AUTO_FREE char *email = candidate_email_read(words, err);

		row = email ? candidate_find_email(store, email, ret, err) : -1;
		if (row == 0)
			err_set(err, ERR_NOT_FOUND, "no candidate '%s'", words);
		return row == 1 ? 0 : -1;
	}
	if (prefix_find(store, SQL_PREFIX, "candidate", words, id, err) < 0)
		return -1;
	return find_one(store, SQL_BY_ID, id, ret, err) == 1 ? 0 : -1;
}

static int check_texts(const struct candidate *candidate, struct err *err)
{
	if (candidate_text_check("the name", candidate->name, err) < 0)
		return -1;
	return candidate_text_check("the notes", candidate->notes, err);
}

int candidate_add(struct store *store, struct candidate *candidate, struct err *err)
{
	rand_id(candidate->id);
	return candidate_import(store, candidate, err);
}

int candidate_import(struct store *store, struct candidate *candidate, struct err *err)
{
	if (check_texts(candidate, err) < 0)
		return -1;
	candidate->created = store_now(store);
	return sql_run(store, err, SQL_ADD, "tttt" "ti", candidate->id, store_organization(store),
		       candidate->email, candidate->name, candidate->notes ? candidate->notes : "",
		       candidate->created) < 0 ? -1 : 0;
}

int candidate_save(struct store *store, const struct candidate *candidate, struct err *err)
{
	if (check_texts(candidate, err) < 0)
		return -1;
	return sql_run(store, err, SQL_SAVE, "ttttti", store_organization(store), candidate->id,
		       candidate->email, candidate->name, candidate->notes, candidate->deleted) < 0
		       ? -1 : 0;
}

/* "%text%" in lower case with LIKE's own signs escaped; "" for NULL. */
static char *like_pattern(const char *search)
{
	struct buf pattern = BUF_INIT(4096);

	if (!search)
		return buf_strdup("");
	buf_add_byte(&pattern, '%');
	for (; *search; search++) {
		if (strchr("%_\\", *search))
			buf_add_byte(&pattern, '\\');
		buf_add_byte(&pattern, (char)tolower((unsigned char)*search));
	}
	buf_add_byte(&pattern, '%');
	return buf_take(&pattern);
}

int candidate_each(struct store *store, const char *search, int64_t limit, int64_t offset,
		   int (*visit)(void *arg, const struct candidate *candidate, struct err *err),
		   void *arg, struct err *err)
{
	AUTO_FREE char *pattern = like_pattern(search);
	AUTO(sql_done)
	sqlite3_stmt *query = sql_query(store, err, SQL_EACH, "ttii", store_organization(store),
					pattern, limit, offset);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;

		read_row(query, &candidate);
		if (visit(arg, &candidate, err) < 0)
			return -1;
	}
	return row;
}
