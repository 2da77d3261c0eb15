/* test_live.c - a live session: what a page sends, what it is told, what is on disk then */
#include "assess/invite.h"
#include "assess/live_events.h"
#include "assess/live_files.h"
#include "assess/live_run.h"
#include "assess/live_terminal.h"
#include "assess/provision.h"
#include "assess/start.h"
#include "assess/task_put.h"
#include "assess/verify.h"
#include "base/json.h"
#include "store_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

struct heard {
	struct live_listener listener;
	struct buf text;	/* "EVENT JSON\n" each */
};

struct session {
	struct fixture *f;
	struct journal_writer *writer;
	struct live_table *table;
	struct live *live;
	struct assessment assessment;
	struct heard heard;
	int64_t sent;		/* events of the client "page" */
};

static struct sandbox *sandbox;

static const char manifest[] =
	"{\"schema\":\"tali.task/1\",\"name\":\"live\",\"title\":\"Live\",\"type\":\"bug_fix\","
	"\"difficulty\":\"basic\",\"language\":\"bash\",\"time_limit_minutes\":30,"
	"\"run\":[\"sh\",\"main.sh\"],\"tests\":["
	"{\"id\":\"seen\",\"kind\":\"command\",\"visibility\":\"visible\",\"points\":1,"
	"\"argv\":[\"grep\",\"-q\",\"42\",\"answer\"],\"report\":\"exit\"},"
	"{\"id\":\"judge\",\"kind\":\"command\",\"visibility\":\"hidden\",\"points\":10,"
	"\"argv\":[\"true\"],\"report\":\"exit\"}]}";

static void write_file(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = fs_join(folder, name);
	struct err err = ERR_INIT;

	must(fs_write(path, 0644, text, strlen(text), &err), &err);
}

static void make_task(struct fixture *f)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO_JSON json_t *faults = json_array();
	const struct task_changes changes = { .name = NULL };
	AUTO(fs_temp_release) char *folder = NULL;
	struct err err = ERR_INIT;
	const char *const below[] = { "start", "hidden", "solution" };

	folder = fs_temp_dir("tali-task", &err);
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *path = fs_join(folder, below[i]);

		assert_int_equal(mkdir(path, 0755), 0);
	}
	write_file(folder, "task.json", manifest);
	write_file(folder, "README.md", "Write 42.\n");
	write_file(folder, "start/main.sh", "echo now $(cat answer); echo made >made\n");
	write_file(folder, "start/answer", "7\n");
	write_file(folder, "solution/answer", "42\n");
	if (task_put_new(f->store, folder, &changes, NULL, faults, &task, &err) < 0) {
		AUTO_FREE char *text = json_canonical(faults);

		fail_msg("%s %s", err.text, text);
	}
}

static void hear(void *arg, const char *event, const char *json)
{
	struct heard *heard = arg;

	buf_add_format(&heard->text, "%s %s\n", event, json);
}

static void assert_heard(const struct session *s, const char *words)
{
	if (!strstr(buf_str(&s->heard.text), words))
		fail_msg("not told: %s\nbut: %s", words, buf_str(&s->heard.text));
}

static struct live_table *new_table(struct session *s)
{
	struct err err = ERR_INIT;

	s->writer = journal_writer_open(s->f->folder, &s->f->clock, &err);
	must(s->writer ? 0 : -1, &err);
	return live_table_new(s->writer, sandbox);
}

static void open_live(struct session *s)
{
	struct err err = ERR_INIT;

	s->table = new_table(s);
	s->live = live_take(s->table, s->f->store, s->assessment.id, &err);
	must(s->live ? 0 : -1, &err);
	s->heard = (struct heard){ { .tell = hear, .arg = &s->heard }, BUF_INIT(1 << 20) };
	live_listen(s->live, &s->heard.listener);
}

static void close_live(struct session *s)
{
	live_unlisten(s->live, &s->heard.listener);
	buf_release(&s->heard.text);
	live_give(&s->live);
	live_table_free(&s->table);
	journal_writer_close(&s->writer);
}

/* As a server does that has died and was started again. */
static void restart(struct session *s)
{
	close_live(s);
	open_live(s);
}

static void begin(struct session *s, void **state)
{
	AUTO(invite_result_release) struct invite_result invited = INVITE_RESULT_INIT;
	const struct invite_request request = { .task = "live", .email = "ada@example.org" };
	struct err err = ERR_INIT;

	*s = (struct session){ .f = *state };
	make_task(s->f);
	must(invite_make(s->f->store, &request, &invited, &err), &err);
	must(assessment_get(s->f->store, invited.assessment.id, &s->assessment, &err), &err);
	must(start_activate(s->f->store, &s->assessment, false, &err), &err);
	must(provision_run(s->f->store, &s->assessment, &err), &err);
	open_live(s);
}

