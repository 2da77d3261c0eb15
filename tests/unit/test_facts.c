/* test_facts.c - sessions made up in memory, and the facts, origins and signals they give */
#include "facts_session.h"

/* --- time */

static void time_is_split_by_what_ends_a_pause(void **state)
{
	struct time_split split = { 0 };

	(void)state;
	time_split_add(&split, 1000, TIME_READING);
	time_split_add(&split, 11000, TIME_CODING);	/* 10 s coding */
	time_split_add(&split, 31000, TIME_AI);		/* 20 s asking */
	time_split_add(&split, 36000, TIME_CODING);	/* 5 s reading the answer */
	time_split_add(&split, 126000, TIME_READING);	/* 60 s reading, 30 s idle */
	time_split_add(&split, 9000000, TIME_CODING);	/* a night: 60 s coding, 240 s idle */
	time_split_add(&split, 8000000, TIME_CODING);	/* clocks never go back */
	assert_int_equal(split.used[TIME_CODING], 70000);
	assert_int_equal(split.used[TIME_AI], 25000);
	assert_int_equal(split.used[TIME_READING], 60000);
	assert_int_equal(split.idle, 270000);
	assert_int_equal(time_split_total(&split), 425000);
}

/* --- changes and origins */

static void stretches_end_where_something_else_comes(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "edit", edit("bill.py", 0, 0, "ab", "typed"));
	tell(&s, "edit", edit("bill.py", 2, 0, "c", "typed"));
	tell(&s, "cursor", json_pack("{s:s, s:i}", "file", "bill.py", "at", 0));
	tell(&s, "edit", edit("bill.py", 0, 1, "", "typed"));
	tell(&s, "run", run(0));
	tell(&s, "edit", edit("bill.py", 0, 0, "d", "typed"));
	wait(&s, 40);
	tell(&s, "edit", edit("bill.py", 0, 0, "e", "typed"));
	end(&s);
	assert_int_equal(s.facts.change_count, 3);
	assert_int_equal(s.facts.changes[0].added, 3);
	assert_int_equal(s.facts.changes[0].removed, 1);
	assert_int_equal(s.facts.changes[0].seq, 2);
	assert_int_equal(s.facts.changes[0].last_seq, 5);
	assert_int_equal(s.facts.checks[0].changes, 1);
	assert_int_equal(s.facts.put[FACT_TYPED], 5);
	assert_int_equal(s.provenance.bytes[FACT_TYPED], 4);
	done(&s);
}

#define CODE "for i in range(people): pay(i)\n"

static void what_an_answer_said_is_pasted_from_it_whatever_the_page_says(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "# start\n");
	tell(&s, "ai_prompt", prompt("how?"));
	tell(&s, "ai_response", answer("So:\n```\n" CODE "```\n"));
	tell(&s, "ai_prompt", prompt("and?"));
	tell(&s, "ai_response", answer("That is all."));
	tell(&s, "paste", paste("outside"));
	tell(&s, "edit", edit("bill.py", 8, 0, CODE, "paste"));
	tell(&s, "paste", paste("outside"));
	tell(&s, "edit", edit("bill.py", 0, 0, "from somewhere else\n", "paste"));
	tell(&s, "paste", paste("inside"));
	tell(&s, "edit", edit("bill.py", 0, 0, "from some other file\n", "paste"));
	tell(&s, "paste", paste("ai"));
	tell(&s, "edit", edit("bill.py", 0, 0, "# short\n", "paste"));
	tell(&s, "edit", edit("bill.py", 0, 0, "# nobody says\n", "paste"));
	tell(&s, "edit", edit("bill.py", 0, 0, "# applied\n", "ai"));
	end(&s);
	assert_int_equal(s.provenance.bytes[FACT_AI_PASTED], strlen(CODE) + 8);
	assert_int_equal(s.provenance.bytes[FACT_OUTSIDE], 20 + 14);
	assert_int_equal(s.provenance.bytes[FACT_MOVED], 21);
	assert_int_equal(s.provenance.bytes[FACT_AI_APPLIED], 10);
	assert_int_equal(s.provenance.bytes[FACT_STARTER], 8);
	assert_int_equal(s.provenance.exchanges[0], strlen(CODE));
	assert_int_equal(s.provenance.exchanges[1], 8 + 10);
	assert_int_equal(s.facts.pastes[0].origin, FACT_AI_PASTED);
	assert_int_equal(s.facts.pastes[1].origin, FACT_OUTSIDE);
	done(&s);
}

