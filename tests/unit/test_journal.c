/* test_journal.c - the chain, what may be appended to it, and what its check finds */
#include "journal/journal.h"

#include "base/json.h"
#include "journal/chain.h"
#include "journal/event_kind.h"
#include "journal/journal_check.h"
#include "store_fixture.h"

static void append(struct fixture *f, const char *id, const char *text)
{
	struct err err = ERR_INIT;

	must(store_begin(f->store, &err), &err);
	must(journal_append(f->store, id, "system", "note", json_pack("{s:s}", "text", text), &err),
	     &err);
	must(store_commit(f->store, &err), &err);
}

/* Takes data; the transaction is undone. */
static int try_append(struct fixture *f, const char *id, const char *kind, json_t *data,
		      struct err *err)
{
	AUTO(store_rollback) struct store *tx = f->store;

	*err = (struct err)ERR_INIT;
	must(store_begin(f->store, err), err);
	return journal_append(f->store, id, "system", kind, data, err);
}

/* Known answers: Python, hashlib.sha256 over json.dumps(sort_keys=True, separators=(",", ":"),
 * ensure_ascii=False). */
static void the_chain_has_known_hashes(void **state)
{
	const struct event events[] = {
		{ .seq = 0, .time = 1767323045000, .actor = "system", .kind = "note",
		  .data = "{\"text\":\"h\xc3\xa4llo\"}" },
		{ .seq = 1, .time = 1767323045999, .client_seq = 7, .client_time = 1767323045123,
		  .actor = "candidate", .kind = "note",
		  .data = "{\"text\":\"second \\\"line\\\"\\n\"}" },
	};
	static const char *const hashes[] = {
		"b4145fed104a8364492a154e27a9a96a60a927f5fba25fb5f0cf6f1526b7c305",
		"cc1ab18d151aae6858b4b8ad64e17602411dc18f42a44d5a926d0bf9fb5d839c",
	};
	struct hash head = chain_start("0123456789abcdef");
	char hex[HASH_HEX_SIZE];
	int i;

	(void)state;
	assert_string_equal(hash_hex(&head, hex),
			    "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f");
	for (i = 0; i < 2; i++) {
		head = chain_next(&head, &events[i]);
		assert_string_equal(hash_hex(&head, hex), hashes[i]);
	}
}

static void a_canonical_event_is_the_canonical_JSON_of_it(void **state)
{
	struct event event = { .seq = 3, .time = 5, .client_seq = 1, .client_time = 2,
			       .actor = "ai", .kind = "note", .data = "{\"a\":[1,{\"b\":null}]}",
			       .hash = "00" };
	AUTO_FREE char *text = chain_canonical(&event, true);
	AUTO_FREE char *again = NULL;
	AUTO_JSON json_t *parsed = NULL;
	struct err err = ERR_INIT;

	(void)state;
	parsed = json_parse(text, strlen(text), "event", &err);
	must(parsed ? 0 : -1, &err);
	again = json_canonical(parsed);
	assert_string_equal(text, again);
}

static int check_time(void *arg, const struct event *event, struct err *err)
{
	int64_t *last = arg;

	(void)err;
	assert_true(event->time >= *last);
	*last = event->time;
	return 0;
}

static void time_never_runs_backwards(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	struct err err = ERR_INIT;
	struct event last;
	int64_t latest = 0, high;

	f->clock.offset_ms = 3600000;
	append(f, assessment.id, "an hour later");
	must(event_last(f->store, assessment.id, &last, &err), &err);
	high = last.time;
	f->clock.offset_ms = -3600000;
	append(f, assessment.id, "the clock was set back");
	append(f, assessment.id, "and still");
	must(event_each(f->store, assessment.id, 0, check_time, &latest, &err), &err);
	assert_int_equal(latest, high);
	f->clock.offset_ms = 0;
	assessment_release(&assessment);
}

