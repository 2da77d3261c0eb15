/* replay.c - opening a long session, and the slowest of some seeks, against a fold of all of it
 *
 *	replay ROUNDS STORE EVENTS SEEKS
 *
 * The session is written into the store behind its back: somebody types into thirty files, runs
 * programs in a terminal, and now and then leaves a note. */
#include "base/auto.h"
#include "base/buf.h"
#include "measure.h"
#include "replay/timeline.h"
#include "store/checkpoint.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "benchmark0000000"
#define FILES 30
#define STAY 400	/* keys in one place before another */

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static uint32_t next_random(void)
{
	static uint32_t seed = 1;

	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

/* --- a session */

struct typing {
	long lengths[FILES], file, at;
};

static const char *type_key(struct typing *typing, long n, struct buf *data)
{
	long *length = &typing->lengths[typing->file];

	if (n % STAY == 1) {
		typing->file = (long)(next_random() % FILES);
		length = &typing->lengths[typing->file];
		typing->at = *length ? (long)(next_random() % (unsigned)*length) : 0;
	}
	if (next_random() % 8 == 0 && typing->at > 0) {
		typing->at--;
		--*length;
		buf_add_format(data, "{\"edits\":[{\"at\":%ld,\"del\":1,\"file\":\"src/f%ld.c\","
			       "\"ins\":\"\"}]}", typing->at, typing->file);
		return "edit";
	}
	buf_add_format(data, "{\"edits\":[{\"at\":%ld,\"del\":0,\"file\":\"src/f%ld.c\","
		       "\"ins\":\"%c\"}]}", typing->at, typing->file,
		       "abcdefghijklmnop qrstuvw (){};"[next_random() % 30]);
	typing->at++;
	++*length;
	return "edit";
}

static const char *next_event(struct typing *typing, long n, struct buf *data)
{
	buf_clear(data);
	if (n < FILES) {
		buf_add_format(data, "{\"op\":\"create\",\"path\":\"src/f%ld.c\"}", n);
		return "file";
	}
	if (n == FILES) {
		buf_add_str(data, "{\"action\":\"start\",\"columns\":80,\"rows\":24,"
				  "\"terminal\":\"t\"}");
		return "terminal";
	}
	if (n % 1000 == 0) {
		buf_add_format(data, "{\"text\":\"note %ld\"}", n);
		return "note";
	}
	if (n % 50 == 0) {
		buf_add_format(data, "{\"chunks\":[{\"ms\":0,\"text\":\"\\u001b[1;3%ldm$ make %ld"
			       "\\r\\n\\u001b[0mcc -c f.c\\r\\n\"}],\"terminal\":\"t\"}",
			       n / 50 % 8, n);
		return "terminal_out";
	}
	if (n % 20 == 0) {
		buf_add_format(data, "{\"at\":%ld,\"file\":\"src/f%ld.c\"}", typing->at,
			       typing->file);
		return "cursor";
	}
	return type_key(typing, n, data);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail(sqlite3_errmsg(db));
}

static void write_session(const char *store, long events)
{
	AUTO_FREE char *path = buf_format("%s/tali.db", store);
	AUTO(buf_release) struct buf data = BUF_INIT(65536);
	struct typing typing = { .file = 0 };
	sqlite3_stmt *stmt;
	char hash[80];
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		fail(path);
	run(db, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN");
	run(db, "INSERT INTO assessment SELECT '" ID "', id, '', '', '', '', 1, 1, '', 0, 0, 0, 0, "
		"0, 0, 0, 0, '', '', 0, NULL, NULL, '', '', '', '', '' FROM organization");
	if (sqlite3_prepare_v2(db, "INSERT INTO event SELECT id, '" ID "', ?1, ?2, NULL, NULL, "
			       "'candidate', ?3, ?4, ?5 FROM organization", -1, &stmt, NULL) !=
	    SQLITE_OK)
		fail(sqlite3_errmsg(db));
	for (long n = 0; n < events; n++) {
		const char *kind = next_event(&typing, n, &data);

		snprintf(hash, sizeof(hash), "%064lx", n);
		sqlite3_bind_int64(stmt, 1, n);
		sqlite3_bind_int64(stmt, 2, 1700000000000 + n * 100);
		sqlite3_bind_text(stmt, 3, kind, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 4, buf_str(&data), -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 5, hash, -1, SQLITE_STATIC);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			fail(sqlite3_errmsg(db));
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	run(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
}

/* --- what is measured */

static int no_payload(void *arg, const char *hash, size_t limit, struct buf *out, struct err *err)
{
	(void)arg;
	(void)limit;
	*out = (struct buf)BUF_INIT(0);
	return err_set(err, ERR_INTEGRITY, "%s is missing", hash);
}

static const struct fold_source source = { .payload = no_payload, .blob = no_payload };

static struct timeline *open_session(struct store *store)
{
	struct err err = ERR_INIT;
	struct timeline *timeline = timeline_open(store, ID, &source, &err);
	const struct timeline_mark *marks;
	size_t count;

	if (!timeline || timeline_marks(timeline, &marks, &count, &err) < 0)
		fail(err.text);
	return timeline;
}

/* All of it, as it is without checkpoints. */
static double fold_all(struct store *store)
{
	AUTO(timeline_close) struct timeline *timeline = open_session(store);
	struct err err = ERR_INIT;
	double start = measure_now();
	int found;

	while ((found = timeline_next(timeline, &err)) == 1)
		;
	if (found < 0)
		fail(err.text);
	return measure_now() - start;
}

/* Of some seeks to any place the slowest, and the first after opening among them. */
static double slowest_seek(struct timeline *timeline, long seeks)
{
	int64_t span = timeline_end(timeline) - timeline_start(timeline);
	struct err err = ERR_INIT;
	double slowest = 0;

	while (seeks--) {
		int64_t at = (int64_t)((uint64_t)next_random() << 16 ^ next_random()) % span;
		double start = measure_now(), took;

		if (timeline_seek(timeline, timeline_start(timeline) + at, &err) < 0)
			fail(err.text);
		took = measure_now() - start;
		slowest = took > slowest ? took : slowest;
	}
	return slowest;
}

static void print_size(struct store *store, long events)
{
	int64_t count, bytes;
	struct err err = ERR_INIT;

	if (checkpoint_size(store, ID, &count, &bytes, &err) < 0)
		fail(err.text);
	fprintf(stderr, "bench: %ld events have %lld checkpoints in %lld bytes\n", events,
		(long long)count, (long long)bytes);
}

int main(int argc, char **argv)
{
	static double open[MEASURE_MOST_ROUNDS], seek[MEASURE_MOST_ROUNDS];
	static double all[MEASURE_MOST_ROUNDS], again[MEASURE_MOST_ROUNDS];
	long rounds = argc == 5 ? strtol(argv[1], NULL, 10) : 0;
	long events = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
	long seeks = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
	const struct clock clock = { 0 };
	struct err err = ERR_INIT;

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || events < 1000 || seeks < 1) {
		fputs("usage: replay ROUNDS STORE EVENTS SEEKS\n", stderr);
		return 2;
	}
	hash_init();
	write_session(argv[2], events);

	AUTO(store_close) struct store *store = store_open(argv[2], STORE_WRITE, &clock, &err);
	AUTO(timeline_close) struct timeline *first = store ? open_session(store) : NULL;
	AUTO_FREE char *open_name = buf_format("replay-open-%ld", events);
	AUTO_FREE char *seek_name = buf_format("replay-seek-%ld", events);

	if (!store || timeline_prepare(first, &err) < 0)
		fail(err.text);
	print_size(store, events);
	for (long i = 0; i < rounds; i++) {
		double start = measure_now();
		AUTO(timeline_close) struct timeline *timeline = open_session(store);

		open[i] = measure_now() - start;
		seek[i] = slowest_seek(timeline, seeks);
		all[i] = again[i] = fold_all(store);
	}
	measure_print(open_name, open, all, rounds);
	measure_print(seek_name, seek, again, rounds);
	return 0;
}
