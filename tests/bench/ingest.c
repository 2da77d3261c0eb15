/* ingest.c - durable events a second from many sessions, against plain inserts of the same rows
 *
 *	ingest ROUNDS SESSIONS BATCHES	(in an empty folder)
 *
 * Each session is a thread that does what a request of the server does: it checks the text of a
 * batch of 50 events, gives it to the writer, waits until it is on disk, and sends the next. The
 * baseline then inserts the rows that came of it into a new database of the same settings, one
 * statement, as many rows in a transaction as the writer takes. */
#include "assess/lifecycle.h"
#include "base/auto.h"
#include "base/buf.h"
#include "journal/journal_writer.h"
#include "measure.h"
#include "store/candidate.h"
#include "store/event.h"
#include "store/task.h"

#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_EVENTS 50
#define TRANSACTION_ROWS 4096
#define VERSION_ID "0123456789abcdef0123456789abcdef01234567"
#define MOST_SESSIONS 1000

static const struct clock system_clock;

struct session {
	char id[RAND_ID_LEN + 1];
	char **texts;			/* of its batches */
	long batches;
	struct journal_writer *writer;
	pthread_t thread;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void must(int result, const struct err *err)
{
	if (result < 0)
		fail(err->text);
}

/* --- a store with sessions that are active */

static void add_people(struct store *store, struct assessment *pattern)
{
	struct candidate candidate = { .email = (char *)"ada@example.org", .name = (char *)"Ada",
				       .notes = (char *)"" };
	struct task task = { .name = (char *)"tiny", .visibility = (char *)"private",
			     .template_name = (char *)"" };
	struct task_version version = { .manifest = (char *)"{}", .proof = (char *)"" };
	struct err err = ERR_INIT;

	rand_id(task.id);
	memcpy(task.version, VERSION_ID, sizeof(VERSION_ID));
	memcpy(version.version, VERSION_ID, sizeof(VERSION_ID));
	memcpy(version.start_tree, VERSION_ID, sizeof(VERSION_ID));
	must(candidate_add(store, &candidate, &err), &err);
	must(task_add(store, &task, &err), &err);
	must(task_version_add(store, task.id, &version, &err), &err);
	*pattern = (struct assessment){ .attempt = 1, .status = STATUS_ACTIVE,
					.instructions = (char *)"", .message = (char *)"",
					.reason = (char *)"" };
	memcpy(pattern->candidate_id, candidate.id, sizeof(candidate.id));
	memcpy(pattern->task_id, task.id, sizeof(task.id));
	memcpy(pattern->task_version, VERSION_ID, sizeof(VERSION_ID));
}

static void make_store(const char *path, struct session *sessions, long count)
{
	struct assessment assessment;
	struct err err = ERR_INIT;
	bool made;

	must(store_init(path, "example", &system_clock, &made, &err), &err);

	AUTO(store_close) struct store *store = store_open(path, STORE_WRITE, &system_clock, &err);

	must(store ? 0 : -1, &err);
	must(store_begin(store, &err), &err);
	add_people(store, &assessment);
	for (long i = 0; i < count; i++) {
		rand_id(assessment.id);
		memcpy(assessment.secret_id, assessment.id, sizeof(assessment.id));
		assessment.round = i + 1;
		must(lifecycle_create(store, &assessment, &err), &err);
		memcpy(sessions[i].id, assessment.id, sizeof(assessment.id));
	}
	must(store_commit(store, &err), &err);
}

/* --- what a session sends */

/* Typing: now one key, now a few between two flushes, now the cursor. */
static void add_event(struct buf *text, long seq)
{
	long at = seq * 7 % 5000, keys = seq % 8 == 7 ? 0 : 1 + seq % 3;

	buf_add_format(text, "%s{\"seq\":%ld,\"time\":%ld,\"kind\":\"%s\",\"data\":{",
		       seq % BATCH_EVENTS == 1 ? "" : ",", seq, 1764000000000 + seq * 180,
		       keys ? "edit" : "cursor");
	if (!keys)
		buf_add_format(text, "\"file\":\"src/server/handler.py\",\"at\":%ld}}", at);
	for (long i = 0; i < keys; i++)
		buf_add_format(text,
			       "%s{\"ms\":%ld,\"file\":\"src/server/handler.py\",\"at\":%ld,"
			       "\"del\":%ld,\"ins\":\"%c\"}",
			       i ? "," : "\"edits\":[", i * 90, at + i, (long)(seq % 5 == 0),
			       (char)('a' + seq % 26));
	if (keys)
		buf_add_str(text, "]}}");
}

static char *make_text(long number)
{
	struct buf text = BUF_INIT(BATCH_MAX);

	buf_add_format(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"tab-1\",\"sent\":%ld,"
			      "\"events\":[", 1764000000400 + (number + 1) * BATCH_EVENTS * 180);
	for (long i = 1; i <= BATCH_EVENTS; i++)
		add_event(&text, number * BATCH_EVENTS + i);
	buf_add_str(&text, "]}");
	return buf_take(&text);
}

static void *run_session(void *arg)
{
	const struct session *session = arg;
	struct ingest_answer answer;
	struct err err = ERR_INIT;

	for (long i = 0; i < session->batches; i++) {
		struct batch batch = BATCH_INIT;

		must(batch_parse(session->texts[i], strlen(session->texts[i]), &batch, &err), &err);
		must(journal_writer_submit(session->writer, session->id, &batch, &answer, &err),
		     &err);
		if (answer.acknowledged != (i + 1) * BATCH_EVENTS)
			fail("not all was stored");
	}
	return NULL;
}

static double run_sessions(const char *path, struct session *sessions, long count)
{
	struct err err = ERR_INIT;
	struct journal_writer *writer = journal_writer_open(path, &system_clock, &err);
	double start = measure_now();

	must(writer ? 0 : -1, &err);
	for (long i = 0; i < count; i++) {
		sessions[i].writer = writer;
		if (pthread_create(&sessions[i].thread, NULL, run_session, &sessions[i]) != 0)
			fail("no thread");
	}
	for (long i = 0; i < count; i++)
		pthread_join(sessions[i].thread, NULL);
	journal_writer_close(&writer);
	return measure_now() - start;
}

/* --- the baseline */

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail(sqlite3_errmsg(db));
}

