/* test_live.c - a live session: its files, what runs in it, what it tells, what is handed in */
#include "assess/live_internal.h"
#include "assess/live_run.h"
#include "assess/live_save.h"
#include "assess/live_terminal.h"
#include "live_fixture.h"

#include <pthread.h>
#include <semaphore.h>

static void files_are_put_renamed_and_removed(void **state)
{
	struct session s;
	struct err err = ERR_INIT, refused = ERR_INIT;
	int64_t rev = 0, other = 0;
	AUTO_JSON json_t *workspace = NULL;
	AUTO_FREE char *text = NULL;

	begin(&s, state);
	must(live_put(s.live, s.f->store, "lib/a.txt", "a\0b", 3, LIVE_NO_FILE, &rev, &err), &err);
	assert_int_equal(live_put(s.live, s.f->store, "lib/a.txt", "x", 1, LIVE_NO_FILE, &other,
				  &refused), -1);
	assert_int_equal(refused.code, ERR_STATE);
	assert_int_equal(other, rev);
	must(live_file(s.live, s.f->store, "rename", "lib", "src/lib", &rev, &err), &err);
	must(live_file(s.live, s.f->store, "delete", "answer", NULL, &rev, &err), &err);
	refused = (struct err)ERR_INIT;
	assert_int_equal(live_file(s.live, s.f->store, "create", ".git/config", NULL, &rev,
				   &refused), -1);
	assert_int_equal(refused.code, ERR_INPUT);
	refused = (struct err)ERR_INIT;
	assert_int_equal(live_file(s.live, s.f->store, "delete", "nothing", NULL, &rev, &refused),
			 -1);
	assert_int_equal(refused.code, ERR_NOT_FOUND);
	workspace = live_workspace(s.live, s.f->store, &err);
	must(workspace ? 0 : -1, &err);
	text = json_canonical(json_object_get(workspace, "files"));
	assert_non_null(strstr(text, "\"path\":\"src/lib/a.txt\",\"rev\":"));
	assert_non_null(strstr(text, "\"size\":3,\"text\":false"));
	assert_null(strstr(text, "\"answer\""));
	check(&s);
	finish(&s);
}

static const struct live_program plain = { .cwd = "" };

static void a_run_runs_what_was_typed_and_its_files_come_back(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };

	begin(&s, state);
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		  rev_of(&s, "answer"), &answer);
	assert_true(live_run_claim(s.live, "a-run", "run"));
	must(live_run(s.live, s.f->store, "a-run", &plain, &err), &err);
	assert_heard(&s, "\"text\":\"now 42\\n\"");
	assert_heard(&s, "\"state\":\"done\"");
	assert_heard(&s, "\"verdict\":\"ok\"");
	assert_text(&s, "made", "made\n");
	assert_true(live_run_claim(s.live, "a-test", "test"));
	must(live_test(s.live, s.f->store, "a-test", &err), &err);
	assert_heard(&s, "\"passed\":1,\"run\":");
	check(&s);
	finish(&s);
}

/* Is told that it runs, and has it stopped by another thread. */
struct stopper {
	struct live_listener listener;
	struct live *live;
	sem_t running;
};

static void note_running(void *arg, const char *event, const char *json)
{
	struct stopper *stopper = arg;

	if ((!strcmp(event, "test") || !strcmp(event, "run")) && strstr(json, "\"running\""))
		sem_post(&stopper->running);
}

static void *stop_it(void *arg)
{
	struct stopper *stopper = arg;

	sem_wait(&stopper->running);
	live_stop(stopper->live);
	return NULL;
}

static void tests_that_are_stopped_are_on_record_as_stopped(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *workspace = NULL;
	struct stopper stopper = { .listener = { .tell = note_running, .arg = &stopper } };
	pthread_t thread;

	begin(&s, state);
	stopper.live = s.live;
	sem_init(&stopper.running, 0, 0);
	live_listen(s.live, &stopper.listener);
	pthread_create(&thread, NULL, stop_it, &stopper);
	assert_true(live_run_claim(s.live, "a-test", "test"));
	must(live_test(s.live, s.f->store, "a-test", &err), &err);
	pthread_join(thread, NULL);
	live_unlisten(s.live, &stopper.listener);
	sem_destroy(&stopper.running);
	assert_heard(&s, "\"verdict\":\"stopped\"");
	restart(&s);
	workspace = live_workspace(s.live, s.f->store, &err);
	must(workspace ? 0 : -1, &err);
	assert_true(json_is_null(json_object_get(workspace, "running")));
	assert_string_equal(json_str(json_object_get(workspace, "test"), "verdict", ""), "stopped");
	check(&s);
	finish(&s);
}

