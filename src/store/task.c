/* task.c - see task.h */
#include "store/task.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/prefix.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
	"t.id, t.name, t.version, t.visibility, t.template, t.archived, t.created, t.updated, "    \
	"v.manifest, v.proof LIKE '%\"proved\":true%', v.start_tree = '' "                        \
	"FROM task t JOIN task_version v ON v.task_id = t.id AND v.version = t.version "

static const char SQL_BY_NAME[] =
	"SELECT " COLUMNS "WHERE t.organization_id = ?1 AND t.name = ?2";
static const char SQL_BY_ID[] = "SELECT " COLUMNS "WHERE t.organization_id = ?1 AND t.id = ?2";
static const char SQL_PREFIX[] =
	"SELECT id, name FROM task WHERE organization_id = ?1 AND id >= ?2 AND id < ?3 "
	"ORDER BY id LIMIT 11";
static const char SQL_KNOWN[] = "SELECT 1 FROM task WHERE organization_id = ?1 AND id = ?2";
static const char SQL_TAKEN[] = "SELECT 1 FROM task WHERE organization_id = ?1 AND name = ?2";
static const char SQL_ADD[] =
	"INSERT INTO task (id, organization_id, name, version, visibility, template, archived, "
	"created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7)";
static const char SQL_SAVE[] =
	"UPDATE task SET name = ?3, version = ?4, visibility = ?5, archived = ?6, updated = ?7 "
	"WHERE organization_id = ?1 AND id = ?2";
static const char SQL_EACH[] =
	"SELECT " COLUMNS "WHERE t.organization_id = ?1 AND (?2 = 1 OR t.archived = 0) "
	"ORDER BY t.name";
static const char SQL_VERSION_ADD[] =
	"INSERT INTO task_version (organization_id, task_id, version, start_tree, manifest, proof, "
	"created) VALUES (?1, ?2, ?3, ?4, ?5, '', ?6) ON CONFLICT (task_id, version) DO NOTHING";
static const char SQL_VERSION_PROOF[] =
	"UPDATE task_version SET proof = ?4 "
	"WHERE organization_id = ?1 AND task_id = ?2 AND version = ?3";
static const char SQL_VERSION_GET[] =
	"SELECT version, start_tree, manifest, proof, created FROM task_version "
	"WHERE organization_id = ?1 AND task_id = ?2 AND version >= ?3 AND version < ?4 LIMIT 2";
static const char SQL_VERSION_EACH[] =
	"SELECT version, start_tree, manifest, proof, created FROM task_version "
	"WHERE organization_id = ?1 AND task_id = ?2 ORDER BY created DESC, version";

void task_release(struct task *task)
{
	free(task->name);
	free(task->visibility);
	free(task->template_name);
	free(task->manifest);
	*task = (struct task)TASK_INIT;
}

void task_version_release(struct task_version *version)
{
	free(version->manifest);
	free(version->proof);
	*version = (struct task_version)TASK_VERSION_INIT;
}

static void read_task(sqlite3_stmt *query, struct task *ret)
{
	sql_copy(query, 0, ret->id, sizeof(ret->id));
	ret->name = sql_dup(query, 1);
	sql_copy(query, 2, ret->version, sizeof(ret->version));
	ret->visibility = sql_dup(query, 3);
	ret->template_name = sql_dup(query, 4);
	ret->archived = sql_int(query, 5);
	ret->created = sql_int(query, 6);
	ret->updated = sql_int(query, 7);
	ret->manifest = sql_dup(query, 8);
	ret->proved = sql_int(query, 9) != 0;
	ret->stub = sql_int(query, 10) != 0;
}

static int find_one(struct store *store, const char *text, const char *key, struct task *ret,
		    struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, text, "tt", store_organization(store), key);
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		read_task(query, ret);
	return row;
}

int task_find(struct store *store, const char *words, struct task *ret, struct err *err)
{
	char id[RAND_ID_LEN + 1];
	int row = find_one(store, SQL_BY_NAME, words, ret, err);

	if (row != 0)
		return row == 1 ? 0 : -1;
	if (prefix_find(store, SQL_PREFIX, "task", words, id, err) < 0)
		return -1;
	return find_one(store, SQL_BY_ID, id, ret, err) == 1 ? 0 : -1;
}

