/* test_live_events.c - what the page of a live session sends: taken once, or in conflict */
#include "assess/live_internal.h"
#include "live_fixture.h"

static void what_was_acknowledged_is_there_after_a_crash(void **state)
{
	struct session s;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	int64_t rev;

	begin(&s, state);
	rev = rev_of(&s, "answer");
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}", rev, &answer);
	assert_int_equal(json_array_size(answer.conflicts), 0);
	assert_true(json_int(answer.revs, "answer", 0) > rev);
	assert_heard(&s, "file {\"client\":\"page\",\"path\":\"answer\"");
	assert_text(&s, "answer", "42\n");
	restart(&s);
	assert_text(&s, "answer", "42\n");
	assert_int_equal(rev_of(&s, "answer"), json_int(answer.revs, "answer", 0));
	check(&s);
	finish(&s);
}

static void a_batch_that_comes_twice_is_taken_once(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	int64_t rev;
	const char *const edit[] = { "{\"file\":\"answer\",\"at\":1,\"del\":0,\"ins\":\"7\"}" };

	begin(&s, state);
	rev = rev_of(&s, "answer");
	for (int i = 0; i < 3; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		if (i == 2)
			restart(&s);
		must(send_from(&s, 1, 1, edit, rev, &answer, &err), &err);
		assert_int_equal(answer.ingest.acknowledged, 1);
		assert_int_equal(answer.ingest.duplicates, i > 0);
		assert_int_equal(json_array_size(answer.conflicts), 0);
		assert_int_equal(json_int(answer.revs, "answer", 0), rev_of(&s, "answer"));
	}
	assert_text(&s, "answer", "77\n");
	check(&s);
	finish(&s);
}

static void what_is_stored_of_a_batch_is_no_conflict_for_the_rest(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer late = { 0 };
	int64_t rev, last, other;
	const char *const edits[] = {
		"{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"4\"}",
		"{\"file\":\"answer\",\"at\":1,\"del\":0,\"ins\":\"2\"}",
		"{\"file\":\"answer\",\"at\":2,\"del\":0,\"ins\":\"0\"}",
	};

	begin(&s, state);
	rev = rev_of(&s, "answer");
	for (int count = 1; count <= 3; count++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		must(send_from(&s, 1, count, edits, rev, &answer, &err), &err);
		assert_int_equal(json_array_size(answer.conflicts), 0);
		assert_int_equal(answer.ingest.acknowledged, count);
		assert_int_equal(json_int(answer.revs, "answer", 0), rev_of(&s, "answer"));
		restart(&s);
	}
	assert_text(&s, "answer", "420\n");
	last = rev_of(&s, "answer");
	must(live_put(s.live, s.f->store, "answer", "theirs\n", 7, last, &other, &err), &err);
	/* the answer as it was: what somebody else did since is found by the next edit */
	must(send_from(&s, 1, 3, edits, rev, &late, &err), &err);
	assert_int_equal(json_array_size(late.conflicts), 0);
	assert_int_equal(json_int(late.revs, "answer", 0), last);
	check(&s);
	finish(&s);
}

static void the_same_edit_of_somebody_else_is_a_conflict(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer first = { 0 };
	AUTO(live_answer_release) struct live_answer theirs = { 0 };
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	int64_t rev;
	const char *const edits[] = {
		"{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"4\"}",
		"{\"file\":\"answer\",\"at\":1,\"del\":0,\"ins\":\"2\"}",
	};

	begin(&s, state);
	rev = rev_of(&s, "answer");
	must(send_from(&s, 1, 1, edits, rev, &first, &err), &err);
	must(send_as(&s, "other", 1, 1, edits, json_int(first.revs, "answer", 0), &theirs, &err),
	     &err);
	assert_int_equal(theirs.ingest.stored, 1);
	must(send_from(&s, 1, 2, edits, rev, &answer, &err), &err);
	assert_int_equal(answer.ingest.stored, 0);
	assert_int_equal(json_array_size(answer.conflicts), 1);
	assert_text(&s, "answer", "447\n");
	finish(&s);
}

static void what_came_too_fast_is_taken_later(void **state)
{
	enum { FULL = 250, LAST = 20 };
	struct session s;
	struct err err = ERR_INIT;
	const char *edits[FULL];
	int64_t rev;

	begin(&s, state);
	s.f->clock.fixed_ms = clock_now(&s.f->clock);
	for (int i = 0; i < FULL; i++)
		edits[i] = "{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"1\"}";
	for (int sent = 0; sent < INGEST_BURST - FULL; sent += FULL) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		must(send_from(&s, sent + 1, FULL, edits, rev_of(&s, "answer"), &answer, &err),
		     &err);
		assert_int_equal(answer.ingest.stored, FULL);
	}
	rev = rev_of(&s, "answer");
	for (int i = 0; i < 3; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		must(send_from(&s, INGEST_BURST - FULL + 1, FULL, edits, rev, &answer, &err), &err);
		assert_int_equal(json_array_size(answer.conflicts), 0);
		assert_int_equal(json_int(answer.revs, "answer", 0), rev_of(&s, "answer"));
		assert_int_equal(answer.ingest.duplicates, i ? FULL : 0);
	}
	rev = rev_of(&s, "answer");
	for (int i = 0; i < 3; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		must(send_from(&s, INGEST_BURST + 1, LAST, edits, rev, &answer, &err), &err);
		assert_int_equal(json_array_size(answer.conflicts), 0);
		assert_int_equal(json_int(answer.revs, "answer", 0), rev_of(&s, "answer"));
		assert_int_equal(answer.ingest.acknowledged - INGEST_BURST, i < 2 ? i * 10 : LAST);
		s.f->clock.fixed_ms += 50;
	}
	check(&s);
	finish(&s);
}

