/* sql.h - prepared statements, kept for the life of the handle (only src/store/ includes this)
 *
 * A statement is known by the address of its constant text. Binds are given as a format: 't'
 * text (NULL is NULL), 'i' int64_t, 'n' int64_t where 0 is NULL, 'p' const int64_t * (NULL is
 * NULL), 'b' const void * and size_t. */
#ifndef TALI_SQL_H
#define TALI_SQL_H

#include "store/store.h"

#include <sqlite3.h>

/* Prepared and bound; NULL on error. Give back with sql_done (AUTO). */
sqlite3_stmt *sql_query(struct store *store, struct err *err, const char *text, const char *format,
			...);
void sql_done(sqlite3_stmt **query);

/* 1: a row is there, 0: no more, -1: error. */
int sql_step(sqlite3_stmt *query, struct err *err);

/* Runs a statement that gives no rows; number of rows changed, or -1. */
int sql_run(struct store *store, struct err *err, const char *text, const char *format, ...);

const char *sql_text(sqlite3_stmt *query,
		     int column); /* "" for NULL; borrowed until the next step */
int64_t sql_int(sqlite3_stmt *query, int column);
bool sql_null(sqlite3_stmt *query, int column);
/* Copies a text column into an array; a longer one is cut. */
void sql_copy(sqlite3_stmt *query, int column, char *out, size_t size);
char *sql_dup(sqlite3_stmt *query, int column);		/* yours */

/* The error of the connection as struct err: corruption is ERR_INTEGRITY, the rest ERR_ENV. */
int sql_error(sqlite3 *db, struct err *err, const char *what);

/* Runs text that may hold several statements (schema). */
int sql_script(sqlite3 *db, const char *text, struct err *err);

sqlite3 *sql_db(struct store *store);

#endif