static void what_was_stopped_says_nothing_of_the_work(void **state)
{
	struct session s;
	json_t *stopped = run(0);

	begin(&s, state);
	begin_work(&s, "a\n");
	json_object_set_new(stopped, "verdict", json_string("stopped"));
	tell(&s, "run", stopped);
	tell(&s, "test",
	     json_pack("{s:i, s:i, s:s}", "passed", 0, "total", 0, "verdict", "stopped"));
	tell(&s, "run", run(1));
	end(&s);
	assert_int_equal(s.facts.check_count, 1);
	assert_false(s.facts.checks[0].passed);
	done(&s);
}

static void what_a_run_made_is_told_from_what_was_saved(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "run", run(0));
	wait(&s, 0);
	tell(&s, "edit", edit("bill.py", 0, 0, "made\n", "saved"));
	tell(&s, "run", run(0));
	tell(&s, "edit", edit("bill.py", 0, 0, "own editor\n", "saved"));
	tell(&s, "snapshot", snapshot(world_tree(s.w, "bill.py", "own editor\nmade\na\nand b\n",
						 "new.py", "all new\n", NULL)));
	end(&s);
	assert_int_equal(s.provenance.bytes[FACT_MADE], 5);
	assert_int_equal(s.provenance.bytes[FACT_SAVED], 11 + 6 + 8);
	assert_int_equal(s.facts.put[FACT_SAVED], 11 + 6 + 8);
	assert_true(s.facts.first_change_seen);
	assert_int_equal(s.facts.found, 6 + 8);
	assert_false(facts_seen(&s.facts));
	done(&s);
}

/* --- talk */

static json_t *about(const char *text, const char *exchange, const char *what)
{
	json_t *data = prompt(text);

	json_object_set_new(data, "exchange", json_string(exchange));
	json_object_set_new(data, "about", json_string(what));
	return data;
}

static json_t *answer_of(const char *text, const char *exchange)
{
	json_t *data = answer(text);

	json_object_set_new(data, "exchange", json_string(exchange));
	return data;
}

static void requests_of_programs_are_no_prompts(void **state)
{
	struct session s;
	json_t *again = about("how?", "e5", "chat");

	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "ai_prompt", about("how?", "e1", "chat"));
	tell(&s, "ai_prompt", about("title please", "e2", "title"));
	tell(&s, "ai_response", answer_of("A title", "e2"));
	tell(&s, "ai_response", answer_of("I look. ", "e1"));
	tell(&s, "ai_tool", json_pack("{s:s, s:s}", "conversation", "c1", "tool", "read_file"));
	tell(&s, "ai_prompt", about("(file)", "e3", "tool_result"));
	tell(&s, "ai_response", answer_of("So.", "e3"));
	json_object_set_new(again, "repeat", json_true());
	tell(&s, "ai_prompt", again);
	end(&s);
	assert_int_equal(s.facts.exchange_count, 1);
	assert_string_equal(s.facts.exchanges[0].prompt, "how?");
	assert_string_equal(s.facts.exchanges[0].answer, "I look. So.");
	assert_int_equal(s.facts.exchanges[0].answer_seq, 8);
	assert_int_equal(s.facts.exchanges[0].tools, 1);
	assert_int_equal(s.facts.input_tokens, 30);
	assert_int_equal(s.facts.model_count, 1);
	done(&s);
}

static void a_failed_request_has_no_answer(void **state)
{
	struct session s;
	json_t *failed = answer("");

	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "ai_prompt", prompt("how?"));
	json_object_set_new(failed, "status", json_integer(529));
	tell(&s, "ai_response", failed);
	end(&s);
	assert_int_equal(s.facts.exchanges[0].answer_seq, -1);
	done(&s);
}

/* --- terms, plans, terminals */

