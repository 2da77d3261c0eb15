/* test_ingest.c - duplicates, gaps, the rate, and the times that events of clients get */
#include "journal/ingest.h"

#include "base/json.h"
#include "ingest_fixture.h"
#include "journal/journal_check.h"

static void nothing_is_stored_twice(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);

	expect(send_notes(f, &active, "tab", 1, 3), 3, 3, 0);
	expect(send_notes(f, &active, "tab", 1, 3), 3, 0, 3);
	expect(send_notes(f, &active, "tab", 2, 4), 5, 2, 2);
	expect(send_notes(f, &active, "tab", 3, 0), 5, 0, 0);
	assert_int_equal(count_client_events(f, &active), 5);
	/* another client of the same assessment counts for itself */
	expect(send_notes(f, &active, "other", 1, 2), 2, 2, 0);
	assert_int_equal(count_client_events(f, &active), 7);
	active_check(f, &active);
	active_release(&active);
}

static void what_is_missing_is_asked_for(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);
	struct ingest_answer answer = send_notes(f, &active, "tab", 3, 2);

	assert_int_equal(answer.gap_from, 1);
	assert_int_equal(answer.gap_to, 2);
	assert_false(ingest_is_whole(&answer));
	expect(answer, 0, 0, 0);
	assert_int_equal(count_client_events(f, &active), 0);
	expect(send_notes(f, &active, "tab", 1, 2), 2, 2, 0);
	answer = send_notes(f, &active, "tab", 9007199254740991, 1);
	assert_int_equal(answer.gap_from, 3);
	assert_int_equal(answer.gap_to, 9007199254740990);
	expect(send_notes(f, &active, "tab", 3, 2), 4, 2, 0);
	active_check(f, &active);
	active_release(&active);
}

static void the_answer_is_JSON(void **state)
{
	const struct ingest_answer gap = { .acknowledged = 2, .gap_from = 3, .gap_to = 4 };
	const struct ingest_answer slow = { .acknowledged = 5, .stored = 3, .duplicates = 1,
					    .retry_ms = 20 };
	AUTO_JSON json_t *a = ingest_json(&gap);
	AUTO_JSON json_t *b = ingest_json(&slow);
	AUTO_FREE char *a_text = json_canonical(a);
	AUTO_FREE char *b_text = json_canonical(b);

	(void)state;
	assert_string_equal(a_text, "{\"acknowledged\":2,\"duplicates\":0,\"gap\":{\"from\":3,"
				    "\"to\":4},\"retry_ms\":0,\"schema\":\"tali.ingest/1\","
				    "\"stored\":0}");
	assert_string_equal(b_text, "{\"acknowledged\":5,\"duplicates\":1,\"gap\":null,"
				    "\"retry_ms\":20,\"schema\":\"tali.ingest/1\",\"stored\":3}");
}

/* A burst, and after it 200 a second: whatever does not fit is sent again and stored once. */
static void too_much_is_slowed_down_and_nothing_is_lost(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);
	struct ingest_answer answer;
	int64_t sent = 0;

	f->clock.fixed_ms = store_now(f->store);
	for (; sent + 250 <= INGEST_BURST; sent += 250)
		expect(send_notes(f, &active, "tab", sent + 1, 250), sent + 250, 250, 0);
	answer = send_notes(f, &active, "tab", sent + 1, 100);
	expect(answer, INGEST_BURST, 0, 0);
	assert_int_equal(answer.retry_ms, 500);
	assert_false(ingest_is_whole(&answer));
	f->clock.fixed_ms += 499;	/* of 100 events 99 fit */
	answer = send_notes(f, &active, "tab", sent + 1, 100);
	expect(answer, INGEST_BURST + 99, 99, 0);
	assert_int_equal(answer.retry_ms, 1);
	/* another client shares what the assessment may send */
	answer = send_notes(f, &active, "other", 1, 1);
	expect(answer, 0, 0, 0);
	f->clock.fixed_ms += answer.retry_ms;
	expect(send_notes(f, &active, "tab", sent + 1, 100), INGEST_BURST + 100, 1, 99);
	/* what is known already costs nothing */
	expect(send_notes(f, &active, "tab", sent + 1, 100), INGEST_BURST + 100, 0, 100);
	assert_int_equal(count_client_events(f, &active), INGEST_BURST + 100);
	f->clock.fixed_ms += 3600000;	/* an hour's rest is one burst */
	active_extend(f, &active, 7200000);
	for (int64_t more = 0; more < INGEST_BURST; more += 200)
		assert_int_equal(send_notes(f, &active, "other", 1 + more, 200).stored, 200);
	assert_int_equal(send_notes(f, &active, "other", 1 + INGEST_BURST, 1).stored, 0);
	active_check(f, &active);
	active_release(&active);
}

