/* test_journal_writer.c - group commit: order, answers to all, errors to those they belong to */
#include "journal/journal_writer.h"

#include "ingest_fixture.h"
#include "journal/journal.h"
#include "store/sql.h"

#include <pthread.h>

#define SESSIONS 24
#define BATCHES 20
#define BATCH_NOTES 5

static struct journal_writer *open_writer(struct fixture *f)
{
	struct err err = ERR_INIT;
	struct journal_writer *writer = journal_writer_open(f->folder, &f->clock, &err);

	must(writer ? 0 : -1, &err);
	return writer;
}

struct sender {
	struct journal_writer *writer;
	const char *id;
	char client[16];
	pthread_t thread;
	int64_t acknowledged;
	struct err err;
};

/* Each batch twice, as a client does that has lost the answer. */
static void *send_all(void *arg)
{
	struct sender *sender = arg;
	struct ingest_answer answer = { .acknowledged = 0 };

	for (int i = 0; i < 2 * BATCHES && !sender->err.text[0]; i++) {
		AUTO_FREE char *text = notes_text(sender->client, i / 2 * BATCH_NOTES + 1,
						  BATCH_NOTES);
		AUTO(batch_release) struct batch batch = BATCH_INIT;

		if (batch_parse(text, strlen(text), &batch, &sender->err) < 0 ||
		    journal_writer_submit(sender->writer, sender->id, &batch, &answer,
					  &sender->err) < 0)
			break;
	}
	sender->acknowledged = answer.acknowledged;
	return NULL;
}

static void many_sessions_share_the_writer(void **state)
{
	struct fixture *f = *state;
	struct journal_writer *writer = open_writer(f);
	struct active active[SESSIONS / 2];
	struct sender senders[SESSIONS] = { 0 };

	for (int i = 0; i < SESSIONS / 2; i++)
		active[i] = active_make(f);
	for (int i = 0; i < SESSIONS; i++) {	/* two clients to a session */
		senders[i].writer = writer;
		senders[i].id = active[i / 2].id;
		snprintf(senders[i].client, sizeof(senders[i].client), "tab%d", i % 2);
		pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
	}
	for (int i = 0; i < SESSIONS; i++) {
		pthread_join(senders[i].thread, NULL);
		assert_string_equal(senders[i].err.text, "");
		assert_int_equal(senders[i].acknowledged, BATCHES * BATCH_NOTES);
	}
	journal_writer_close(&writer);
	for (int i = 0; i < SESSIONS / 2; i++) {
		assert_int_equal(count_client_events(f, &active[i]), 2 * BATCHES * BATCH_NOTES);
		active_check(f, &active[i]);
		active_release(&active[i]);
	}
}

/* Two writers, as two processes have them. */
static void two_writers_take_turns(void **state)
{
	struct fixture *f = *state;
	struct journal_writer *writers[2] = { open_writer(f), open_writer(f) };
	struct active active = active_make(f);
	struct sender senders[4] = { 0 };

	for (int i = 0; i < 4; i++) {
		senders[i].writer = writers[i % 2];
		senders[i].id = active.id;
		/* the same client by both writers: every event is stored once all the same */
		snprintf(senders[i].client, sizeof(senders[i].client), "tab%d", i / 2);
		pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(senders[i].thread, NULL);
		assert_string_equal(senders[i].err.text, "");
	}
	journal_writer_close(&writers[0]);
	journal_writer_close(&writers[1]);
	assert_int_equal(count_client_events(f, &active), 2 * BATCHES * BATCH_NOTES);
	active_check(f, &active);
	active_release(&active);
}

/* --- answers by call */

struct answers {
	pthread_mutex_t lock;		/* guards all below */
	pthread_cond_t changed;
	int count, errors;
	int64_t next_seq;		/* answers come in the order of the questions */
	struct err last_err;
};

#define ANSWERS_INIT { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER }

static void take_answer(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	struct answers *answers = arg;

	pthread_mutex_lock(&answers->lock);
	answers->count++;
	if (err) {
		answers->errors++;
		answers->last_err = *err;
	} else if (answer->first_seq == answers->next_seq) {
		answers->next_seq += answer->stored;
	}
	pthread_cond_signal(&answers->changed);
	pthread_mutex_unlock(&answers->lock);
}

static void wait_for(struct answers *answers, int count)
{
	pthread_mutex_lock(&answers->lock);
	while (answers->count < count)
		pthread_cond_wait(&answers->changed, &answers->lock);
	pthread_mutex_unlock(&answers->lock);
}

static struct event_list note_of(const char *text)
{
	struct event_list list = EVENT_LIST_INIT;
	struct err err = ERR_INIT;

	must(event_list_add(&list, "system", "note", json_pack("{s:s}", "text", text), 0, &err),
	     &err);
	return list;
}

static void closing_writes_what_has_queued_in_its_order(void **state)
{
	struct fixture *f = *state;
	struct journal_writer *writer = open_writer(f);
	struct active active = active_make(f);
	struct answers answers = ANSWERS_INIT;
	struct err err = ERR_INIT;

	answers.next_seq = 1;
	for (int i = 0; i < 1000; i++) {
		struct event_list list = note_of("hello");

		must(journal_writer_append_later(writer, active.id, &list, take_answer, &answers,
						 &err), &err);
		assert_int_equal(list.count, 0);
	}
	journal_writer_close(&writer);
	assert_int_equal(answers.count, 1000);
	assert_int_equal(answers.errors, 0);
	assert_int_equal(answers.next_seq, 1001);
	active_check(f, &active);
	active_release(&active);
}