static void a_term_is_named_before_it_is_served_or_not(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "def split(): pass\n");
	tell(&s, "note", json_pack("{s:s}", "text", "the remainder first"));
	tell(&s, "edit", edit("bill.py", 0, 0, "remainder = people\n", "typed"));
	tell(&s, "ai_prompt", prompt("what are people in SPLIT?"));
	tell(&s, "file", json_pack("{s:s, s:s}", "op", "create", "path", "test_bill.py"));
	tell(&s, "edit", edit("test_bill.py", 0, 0, "total = 3\n", "typed"));
	end(&s);
	/* split (starter), remainder, total were named in time; people was served before */
	assert_int_equal(signal_is(&s, "terms_named", 7500)->part, 3);
	done(&s);
}

static char large[FACTS_LARGE + 1];

static void what_the_statement_says_is_nobodys_plan(void **state)
{
	struct session s;

	memset(large, 'x', FACTS_LARGE);
	begin(&s, state);
	tell(&s, "snapshot", snapshot(world_tree(s.w, "bill.py", "", "docs.md",
						 "- one two three four\n- five six seven eight\n",
						 NULL)));
	tell(&s, "edit", edit("docs.md", 0, 0, "# ", "typed"));
	tell(&s, "ai_prompt", prompt("do it:\n- write split so that the remainder is kept;\n"
				     "- people and total are numbers."));
	tell(&s, "note", json_pack("{s:s}", "text", STATEMENT));
	tell(&s, "edit", edit("bill.py", 0, 0, large, "ai"));
	end(&s);
	signal_is(&s, "plan_before_code", 0);
	signal_is(&s, "terms_named", 0);
	done(&s);
}

static void a_plan_counts_only_before_the_first_larger_change(void **state)
{
	struct session s;

	memset(large, 'x', FACTS_LARGE);
	begin(&s, state);
	begin_work(&s, "");
	tell(&s, "note", json_pack("{s:s}", "text", "- one\n- two"));
	tell(&s, "file", json_pack("{s:s, s:s}", "op", "create", "path", "PLAN.md"));
	tell(&s, "edit", edit("PLAN.md", 0, 0, "- a\n- b\n- c\n", "typed"));
	tell(&s, "edit", edit("bill.py", 0, 0, large, "ai"));
	tell(&s, "note", json_pack("{s:s}", "text", "- 1\n- 2\n- 3\n- 4\n- 5"));
	end(&s);
	assert_int_equal(s.facts.large_seq, 5);
	assert_int_equal(signal_is(&s, "plan_before_code", 300)->events[0], 4);
	done(&s);
}

/* --- sessions of few events */

static void an_empty_session_measures_nothing(void **state)
{
	const struct signal_rule *rule;
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	wait(&s, 3000);
	tell(&s, "submit", json_pack("{s:b}", "automatic", 1));
	end(&s);
	for (size_t i = 0; (rule = signal_map_at(i)) != NULL; i++)
		if (signal_find(&s.signals, rule->name) && is_measured(&s, rule->name))
			fail_msg("%s is measured", rule->name);
	assert_int_equal(s.facts.ended - s.facts.started, 3000000);
	assert_int_equal(time_split_total(&s.facts.time), 0);
	done(&s);
}

static void what_comes_after_the_submission_is_no_fact(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "submit", json_pack("{s:b}", "automatic", 0));
	tell(&s, "note", json_pack("{s:s}", "text", "a reviewer's"));
	end(&s);
	assert_int_equal(s.facts.note_count, 0);
	assert_int_equal(s.facts.events, 3);
	done(&s);
}

static void one_prompt_is_too_little_for_iterations(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "ai_prompt", prompt("how?"));
	tell(&s, "ai_response", answer("so"));
	tell(&s, "edit", edit("bill.py", 0, 0, "so", "ai"));
	tell(&s, "test", tests(3, 3));		/* nothing is left to be won */
	tell(&s, "test", tests(3, 3));
	end(&s);
	assert_true(is_measured(&s, "prompt_quality"));
	assert_false(is_measured(&s, "acted_on"));
	assert_false(is_measured(&s, "repeated_text"));
	assert_false(is_measured(&s, "prompts_per_case"));
	done(&s);
}