static void a_run_that_is_stopped_is_on_record_as_stopped(void **state)
{
	const char *const argv[] = { "/bin/sleep", "1000", NULL };
	const struct live_program program = { .argv = argv, .cwd = "" };
	struct session s;
	struct err err = ERR_INIT;
	struct stopper stopper = { .listener = { .tell = note_running, .arg = &stopper } };
	AUTO_JSON json_t *workspace = NULL;
	pthread_t thread;

	begin(&s, state);
	stopper.live = s.live;
	sem_init(&stopper.running, 0, 0);
	live_listen(s.live, &stopper.listener);
	pthread_create(&thread, NULL, stop_it, &stopper);
	assert_true(live_run_claim(s.live, "a-run", "run"));
	must(live_run(s.live, s.f->store, "a-run", &program, &err), &err);
	pthread_join(thread, NULL);
	live_unlisten(s.live, &stopper.listener);
	sem_destroy(&stopper.running);
	assert_heard(&s, "\"verdict\":\"stopped\"");
	restart(&s);
	workspace = live_workspace(s.live, s.f->store, &err);
	must(workspace ? 0 : -1, &err);
	assert_string_equal(json_str(json_object_get(workspace, "run"), "verdict", ""), "stopped");
	check(&s);
	finish(&s);
}

static void what_waits_can_be_stopped_and_leaves_the_place(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO_JSON json_t *workspace = NULL;

	begin(&s, state);
	assert_true(live_run_claim(s.live, "first", "run"));
	assert_false(live_run_claim(s.live, "second", "test"));
	live_stop(s.live);
	assert_heard(&s, "\"message\":\"It was stopped before it began.\",\"run\":\"first\"");
	assert_true(live_run_claim(s.live, "third", "run"));
	must(live_run(s.live, s.f->store, "first", &plain, &err), &err);
	workspace = live_workspace(s.live, s.f->store, &err);
	must(workspace ? 0 : -1, &err);
	assert_string_equal(json_str(json_object_get(workspace, "running"), "run", ""), "third");
	assert_true(json_is_null(json_object_get(workspace, "run")));
	live_stop(s.live);
	finish(&s);
}

static void what_waits_after_another_is_stopped_the_same_way(void **state)
{
	const char *const argv[] = { "true", NULL };
	const struct live_program program = { .argv = argv, .cwd = "" };
	struct session s;
	struct err err = ERR_INIT;

	begin(&s, state);
	assert_true(live_run_claim(s.live, "over", "run"));
	must(live_run(s.live, s.f->store, "over", &program, &err), &err);
	assert_false(live_is_running(s.live));
	assert_true(live_run_claim(s.live, "waits", "run"));
	live_stop(s.live);
	assert_heard(&s, "\"message\":\"It was stopped before it began.\",\"run\":\"waits\"");
	finish(&s);
}

static void nobody_reads_what_is_wrong_with_the_machine(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	struct sandbox *had = sandbox;

	sandbox = NULL;
	begin(&s, state);
	assert_true(live_run_claim(s.live, "a-run", "run"));
	assert_int_equal(live_run(s.live, s.f->store, "a-run", &plain, &err), -1);
	assert_string_equal(err.text, "there is no sandbox");
	assert_heard(&s, "The server cannot run programs now.");
	assert_true(live_run_claim(s.live, "another", "run"));
	live_stop(s.live);
	finish(&s);
	sandbox = had;
}

static void what_is_handed_in_is_what_was_acknowledged(void **state)
{
	struct session s;
	struct err err = ERR_INIT, late = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	AUTO_JSON json_t *receipt = NULL;
	AUTO_JSON json_t *again = NULL;
	int64_t rev;

	begin(&s, state);
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		  rev_of(&s, "answer"), &answer);
	receipt = live_submit(s.live, s.f->store, &err);
	must(receipt ? 0 : -1, &err);
	again = live_submit(s.live, s.f->store, &err);
	assert_true(json_equal(receipt, again));
	assert_heard(&s, "\"status\":\"submitted\"");
	assert_int_equal(live_put(s.live, s.f->store, "answer", "x", 1, LIVE_ANY_REV, &rev, &late),
			 -1);
	assert_int_equal(late.code, ERR_STATE);
	assert_text(&s, "answer", "42\n");
	check(&s);
	finish(&s);
}

