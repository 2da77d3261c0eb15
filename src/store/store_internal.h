/* store_internal.h - the body of struct store, for store.c and sql.c */
#ifndef TALI_STORE_INTERNAL_H
#define TALI_STORE_INTERNAL_H

#include "base/rand.h"
#include "store/store.h"

#include <sqlite3.h>

struct store_statement {
	const char *text;
	sqlite3_stmt *stmt;
};

struct store {
	char *path;			/* absolute */
	sqlite3 *db;
	bool writable;
	const struct clock *clock;
	char organization[RAND_ID_LEN + 1];
	struct sign_key sign_key;
	uint8_t secret_key[32];
	bool sign_key_read, secret_key_read;
	struct store_statement *statements;
	size_t statement_count;
};

#endif
