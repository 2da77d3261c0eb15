/* test_ai_desk.c - exchanges of a session: let in, recorded once, never beyond the budget */
#include "ai_desk_fixture.h"

static void an_exchange_is_recorded_once(void **state)
{
	struct session s;
	struct asker asker;
	struct counts counts;

	begin(&s, state, POLICY(""));
	assert_int_equal(ask(&s, &asker), 1);
	await(&asker, &asker.recorded);
	assert_int_equal(asker.turned + asker.recorded, 2);
	assert_int_equal(ai_exchange_most(asker.exchange), 0);
	assert_int_equal(count(&s).prompts, 1);
	assert_int_equal(count(&s).responses, 0);
	answer(&s, &asker, ANSWER, 200);
	give_desk(&s);
	counts = count(&s);
	assert_int_equal(counts.prompts, 1);
	assert_int_equal(counts.responses, 1);
	assert_int_equal(counts.tokens, 30);
	take_desk(&s);
	finish(&s);
}

static void assert_refused(void **state, const char *manifest, enum ai_refusal why,
			   const char *words)
{
	struct session s;
	struct asker asker;

	begin(&s, state, manifest);
	assert_int_equal(ask(&s, &asker), -1);
	assert_int_equal(asker.no.why, why);
	assert_non_null(strstr(asker.no.sentence, words));
	assert_int_equal(count(&s).prompts, 0);
	ai_request_release(&asker.request);
	finish(&s);
}

static void what_the_task_does_not_allow_is_refused(void **state)
{
	assert_refused(state, "{}", AI_REFUSAL_POLICY, "without an assistant");
	assert_refused(state, "{\"ai\":{\"policy\":\"guarded\"}}", AI_REFUSAL_POLICY, "workspace");
	assert_refused(state, "{\"ai\":{\"policy\":\"planted\"}}", AI_REFUSAL_POLICY, "workspace");
	assert_refused(state, POLICY(",\"models\":[\"claude-*\"]"), AI_REFUSAL_MODEL, "'m'");
	assert_refused(state, POLICY(",\"max_tokens\":20"), AI_REFUSAL_BUDGET, "20 tokens");
}

static void a_session_that_is_over_asks_nothing(void **state)
{
	struct session s;
	struct asker asker;

	begin(&s, state, POLICY(""));
	s.f->clock.offset_ms = 3600001;
	assert_int_equal(ask(&s, &asker), -1);
	assert_int_equal(asker.no.why, AI_REFUSAL_OVER);
	s.f->clock.offset_ms = 0;
	ai_request_release(&asker.request);
	finish(&s);
}

static void what_was_spent_stays_spent(void **state)
{
	struct session s;
	struct asker asker;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_messages\":2,\"max_tokens\":1000"));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(&s, &asker), 1);
		await(&asker, &asker.recorded);
		answer(&s, &asker, ANSWER, 200);
		give_desk(&s);
		take_desk(&s);		/* as another process, later */
		assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).messages, 1 - i);
		assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens, 970 - 30 * i);
	}
	assert_int_equal(ask(&s, &asker), -1);
	assert_int_equal(asker.no.why, AI_REFUSAL_BUDGET);
	assert_non_null(strstr(asker.no.sentence, "2 messages"));
	ai_request_release(&asker.request);
	finish(&s);
}

static void a_provider_that_fails_costs_nothing(void **state)
{
	struct session s;
	struct asker asker;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_messages\":1,\"max_tokens\":1000"));
	assert_int_equal(ask(&s, &asker), 1);
	answer(&s, &asker, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
			   "\"message\":\"Overloaded\"}}", 529);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).messages, 1);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens, 1000);
	finish(&s);
}

static void break_off(struct session *s, struct asker *asker, bool sent, enum ai_cut cut)
{
	struct ai_answer nothing = AI_ANSWER_INIT;
	const struct ai_outcome outcome = { .answer = &nothing, .sent = sent, .cut = cut };

	ai_exchange_end(&asker->exchange, s->f->store, &outcome);
	ai_request_release(&asker->request);
}