int task_refuse_stub(const char *name, struct err *err)
{
	return err_set(err, ERR_STATE, "task '%s' came with an import: its files are not here",
		       name);
}

int task_known(struct store *store, const char *id, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_KNOWN, "tt", store_organization(store), id);

	return query ? sql_step(query, err) : -1;
}

int task_name_taken(struct store *store, const char *name, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_TAKEN, "tt", store_organization(store), name);

	return query ? sql_step(query, err) : -1;
}

int task_add(struct store *store, struct task *task, struct err *err)
{
	task->created = task->updated = store_now(store);
	return sql_run(store, err, SQL_ADD, "ttttt" "ti", task->id, store_organization(store),
		       task->name, task->version, task->visibility, task->template_name,
		       task->created) < 0 ? -1 : 0;
}

int task_save(struct store *store, const struct task *task, struct err *err)
{
	return sql_run(store, err, SQL_SAVE, "ttttt" "ii", store_organization(store), task->id,
		       task->name, task->version, task->visibility, task->archived,
		       store_now(store)) < 0 ? -1 : 0;
}

int task_version_add(struct store *store, const char *task_id, const struct task_version *version,
		     struct err *err)
{
	return sql_run(store, err, SQL_VERSION_ADD, "ttttti", store_organization(store), task_id,
		       version->version, version->start_tree, version->manifest,
		       store_now(store)) < 0 ? -1 : 0;
}

int task_version_set_proof(struct store *store, const char *task_id, const char *version,
			   const char *proof, struct err *err)
{
	return sql_run(store, err, SQL_VERSION_PROOF, "tttt", store_organization(store), task_id,
		       version, proof) < 0 ? -1 : 0;
}

static void read_version(sqlite3_stmt *query, struct task_version *ret)
{
	sql_copy(query, 0, ret->version, sizeof(ret->version));
	sql_copy(query, 1, ret->start_tree, sizeof(ret->start_tree));
	ret->manifest = sql_dup(query, 2);
	ret->proof = sql_dup(query, 3);
	ret->created = sql_int(query, 4);
}

int task_version_get(struct store *store, const char *task_id, const char *version,
		     struct task_version *ret, struct err *err)
{
	AUTO_FREE char *end = buf_format("%s~", version);	/* behind every hex digit */
	AUTO(sql_done)
	sqlite3_stmt *query = sql_query(store, err, SQL_VERSION_GET, "tttt",
					store_organization(store), task_id, version, end);
	int row = query ? sql_step(query, err) : -1;

	if (row < 0)
		return -1;
	if (row == 0 || !*version)
		return err_set(err, ERR_NOT_FOUND, "no task version '%s'", version);
	read_version(query, ret);
	row = sql_step(query, err);
	if (row == 1)
		err_set(err, ERR_USAGE, "'%s' is ambiguous: more than one version begins with it",
			version);
	if (row != 0)
		task_version_release(ret);
	return row == 0 ? 0 : -1;
}

int task_version_each(struct store *store, const char *task_id,
		      int (*visit)(void *arg, const struct task_version *version, struct err *err),
		      void *arg, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(store, err, SQL_VERSION_EACH, "tt",
						       store_organization(store), task_id);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

		read_version(query, &version);
		if (visit(arg, &version, err) < 0)
			return -1;
	}
	return row;
}

int task_each(struct store *store, bool archived,
	      int (*visit)(void *arg, const struct task *task, struct err *err), void *arg,
	      struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(
		store, err, SQL_EACH, "ti", store_organization(store), (int64_t)archived);
	int row = query ? sql_step(query, err) : -1;

	for (; row == 1; row = sql_step(query, err)) {
		AUTO(task_release) struct task task = TASK_INIT;

		read_task(query, &task);
		if (visit(arg, &task, err) < 0)
			return -1;
	}
	return row;
}
