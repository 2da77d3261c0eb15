/* store.h - the store folder: database, keys, settings, and the one write transaction at a time
 *
 * DIR/tali.db (SQLite, WAL)  DIR/repos/  DIR/keys/ (0700, files 0600)  DIR/config.json
 * One handle per thread. Rows are read and written by the entity modules beside this one; every
 * one of their functions works in the organization of the handle. */
#ifndef TALI_STORE_H
#define TALI_STORE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/sign.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_DB "tali.db"
#define STORE_SCHEMA_VERSION 5

struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* Where the store is: `given` (--store) if not NULL, else $TALI_STORE, else .tali/ here or
 * above, else $XDG_DATA_HOME/tali (~/.local/share/tali). Yours; the folder need not exist. */
char *store_locate(const char *given);

/* Makes a store in the folder. One that is there is left as it is (*ret_made false); a folder
 * with other things in it is refused with ERR_STATE. A half-made one is finished. */
int store_init(const char *path, const char *organization, const struct clock *clock,
	       bool *ret_made, struct err *err);

/* Opens it. STORE_WRITE brings an older database up to date. ERR_NOT_FOUND (no store), ERR_STATE
 * (made by a newer version), ERR_ENV (not writable, ...), ERR_INTEGRITY (not a database).
 * STORE_READ falls back to reading an unwritable store. */
struct store *store_open(const char *path, enum store_mode mode, const struct clock *clock,
			 struct err *err);
void store_close(struct store **store);

bool store_writable(const struct store *store);
const char *store_path(const struct store *store);
const char *store_organization(const struct store *store);
int64_t store_now(const struct store *store);

/* Absolute path of a repository, "DIR/repos/NAME.git"; yours. */
char *store_repo_path(const struct store *store, const char *name);

/* The Ed25519 key pair of the store; borrowed. Needs a readable keys folder. */
const struct sign_key *store_sign_key(struct store *store, struct err *err);
/* Only the public half (keys/sign.pub). */
int store_public_key(const struct store *store, uint8_t public_key[SIGN_PUBLIC_SIZE],
		     struct err *err);
/* 32 bytes from which links and passcodes are derived and under which they are hashed; borrowed. */
const uint8_t *store_secret_key(struct store *store, struct err *err);

/* For a handle that does nothing but add events of assessments that it has just read in the same
 * transaction: rows are not looked up again for each one that refers to them, more pages stay in
 * memory, the log grows longer before it is folded back. */
int store_tune_for_events(struct store *store, struct err *err);

/* A write transaction (BEGIN IMMEDIATE: waits its turn). With AUTO(store_rollback) struct store
 * *tx = store; it is undone at the end of the scope unless committed. They do not nest. */
int store_begin(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err);
void store_rollback(struct store **store);	/* does nothing when no transaction is open */
bool store_in_transaction(const struct store *store);

/* Whether the database can be read at all; quick. */
int store_ping(struct store *store, struct err *err);

/* ERR_ENV when the disk that the store is on has less than STORE_ROOM_LEAST bytes left: writing
 * fails then, or will soon. Quick, and reads the file system alone. */
#define STORE_ROOM_LEAST (1 << 20)
int store_room(const struct store *store, struct err *err);

/* Checks the database itself (PRAGMA integrity_check, foreign keys). ERR_INTEGRITY. */
int store_check(struct store *store, struct err *err);

#endif
