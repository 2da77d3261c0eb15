/* test_live_bench.c - an agent at work in a live session */
#include "assess/live_internal.h"
#include "assess/live_run.h"
#include "live_bench_fixture.h"

#include <pthread.h>

static void what_it_writes_is_told_as_other_changes_are(void **state)
{
	struct session s;
	struct tool_user user;
	int64_t before;

	begin(&s, state);
	user = user_of(&s);
	before = rev_of(&s, "answer");
	assert_does(&user, "write_file", write_input("answer", "42\n"), "3 bytes");
	assert_heard(&s, "file {\"client\":\"\",\"path\":\"answer\"");
	assert_true(rev_of(&s, "answer") > before);
	user.bench->ops->release(user.bench);
	restart(&s);
	assert_text(&s, "answer", "42\n");
	check(&s);
	finish(&s);
}

static void commands_change_files_of_the_session_as_the_assistant(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "execute_bash",
		    command_input("echo 42 >answer; mkdir new; echo made >new/file; cat answer; "
				  "echo oops >&2; exit 3"), "Exit status 3");
	assert_text(&s, "answer", "42\n");
	assert_text(&s, "new/file", "made\n");
	assert_int_equal(events_with(&user, "file", "\"origin\":\"ai\""), 2);
	assert_int_equal(events_with(&user, "run", "\"argv\":[\"bash\",\"-c\","), 1);
	assert_heard(&s, "\"text\":\"42\\n\"");
	assert_does(&user, "execute_bash", command_input("rm answer; ls answer; true"), "");
	assert_text(&s, "answer", "42\n");
	leave(&s, &user);
}

static void visible_tests_alone_are_run_and_told(void **state)
{
	struct session s;
	struct tool_user user;
	bool ok;
	AUTO_FREE char *text = NULL;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "write_file", write_input("answer", "42\n"), "3 bytes");
	text = call_tool(&user, "run_tests", json_object(), &ok);
	assert_true(ok);
	assert_non_null(strstr(text, "1 of 1 passed (passed)"));
	assert_null(strstr(text, "judge"));
	assert_int_equal(events_with(&user, "test", "\"passed\":1,"), 1);
	assert_does(&user, "execute_bash", command_input("find / -name '*judge*' 2>/dev/null; "
							  "ls; ls /work"), "answer");
	assert_int_equal(events_with(&user, "ai_tool", "judge.sh"), 0);
	leave(&s, &user);
}

static void floods_and_bombs_end_and_are_told(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "execute_bash", command_input("yes"), "It was ended: output_limit");
	assert_does(&user, "execute_bash", command_input("head -c 100000 /dev/zero | tr '\\0' x"),
		    "bytes left out]");
	assert_does(&user, "execute_bash", command_input(":(){ :|:& };:; wait"), "");
	assert_does(&user, "execute_bash", command_input("kill -SEGV $$"), "A signal ended it: 11");
	assert_does(&user, "execute_bash",
		    command_input("for i in $(seq 1200); do echo x >f$i; done"), "not kept");
	assert_does(&user, "execute_bash", command_input("ln -s /etc/passwd stolen; printf "
							  "'\\033[2J\\000\\377'"), "Exit status 0");
	assert_refuses(&user, "read_file", path_input("stolen"), "there is no file");
	assert_int_equal(events_with(&user, "run", ""), 6);
	leave(&s, &user);
}

/* Nothing that a run removes is removed: after the second there is twice as much. */
static void what_fits_no_run_is_said_to_be_too_large(void **state)
{
	struct session s;
	struct tool_user user;
	int64_t rev;

	begin(&s, state);
	user = user_of(&s);
	assert_does(&user, "execute_bash",
		    command_input("p=$(printf d/%.0s {1..60}); for i in {1..150}; do "
				  "mkdir -p $i/$p; echo x >$i/$p/f; done"), "Exit status 0");
	assert_does(&user, "execute_bash", command_input("for d in ?*; do [ ! -d $d ] || "
							  "mv $d x$d; done"), "Exit status 0");
	assert_refuses(&user, "execute_bash", command_input("true"),
		       "the work does not fit into the disk limit of a run");
	for (int i = 1; i <= 150; i++) {
		AUTO_FREE char *folder = buf_format("%d", i);
		struct err err = ERR_INIT;

		must(live_file(s.live, s.f->store, "delete", folder, NULL, &rev, &err), &err);
	}
	assert_does(&user, "execute_bash", command_input("true"), "Exit status 0");
	leave(&s, &user);
}

struct stopper {
	struct session *s;
	struct tool_user *user;
	bool the_run;		/* alone, as the page's button does */
};

static void *stop_it(void *arg)
{
	struct stopper *stopper = arg;

	while (!live_is_running(stopper->s->live))
		;
	if (stopper->the_run)
		live_stop(stopper->s->live);
	else
		stopper->user->bench->ops->stop(stopper->user->bench);
	return NULL;
}

static void stop_while(struct session *s, struct tool_user *user, bool the_run, const char *tool,
		       json_t *input)
{
	struct stopper stopper = { s, user, the_run };
	pthread_t thread;

	pthread_create(&thread, NULL, stop_it, &stopper);
	assert_refuses(user, tool, input, "it was stopped");
	pthread_join(thread, NULL);
}

static void a_command_that_is_stopped_ends_and_is_on_record_so(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	stop_while(&s, &user, true, "execute_bash", command_input("sleep 1000"));
	assert_int_equal(events_with(&user, "ai_tool", "\"stopped\":true"), 0);
	assert_does(&user, "execute_bash", command_input("echo on"), "\non");
	stop_while(&s, &user, false, "execute_bash", command_input("sleep 1000"));
	assert_int_equal(events_with(&user, "run", "\"sleep 1000\""), 2);
	assert_int_equal(events_with(&user, "ai_tool", "\"stopped\":true"), 1);
	assert_refuses(&user, "execute_bash", command_input("echo on"), "it was stopped");
	leave(&s, &user);
}

static void tests_that_are_stopped_end_and_are_on_record_so(void **state)
{
	struct session s;
	struct tool_user user;

	begin(&s, state);
	user = user_of(&s);
	stop_while(&s, &user, false, "run_tests", json_object());
	assert_int_equal(events_with(&user, "test", "\"verdict\":\"stopped\""), 1);
	assert_int_equal(events_with(&user, "ai_tool", "\"stopped\":true"), 1);
	leave(&s, &user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(what_it_writes_is_told_as_other_changes_are),
		IN_STORE(commands_change_files_of_the_session_as_the_assistant),
		IN_STORE(visible_tests_alone_are_run_and_told),
		IN_STORE(floods_and_bombs_end_and_are_told),
		IN_STORE(what_fits_no_run_is_said_to_be_too_large),
		IN_STORE(a_command_that_is_stopped_ends_and_is_on_record_so),
		IN_STORE(tests_that_are_stopped_end_and_are_on_record_so),
	};
	struct err err = ERR_INIT;
	int failed;

	sandbox = sandbox_start(&err);
	failed = cmocka_run_group_tests_name("live bench", tests, NULL, NULL);
	sandbox_close(&sandbox);
	return failed;
}
