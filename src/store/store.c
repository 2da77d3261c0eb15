/* store.c - see store.h */
#include "store/store.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/share.h"
#include "store/sql.h"
#include "store/store_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#define APPLICATION_ID 0x74616c69	/* "tali" */
#define BUSY_PAUSE_NS 2000000
#define BUSY_TRIES 10000	/* 20 s */
#define KEY_SECRET "keys/store.key"
#define KEY_SIGN "keys/sign.key"
#define KEY_PUBLIC "keys/sign.pub"

static const char *const migrations[STORE_SCHEMA_VERSION] = {
	"sql/0001-spine.sql",
	"sql/0002-record.sql",
	"sql/0003-sweep.sql",
	"sql/0004-ai.sql",
	"sql/0005-review.sql",
};

static const char SQL_ORGANIZATION[] = "SELECT id FROM organization ORDER BY created, id LIMIT 1";
static const char SQL_ADD_ORGANIZATION[] =
	"INSERT INTO organization (id, name, created) VALUES (?1, ?2, ?3)";

/* `.tali` in this folder or one above it; yours or NULL. */
static char *locate_above(void)
{
	AUTO_FREE char *folder = getcwd(NULL, 0);

	while (folder && *folder) {
		char *candidate = fs_join(folder, ".tali");
		char *slash;

		if (fs_is_dir(candidate))
			return candidate;
		free(candidate);
		slash = strrchr(folder, '/');
		*slash = '\0';
	}
	return NULL;
}

char *store_locate(const char *given)
{
	const char *from_env = getenv("TALI_STORE");
	const char *data_home = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	char *above;

	if (given)
		return buf_strdup(given);
	if (from_env && *from_env)
		return buf_strdup(from_env);
	above = locate_above();
	if (above)
		return above;
	if (data_home && *data_home == '/')
		return fs_join(data_home, "tali");
	return buf_format("%s/.local/share/tali", home && *home ? home : "");
}

static int user_version(sqlite3 *db, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int version = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int(stmt, 0);
	else
		sql_error(db, err, STORE_DB);
	sqlite3_finalize(stmt);
	return version;
}

static int migrate_one(struct store *store, int version, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	const struct share_file *file = share_find(migrations[version]);
	char pragma[64];

	if (store_begin(store, err) < 0)
		return -1;
	if (user_version(store->db, err) > version)
		return 0;	/* another process was faster */
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", version + 1);
	if (sql_script(store->db, file->data, err) < 0 || sql_script(store->db, pragma, err) < 0)
		return err_wrap(err, "%s", migrations[version]);
	return store_commit(store, err);
}

static int check_version(struct store *store, struct err *err)
{
	int version = user_version(store->db, err);

	if (version < 0)
		return -1;
	if (version > STORE_SCHEMA_VERSION)
		return err_set(err, ERR_STATE,
			       "the store was made by a newer tali (schema %d, this one knows %d)",
			       version, STORE_SCHEMA_VERSION);
	if (version < STORE_SCHEMA_VERSION && !store->writable)
		return err_set(err, ERR_STATE, "the store needs an update but is read-only");
	for (; version < STORE_SCHEMA_VERSION; version++)
		if (migrate_one(store, version, err) < 0)
			return -1;
	return 0;
}