/* All that is stored holds together. */
static void check(struct session *s)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct verify_summary summary;
	struct err err = ERR_INIT;

	must(assessment_get(s->f->store, s->assessment.id, &now, &err), &err);
	must(verify_assessment(s->f->store, &now, &summary, &err), &err);
}

static void finish(struct session *s)
{
	check(s);
	assessment_release(&s->assessment);
	close_live(s);
}

static char *read_text(struct session *s, const char *path, int64_t *ret_rev)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;

	must(live_read(s->live, s->f->store, path, &bytes, ret_rev, &err), &err);
	return buf_strdup(buf_str(&bytes));
}

static void assert_text(struct session *s, const char *path, const char *wanted)
{
	int64_t rev;
	AUTO_FREE char *text = read_text(s, path, &rev);

	assert_string_equal(text, wanted);
}

static int64_t rev_of(struct session *s, const char *path)
{
	int64_t rev = 0;
	AUTO_FREE char *text = read_text(s, path, &rev);

	return rev;
}

/* Sends edits (JSON, one event each) of the file `answer`, from number `from` on. */
static int send_from(struct session *s, int64_t from, int count, const char *const *edits,
		     int64_t base, struct live_answer *ret, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	AUTO(batch_release) struct batch batch = BATCH_INIT;

	buf_add_str(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"page\",\"sent\":1,"
			   "\"events\":[");
	for (int i = 0; i < count; i++)
		buf_add_format(&text, "%s{\"seq\":%lld,\"time\":1,\"kind\":\"edit\",\"data\":"
			       "{\"edits\":[%s]}}", i ? "," : "", (long long)from + i, edits[i]);
	buf_add_format(&text, "],\"base\":{\"answer\":%lld}}", (long long)base);
	must(batch_parse(buf_str(&text), text.len, &batch, err), err);
	return live_events(s->live, s->f->store, &batch, ret, err);
}

static int send_edit(struct session *s, const char *edit, int64_t base, struct live_answer *ret)
{
	struct err err = ERR_INIT;
	int result = send_from(s, s->sent + 1, 1, &edit, base, ret, &err);

	must(result, &err);
	s->sent = ret->ingest.acknowledged;
	return result;
}

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
	finish(&s);
}

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
	finish(&s);
}

static void a_run_runs_what_was_typed_and_its_files_come_back(void **state)
{
	struct session s;
	struct err err = ERR_INIT;
	AUTO(live_answer_release) struct live_answer answer = { 0 };

	begin(&s, state);
	send_edit(&s, "{\"file\":\"answer\",\"at\":0,\"del\":1,\"ins\":\"42\"}",
		  rev_of(&s, "answer"), &answer);
	must(live_run(s.live, s.f->store, "a-run", NULL, &err), &err);
	assert_heard(&s, "\"text\":\"now 42\\n\"");
	assert_heard(&s, "\"state\":\"done\"");
	assert_heard(&s, "\"verdict\":\"ok\"");
	assert_text(&s, "made", "made\n");
	must(live_test(s.live, s.f->store, "a-test", &err), &err);
	assert_heard(&s, "\"passed\":1,\"run\":");
	finish(&s);
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

static void ended(void *arg, const char *why)
{
	struct seat *seat = arg;

	pthread_mutex_lock(&seat->lock);
	seat->ended = true;
	buf_add_str(&seat->shown, why);
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

static void sit_down(struct seat *seat, struct session *s)
{
	*seat = (struct seat){ .view = { .show = show, .ended = ended, .arg = seat }, .session = s,
			       .shown = BUF_INIT(1 << 20) };
	pthread_mutex_init(&seat->lock, NULL);
	pthread_cond_init(&seat->changed, NULL);
	if (live_terminal_attach(s->live, &seat->view, 80, 24) == 1)
		pthread_create(&seat->thread, NULL, run_terminal, seat);
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
	rev = rev_of(&s, "answer");
	sit_down(&seat, &s);
	wait_for(&seat, "$ ");
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
	finish(&s);
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(what_was_acknowledged_is_there_after_a_crash),
		IN_STORE(a_batch_that_comes_twice_is_taken_once),
		IN_STORE(an_edit_of_what_somebody_else_changed_is_a_conflict),
		IN_STORE(what_stands_before_a_conflict_is_stored),
		IN_STORE(an_edit_that_cannot_be_is_refused),
		IN_STORE(files_are_put_renamed_and_removed),
		IN_STORE(a_run_runs_what_was_typed_and_its_files_come_back),
		IN_STORE(what_is_handed_in_is_what_was_acknowledged),
		IN_STORE(more_time_is_told_by_whoever_sees_it_first),
		IN_STORE(shell_and_page_have_the_same_files),
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