static void what_the_provider_was_sent_is_spent_also_without_an_answer(void **state)
{
	static const struct {
		enum ai_cut cut;
		bool sent;
		int64_t tokens, messages;
	} cases[] = {
		{ AI_CUT_CLIENT, true, (sizeof(BODY) - 1 + 3) / 4, 1 },
		{ AI_CUT_IDLE, true, (sizeof(BODY) - 1 + 3) / 4, 0 },
		{ AI_CUT_CLIENT, false, 0, 0 },
		{ AI_CUT_NONE, true, 0, 0 },
	};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct session s;
		struct asker asker;

		begin(&s, state, POLICY(",\"max_messages\":9,\"max_tokens\":1000"));
		assert_int_equal(ask(&s, &asker), 1);
		break_off(&s, &asker, cases[i].sent, cases[i].cut);
		for (int again = 0; again < 2; again++) {
			struct ai_amount left = ai_desk_left(s.desk, s.f->store, &err);

			assert_int_equal(left.tokens, 1000 - cases[i].tokens);
			assert_int_equal(left.messages, 9 - cases[i].messages);
			give_desk(&s);	/* as after a start anew */
			take_desk(&s);
		}
		finish(&s);
	}
}

static void an_answer_without_tokens_is_estimated(void **state)
{
	struct session s;
	struct asker asker;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_tokens\":1000"));
	assert_int_equal(ask(&s, &asker), 1);
	answer(&s, &asker, "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":"
			   "\"12345678\"}]}", 200);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens,
			 1000 - (sizeof(BODY) - 1 + 3) / 4 - 2);
	finish(&s);
}

static void who_waits_goes_on_when_there_is_room(void **state)
{
	struct session s;
	struct asker one, two, three;

	/* the worst case of one is 50 of output and its body */
	begin(&s, state, POLICY(",\"max_tokens\":200"));
	assert_int_equal(ask(&s, &one), 1);
	assert_int_equal(ask(&s, &two), 0);
	assert_int_equal(ask(&s, &three), 0);
	answer(&s, &one, ANSWER, 200);
	await(&two, &two.turned);
	assert_int_equal(two.turned, 1);
	assert_int_equal(three.turned, 0);
	await(&two, &two.recorded);
	answer(&s, &two, ANSWER, 200);
	await(&three, &three.turned);
	assert_int_equal(three.turned, 1);
	answer(&s, &three, ANSWER, 200);
	finish(&s);
}

static void one_that_waits_may_go_away(void **state)
{
	struct session s;
	struct asker one, two;
	const struct ai_outcome none = { 0 };

	begin(&s, state, POLICY(",\"max_tokens\":200"));
	assert_int_equal(ask(&s, &one), 1);
	assert_int_equal(ask(&s, &two), 0);
	ai_exchange_end(&two.exchange, s.f->store, &none);
	ai_request_release(&two.request);
	answer(&s, &one, ANSWER, 200);
	assert_int_equal(two.turned, 0);
	finish(&s);
}

static void two_processes_take_turns(void **state)
{
	AUTO(event_list_release) struct event_list nothing = EVENT_LIST_INIT;
	struct session s, other;
	struct asker first, second;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_tokens\":1000"));
	other = s;
	take_desk(&other);
	assert_int_equal(ask(&s, &first), 1);
	assert_int_equal(ask(&other, &second), 0);
	assert_non_null(strstr(second.no.sentence, "Another program"));
	ai_desk_table_look(other.table, s.f->store);
	assert_int_equal(second.turned, 0);
	answer(&s, &first, ANSWER, 200);
	/* until its response is on disk it keeps the other out */
	must(journal_writer_append(s.writer, s.active.id, &nothing, NULL, &err), &err);
	ai_desk_table_look(other.table, s.f->store);
	assert_int_equal(second.turned, 1);
	answer(&other, &second, ANSWER, 200);
	assert_int_equal(ai_desk_left(other.desk, s.f->store, &err).tokens, 940);
	give_desk(&other);
	finish(&s);
}

#define THREADS 10
#define EACH 5

struct crowd {
	struct session *s;
	struct store *store;
	int let_in;
};

