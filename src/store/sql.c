/* sql.c - see sql.h */
#include "store/sql.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/store_internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

sqlite3 *sql_db(struct store *store)
{
	return store->db;
}

int sql_error(sqlite3 *db, struct err *err, const char *what)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, ERR_INTEGRITY, "%s: %s", what, sqlite3_errmsg(db));
	case SQLITE_READONLY:
		return err_set(err, ERR_ENV, "%s: the store is read-only", what);
	case SQLITE_FULL:
		return err_set(err, ERR_ENV, "%s: the disk is full; nothing was changed", what);
	case SQLITE_IOERR:
		return err_set(err, ERR_ENV, "%s: %s: is the disk full?", what,
			       sqlite3_errmsg(db));
	case SQLITE_BUSY:
		return err_set(err, ERR_ENV, "%s: another tali holds the store; try again", what);
	default:
		return err_set(err, ERR_ENV, "%s: %s", what, sqlite3_errmsg(db));
	}
}

static sqlite3_stmt *prepare(struct store *store, const char *text, struct err *err)
{
	struct store_statement *statement;
	size_t i;

	for (i = 0; i < store->statement_count; i++)
		if (store->statements[i].text == text)
			return store->statements[i].stmt;
	store->statements = buf_realloc(store->statements, store->statement_count + 1,
					sizeof(*store->statements));
	statement = &store->statements[store->statement_count];
	if (sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt,
			       NULL) != SQLITE_OK) {
		sql_error(store->db, err, "database");
		return NULL;
	}
	statement->text = text;
	store->statement_count++;
	return statement->stmt;
}

/* `copy` is SQLITE_STATIC when the values outlive the statement's run, else SQLITE_TRANSIENT. */
static void bind(sqlite3_stmt *stmt, sqlite3_destructor_type copy, const char *format,
		 va_list args)
{
	int at;

	for (at = 1; *format; format++, at++) {
		const int64_t *present;
		int64_t number;
		const void *data;

		switch (*format) {
		case 't':
			sqlite3_bind_text(stmt, at, va_arg(args, const char *), -1, copy);
			break;
		case 'i':
			sqlite3_bind_int64(stmt, at, va_arg(args, int64_t));
			break;
		case 'n':
			number = va_arg(args, int64_t);
			if (number)
				sqlite3_bind_int64(stmt, at, number);
			else
				sqlite3_bind_null(stmt, at);
			break;
		case 'p':
			present = va_arg(args, const int64_t *);
			if (present)
				sqlite3_bind_int64(stmt, at, *present);
			else
				sqlite3_bind_null(stmt, at);
			break;
		case 'b':
			data = va_arg(args, const void *);
			sqlite3_bind_blob64(stmt, at, data, va_arg(args, size_t), copy);
			break;
		default:
			abort();
		}
	}
}

sqlite3_stmt *sql_query(struct store *store, struct err *err, const char *text, const char *format,
			...)
{
	sqlite3_stmt *stmt = prepare(store, text, err);
	va_list args;

	if (!stmt)
		return NULL;
	va_start(args, format);
	bind(stmt, SQLITE_TRANSIENT, format, args);
	va_end(args);
	return stmt;
}

void sql_done(sqlite3_stmt **query)
{
	if (!*query)
		return;
	sqlite3_reset(*query);
	sqlite3_clear_bindings(*query);
}

int sql_step(sqlite3_stmt *query, struct err *err)
{
	switch (sqlite3_step(query)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return sql_error(sqlite3_db_handle(query), err, "database");
	}
}

int sql_run(struct store *store, struct err *err, const char *text, const char *format, ...)
{
	AUTO(sql_done) sqlite3_stmt *stmt = prepare(store, text, err);
	va_list args;

	if (!stmt)
		return -1;
	va_start(args, format);
	bind(stmt, SQLITE_STATIC, format, args);
	va_end(args);
	if (sql_step(stmt, err) < 0)
		return -1;
	return sqlite3_changes(store->db);
}

const char *sql_text(sqlite3_stmt *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query, column);

	return text ? text : "";
}

bool sql_null(sqlite3_stmt *query, int column)
{
	return sqlite3_column_type(query, column) == SQLITE_NULL;
}

int64_t sql_int(sqlite3_stmt *query, int column)
{
	return sqlite3_column_int64(query, column);
}

void sql_copy(sqlite3_stmt *query, int column, char *out, size_t size)
{
	snprintf(out, size, "%s", sql_text(query, column));
}

char *sql_dup(sqlite3_stmt *query, int column)
{
	return buf_strdup(sql_text(query, column));
}

int sql_script(sqlite3 *db, const char *text, struct err *err)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		return sql_error(db, err, "database");
	return 0;
}