static void a_request_that_is_refused_harms_no_other(void **state)
{
	struct fixture *f = *state;
	struct journal_writer *writer = open_writer(f);
	struct active active = active_make(f), over = active_make(f);
	struct answers good = ANSWERS_INIT, bad = ANSWERS_INIT;
	struct ingest_answer answer;
	struct batch batch;
	struct err err = ERR_INIT;
	int64_t seq = 0;

	active_set_status(f, &over, STATUS_SUBMITTED);
	good.next_seq = 1;
	for (int i = 0; i < 50; i++) {
		struct event_list lists[] = { note_of("a"), note_of("b"), note_of("c") };

		must(journal_writer_append_later(writer, over.id, &lists[0], take_answer, &bad,
						 &err), &err);
		must(journal_writer_append_later(writer, active.id, &lists[1], take_answer, &good,
						 &err), &err);
		must(journal_writer_append_later(writer, "nobody", &lists[2], take_answer, &bad,
						 &err), &err);
	}
	wait_for(&good, 50);
	wait_for(&bad, 100);
	assert_int_equal(good.errors, 0);
	assert_int_equal(good.next_seq, 51);
	assert_int_equal(bad.errors, 100);
	assert_int_equal(bad.last_err.code, ERR_NOT_FOUND);

	/* the waiting forms */
	batch = notes("tab", 1, 1);
	assert_int_equal(journal_writer_submit(writer, over.id, &batch, &answer, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_int_equal(batch.list.count, 1);
	batch_release(&batch);
	{
		struct event_list list = note_of("d");

		must(journal_writer_append(writer, active.id, &list, &seq, &err), &err);
		assert_int_equal(seq, 51);
	}
	journal_writer_close(&writer);
	active_check(f, &active);
	active_release(&active);
	active_release(&over);
}

/* --- when the transaction fails */

static void run_sql(struct fixture *f, const char *text)
{
	struct err err = ERR_INIT;

	must(sql_script(sql_db(f->store), text, &err), &err);
}

/* A row that the database refuses stands for whatever else may fail in the middle of writing. */
static void what_the_database_refuses_is_undone_alone(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f), other = active_make(f);
	struct answers good = ANSWERS_INIT, bad = ANSWERS_INIT;
	struct journal_writer *writer;
	struct err err = ERR_INIT;

	run_sql(f, "CREATE TRIGGER poison BEFORE INSERT ON event WHEN new.data LIKE '%poison%' "
		   "BEGIN SELECT raise(ABORT, 'poisoned'); END");
	writer = open_writer(f);
	good.next_seq = 1;
	for (int i = 0; i < 20; i++) {
		struct event_list lists[] = { note_of("a"), note_of("c") };

		must(event_list_add(&lists[1], "system", "note",
				    json_pack("{s:s}", "text", "poison"), 0, &err), &err);
		must(journal_writer_append_later(writer, active.id, &lists[0], take_answer, &good,
						 &err), &err);
		must(journal_writer_append_later(writer, other.id, &lists[1], take_answer, &bad,
						 &err), &err);
	}
	journal_writer_close(&writer);
	assert_int_equal(good.errors, 0);
	assert_int_equal(good.next_seq, 21);
	assert_int_equal(bad.errors, 20);
	assert_int_equal(bad.last_err.code, ERR_ENV);
	assert_int_equal(journal_next_seq(f->store, other.id, &err), 1);
	active_check(f, &active);
	active_check(f, &other);
	active_release(&active);
	active_release(&other);
}

/* --- the queue */

/* While another holds the store, nothing can be written, and the queue fills up. */
static void a_full_queue_takes_no_more_and_gives_back(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);
	struct journal_writer *writer = open_writer(f);
	struct answers answers = ANSWERS_INIT;
	AUTO_FREE char *data = buf_alloc(JOURNAL_WRITER_QUEUE_MAX / 8);
	struct err err = ERR_INIT;
	int taken = 0, given_back = 0;

	must(store_begin(f->store, &err), &err);
	while (!given_back) {
		struct event_list list = note_of("large");

		data[0]++;
		json_decref(event_list_payload(&list, data, JOURNAL_WRITER_QUEUE_MAX / 8));
		if (journal_writer_append_later(writer, active.id, &list, take_answer, &answers,
						&err) == 0) {
			taken++;
			continue;
		}
		given_back++;
		assert_int_equal(err.code, ERR_ENV);
		assert_int_equal(list.count, 1);
		assert_int_equal(list.payload_count, 1);
		event_list_release(&list);
	}
	assert_in_range(taken, 7, 17);
	must(store_commit(f->store, &err), &err);
	journal_writer_close(&writer);
	assert_int_equal(answers.count, taken);
	assert_int_equal(answers.errors, 0);
	active_release(&active);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(many_sessions_share_the_writer),
		WITH_STORE(two_writers_take_turns),
		WITH_STORE(closing_writes_what_has_queued_in_its_order),
		WITH_STORE(a_request_that_is_refused_harms_no_other),
		WITH_STORE(what_the_database_refuses_is_undone_alone),
		WITH_STORE(a_full_queue_takes_no_more_and_gives_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