/* Whose words come between: the batch is looked at again, and the page never knows. */
static void what_others_store_meanwhile_costs_the_page_nothing(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	int64_t made;

	begin(&s, state);
	for (int i = 0; i < 40; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };
		AUTO_FREE char *path = buf_format("file%d", i);

		say_meanwhile(&s);
		send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"1\"}",
			  rev_of(&s, "answer"), &answer);
		assert_int_equal(answer.ingest.stored, 1);
		assert_int_equal(json_int(answer.revs, "answer", 0), rev_of(&s, "answer"));
		say_meanwhile(&s);
		must(live_file(s.live, s.f->store, "create", path, NULL, &made, &err), &err);
		assert_int_equal(rev_of(&s, path), made);
	}
	check(&s);
	finish(&s);
}

/* Whose files come between: what is done to others is done, and what they changed is a conflict. */
static void files_that_others_change_meanwhile_are_looked_at_again(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	int64_t made, rev, conflicts = 0;

	begin(&s, state);
	for (int i = 0; i < 20; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };
		AUTO_FREE char *path = buf_format("file%d", i);
		AUTO_FREE char *other = buf_format("other%d", i);

		store_meanwhile(&s, "file", json_pack("{s:s, s:s}", "op", "create", "path", other));
		must(live_file(s.live, s.f->store, "create", path, NULL, &made, &err), &err);
		assert_int_equal(rev_of(&s, path), made);
		assert_true(rev_of(&s, other) < made);
		rev = rev_of(&s, "answer");
		store_meanwhile(&s, "edit", json_pack("{s:[{s:s, s:i, s:i, s:i, s:s}]}", "edits",
						      "file", "answer", "at", 0, "del", 1, "ms", 0,
						      "ins", "xy"));
		send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"1\"}", rev,
			  &answer);
		/* it came first, or was itself too late */
		conflicts += (int64_t)json_array_size(answer.conflicts);
		assert_int_equal(answer.ingest.stored + (int64_t)json_array_size(answer.conflicts),
				 1);
	}
	assert_true(conflicts > 0);
	check(&s);
	finish(&s);
}

static void an_edit_of_what_somebody_else_changed_is_a_conflict(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	AUTO(live_answer_release) struct live_answer second = { 0 };
	int64_t rev, other = 0;

	begin(&s, state);
	rev = rev_of(&s, "answer");
	must(live_put(s.live, s.f->store, "answer", "theirs\n", 7, rev, &other, &err), &err);
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"mine\"}", rev, &answer);
	assert_int_equal(answer.ingest.stored, 0);
	assert_int_equal(json_array_size(answer.conflicts), 1);
	assert_int_equal(json_int(json_array_get(answer.conflicts, 0), "rev", 0), other);
	assert_text(&s, "answer", "theirs\n");
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":6,\"ins\":\"mine\"}", other, &second);
	assert_int_equal(second.ingest.stored, 1);
	assert_text(&s, "answer", "mine\n");
	check(&s);
	finish(&s);
}

static void what_stands_before_a_conflict_is_stored(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	int64_t rev, made;
	const char *const edits[] = {
		"{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		"{\"file\":\"main.sh\",\"at\":0,\"del\":0,\"ins\":\"# \"}",
		"{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"1\"}",
	};

	begin(&s, state);
	rev = rev_of(&s, "answer");
	must(send_from(&s, 1, 3, edits, rev, &answer, &err), &err);
	assert_int_equal(answer.ingest.acknowledged, 1);
	assert_int_equal(json_array_size(answer.conflicts), 1);
	assert_text(&s, "answer", "42\n");
	must(live_file(s.live, s.f->store, "create", "new", NULL, &made, &err), &err);
	check(&s);
	finish(&s);
}

static void an_edit_that_cannot_be_is_refused(void **state)
{
	struct session s;
	int64_t rev;
	static const char *const bad[] = {
		"{\"file\":\"answer\",\"at\":3,\"del\":0,\"ins\":\"x\"}",
		"{\"file\":\"answer\",\"at\":0,\"del\":9,\"ins\":\"x\"}",
	};

	begin(&s, state);
	rev = rev_of(&s, "answer");
	for (size_t i = 0; i < 2; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };
		struct err err = ERR_INIT;

		assert_int_equal(send_from(&s, 1, 1, &bad[i], rev, &answer, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_ptr_equal(strstr(err.text, "/events/0: "), err.text);
	}
	assert_text(&s, "answer", "7\n");
	check(&s);
	finish(&s);
}

/* --- long sessions */

enum { LONG = 3000, FEW = 500 };

static void type_long(struct session *s)
{
	const char *edits[250];

	for (int i = 0; i < 250; i++)
		edits[i] = "{\"file\":\"answer\",\"at\":0,\"del\":0,\"ins\":\"1\"}";
	s->f->clock.fixed_ms = clock_now(&s->f->clock);
	for (; s->sent < LONG; s->sent += 250) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };
		struct err err = ERR_INIT;

		s->f->clock.fixed_ms += 2000;
		must(send_from(s, s->sent + 1, 250, edits, rev_of(s, "answer"), &answer, &err),
		     &err);
		assert_int_equal(answer.ingest.stored, 250);
	}
}