/* The thread that looks for it is not needed. */
static void more_time_is_told_by_whoever_sees_it_first(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	AUTO_JSON json_t *before = NULL;
	AUTO_JSON json_t *after = NULL;

	begin(&s, state);
	before = live_workspace(s.live, s.f->store, &err);
	must(before ? 0 : -1, &err);
	buf_clear(&s.heard.text);
	must(invite_extend(s.f->store, s.assessment.id, 600000, 0, &now, &err), &err);
	after = live_workspace(s.live, s.f->store, &err);
	must(after ? 0 : -1, &err);
	assert_heard(&s, "state {\"deadline\":\"");
	live_table_look(s.table, s.f->store);
	assert_null(strstr(strstr(buf_str(&s.heard.text), "state ") + 1, "state "));
	check(&s);
	finish(&s);
}

/* Whether a look after that time takes a snapshot. */
static bool is_saved_after(struct session *s, int64_t ms)
{
	int64_t before = s->live->snapshot;

	s->f->clock.offset_ms += ms;
	live_table_look(s->table, s->f->store);
	return s->live->snapshot != before;
}

static void what_is_at_rest_is_saved_once(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	int64_t rev;

	begin(&s, state);
	must(live_put(s.live, s.f->store, "a.txt", "1", 1, LIVE_NO_FILE, &rev, &err), &err);
	assert_false(is_saved_after(&s, 30000));
	assert_true(is_saved_after(&s, 31000));
	assert_false(is_saved_after(&s, 61000));
	restart(&s);
	assert_int_equal(rev_of(&s, "a.txt"), rev);
	assert_false(is_saved_after(&s, 61000));
	must(live_put(s.live, s.f->store, "a.txt", "2", 1, rev, &rev, &err), &err);
	memset(s.live->served.commit, 'c', 1);	/* as after a clone */
	assert_false(is_saved_after(&s, 61000));
	s.live->served.commit[0] = '\0';
	assert_true(is_saved_after(&s, 0));
	check(&s);
	finish(&s);
}

/* By another process. */
static void store_elsewhere(struct session *s, const char *kind, json_t *data)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err err = ERR_INIT;

	must(event_list_add(&list, "candidate", kind, data, 0, &err), &err);
	must(journal_writer_append(s->writer, s->assessment.id, &list, NULL, &err), &err);
}

static void what_others_did_is_told_before_it_is_saved(void **state)
{
	struct session s;
	int64_t rev;

	begin(&s, state);
	rev = rev_of(&s, "answer");
	store_elsewhere(&s, "file", json_pack("{s:s, s:s}", "op", "create", "path", "theirs"));
	buf_clear(&s.heard.text);
	assert_true(is_saved_after(&s, 61000));
	assert_heard(&s, "reset");
	assert_true(rev_of(&s, "theirs") > rev);
	check(&s);
	finish(&s);
}

static void a_record_that_cannot_be_read_is_no_end_of_the_server(void **state)
{
	struct session s;
	struct err err = ERR_INIT;

	begin(&s, state);
	rev_of(&s, "answer");
	store_elsewhere(&s, "edit", json_pack("{s:[{s:s, s:i, s:i, s:i, s:s}]}", "edits", "file",
					      "nowhere", "at", 0, "del", 1, "ms", 0, "ins", "x"));
	assert_true(is_saved_after(&s, 61000));	/* it is not known any more what was saved */
	assert_false(is_saved_after(&s, 61000));
	assert_null(live_workspace(s.live, s.f->store, &err));
	assert_int_equal(err.code, ERR_INTEGRITY);
	finish(&s);
}