static sqlite3 *open_db(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		fail(path);
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
		fail(sqlite3_errmsg(db));
	return statement;
}

/* All rows of clients in the order in which they were written; each has 10 values. */
static sqlite3_value ***read_rows(sqlite3 *db, long *ret_count)
{
	sqlite3_stmt *read = prepare(db, "SELECT * FROM event WHERE client_seq IS NOT NULL "
					 "ORDER BY rowid");
	sqlite3_value ***rows = NULL;
	long count = 0;

	while (sqlite3_step(read) == SQLITE_ROW) {
		if ((count & (count - 1)) == 0)
			rows = buf_realloc(rows, (size_t)(count ? 2 * count : 1), sizeof(*rows));
		rows[count] = buf_alloc(10 * sizeof(**rows));
		for (int i = 0; i < 10; i++)
			rows[count][i] = sqlite3_value_dup(sqlite3_column_value(read, i));
		count++;
	}
	sqlite3_finalize(read);
	*ret_count = count;
	return rows;
}

static double insert_rows(const char *path, sqlite3_value ***rows, long count)
{
	sqlite3 *db = open_db(path);
	double start = measure_now();
	sqlite3_stmt *insert;

	sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event ("
		"organization_id TEXT NOT NULL, assessment_id TEXT NOT NULL, seq INTEGER NOT NULL, "
		"time INTEGER NOT NULL, client_seq INTEGER, client_time INTEGER, "
		"actor TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL, "
		"PRIMARY KEY (assessment_id, seq)) STRICT");
	insert = prepare(db, "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	for (long i = 0; i < count; i++) {
		if (i % TRANSACTION_ROWS == 0)
			sql(db, "BEGIN IMMEDIATE");
		for (int j = 0; j < 10; j++)
			sqlite3_bind_value(insert, j + 1, rows[i][j]);
		if (sqlite3_step(insert) != SQLITE_DONE)
			fail(sqlite3_errmsg(db));
		sqlite3_reset(insert);
		if (i % TRANSACTION_ROWS == TRANSACTION_ROWS - 1 || i == count - 1)
			sql(db, "COMMIT");
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return measure_now() - start;
}

static double run_baseline(const char *store, const char *path, long wanted)
{
	AUTO_FREE char *from = buf_format("%s/" STORE_DB, store);
	sqlite3 *db = open_db(from);
	sqlite3_value ***rows;
	double ms;
	long count;

	rows = read_rows(db, &count);
	sqlite3_close(db);
	if (count != wanted)
		fail("rows are missing");
	ms = insert_rows(path, rows, count);
	for (long i = 0; i < count; i++) {
		for (int j = 0; j < 10; j++)
			sqlite3_value_free(rows[i][j]);
		free(rows[i]);
	}
	free(rows);
	return ms;
}

int main(int argc, char **argv)
{
	static double value[MEASURE_MOST_ROUNDS], base[MEASURE_MOST_ROUNDS];
	static struct session sessions[MOST_SESSIONS];
	long rounds = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	long count = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
	long batches = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	double events = (double)(count * batches * BATCH_EVENTS);

	if (rounds < 1 || rounds > MEASURE_MOST_ROUNDS || count < 1 || count > MOST_SESSIONS ||
	    batches < 1 || batches * BATCH_EVENTS > INGEST_BURST) {
		fputs("usage: ingest ROUNDS SESSIONS BATCHES\n", stderr);
		return 2;
	}
	hash_init();

	AUTO_FREE char **texts = buf_alloc((size_t)batches * sizeof(*texts));

	for (long i = 0; i < batches; i++)
		texts[i] = make_text(i);
	for (long i = 0; i < rounds; i++) {
		AUTO_FREE char *store = buf_format("store%ld", i);
		AUTO_FREE char *plain = buf_format("plain%ld.db", i);

		make_store(store, sessions, count);
		for (long j = 0; j < count; j++) {
			sessions[j].texts = texts;
			sessions[j].batches = batches;
		}
		value[i] = events * 1000 / run_sessions(store, sessions, count);
		base[i] = events * 1000 / run_baseline(store, plain, (long)events);
	}
	measure_print_rate("ingest", value, base, rounds);
	for (long i = 0; i < batches; i++)
		free(texts[i]);
	return 0;
}