static void a_clock_that_is_set_back_stops_nobody(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);

	f->clock.fixed_ms = store_now(f->store);
	expect(send_notes(f, &active, "tab", 1, 200), 200, 200, 0);
	f->clock.fixed_ms -= 3600000;
	expect(send_notes(f, &active, "tab", 201, 200), 400, 200, 0);
	f->clock.fixed_ms += 1000;
	for (int64_t sent = 400; sent < INGEST_BURST; sent += 200)
		expect(send_notes(f, &active, "tab", sent + 1, 200), sent + 200, 200, 0);
	expect(send_notes(f, &active, "tab", INGEST_BURST + 1, 200), INGEST_BURST + 200, 200, 0);
	assert_int_equal(send_notes(f, &active, "tab", INGEST_BURST + 201, 1).stored, 0);
	active_check(f, &active);
	active_release(&active);
}

static void after_the_end_nothing_is_taken(void **state)
{
	static const struct { enum status status; const char *error; } rows[] = {
		{ STATUS_SCHEDULED, "the assessment is scheduled and takes no events" },
		{ STATUS_REVOKED, "the assessment is revoked and takes no events" },
		{ STATUS_SUBMITTED, "the assessment is submitted (handed in at " },
		{ STATUS_SCORED, "the assessment is scored (handed in at " },
	};
	struct fixture *f = *state;
	struct active active = active_make(f);
	struct err err = ERR_INIT;

	expect(send_notes(f, &active, "tab", 1, 1), 1, 1, 0);
	f->clock.offset_ms = 3600000;
	assert_int_equal(try_notes(f, active.id, "tab", 2, 1, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_non_null(strstr(err.text, "time was up at "));
	f->clock.offset_ms = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		active_set_status(f, &active, rows[i].status);
		err = (struct err)ERR_INIT;
		/* not even what is known already */
		assert_int_equal(try_notes(f, active.id, "tab", 1, 2, &err), -1);
		assert_int_equal(err.code, ERR_STATE);
		assert_non_null(strstr(err.text, rows[i].error));
	}
	assert_int_equal(try_notes(f, "0000000000000000", "tab", 1, 1, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(count_client_events(f, &active), 1);
	active_release(&active);
}

/* Client times of the events, in order; the store's clock stands at NOW. */
#define NOW 1800000000000

static void expect_client_times(struct fixture *f, const struct active *active,
				const int64_t *expected, size_t count)
{
	int64_t times[16] = { 0 };

	assert_int_equal(collect_client_times(f, active, times, 16), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(times[i], expected[i]);
}

static void client_times_are_put_on_the_clock_of_the_store(void **state)
{
	struct fixture *f = *state;
	struct active active;

	f->clock.fixed_ms = NOW - 60000;
	active = active_make(f);
	f->clock.fixed_ms = NOW;
	/* a clock that is years behind: what counts is how long before the sending it was */
	send_at(f, &active, 1, 50000, (const int64_t[]){ 47000, 49000 }, 2);
	/* it was set back between two events: instants stand still */
	send_at(f, &active, 3, 50000, (const int64_t[]){ 50000, 20000 }, 2);
	f->clock.fixed_ms = NOW + 5000;
	/* years ahead of the sending: not after now; long before: not before the one ahead */
	send_at(f, &active, 5, 50000, (const int64_t[]){ 9007199254740991, 0 }, 2);
	send_at(f, &active, 7, 9007199254740991, (const int64_t[]){ 0, 9007199254740991 }, 2);
	expect_client_times(f, &active,
			    (const int64_t[]){ NOW - 3000, NOW - 1000, NOW, NOW, NOW + 5000,
					       NOW + 5000, NOW + 5000, NOW + 5000 }, 8);
	active_check(f, &active);
	active_release(&active);
}

static void no_event_of_a_client_lies_before_the_beginning(void **state)
{
	struct fixture *f = *state;
	struct active active;

	f->clock.fixed_ms = NOW - 1000;
	active = active_make(f);
	f->clock.fixed_ms = NOW;
	send_at(f, &active, 1, 50000, (const int64_t[]){ 100, 49700 }, 2);
	expect_client_times(f, &active, (const int64_t[]){ NOW - 1000, NOW - 300 }, 2);
	active_check(f, &active);
	active_release(&active);
}

/* Their instant is when the first part happened; the rate is not theirs. */
static void events_of_the_server_go_the_same_way(void **state)
{
	struct fixture *f = *state;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	AUTO_FREE void *data = NULL;
	struct active active;
	struct err err = ERR_INIT;
	char hash[HASH_HEX_SIZE];
	json_t *payload;
	int64_t seq = -1;
	size_t size;

	f->clock.fixed_ms = NOW - 60000;
	active = active_make(f);
	f->clock.fixed_ms = NOW;
	payload = event_list_payload(&list, "\033[2J", 4);
	snprintf(hash, sizeof(hash), "%s", json_str(payload, "blob", ""));
	must(event_list_add(&list, "system", "terminal_out",
			    json_pack("{s:s, s:[o]}", "terminal", "t1", "chunks", payload),
			    NOW - 2000, &err), &err);
	must(event_list_add(&list, "system", "terminal_resize",
			    json_pack("{s:s, s:i, s:i}", "terminal", "t1", "columns", 80, "rows",
				      24), 0, &err), &err);
	assert_int_equal(event_list_add(&list, "system", "terminal_resize", json_object(), 0, &err),
			 -1);
	must(store_begin(f->store, &err), &err);
	must(ingest_list(f->store, active.id, &list, &seq, &err), &err);
	must(store_commit(f->store, &err), &err);
	assert_int_equal(seq, 1);
	expect_client_times(f, &active, (const int64_t[]){ NOW - 2000 }, 1);
	data = event_blob_get(f->store, hash, &size, &err);
	must(data ? 0 : -1, &err);
	assert_int_equal(size, 4);
	active_check(f, &active);
	active_release(&active);
}

/* Of a batch that is cut, the payloads of the rest are not stored either. */
static void payloads_are_stored_with_their_events(void **state)
{
	struct fixture *f = *state;
	struct active active = active_make(f);
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	char hashes[2][HASH_HEX_SIZE];
	struct ingest_answer answer;
	struct err err = ERR_INIT;
	size_t size;

	f->clock.fixed_ms = store_now(f->store);
	for (int64_t sent = 0; sent < INGEST_BURST - 200; sent += 200)
		send_notes(f, &active, "tab", sent + 1, 200);
	send_notes(f, &active, "tab", INGEST_BURST - 199, 199);
	buf_add_str(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"new\",\"sent\":1,"
			   "\"payloads\":[\"one\",\"two\"],\"events\":[");
	for (int i = 0; i < 2; i++) {
		struct hash hash = hash_of(i ? "two" : "one", 3);

		buf_add_format(&text, "%s{\"seq\":%d,\"time\":1,\"kind\":\"file\",\"data\":{"
				      "\"op\":\"write\",\"path\":\"a\",\"content\":"
				      "{\"blob\":\"%s\",\"size\":3}}}", i ? "," : "", i + 1,
			       hash_hex(&hash, hashes[i]));
	}
	buf_add_str(&text, "]}");
	must(batch_parse(buf_str(&text), text.len, &batch, &err), &err);
	must(ingest_now(f->store, active.id, &batch, &answer, &err), &err);
	expect(answer, 1, 1, 0);
	for (int i = 0; i < 2; i++) {
		AUTO_FREE void *data = event_blob_get(f->store, hashes[i], &size, &err);

		assert_int_equal(data != NULL, i == 0);
	}
	active_check(f, &active);
	active_release(&active);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(nothing_is_stored_twice),
		WITH_STORE(what_is_missing_is_asked_for),
		cmocka_unit_test(the_answer_is_JSON),
		WITH_STORE(too_much_is_slowed_down_and_nothing_is_lost),
		WITH_STORE(a_clock_that_is_set_back_stops_nobody),
		WITH_STORE(after_the_end_nothing_is_taken),
		WITH_STORE(client_times_are_put_on_the_clock_of_the_store),
		WITH_STORE(no_event_of_a_client_lies_before_the_beginning),
		WITH_STORE(events_of_the_server_go_the_same_way),
		WITH_STORE(payloads_are_stored_with_their_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
