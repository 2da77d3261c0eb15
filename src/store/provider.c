/* provider.c - see provider.h */
#include "store/provider.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS "name, kind, url, sealed, hint, models, created"

static const char SQL_GET[] =
	"SELECT " COLUMNS " FROM provider WHERE organization_id = ?1 AND name = ?2";
static const char SQL_EACH[] =
	"SELECT " COLUMNS " FROM provider WHERE organization_id = ?1 ORDER BY name";
static const char SQL_ADD[] =
	"INSERT INTO provider (organization_id, name, kind, url, sealed, hint, models, created) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SQL_REMOVE[] = "DELETE FROM provider WHERE organization_id = ?1 AND name = ?2";

static const char *const kind_names[] = {
	[PROVIDER_ANTHROPIC] = "anthropic", [PROVIDER_OPENAI] = "openai",
	[PROVIDER_COMPATIBLE] = "compatible", [PROVIDER_SCRIPT] = "script",
};

void provider_release(struct provider *provider)
{
	free(provider->url);
	free(provider->sealed);
	free(provider->models);
	*provider = (struct provider)PROVIDER_INIT;
}

void provider_copy(struct provider *to, const struct provider *from)
{
	*to = *from;
	to->url = buf_strdup(from->url);
	to->models = buf_strdup(from->models);
	to->sealed = NULL;
	if (from->sealed) {
		to->sealed = buf_alloc(from->sealed_len);
		memcpy(to->sealed, from->sealed, from->sealed_len);
	}
}

const char *provider_kind_name(enum provider_kind kind)
{
	return kind_names[kind];
}

enum provider_kind provider_kind_find(const char *name)
{
	for (int kind = PROVIDER_ANTHROPIC; kind <= PROVIDER_SCRIPT; kind++)
		if (strcmp(kind_names[kind], name) == 0)
			return (enum provider_kind)kind;
	return 0;
}

static int read_row(sqlite3_stmt *query, struct provider *ret, struct err *err)
{
	size_t len = (size_t)sqlite3_column_bytes(query, 3);

	sql_copy(query, 0, ret->name, sizeof(ret->name));
	ret->kind = provider_kind_find(sql_text(query, 1));
	ret->url = sql_dup(query, 2);
	if (len) {
		ret->sealed = buf_alloc(len);
		memcpy(ret->sealed, sqlite3_column_blob(query, 3), len);
		ret->sealed_len = len;
	}
	sql_copy(query, 4, ret->hint, sizeof(ret->hint));
	ret->models = sql_dup(query, 5);
	ret->created = sql_int(query, 6);
	if (!ret->kind)
		return err_set(err, ERR_INTEGRITY, "provider '%s' is of an unknown kind",
			       ret->name);
	return 0;
}

int provider_find(struct store *store, const char *name, struct provider *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_GET, "tt", store_organization(store), name);
	int row = query ? sql_step(query, err) : -1;

	return row == 1 && read_row(query, ret, err) < 0 ? -1 : row;
}

static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return name[0] >= 'a' && name[0] <= 'z' && !name[len] && len <= PROVIDER_NAME_MAX;
}

int provider_add(struct store *store, struct provider *provider, struct err *err)
{
	AUTO(provider_release) struct provider there = PROVIDER_INIT;
	int row;

	if (!is_name(provider->name))
		return err_set(err, ERR_INPUT,
			       "a provider's name is 1 to %d of a-z, 0-9 and '-', and begins "
			       "with a letter", PROVIDER_NAME_MAX);
	row = provider_find(store, provider->name, &there, err);
	if (row == 1)
		return err_set(err, ERR_STATE, "there is a provider '%s' already", provider->name);
	if (row < 0)
		return -1;
	provider->created = store_now(store);
	return sql_run(store, err, SQL_ADD, "ttttbtti", store_organization(store), provider->name,
		       provider_kind_name(provider->kind), provider->url,
		       provider->sealed ? provider->sealed : "", provider->sealed_len,
		       provider->hint, provider->models, provider->created) < 0 ? -1 : 0;
}

int provider_remove(struct store *store, const char *name, struct err *err)
{
	int rows = sql_run(store, err, SQL_REMOVE, "tt", store_organization(store), name);

	if (rows == 0)
		err_set(err, ERR_NOT_FOUND, "no provider '%s'", name);
	return rows == 1 ? 0 : -1;
}

int provider_each(struct store *store,
		  int (*visit)(void *arg, const struct provider *provider, struct err *err),
		  void *arg, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_EACH, "t", store_organization(store));
	int row = -1;

	while (query && (row = sql_step(query, err)) == 1) {
		AUTO(provider_release) struct provider provider = PROVIDER_INIT;

		if (read_row(query, &provider, err) < 0 || visit(arg, &provider, err) < 0)
			return -1;
	}
	return row;
}