static void what_has_no_schema_is_refused(void **state)
{
	static const char *const kinds[] = { "", "unknown", "Note", "note.json", "../note",
					     "../tali.task-1", "note\n" };
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_int_equal(try_append(f, assessment.id, kinds[i],
					    json_pack("{s:s}", "text", "x"), &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_int_equal(try_append(f, assessment.id, "note", json_object(), &err), -1);
	assert_int_equal(try_append(f, assessment.id, "note",
				    json_pack("{s:s, s:i}", "text", "x", "more", 1), &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(journal_next_seq(f->store, assessment.id, &err), 1);
	assessment_release(&assessment);
}

/* The schema of "status" lets any number through in "row"; the journal does not. */
static void reals_are_refused_and_integers_are_not(void **state)
{
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	struct err err = ERR_INIT;

	assert_int_equal(try_append(f, assessment.id, "extend",
				    json_pack("{s:{s:f}}", "row", "a", 1.0), &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(try_append(f, assessment.id, "extend",
				    json_pack("{s:{s:f}}", "row", "a", 0.5), &err), -1);
	must(try_append(f, assessment.id, "extend",
			json_pack("{s:{s:I}}", "row", "a", (json_int_t)INT64_MIN), &err), &err);
	assessment_release(&assessment);
}

static void an_event_has_at_most_64_KiB(void **state)
{
	const size_t most = EVENT_KIND_DATA_MAX - strlen("{\"text\":\"\"}");
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	AUTO_FREE char *text = buf_alloc(most + 2);
	struct err err = ERR_INIT;

	memset(text, 'x', most + 1);
	assert_int_equal(try_append(f, assessment.id, "note", json_pack("{s:s}", "text", text),
				    &err), -1);
	assert_string_equal(err.text, "event 'note' is larger than 65536 bytes");
	text[most] = '\0';
	must(try_append(f, assessment.id, "note", json_pack("{s:s}", "text", text), &err), &err);
	assessment_release(&assessment);
}

static int check_all(struct fixture *f, const char *id, struct journal_check *check,
		     struct err *err)
{
	static uint8_t key[SIGN_PUBLIC_SIZE];

	must(store_public_key(f->store, key, err), err);
	journal_check_start(check, id, key);
	return journal_check_store(f->store, check, err);
}

static void a_seal_signs_the_head_and_the_submission(void **state)
{
	const struct journal_seal seal = { VERSION_ID, VERSION_ID, VERSION_ID };
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	AUTO(journal_check_release) struct journal_check check;
	struct err err = ERR_INIT;
	struct event last;

	append(f, assessment.id, "work");
	must(event_last(f->store, assessment.id, &last, &err), &err);
	must(store_begin(f->store, &err), &err);
	must(journal_seal(f->store, assessment.id, &seal, &err), &err);
	must(store_commit(f->store, &err), &err);
	must(check_all(f, assessment.id, &check, &err), &err);
	assert_int_equal(check.signatures, 1);
	assert_string_equal(json_str(check.seal, "head", ""), last.hash);
	assert_int_equal(json_int(check.seal, "seq", -1), last.seq);
	assert_string_equal(json_str(check.seal, "tree", ""), VERSION_ID);
	assessment_release(&assessment);
}

struct forged {
	struct event event;
	char *data;
};

/* The events of a sealed journal, to be changed one at a time. */
static int keep(void *arg, const struct event *event, struct err *err)
{
	struct forged **at = arg;

	(void)err;
	(*at)->event = *event;
	(*at)->data = buf_strdup(event->data);
	(*at)->event.data = (*at)->data;
	(*at)->event.actor = "system";
	(*at)->event.kind = event->seq == 1 ? "signature" : "invite";
	if (event->seq == 0)
		(*at)->event.actor = "recruiter";
	(*at)++;
	return 0;
}

/* Changes `from` into `to` in the seal and gives the event a hash that fits, as a forger would. */
static int forge(const struct fixture *f, const char *id, const struct forged *events,
		 const char *from, const char *to, struct err *err)
{
	AUTO(journal_check_release) struct journal_check check;
	AUTO_FREE char *data = buf_strdup(events[1].data);
	struct event seal = events[1].event;
	uint8_t key[SIGN_PUBLIC_SIZE];
	struct hash hash;
	char *at = strstr(data, from);

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	seal.data = data;
	must(store_public_key(f->store, key, err), err);
	journal_check_start(&check, id, key);
	must(journal_check_event(&check, &events[0].event, err), err);
	hash = chain_next(&check.head, &seal);
	hash_hex(&hash, seal.hash);
	return journal_check_event(&check, &seal, err);
}

static void a_forged_seal_does_not_check_though_its_hash_fits(void **state)
{
	static const struct { const char *from, *to, *error; } rows[] = {
		{ "\"seq\":0", "\"seq\":1",
		  "event 1 (signature): the signature is for another chain" },
		{ "\"tree\":\"0", "\"tree\":\"1",
		  "event 1 (signature): the signature does not match" },
		{ "\"commit\":\"0", "\"commit\":\"1",
		  "event 1 (signature): the signature does not match" },
		{ "\"time\":1", "\"time\":2", "event 1 (signature): the signature does not match" },
		{ "\"task_version\":\"0", "\"task_version\":\"1",
		  "event 1 (signature): the signature does not match" },
	};
	const struct journal_seal seal = { VERSION_ID, VERSION_ID, VERSION_ID };
	struct fixture *f = *state;
	struct assessment assessment = fixture_assessment(f);
	struct forged events[2], *at = events;
	struct err err = ERR_INIT;
	size_t i;

	must(store_begin(f->store, &err), &err);
	must(journal_seal(f->store, assessment.id, &seal, &err), &err);
	must(store_commit(f->store, &err), &err);
	must(event_each(f->store, assessment.id, 0, keep, &at, &err), &err);
	must(forge(f, assessment.id, events, "\"seq\":0", "\"seq\":0", &err), &err);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		err = (struct err)ERR_INIT;
		assert_int_equal(forge(f, assessment.id, events, rows[i].from, rows[i].to, &err),
				 -1);
		assert_int_equal(err.code, ERR_INTEGRITY);
		assert_string_equal(err.text, rows[i].error);
	}
	free(events[0].data);
	free(events[1].data);
	assessment_release(&assessment);
}

static void a_payload_is_stored_once_and_checked(void **state)
{
	struct fixture *f = *state;
	struct err err = ERR_INIT;
	size_t len = 0;

	must(store_begin(f->store, &err), &err);
	for (int i = 0; i < 2; i++) {
		AUTO_JSON json_t *blob = journal_blob(f->store, "a\0b", 3, &err);
		AUTO_FREE char *data = NULL;

		must(blob ? 0 : -1, &err);
		assert_int_equal(json_int(blob, "size", 0), 3);
		data = event_blob_get(f->store, json_str(blob, "blob", ""), &len, &err);
		must(data ? 0 : -1, &err);
		assert_int_equal(len, 3);
		assert_memory_equal(data, "a\0b", 4);
	}
	must(store_commit(f->store, &err), &err);
	assert_null(event_blob_get(f->store, "00", &len, &err));
	assert_int_equal(err.code, ERR_INTEGRITY);
}

static void journals_of_two_assessments_do_not_mix(void **state)
{
	struct fixture *f = *state;
	struct assessment one = fixture_assessment(f), two = fixture_assessment(f);
	struct err err = ERR_INIT;

	append(f, one.id, "one");
	append(f, one.id, "one");
	append(f, two.id, "two");
	assert_int_equal(journal_next_seq(f->store, one.id, &err), 3);
	assert_int_equal(journal_next_seq(f->store, two.id, &err), 2);
	assert_int_equal(journal_next_seq(f->store, "nobody", &err), 0);
	assessment_release(&one);
	assessment_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chain_has_known_hashes),
		cmocka_unit_test(a_canonical_event_is_the_canonical_JSON_of_it),
		WITH_STORE(time_never_runs_backwards),
		WITH_STORE(what_has_no_schema_is_refused),
		WITH_STORE(reals_are_refused_and_integers_are_not),
		WITH_STORE(an_event_has_at_most_64_KiB),
		WITH_STORE(a_seal_signs_the_head_and_the_submission),
		WITH_STORE(a_forged_seal_does_not_check_though_its_hash_fits),
		WITH_STORE(a_payload_is_stored_once_and_checked),
		WITH_STORE(journals_of_two_assessments_do_not_mix),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
