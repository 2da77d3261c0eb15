/* test_agent_tools.c - the tools of an agent: what they refuse, what they tell, what is recorded */
#include "assess/live_save.h"
#include "base/schema.h"
#include "live_bench_fixture.h"

static void each_tool_is_told_with_its_schema(void **state)
{
	static const char *const names[] = { "list_files", "read_file", "write_file", "run_tests",
					     "execute_bash" };
	const json_t *tools = agent_tools.list();
	struct schema_fault fault;

	(void)state;
	assert_int_equal(json_array_size(tools), 5);
	for (size_t i = 0; i < 5; i++) {
		const json_t *tool = json_array_get(tools, i);
		AUTO_JSON json_t *wrong = json_pack("{s:b}", "no-such-member", 1);

		assert_string_equal(json_str(tool, "name", ""), names[i]);
		assert_true(strlen(json_str(tool, "description", "")) > 20);
		assert_true(schema_check(json_object_get(tool, "schema"), wrong, &fault, 1) > 0);
	}
}

static void files_are_listed_read_and_written(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "list_files", json_object(), "answer (2)\nmain.sh (");
	assert_does(&user, "read_file", path_input("answer"), "7\n");
	assert_does(&user, "write_file", write_input("lib/new.sh", "echo é\n"), "lib/new.sh has 8");
	assert_does(&user, "read_file", path_input("lib/new.sh"), "echo é\n");
	assert_does(&user, "write_file", write_input("answer", ""), "0 bytes");
	assert_does(&user, "read_file", path_input("answer"), "[the file is empty]");
	assert_refuses(&user, "read_file", path_input("nothing"), "there is no file 'nothing'");
	assert_refuses(&user, "write_file", write_input("answer/below", "x"), "not a folder");
	assert_refuses(&user, "write_file", write_input("lib", "x"), "is a folder");
	leave(&s, &user);
}

static void every_call_is_on_record_once(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "write_file", write_input("answer", "42\n"), "3 bytes");
	assert_refuses(&user, "read_file", path_input("nothing"), "");
	assert_int_equal(events_with(&user, "ai_tool", ""), 2);
	assert_int_equal(events_with(&user, "ai_tool", "\"call\":\"toolu_1\""), 2);
	assert_int_equal(events_with(&user, "ai_tool", "\"conversation\":\"talk-1\""), 2);
	assert_int_equal(events_with(&user, "ai_tool", "\"exchange\":\"exchange-1\""), 2);
	assert_int_equal(events_with(&user, "ai_tool", "\"ok\":true"), 1);
	assert_int_equal(events_with(&user, "ai_tool", "\"tool\":\"write_file\""), 1);
	assert_int_equal(events_with(&user, "file", "\"origin\":\"ai\""), 1);
	assert_heard(&s, "file {\"client\":\"\",\"path\":\"answer\"");
	leave(&s, &user);
}

static void hostile_paths_lead_nowhere(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	try_hostile_files(&user);
	leave(&s, &user);
}

static void inputs_that_do_not_fit_are_refused_and_recorded(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	try_hostile_inputs(&user);
	leave(&s, &user);
}

static void put(struct session *s, const char *path, const char *data, size_t len)
{
	struct err err = ERR_INIT;
	int64_t rev;

	must(live_put(s->live, s->f->store, path, data, len, LIVE_ANY_REV, &rev, &err), &err);
}

static void what_is_no_text_is_not_read(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	put(&s, "binary", "a\0b", 3);
	put(&s, "latin", "caf\xe9\n", 5);
	assert_refuses(&user, "read_file", path_input("binary"), "no text");
	assert_refuses(&user, "read_file", path_input("latin"), "no text");
	leave(&s, &user);
}

static void a_long_text_is_read_in_turns(void **state)
{
	struct session s;
	struct tool_user user;
	AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);
	AUTO_FREE char *wide = many('w', 40000);
	bool ok;

	begin(&s, state);
	user = user_of(&s);
	for (int i = 1; i <= 4000; i++)
		buf_add_format(&text, "line %d\n", i);
	put(&s, "long", buf_str(&text), text.len);
	put(&s, "wide", wide, 40000);
	for (int64_t next = 1, turns = 0; next; turns++) {
		AUTO_FREE char *got = call_tool(&user, "read_file",
						json_pack("{s:s, s:I}", "path", "long",
							  "first_line", (json_int_t)next), &ok);
		AUTO_FREE char *first = buf_format("line %d\n", (int)next);
		const char *on = strstr(got, "first_line ");

		assert_true(ok && turns < 10);
		assert_memory_equal(got, first, strlen(first));
		if (!on)
			assert_non_null(strstr(got, "line 4000\n"));
		next = on ? strtoll(on + 11, NULL, 10) : 0;
	}
	assert_does(&user, "read_file",
		    json_pack("{s:s, s:i}", "path", "long", "first_line", 4001), "fewer lines");
	assert_does(&user, "read_file", path_input("wide"), "wwww");
	leave(&s, &user);
}