/* Nobody asks SQLite how much memory it has; counting it takes a lock at each allocation. */
static void set_up_library(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Who waits for the store asks for it often, however long it has waited: by SQLite's own handler,
 * those who come last are served first. */
static int wait_for_others(void *arg, int tries)
{
	const struct timespec pause = { .tv_nsec = BUSY_PAUSE_NS };

	(void)arg;
	nanosleep(&pause, NULL);
	return tries < BUSY_TRIES;
}

static int open_file(struct store *store, const char *parameters, int flags, struct err *err)
{
	static pthread_once_t is_set_up = PTHREAD_ONCE_INIT;
	AUTO_FREE char *uri = NULL;
	struct buf path = BUF_INIT(PATH_MAX * 3);
	const char *at;

	pthread_once(&is_set_up, set_up_library);
	for (at = store->path; *at; at++)	/* a URI gives %, ? and # a meaning */
		buf_add_format(&path, strchr("%?#", *at) ? "%%%02x" : "%c", (unsigned char)*at);
	uri = buf_format("file:%s/" STORE_DB "?%s", buf_str(&path), parameters);
	buf_release(&path);
	sqlite3_close(store->db);
	store->db = NULL;
	if (sqlite3_open_v2(uri, &store->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return sql_error(store->db, err, STORE_DB);
	sqlite3_busy_handler(store->db, wait_for_others, NULL);
	return user_version(store->db, err) < 0 ? -1 : 0;
}

/* A WAL database on a read-only medium can only be read as immutable, and only when no log is
 * pending. */
static int open_read_only(struct store *store, struct err *err)
{
	AUTO_FREE char *wal = fs_join(store->path, STORE_DB "-wal");
	struct stat st;

	store->writable = false;
	if (open_file(store, "mode=ro", SQLITE_OPEN_READONLY, err) == 0)
		return 0;
	if (err->code == ERR_INTEGRITY || (stat(wal, &st) == 0 && st.st_size > 0))
		return -1;
	*err = (struct err)ERR_INIT;
	return open_file(store, "immutable=1", SQLITE_OPEN_READONLY, err);
}

static bool folder_writable(const struct store *store)
{
	AUTO_FREE char *db = fs_join(store->path, STORE_DB);

	return access(store->path, W_OK) == 0 && access(db, W_OK) == 0;
}

static int open_db(struct store *store, enum store_mode mode, int flags, struct err *err)
{
	if (mode == STORE_READ && !folder_writable(store)) {
		if (open_read_only(store, err) < 0)
			return -1;
	} else if (open_file(store, "cache=private", SQLITE_OPEN_READWRITE | flags, err) < 0) {
		return -1;
	}
	if (store->writable &&
	    (sql_script(store->db, "PRAGMA journal_mode = WAL", err) < 0 ||
	     sql_script(store->db, "PRAGMA synchronous = FULL", err) < 0))
		return -1;
	if (sql_script(store->db, "PRAGMA foreign_keys = ON", err) < 0)
		return -1;
	return check_version(store, err);
}

static int read_organization(struct store *store, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = sql_query(store, err, SQL_ORGANIZATION, "");
	int row = query ? sql_step(query, err) : -1;

	if (row == 1)
		sql_copy(query, 0, store->organization, sizeof(store->organization));
	return row;
}

static struct store *store_new(const char *path, const struct clock *clock)
{
	struct store *store = buf_alloc(sizeof(*store));
	char *absolute = realpath(path, NULL);

	store->path = absolute ? absolute : buf_strdup(path);
	store->clock = clock;
	store->writable = true;
	return store;
}

void store_close(struct store **store)
{
	size_t i;

	if (!*store)
		return;
	for (i = 0; i < (*store)->statement_count; i++)
		sqlite3_finalize((*store)->statements[i].stmt);
	sqlite3_close((*store)->db);
	free((*store)->statements);
	free((*store)->path);
	sign_clear(&(*store)->sign_key);
	explicit_bzero((*store)->secret_key, sizeof((*store)->secret_key));
	free(*store);
	*store = NULL;
}

struct store *store_open(const char *path, enum store_mode mode, const struct clock *clock,
			 struct err *err)
{
	AUTO(store_close) struct store *store = NULL;
	AUTO_FREE char *db = fs_join(path, STORE_DB);
	int row;

	if (!fs_exists(db)) {
		err_set(err, ERR_NOT_FOUND, "no store at %s (make one with `tali init`)", path);
		return NULL;
	}
	store = store_new(path, clock);
	if (open_db(store, mode, 0, err) < 0) {
		err_wrap(err, "store %s", store->path);
		return NULL;
	}
	row = read_organization(store, err);
	if (row == 0)
		err_set(err, ERR_STATE, "the store at %s is only half made: run `tali init`", path);
	return row == 1 ? TAKE(store) : NULL;
}

/* Keys are written before the database: a store with a database has all of its keys. */
static int make_key_file(const char *folder, const char *name, mode_t mode, const void *data,
			 size_t len, struct err *err)
{
	AUTO_FREE char *path = fs_join(folder, name);
	AUTO_FREE char *text = hash_base64(data, len);
	AUTO_FREE char *line = buf_format("%s\n", text);
	int result = fs_exists(path) ? 0 : fs_write(path, mode, line, strlen(line), err);

	explicit_bzero(text, strlen(text));
	explicit_bzero(line, strlen(line));
	return result;
}

static int read_key_file(const struct store *store, const char *name, void *out, size_t size,
			 struct err *err)
{
	AUTO_FREE char *path = fs_join(store->path, name);
	AUTO_FREE void *data = NULL;
	struct buf text = { 0 };
	size_t len = 0;

	if (fs_read(AT_FDCWD, path, 4096, &text, err) < 0)
		return -1;
	text.data[strcspn(text.data, "\n")] = '\0';
	data = hash_from_base64(text.data, &len, err);
	explicit_bzero(text.data, text.size);
	buf_release(&text);
	if (!data || len != size)
		return err_set(err, ERR_INTEGRITY, "%s: not a key of this store", path);
	memcpy(out, data, size);
	explicit_bzero(data, size);
	return 0;
}

static int make_keys(const char *path, struct err *err)
{
	struct sign_key key;
	uint8_t secret[32];
	AUTO_FREE char *private_path = fs_join(path, KEY_SIGN);
	AUTO_FREE char *public_path = fs_join(path, KEY_PUBLIC);
	int result = 0;

	if (!fs_exists(public_path))
		unlink(private_path);	/* a half-written pair is made anew */
	sign_generate(&key);
	rand_bytes(secret, sizeof(secret));
	if (make_key_file(path, KEY_SECRET, 0600, secret, sizeof(secret), err) < 0 ||
	    make_key_file(path, KEY_SIGN, 0600, key.secret_key, sizeof(key.secret_key), err) < 0 ||
	    make_key_file(path, KEY_PUBLIC, 0644, key.public_key, sizeof(key.public_key), err) < 0)
		result = -1;
	sign_clear(&key);
	explicit_bzero(secret, sizeof(secret));
	return result;
}

static bool folder_is_empty_or_ours(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool fine = true;

	while (dir && (entry = readdir(dir)))
		fine &= !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			!strcmp(entry->d_name, "repos") || !strcmp(entry->d_name, "keys") ||
			!strncmp(entry->d_name, "config.json", 11) ||
			!strncmp(entry->d_name, STORE_DB, strlen(STORE_DB));
	if (dir)
		closedir(dir);
	return fine;
}

static int make_folders(const char *path, struct err *err)
{
	static const char *const names[] = { "repos", "keys" };
	AUTO_FREE char *config = fs_join(path, "config.json");
	size_t i;

	for (i = 0; i < 2; i++) {
		AUTO_FREE char *folder = fs_join(path, names[i]);

		if (fs_mkdirs(folder, 0700, err) < 0)
			return -1;
	}
	if (!fs_exists(config) && fs_write(config, 0600, "{}\n", 3, err) < 0)
		return -1;
	return make_keys(path, err);
}

static int add_organization(struct store *store, const char *name, struct err *err)
{
	AUTO(store_rollback) struct store *tx = store;
	char id[RAND_ID_LEN + 1];

	rand_id(id);
	if (store_begin(store, err) < 0)
		return -1;
	if (read_organization(store, err) == 1)
		return 0;
	if (sql_run(store, err, SQL_ADD_ORGANIZATION, "tti", id, name, store_now(store)) < 0)
		return -1;
	return store_commit(store, err);
}

int store_init(const char *path, const char *organization, const struct clock *clock,
	       bool *ret_made, struct err *err)
{
	AUTO(store_close) struct store *store = NULL;
	AUTO_FD int lock = -1;
	char pragma[64];
	int row;

	if (!folder_is_empty_or_ours(path))
		return err_set(err, ERR_STATE, "%s is not empty and not a store", path);
	if (fs_mkdirs(path, 0700, err) < 0)
		return -1;
	lock = fs_lock(path, err);	/* two at once would mix their keys */
	if (lock < 0 || make_folders(path, err) < 0)
		return -1;
	store = store_new(path, clock);
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d", APPLICATION_ID);
	if (open_db(store, STORE_WRITE, SQLITE_OPEN_CREATE, err) < 0 ||
	    sql_script(store->db, pragma, err) < 0)
		return -1;
	row = read_organization(store, err);
	if (row < 0 || (row == 0 && add_organization(store, organization, err) < 0))
		return -1;
	*ret_made = row == 0;
	return 0;
}

bool store_writable(const struct store *store)
{
	return store->writable;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

const char *store_organization(const struct store *store)
{
	return store->organization;
}

int64_t store_now(const struct store *store)
{
	return clock_now(store->clock);
}

char *store_repo_path(const struct store *store, const char *name)
{
	return buf_format("%s/repos/%s.git", store->path, name);
}

const struct sign_key *store_sign_key(struct store *store, struct err *err)
{
	if (!store->sign_key_read) {
		if (read_key_file(store, KEY_SIGN, store->sign_key.secret_key,
				  sizeof(store->sign_key.secret_key), err) < 0 ||
		    store_public_key(store, store->sign_key.public_key, err) < 0)
			return NULL;
		if (!sign_key_whole(&store->sign_key)) {
			err_set(err, ERR_INTEGRITY,
				KEY_PUBLIC " is not the public half of " KEY_SIGN);
			return NULL;
		}
		store->sign_key_read = true;
	}
	return &store->sign_key;
}

int store_public_key(const struct store *store, uint8_t public_key[SIGN_PUBLIC_SIZE],
		     struct err *err)
{
	return read_key_file(store, KEY_PUBLIC, public_key, SIGN_PUBLIC_SIZE, err);
}

const uint8_t *store_secret_key(struct store *store, struct err *err)
{
	if (!store->secret_key_read) {
		if (read_key_file(store, KEY_SECRET, store->secret_key, sizeof(store->secret_key),
				  err) < 0)
			return NULL;
		store->secret_key_read = true;
	}
	return store->secret_key;
}

int store_tune_for_events(struct store *store, struct err *err)
{
	return sql_script(store->db, "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -32768; "
				     "PRAGMA wal_autocheckpoint = 4000", err);
}

int store_begin(struct store *store, struct err *err)
{
	if (!store->writable)
		return err_set(err, ERR_ENV, "the store is read-only");
	return sql_script(store->db, "BEGIN IMMEDIATE", err);
}

int store_commit(struct store *store, struct err *err)
{
	return sql_script(store->db, "COMMIT", err);
}

bool store_in_transaction(const struct store *store)
{
	return !sqlite3_get_autocommit(store->db);
}

void store_rollback(struct store **store)
{
	struct err ignored = ERR_INIT;
	size_t i;

	if (!*store || !store_in_transaction(*store))
		return;
	for (i = 0; i < (*store)->statement_count; i++)
		sqlite3_reset((*store)->statements[i].stmt);
	sql_script((*store)->db, "ROLLBACK", &ignored);
}

int store_ping(struct store *store, struct err *err)
{
	if (sqlite3_exec(store->db, "SELECT count(*) FROM organization", NULL, NULL, NULL) !=
	    SQLITE_OK)
		return sql_error(store->db, err, STORE_DB);
	return 0;
}

int store_room(const struct store *store, struct err *err)
{
	struct statvfs disk;

	if (statvfs(store->path, &disk) < 0)
		return err_sys(err, "cannot see how full the disk of %s is", store->path);
	if (disk.f_frsize * disk.f_bavail >= STORE_ROOM_LEAST)
		return 0;
	return err_set(err, ERR_ENV, "the disk of %s is full: %llu KiB are left", store->path,
		       (unsigned long long)(disk.f_frsize * disk.f_bavail / 1024));
}

int store_check(struct store *store, struct err *err)
{
	static const char *const checks[] = { "PRAGMA integrity_check",
					      "PRAGMA foreign_key_check" };
	size_t i;

	for (i = 0; i < 2; i++) {
		sqlite3_stmt *stmt = NULL;
		int row;

		if (sqlite3_prepare_v2(store->db, checks[i], -1, &stmt, NULL) != SQLITE_OK)
			return sql_error(store->db, err, STORE_DB);
		row = sqlite3_step(stmt);
		if (row == SQLITE_ROW && strcmp(sql_text(stmt, 0), "ok") != 0)
			err_set(err, ERR_INTEGRITY, STORE_DB ": %s", sql_text(stmt, 0));
		else if (row != SQLITE_ROW && row != SQLITE_DONE)
			sql_error(store->db, err, STORE_DB);
		sqlite3_finalize(stmt);
		if (err->code)
			return -1;
	}
	return 0;
}