static void failures_are_followed_to_what_passes(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "ai_prompt", prompt("how?"));
	tell(&s, "ai_response", answer("so"));
	tell(&s, "edit", edit("bill.py", 0, 0, "01234567890123456789 wrong", "ai"));
	tell(&s, "test", tests(1, 3));		/* failed: 5 */
	tell(&s, "edit", edit("bill.py", 0, 5, "", "typed"));
	tell(&s, "test", tests(2, 3));
	tell(&s, "edit", edit("bill.py", 0, 5, "", "typed"));
	tell(&s, "test", tests(3, 3));		/* 9: two checks later */
	tell(&s, "run", run(1));
	tell(&s, "test", tests(3, 3));		/* all passes: one check later */
	tell(&s, "run", run(1));		/* never mended: ten */
	end(&s);
	assert_int_equal(signal_is(&s, "recovery_steps", 433)->whole, 3);
	assert_int_equal(signal_find(&s.signals, "recovery_steps")->part, 1);
	assert_true(is_measured(&s, "prompts_per_case"));
	signal_is(&s, "ai_code_mended", 10000);
	signal_is(&s, "green_steps", 200);
	signal_is(&s, "checked_work", 10000);
	signal_is(&s, "increments", 300);
	signal_is(&s, "final_check", 100);
	signal_is(&s, "ai_code_checked", 10000);
	signal_is(&s, "ask_apply_verify", 10000);
	done(&s);
}

static json_t *reported(int status)
{
	json_t *data = run(status);

	json_object_set_new(data, "where", json_string("candidate's machine"));
	return data;
}

static void what_is_written_for_people_needs_no_check(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "file", json_pack("{s:s, s:s}", "op", "create", "path", "NOTES.md"));
	tell(&s, "edit", edit("NOTES.md", 0, 0, "first\n", "typed"));
	tell(&s, "open", json_pack("{s:s, s:s}", "file", "README.md", "action", "show"));
	tell(&s, "edit", edit("bill.py", 0, 0, "b\n", "typed"));
	tell(&s, "test", tests(3, 3));
	tell(&s, "edit", edit("NOTES.md", 0, 0, "how it works\n", "typed"));
	end(&s);
	signal_is(&s, "final_check", 100);
	signal_is(&s, "checked_work", 10000);
	signal_is(&s, "step_size", 200);
	signal_is(&s, "statement_returns", 0);
	signal_is(&s, "change_check_turns", 100);
	done(&s);
}

static void what_is_moved_within_the_work_is_not_thrown_away(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "edit", edit("bill.py", 0, 0, "0123456789", "typed"));
	tell(&s, "edit", edit("bill.py", 4, 6, "", "typed"));
	tell(&s, "paste", paste("inside"));
	tell(&s, "edit", edit("bill.py", 0, 0, "4567", "paste"));
	end(&s);
	assert_int_equal(s.provenance.bytes[FACT_TYPED], 4);
	assert_int_equal(signal_is(&s, "surviving_share", 8000)->part, 8);
	done(&s);
}

static void what_only_the_candidates_machine_says_proves_nothing(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "ai_prompt", prompt("how?"));
	tell(&s, "ai_response", answer("so"));
	tell(&s, "edit", edit("bill.py", 0, 0, "01234567890123456789 wrong", "ai"));
	tell(&s, "run", reported(1));
	tell(&s, "run", run(1));		/* failed: 6 */
	tell(&s, "edit", edit("bill.py", 0, 5, "", "typed"));
	tell(&s, "run", reported(0));		/* mends nothing */
	wait(&s, 0);
	tell(&s, "edit", edit("bill.py", 0, 0, "made\n", "saved"));
	tell(&s, "run", run(0));		/* 10: the next one that counts */
	end(&s);
	assert_int_equal(s.facts.check_count, 4);
	assert_true(s.facts.checks[0].reported && !s.facts.checks[1].reported);
	assert_int_equal(s.facts.put[FACT_MADE], 0);
	assert_int_equal(signal_is(&s, "recovery_steps", 100)->whole, 1);
	assert_int_equal(signal_is(&s, "ai_code_mended", 10000)->whole, 1);
	done(&s);
}

static void repetitions_are_counted_in_later_prompts(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	/* runs of 8 words: two, one of them again, nine others */
	tell(&s, "ai_prompt", prompt("one two three four five six seven eight nine"));
	tell(&s, "ai_prompt", prompt("One two three four five six seven eight"));
	tell(&s, "ai_prompt", prompt("a b c d e f g h i j k l m n o p"));
	end(&s);
	assert_int_equal(signal_is(&s, "repeated_text", 833)->part, 1);
	assert_int_equal(signal_find(&s.signals, "repeated_text")->basis, 10);
	done(&s);
}