/* What others did is known after the next look; without a look nothing is true for long. */
static void what_was_made_of_it_is_fresh_until_something_changes(void **state)
{
	static const char *const changes[] = {
		"UPDATE assessment SET rotation = rotation + 1",
		"UPDATE assessment SET deadline = deadline + 1000",
		"UPDATE candidate SET name = 'Ada L.'",
	};
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };
	uint64_t version;

	begin(&s, state);
	assert_int_equal(rev_of(&s, "answer"), rev_of(&s, "main.sh"));
	assert_false(live_is_fresh(s.live, live_version(s.live)));
	must(live_look(s.live, s.f->store, true, &err), &err);
	version = live_version(s.live);
	assert_int_equal(rev_of(&s, "answer"), rev_of(&s, "main.sh"));
	must(live_look(s.live, s.f->store, false, &err), &err);
	assert_true(live_is_fresh(s.live, version));
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		  rev_of(&s, "answer"), &answer);
	assert_false(live_is_fresh(s.live, version));
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		must(live_look(s.live, s.f->store, true, &err), &err);
		version = live_version(s.live);
		run_sql(&s, changes[i]);
		assert_true(live_is_fresh(s.live, version));
		must(live_look(s.live, s.f->store, true, &err), &err);
		assert_false(live_is_fresh(s.live, version));
	}
	version = live_version(s.live);
	assert_true(live_is_fresh(s.live, version));
	atomic_fetch_sub(&s.live->looked, LIVE_FRESH_MS);
	assert_false(live_is_fresh(s.live, version));
	finish(&s);
}

/* --- the terminal */

struct seat {
	struct live_terminal_view view;
	struct session *session;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct buf shown;
	bool ended;
	struct err err;
};

static void show(void *arg, const void *data, size_t len)
{
	struct seat *seat = arg;

	pthread_mutex_lock(&seat->lock);
	buf_add(&seat->shown, data, len);
	pthread_cond_signal(&seat->changed);
	pthread_mutex_unlock(&seat->lock);
}

static void ended(void *arg, const struct live_terminal_end *end)
{
	struct seat *seat = arg;

	pthread_mutex_lock(&seat->lock);
	seat->ended = true;
	buf_add_str(&seat->shown, end->why);
	if (end->report)
		buf_add_format(&seat->shown, ": %s, %d", end->end, end->report->exit_status);
	pthread_cond_signal(&seat->changed);
	pthread_mutex_unlock(&seat->lock);
}

static void *run_terminal(void *arg)
{
	struct seat *seat = arg;
	struct store *store = fixture_open(seat->session->f);

	live_terminal_run(seat->session->live, store, &seat->err);
	store_close(&store);
	return NULL;
}

static void sit_down_for(struct seat *seat, struct session *s, const char *const *argv)
{
	const struct live_terminal_wish wish = { .columns = 80, .rows = 24, .argv = argv };

	*seat = (struct seat){ .view = { .show = show, .ended = ended, .arg = seat }, .session = s,
			       .shown = BUF_INIT(1 << 20) };
	pthread_mutex_init(&seat->lock, NULL);
	pthread_cond_init(&seat->changed, NULL);
	if (live_terminal_attach(s->live, &seat->view, &wish) == 1)
		pthread_create(&seat->thread, NULL, run_terminal, seat);
}

static void sit_down(struct seat *seat, struct session *s)
{
	sit_down_for(seat, s, NULL);
}

static void wait_for(struct seat *seat, const char *text)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&seat->lock);
	while (!strstr(buf_str(&seat->shown), text))
		if (pthread_cond_timedwait(&seat->changed, &seat->lock, &until) != 0)
			fail_msg("'%s' is not in: %s", text, buf_str(&seat->shown));
	buf_clear(&seat->shown);
	pthread_mutex_unlock(&seat->lock);
}

static void say(struct seat *seat, const char *text)
{
	assert_int_equal(live_terminal_type(seat->session->live, text, strlen(text)), 0);
}

static void leave(struct seat *seat)
{
	pthread_mutex_lock(&seat->lock);
	while (!seat->ended)
		pthread_cond_wait(&seat->changed, &seat->lock);
	pthread_mutex_unlock(&seat->lock);
	pthread_join(seat->thread, NULL);
	buf_release(&seat->shown);
	assert_string_equal(seat->err.text, "");
}

static void shell_and_page_have_the_same_files(void **state)
{
	struct session s;
	struct seat seat;
	AUTO(live_answer_release) struct live_answer answer = { 0 };

	begin(&s, state);
	sit_down(&seat, &s);
	wait_for(&seat, "$ ");
	say(&seat, "cat answer; echo done$((1 + 1))\n");
	wait_for(&seat, "7\r\ndone2");
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		  rev_of(&s, "answer"), &answer);
	say(&seat, "until grep -q 42 answer; do :; done; echo seen$((1 + 1))\n");
	wait_for(&seat, "seen2");
	say(&seat, "echo of the shell >>answer; mkdir d; echo new >d/new; exit\n");
	leave(&seat);
	assert_text(&s, "answer", "42\nof the shell\n");
	assert_text(&s, "d/new", "new\n");
	check(&s);
	finish(&s);
}