static void nothing_is_done_after_the_work_was_handed_in(void **state)
{
	struct session s;
	struct tool_user user;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *receipt = NULL;
	int before;

	begin(&s, state);
	user = user_of(&s);
	receipt = live_submit(s.live, s.f->store, &err);
	must(receipt ? 0 : -1, &err);
	before = events_with(&user, "ai_tool", "") + events_with(&user, "file", "");
	assert_refuses(&user, "write_file", write_input("answer", "42"), "The session is over");
	assert_refuses(&user, "read_file", path_input("answer"), "The session is over");
	assert_refuses(&user, "list_files", json_object(), "The session is over");
	assert_int_equal(events_with(&user, "ai_tool", "") + events_with(&user, "file", ""),
			 before);
	assert_text(&s, "answer", "7\n");
	leave(&s, &user);
}

static void nothing_is_done_after_the_deadline(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	s.f->clock.offset_ms += 31 * 60 * 1000;
	assert_refuses(&user, "write_file", write_input("answer", "42"), "The session is over");
	assert_refuses(&user, "run_tests", json_object(), "The session is over");
	assert_int_equal(events_with(&user, "ai_tool", ""), 0);
	assert_text(&s, "answer", "7\n");
	s.f->clock.offset_ms = 0;
	leave(&s, &user);
}

static void without_a_sandbox_nothing_runs_and_it_is_said(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	assert_refuses(&user, "run_tests", json_object(), "there is no sandbox");
	assert_refuses(&user, "execute_bash", command_input("true"), "there is no sandbox");
	leave(&s, &user);
}

static void a_bench_that_was_stopped_does_nothing_more(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	user.bench->ops->stop(user.bench);
	assert_refuses(&user, "write_file", write_input("answer", "42"), "it was stopped");
	assert_refuses(&user, "run_tests", json_object(), "it was stopped");
	assert_refuses(&user, "execute_bash", command_input("true"), "it was stopped");
	assert_int_equal(events_with(&user, "ai_tool", "\"stopped\":true"), 3);
	assert_text(&s, "answer", "7\n");
	leave(&s, &user);
}

static void more_files_than_may_be_are_refused(void **state)
{
	struct session s;
	struct tool_user user;
	struct err err = ERR_INIT;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;

	begin(&s, state);
	user = user_of(&s);
	for (int i = 0; i < LIVE_FILES_MOST - 3; i++) {
		AUTO_FREE char *path = buf_format("many/%d", i);

		must(event_list_add(&list, "candidate", "file",
				    json_pack("{s:s, s:s}", "op", "create", "path", path), 0, &err),
		     &err);
	}
	must(journal_writer_append(s.writer, s.assessment.id, &list, NULL, &err), &err);
	assert_refuses(&user, "write_file", write_input("one-more", "x"), "5000 files");
	assert_does(&user, "write_file", write_input("answer", "42\n"), "3 bytes");
	assert_does(&user, "list_files", json_object(), "5000 files");
	assert_does(&user, "list_files", json_object(), "bytes left out]");
	leave(&s, &user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tool_is_told_with_its_schema),
		IN_STORE(files_are_listed_read_and_written),
		IN_STORE(every_call_is_on_record_once),
		IN_STORE(hostile_paths_lead_nowhere),
		IN_STORE(inputs_that_do_not_fit_are_refused_and_recorded),
		IN_STORE(what_is_no_text_is_not_read),
		IN_STORE(a_long_text_is_read_in_turns),
		IN_STORE(nothing_is_done_after_the_work_was_handed_in),
		IN_STORE(nothing_is_done_after_the_deadline),
		IN_STORE(without_a_sandbox_nothing_runs_and_it_is_said),
		IN_STORE(a_bench_that_was_stopped_does_nothing_more),
		IN_STORE(more_files_than_may_be_are_refused),
	};

	return cmocka_run_group_tests_name("agent tools", tests, NULL, NULL);
}