static void any_file_that_is_named_and_words_of_the_answer_alone_count(void **state)
{
	struct session s;

	begin(&s, state);
	begin_work(&s, "a\n");
	tell(&s, "open", json_pack("{s:s, s:s}", "file", "README.md", "action", "show"));
	tell(&s, "ai_prompt", prompt("as README.md says, write a function in bill.py"));
	tell(&s, "ai_response", answer("a function that divides"));
	tell(&s, "edit", edit("bill.py", 0, 0, "so", "ai"));
	tell(&s, "ai_prompt", prompt("one more function for waybill.pyc"));
	tell(&s, "ai_response", answer("with a modulus"));
	tell(&s, "ai_prompt", prompt("why the modulus?"));
	end(&s);
	assert_int_equal(signal_is(&s, "context_used", 10000)->whole, 1);
	assert_int_equal(signal_is(&s, "references_back", 5000)->whole, 2);
	done(&s);
}

/* --- any session */

/* Sessions by chance: what is put together from the facts is what the fold has. */
static void chance_sessions_add_up(void **state)
{
	uint32_t seed = 7;
	struct world *w = *state;
	struct session s;

	begin(&s, state);
	told(w, "snapshot", snapshot(world_tree(w, "a", "start\n", "b.c", "int x;\n", NULL)));
	{
		struct err err = ERR_INIT;

		assert_int_equal(facts_read_event(s.reader, &w->event, &err), 0);
	}
	for (int i = 0; i < 2000; i++) {
		const char *kind = NULL;
		json_t *data = session_next(w, &seed, &kind);
		struct err err = ERR_INIT;

		told(w, kind, data);
		if (facts_read_event(s.reader, &w->event, &err) < 0)
			fail_msg("%s", err.text);
	}
	end(&s);
	{
		struct fold_provenance all;
		uint64_t sum = 0, expected = 0;
		struct err err = ERR_INIT;

		assert_int_equal(fold_provenance(w->fold, NULL, NULL, &all, &err), 0);
		for (int i = 0; i < TEXT_ORIGINS; i++)
			expected += all.bytes[i];
		for (int i = 0; i < FACT_ORIGINS; i++)
			sum += s.provenance.bytes[i];
		assert_int_equal(sum, expected);
		assert_int_equal(s.provenance.bytes[FACT_TYPED], all.bytes[TEXT_TYPED]);
		assert_int_equal(s.provenance.bytes[FACT_MADE] + s.provenance.bytes[FACT_SAVED],
				 all.bytes[TEXT_SAVED]);
	}
	assert_true(s.facts.change_count > 100);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_split_by_what_ends_a_pause),
		WITH_WORLD(stretches_end_where_something_else_comes),
		WITH_WORLD(what_an_answer_said_is_pasted_from_it_whatever_the_page_says),
		WITH_WORLD(what_was_stopped_says_nothing_of_the_work),
		WITH_WORLD(what_a_run_made_is_told_from_what_was_saved),
		WITH_WORLD(requests_of_programs_are_no_prompts),
		WITH_WORLD(a_failed_request_has_no_answer),
		WITH_WORLD(a_term_is_named_before_it_is_served_or_not),
		WITH_WORLD(what_the_statement_says_is_nobodys_plan),
		WITH_WORLD(a_plan_counts_only_before_the_first_larger_change),
		WITH_WORLD(an_empty_session_measures_nothing),
		WITH_WORLD(what_comes_after_the_submission_is_no_fact),
		WITH_WORLD(one_prompt_is_too_little_for_iterations),
		WITH_WORLD(failures_are_followed_to_what_passes),
		WITH_WORLD(what_is_written_for_people_needs_no_check),
		WITH_WORLD(what_is_moved_within_the_work_is_not_thrown_away),
		WITH_WORLD(what_only_the_candidates_machine_says_proves_nothing),
		WITH_WORLD(repetitions_are_counted_in_later_prompts),
		WITH_WORLD(any_file_that_is_named_and_words_of_the_answer_alone_count),
		WITH_WORLD(chance_sessions_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
