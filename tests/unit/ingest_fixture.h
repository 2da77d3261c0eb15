/* ingest_fixture.h - assessments that are active, clients that send notes, and what came of it */
#ifndef TALI_INGEST_FIXTURE_H
#define TALI_INGEST_FIXTURE_H

#include "journal/ingest.h"
#include "journal/journal_check.h"
#include "store/event.h"
#include "store_fixture.h"

#include <inttypes.h>

struct active {
	char id[RAND_ID_LEN + 1];
	struct assessment row;
};

static inline void active_save(struct fixture *f, const struct active *active)
{
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	must(assessment_save(f->store, &active->row, &err), &err);
	must(store_commit(f->store, &err), &err);
}

/* An hour from now is its deadline. */
static inline struct active active_make(struct fixture *f)
{
	struct active active = { .row = fixture_assessment(f) };

	memcpy(active.id, active.row.id, sizeof(active.id));
	active.row.status = STATUS_ACTIVE;
	active.row.started = store_now(f->store);
	active.row.deadline = active.row.started + 3600000;
	active_save(f, &active);
	return active;
}

static inline void active_release(struct active *active)
{
	assessment_release(&active->row);
}

static inline void active_extend(struct fixture *f, struct active *active, int64_t ms)
{
	active->row.deadline += ms;
	active_save(f, active);
}

static inline void active_set_status(struct fixture *f, struct active *active, enum status status)
{
	active->row.status = status;
	active->row.submitted =
		status == STATUS_SUBMITTED || status == STATUS_SCORED ? active->row.started : 0;
	active_save(f, active);
}

/* The journal checks. */
static inline void active_check(struct fixture *f, const struct active *active)
{
	AUTO(journal_check_release) struct journal_check check;
	uint8_t key[SIGN_PUBLIC_SIZE];
	struct err err = ERR_INIT;

	must(store_public_key(f->store, key, &err), &err);
	journal_check_start(&check, active->id, key);
	must(journal_check_store(f->store, &check, &err), &err);
}

/* The text of a batch of `count` notes, the first of which has the number `first`; yours. */
static inline char *notes_text(const char *client, int64_t first, int64_t count)
{
	struct buf text = BUF_INIT(BATCH_MAX);

	buf_add_format(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"%s\",\"sent\":1000,"
			      "\"events\":[", client);
	for (int64_t i = 0; i < count; i++)
		buf_add_format(&text, "%s{\"seq\":%" PRId64 ",\"time\":990,\"kind\":\"note\","
				      "\"data\":{\"text\":\"%s %" PRId64 "\"}}", i ? "," : "",
			       first + i, client, first + i);
	buf_add_str(&text, "]}");
	return buf_take(&text);
}

static inline struct batch notes(const char *client, int64_t first, int64_t count)
{
	AUTO_FREE char *text = notes_text(client, first, count);
	struct batch batch = BATCH_INIT;
	struct err err = ERR_INIT;

	must(batch_parse(text, strlen(text), &batch, &err), &err);
	return batch;
}

static inline int try_notes(struct fixture *f, const char *id, const char *client, int64_t first,
			    int64_t count, struct err *err)
{
	AUTO(batch_release) struct batch batch = notes(client, first, count);
	struct ingest_answer answer;

	return ingest_now(f->store, id, &batch, &answer, err);
}

static inline struct ingest_answer send_notes(struct fixture *f, const struct active *active,
					      const char *client, int64_t first, int64_t count)
{
	AUTO(batch_release) struct batch batch = notes(client, first, count);
	struct ingest_answer answer;
	struct err err = ERR_INIT;

	must(ingest_now(f->store, active->id, &batch, &answer, &err), &err);
	return answer;
}

/* Notes of the client "tab" with these times. */
static inline void send_at(struct fixture *f, const struct active *active, int64_t first,
			   int64_t sent, const int64_t *times, size_t count)
{
	AUTO(batch_release) struct batch batch = notes("tab", first, (int64_t)count);
	struct ingest_answer answer;
	struct err err = ERR_INIT;

	batch.sent = sent;
	for (size_t i = 0; i < count; i++)
		batch.list.events[i].instant = times[i];
	must(ingest_now(f->store, active->id, &batch, &answer, &err), &err);
	assert_int_equal(answer.stored, count);
}

static inline void expect(struct ingest_answer answer, int64_t acknowledged, int64_t stored,
			  int64_t duplicates)
{
	assert_int_equal(answer.acknowledged, acknowledged);
	assert_int_equal(answer.stored, stored);
	assert_int_equal(answer.duplicates, duplicates);
}

struct collected {
	int64_t *times;
	size_t count, most, numbered;
};

static inline int collect_event(void *arg, const struct event *event, struct err *err)
{
	struct collected *collected = arg;

	(void)err;
	if (event->client_time && collected->count < collected->most)
		collected->times[collected->count++] = event->client_time;
	collected->numbered += event->client_seq != 0;
	return 0;
}

/* The client times of all events that have one; their number. */
static inline size_t collect_client_times(struct fixture *f, const struct active *active,
					  int64_t *times, size_t most)
{
	struct collected collected = { .times = times, .most = most };
	struct err err = ERR_INIT;

	must(event_each(f->store, active->id, 0, collect_event, &collected, &err), &err);
	return collected.count;
}

static inline int64_t count_client_events(struct fixture *f, const struct active *active)
{
	struct collected collected = { .times = NULL };
	struct err err = ERR_INIT;

	must(event_each(f->store, active->id, 0, collect_event, &collected, &err), &err);
	return (int64_t)collected.numbered;
}

#endif