static void *ask_often(void *arg)
{
	struct crowd *crowd = arg;
	struct session own = *crowd->s;
	struct fixture f = *own.f;

	f.store = crowd->store;
	own.f = &f;
	for (int i = 0; i < EACH; i++) {
		struct asker asker;
		int result = ask(&own, &asker);

		if (result == 0) {
			await(&asker, &asker.turned);
			result = asker.turned;
		}
		if (result == 1) {
			crowd->let_in++;
			answer(&own, &asker, ANSWER, 200);
		} else {
			ai_request_release(&asker.request);
		}
	}
	return NULL;
}

/* A budget of seven exchanges and a little more. */
static void many_side_by_side_do_not_spend_more(void **state)
{
	struct session s;
	struct crowd crowds[THREADS];
	pthread_t threads[THREADS];
	struct err err = ERR_INIT;
	struct counts counts;
	int let_in = 0;

	begin(&s, state, POLICY(",\"max_messages\":7"));
	for (int i = 0; i < THREADS; i++) {
		crowds[i] = (struct crowd){ .s = &s, .store = fixture_open(s.f) };
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &crowds[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		store_close(&crowds[i].store);
		let_in += crowds[i].let_in;
	}
	assert_int_equal(let_in, 7);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).messages, 0);
	give_desk(&s);
	counts = count(&s);
	assert_int_equal(counts.prompts, 7);
	assert_int_equal(counts.responses, 7);
	assert_int_equal(counts.tokens, 7 * 30);
	take_desk(&s);
	finish(&s);
}

/* --- the end of a session */

static void *pause_desk(void *arg)
{
	struct session *s = arg;
	struct store *store = fixture_open(s->f);

	ai_desk_pause(s->desk, store);
	store_close(&store);
	return NULL;
}

static void a_pause_waits_until_all_is_on_record(void **state)
{
	struct session s;
	struct asker one, two, three;
	pthread_t thread;

	begin(&s, state, POLICY(",\"max_tokens\":200"));
	assert_int_equal(ask(&s, &one), 1);
	assert_int_equal(ask(&s, &two), 0);
	assert_int_equal(pthread_create(&thread, NULL, pause_desk, &s), 0);
	await(&one, &one.stopped);
	await(&two, &two.turned);
	assert_int_equal(two.no.why, AI_REFUSAL_OVER);
	assert_int_equal(ask(&s, &three), -1);
	assert_int_equal(three.no.why, AI_REFUSAL_OVER);
	answer(&s, &one, ANSWER, 200);
	pthread_join(thread, NULL);
	assert_int_equal(count(&s).responses, 1);
	ai_request_release(&two.request);
	ai_request_release(&three.request);
	ai_desk_resume(s.desk);
	assert_int_equal(ask(&s, &three), 1);
	answer(&s, &three, ANSWER, 200);
	finish(&s);
}

static void an_answer_without_its_prompt_is_not_recorded(void **state)
{
	struct session s;
	struct asker asker;

	begin(&s, state, POLICY(""));
	active_set_status(s.f, &s.active, STATUS_SUBMITTED);	/* nobody has looked yet */
	assert_int_equal(ask(&s, &asker), 1);
	await(&asker, &asker.recorded);
	assert_int_equal(asker.recorded, -1);
	active_set_status(s.f, &s.active, STATUS_ACTIVE);
	answer(&s, &asker, ANSWER, 200);
	give_desk(&s);
	assert_int_equal(count(&s).prompts + count(&s).responses, 0);
	take_desk(&s);
	finish(&s);
}

static void what_runs_is_stopped_when_another_process_ends_the_session(void **state)
{
	struct session s;
	struct asker asker;

	begin(&s, state, POLICY(""));
	assert_int_equal(ask(&s, &asker), 1);
	await(&asker, &asker.recorded);
	ai_desk_table_look(s.table, s.f->store);
	assert_int_equal(asker.stopped, 0);
	active_set_status(s.f, &s.active, STATUS_SUBMITTED);
	ai_desk_table_look(s.table, s.f->store);	/* waits, and nothing comes */
	assert_int_equal(asker.stopped, 1);
	answer(&s, &asker, ANSWER, 200);
	give_desk(&s);
	assert_int_equal(count(&s).responses, 0);	/* too late */
	take_desk(&s);
	finish(&s);
}