static void assert_opens_by(struct session *s, uint64_t least, uint64_t most)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *workspace = NULL;

	restart(s);
	workspace = live_workspace(s->live, s->f->store, &err);
	must(workspace ? 0 : -1, &err);
	assert_in_range(s->live->folded, least, most);
}

static void a_long_session_is_opened_from_where_it_was_last_packed(void **state)
{
	struct session s;

	begin(&s, state);
	type_long(&s);
	assert_opens_by(&s, 0, FEW);
	run_sql(&s, "DELETE FROM checkpoint");
	assert_opens_by(&s, LONG, LONG + FEW);
	assert_opens_by(&s, 0, FEW);
	check(&s);
	finish(&s);
}

static void finish_typing(struct session *s, struct live_answer *answer)
{
	send_edit(s, "{\"file\":\"answer\",\"at\":0,\"del\":3000,\"ins\":\"\"}",
		  rev_of(s, "answer"), answer);
	assert_text(s, "answer", "7\n");
	check(s);
	finish(s);
}

static void what_is_packed_may_be_damaged(void **state)
{
	struct session s;
	AUTO(live_answer_release) struct live_answer answer = { 0 };

	begin(&s, state);
	type_long(&s);
	run_sql(&s, "UPDATE checkpoint_piece SET data = x'4400'");
	assert_opens_by(&s, LONG, LONG + FEW);
	assert_opens_by(&s, 0, FEW);
	finish_typing(&s, &answer);
}

static void a_packed_text_may_be_damaged(void **state)
{
	struct session s;
	AUTO(live_answer_release) struct live_answer answer = { 0 };

	begin(&s, state);
	type_long(&s);
	run_sql(&s, "UPDATE checkpoint_piece SET data = x'4400' WHERE hash NOT IN "
		    "(SELECT state FROM checkpoint)");
	assert_opens_by(&s, LONG, LONG + FEW);
	assert_opens_by(&s, 0, FEW);
	finish_typing(&s, &answer);
}

static void a_bad_batch_costs_little_in_a_long_session(void **state)
{
	struct session s;
	const char *bad = "{\"file\":\"answer\",\"at\":0,\"del\":99999,\"ins\":\"\"}";
	uint64_t before;

	begin(&s, state);
	type_long(&s);
	before = s.live->folded;
	for (uint64_t i = 1; i <= 3; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };
		struct err err = ERR_INIT;

		assert_int_equal(send_from(&s, s.sent + 1, 1, &bad, rev_of(&s, "answer"), &answer,
					   &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_int_equal(strlen("7\n") + LONG, text_size(&s, "answer"));
		assert_in_range(s.live->folded - before, 0, i * FEW);
	}
	check(&s);
	finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(what_was_acknowledged_is_there_after_a_crash),
		IN_STORE(a_batch_that_comes_twice_is_taken_once),
		IN_STORE(what_is_stored_of_a_batch_is_no_conflict_for_the_rest),
		IN_STORE(the_same_edit_of_somebody_else_is_a_conflict),
		IN_STORE(what_came_too_fast_is_taken_later),
		IN_STORE(what_others_store_meanwhile_costs_the_page_nothing),
		IN_STORE(files_that_others_change_meanwhile_are_looked_at_again),
		IN_STORE(an_edit_of_what_somebody_else_changed_is_a_conflict),
		IN_STORE(what_stands_before_a_conflict_is_stored),
		IN_STORE(an_edit_that_cannot_be_is_refused),
		IN_STORE(a_long_session_is_opened_from_where_it_was_last_packed),
		IN_STORE(what_is_packed_may_be_damaged),
		IN_STORE(a_packed_text_may_be_damaged),
		IN_STORE(a_bad_batch_costs_little_in_a_long_session),
	};

	return cmocka_run_group_tests_name("events of live sessions", tests, NULL, NULL);
}