static void a_terminal_runs_a_program_and_says_how_it_ended(void **state)
{
	static const char *const argv[] = { "sh", "-c", "read word; echo $word >d; exit 7", NULL };
	const struct live_terminal_wish other = { .columns = 80, .rows = 24, .argv = argv };
	struct live_terminal_view none = { .show = show };
	struct session s;
	struct seat seat;

	begin(&s, state);
	sit_down_for(&seat, &s, argv);
	assert_int_equal(live_terminal_attach(s.live, &none, &other), -1);
	say(&seat, "hello\n");
	wait_for(&seat, "the shell has ended: ended, 7");
	leave(&seat);
	assert_text(&s, "d", "hello\n");
	check(&s);
	finish(&s);
}

/* What the page types is written where the shell works, and seen there; that is no work of the
 * shell's, also when the page has typed on meanwhile. */
static void typing_is_not_undone_by_a_terminal(void **state)
{
	struct session s;
	struct seat seat;
	int64_t rev;

	begin(&s, state);
	sit_down(&seat, &s);
	wait_for(&seat, "$ ");
	rev = rev_of(&s, "answer");
	for (int i = 0; i < 200; i++) {
		AUTO(live_answer_release) struct live_answer answer = { 0 };

		send_edit(&s, "{\"file\":\"answer\",\"at\":1,\"del\":0,\"ins\":\"x\"}", rev,
			  &answer);
		assert_int_equal(json_array_size(answer.conflicts), 0);
		rev = json_int(answer.revs, "answer", 0);
	}
	say(&seat, "until grep -q x answer && [ $(wc -c <answer) = 202 ]; do :; done; exit\n");
	leave(&seat);
	assert_int_equal(rev_of(&s, "answer"), rev);
	check(&s);
	finish(&s);
}

static void a_terminal_goes_on_when_nobody_looks(void **state)
{
	struct session s;
	struct seat seat, again;

	begin(&s, state);
	sit_down(&seat, &s);
	wait_for(&seat, "$ ");
	say(&seat, "echo first$((1 + 1))\n");
	wait_for(&seat, "first2");
	live_terminal_detach(s.live, &seat.view);
	sit_down(&again, &s);
	wait_for(&again, "first2");
	live_terminal_resize(s.live, 132, 50);
	say(&again, "until [ \"$(stty size)\" = '50 132' ]; do :; done; echo wide$((1 + 1))\n");
	wait_for(&again, "wide2");
	live_terminal_close(s.live);
	again.thread = seat.thread;
	leave(&again);
	buf_release(&seat.shown);
	check(&s);
	finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(files_are_put_renamed_and_removed),
		IN_STORE(a_run_runs_what_was_typed_and_its_files_come_back),
		IN_STORE(tests_that_are_stopped_are_on_record_as_stopped),
		IN_STORE(a_run_that_is_stopped_is_on_record_as_stopped),
		IN_STORE(what_waits_can_be_stopped_and_leaves_the_place),
		IN_STORE(what_waits_after_another_is_stopped_the_same_way),
		IN_STORE(nobody_reads_what_is_wrong_with_the_machine),
		IN_STORE(what_is_handed_in_is_what_was_acknowledged),
		IN_STORE(more_time_is_told_by_whoever_sees_it_first),
		IN_STORE(what_is_at_rest_is_saved_once),
		IN_STORE(what_others_did_is_told_before_it_is_saved),
		IN_STORE(a_record_that_cannot_be_read_is_no_end_of_the_server),
		IN_STORE(what_was_made_of_it_is_fresh_until_something_changes),
		IN_STORE(shell_and_page_have_the_same_files),
		IN_STORE(a_terminal_runs_a_program_and_says_how_it_ended),
		IN_STORE(typing_is_not_undone_by_a_terminal),
		IN_STORE(a_terminal_goes_on_when_nobody_looks),
	};
	struct err err = ERR_INIT;
	int failed;

	sandbox = sandbox_start(&err);
	failed = cmocka_run_group_tests_name("live sessions", tests, NULL, NULL);
	sandbox_close(&sandbox);
	return failed;
}