static void a_later_deadline_lets_it_run_on(void **state)
{
	struct session s;
	struct asker asker;

	begin(&s, state, POLICY(""));
	assert_int_equal(ask(&s, &asker), 1);
	await(&asker, &asker.recorded);
	active_extend(s.f, &s.active, 7200000);
	s.f->clock.offset_ms = 3600001;
	ai_desk_table_look(s.table, s.f->store);
	assert_int_equal(asker.stopped, 0);
	s.f->clock.offset_ms = 0;
	answer(&s, &asker, ANSWER, 200);
	finish(&s);
}

/* A prompt whose server was killed before the answer came. */
static void leave_unanswered(struct session *s, const char *exchange)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err err = ERR_INIT;

	must(event_list_add(&list, "candidate", "ai_prompt",
			    json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "conversation", "gone",
				      "exchange", exchange, "about", "chat", "text", "why?",
				      "model", "m", "bytes", 99), 0, &err), &err);
	must(journal_writer_append(s->writer, s->active.id, &list, NULL, &err), &err);
}

static void what_a_crash_left_is_closed_and_charged_once(void **state)
{
	struct session s;
	struct asker asker;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_messages\":3,\"max_tokens\":1000"));
	leave_unanswered(&s, "dead-1");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens, 975);
		assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).messages, 2);
		assert_int_equal(count(&s).responses, 1);
		assert_int_equal(count(&s).tokens, 25);
		give_desk(&s);
		take_desk(&s);
	}
	assert_int_equal(ask(&s, &asker), 1);
	answer(&s, &asker, ANSWER, 200);
	give_desk(&s);
	assert_int_equal(count(&s).responses, 2);
	take_desk(&s);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens, 945);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).messages, 1);
	finish(&s);
}

static void a_desk_that_nobody_uses_is_freed(void **state)
{
	struct session s;
	struct asker asker;
	struct err err = ERR_INIT;

	begin(&s, state, POLICY(",\"max_tokens\":1000"));
	assert_int_equal(ask(&s, &asker), 1);
	await(&asker, &asker.recorded);
	ai_desk_table_forget(s.table, 0);
	assert_int_equal(ai_desk_table_count(s.table), 1);	/* somebody has it */
	answer(&s, &asker, ANSWER, 200);
	ai_desk_pause(s.desk, s.f->store);			/* until that is on disk */
	ai_desk_give(&s.desk);
	ai_desk_table_forget(s.table, 60000);
	assert_int_equal(ai_desk_table_count(s.table), 1);	/* not for a minute */
	ai_desk_table_forget(s.table, 0);
	assert_int_equal(ai_desk_table_count(s.table), 0);
	s.desk = ai_desk_take(s.table, s.f->store, &s.active.row, &err);
	assert_int_equal(ai_desk_left(s.desk, s.f->store, &err).tokens, 970);
	finish(&s);
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)
	const struct CMUnitTest tests[] = {
		IN_STORE(an_exchange_is_recorded_once),
		IN_STORE(what_the_task_does_not_allow_is_refused),
		IN_STORE(a_session_that_is_over_asks_nothing),
		IN_STORE(what_was_spent_stays_spent),
		IN_STORE(a_provider_that_fails_costs_nothing),
		IN_STORE(what_the_provider_was_sent_is_spent_also_without_an_answer),
		IN_STORE(an_answer_without_tokens_is_estimated),
		IN_STORE(who_waits_goes_on_when_there_is_room),
		IN_STORE(one_that_waits_may_go_away),
		IN_STORE(two_processes_take_turns),
		IN_STORE(many_side_by_side_do_not_spend_more),
		IN_STORE(a_pause_waits_until_all_is_on_record),
		IN_STORE(an_answer_without_its_prompt_is_not_recorded),
		IN_STORE(what_runs_is_stopped_when_another_process_ends_the_session),
		IN_STORE(a_later_deadline_lets_it_run_on),
		IN_STORE(a_desk_that_nobody_uses_is_freed),
		IN_STORE(what_a_crash_left_is_closed_and_charged_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
