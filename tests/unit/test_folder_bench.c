/* test_folder_bench.c - an agent at work in a work folder, beside its owner */
#include "assess/folder_bench.h"
#include "assess/folder_change.h"
#include "assess/invite.h"
#include "assess/run_program.h"
#include "assess/start.h"
#include "assess/submit.h"
#include "assess/verify.h"
#include "store/config.h"
#include "tool_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

struct desk {
	struct fixture *f;
	struct journal_writer *writer;
	struct start_result started;
	struct session session;
	struct tool_user user;
};

static void sit_down(struct desk *d, void **state)
{
	AUTO(invite_result_release) struct invite_result invited = INVITE_RESULT_INIT;
	const struct invite_request request = { .task = "live", .email = "ada@example.org" };
	struct start_request start = { .source = "test" };
	struct err err = ERR_INIT;

	*d = (struct desk){ .f = *state, .started = START_RESULT_INIT, .session = SESSION_INIT };
	make_task(d->f);
	must(config_set(d->f->store, "sandbox.allow_weak", "true", &err), &err);
	must(invite_make(d->f->store, &request, &invited, &err), &err);
	AUTO_FREE char *folder = fs_join(d->f->folder, "work");

	start.words = invited.passcode;
	start.folder = folder;
	must(start_session(d->f->store, &start, &d->started, &err), &err);
	must(session_find(folder, &d->session, &err), &err);
	d->writer = journal_writer_open(d->f->folder, &d->f->clock, &err);
	must(d->writer ? 0 : -1, &err);
	d->user = (struct tool_user){ d->f->store, d->writer, d->session.assessment_id,
				      folder_bench_new(&d->session, sandbox, false, &err) };
	must(d->user.bench ? 0 : -1, &err);
}

static void get_up(struct desk *d)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct verify_summary summary;
	struct err err = ERR_INIT;

	must(assessment_get(d->f->store, d->session.assessment_id, &now, &err), &err);
	must(verify_assessment(d->f->store, &now, &summary, &err), &err);
	d->user.bench->ops->release(d->user.bench);
	journal_writer_close(&d->writer);
	session_release(&d->session);
	start_result_release(&d->started);
}

static void assert_there(struct desk *d, const char *path, const char *wanted)
{
	AUTO_FREE char *full = fs_join(d->session.folder, path);
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;

	must(fs_read(AT_FDCWD, full, 1 << 20, &bytes, &err), &err);
	assert_string_equal(buf_str(&bytes), wanted);
}

static void put_there(struct desk *d, const char *path, const char *text)
{
	write_file(d->session.folder, path, text);
}

static void what_it_writes_is_in_the_folder_and_on_record(void **state)
{
	struct desk d;

	sit_down(&d, state);
	put_there(&d, "answer", "41\n");
	assert_does(&d.user, "read_file", path_input("answer"), "41\n");
	assert_does(&d.user, "write_file", write_input("answer", "42\n"), "3 bytes");
	assert_does(&d.user, "write_file", write_input("lib/a.sh", "echo a\n"), "7 bytes");
	assert_does(&d.user, "list_files", json_object(), "lib/a.sh (7)");
	assert_there(&d, "answer", "42\n");
	assert_there(&d, "lib/a.sh", "echo a\n");
	assert_int_equal(events_with(&d.user, "file", "\"origin\":\"ai\""), 2);
	/* the owner's change, and each of the two */
	assert_int_equal(events_with(&d.user, "snapshot", "\"reason\":\"idle\""), 3);
	get_up(&d);
}

static void hostile_calls_do_no_harm(void **state)
{
	struct desk d;

	sit_down(&d, state);
	try_hostile_files(&d.user);
	try_hostile_inputs(&d.user);
	assert_there(&d, "answer", "7\n");
	get_up(&d);
}

static void links_are_not_followed(void **state)
{
	struct desk d;
	AUTO_FREE char *outside = NULL, *link = NULL, *folder = NULL;

	sit_down(&d, state);
	outside = fs_join(d.f->folder, "outside");
	assert_int_equal(mkdir(outside, 0755), 0);
	write_file(outside, "secret", "secret\n");
	link = fs_join(d.session.folder, "link");
	folder = fs_join(d.session.folder, "folder");
	AUTO_FREE char *secret = fs_join(outside, "secret");
	assert_int_equal(symlink(secret, link), 0);
	assert_int_equal(symlink(outside, folder), 0);
	assert_refuses(&d.user, "read_file", path_input("link"), "no file");
	assert_refuses(&d.user, "read_file", path_input("folder/secret"), "no file");
	assert_refuses(&d.user, "write_file", write_input("link", "x"), "a link");
	assert_refuses(&d.user, "write_file", write_input("folder/secret", "x"), "a link");
	assert_refuses(&d.user, "write_file", write_input("answer/below", "x"), "");
	assert_does(&d.user, "execute_bash", command_input("ls; rm -f link; echo x >link"),
		    "not kept");
	write_file(outside, "check", "");
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;
	must(fs_read(AT_FDCWD, secret, 100, &bytes, &err), &err);
	assert_string_equal(buf_str(&bytes), "secret\n");
	get_up(&d);
}

static void commands_change_the_folder_as_the_assistant(void **state)
{
	struct desk d;

	sit_down(&d, state);
	assert_does(&d.user, "execute_bash",
		    command_input("echo 42 >answer; echo t >tool; chmod +x tool; "
				  "rm main.sh; exit 2"),
		    "Exit status 2");
	assert_there(&d, "answer", "42\n");
	assert_there(&d, "main.sh", "echo now $(cat answer); echo made >made\n");
	assert_int_equal(events_with(&d.user, "file", "\"origin\":\"ai\""), 2);
	assert_int_equal(events_with(&d.user, "file", "\"executable\":true"), 1);
	assert_int_equal(events_with(&d.user, "run", "\"exit_status\":2"), 1);
	assert_does(&d.user, "execute_bash", command_input("true"), "Exit status 0");
	assert_int_equal(events_with(&d.user, "run", ""), 2);
	get_up(&d);
}

static void tests_run_and_tell_the_visible_cases(void **state)
{
	struct desk d;
	bool ok;
	AUTO_FREE char *text = NULL;

	sit_down(&d, state);
	put_there(&d, "answer", "42\n");
	text = call_tool(&d.user, "run_tests", json_object(), &ok);
	assert_true(ok);
	assert_non_null(strstr(text, "1 of 1 passed"));
	assert_null(strstr(text, "judge"));
	assert_int_equal(events_with(&d.user, "test", "\"passed\":1,"), 1);
	get_up(&d);
}

struct meddler {
	struct desk *d;
	const char *tool;
	json_t *input;
	bool ok;
	char *text;
};

static void *call_it(void *arg)
{
	struct meddler *m = arg;
	struct tool_user user = m->d->user;

	user.store = fixture_open(m->d->f);
	m->text = call_tool(&user, m->tool, m->input, &m->ok);
	store_close(&user.store);
	return NULL;
}

/* Waits until the tool runs: the folder was saved for it. */
static void call_beside(struct meddler *m, pthread_t *thread, const char *reason)
{
	pthread_create(thread, NULL, call_it, m);
	while (!events_with(&m->d->user, "snapshot", reason))
		;
}

static void add(struct folder_change *change, struct run_setting *setting, const char *path,
		const char *content)
{
	struct err err = ERR_INIT;
	char oid[REPO_OID_SIZE];

	must(repo_write_blob(setting->repo, content, strlen(content), oid, &err), &err);
	folder_change_add(change, path, oid, false);
}

static void what_the_owner_changed_meanwhile_is_kept(void **state)
{
	struct desk d;
	AUTO(run_setting_release) struct run_setting setting = RUN_SETTING_INIT;
	AUTO(folder_change_release) struct folder_change made = { 0 };
	struct err err = ERR_INIT;

	sit_down(&d, state);
	must(run_setting_prepare(d.f->store, &d.session, "for this", "run", false, &setting, &err),
	     &err);
	made.repo = setting.repo;
	made.from = setting.snapshot.tree;
	add(&made, &setting, "answer", "theirs\n");
	add(&made, &setting, "new", "x\n");
	put_there(&d, "answer", "mine\n");
	must(folder_change_make(&made, d.f->store, &setting, NULL, &err), &err);
	assert_int_equal(made.kept, 1);
	assert_there(&d, "answer", "mine\n");
	assert_there(&d, "new", "x\n");
	assert_int_equal(events_with(&d.user, "file", "\"origin\":\"ai\""), 1);
	get_up(&d);
}

/* The same session in a browser: its file is not in the folder, and in the way on the record. */
static void a_page_that_works_on_the_same_session_does_no_harm(void **state)
{
	struct desk d;
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err err = ERR_INIT;

	sit_down(&d, state);
	must(event_list_add(&list, "candidate", "file",
			    json_pack("{s:s, s:s}", "op", "create", "path", "lib"), 0, &err), &err);
	must(journal_writer_append(d.writer, d.session.assessment_id, &list, NULL, &err), &err);
	assert_does(&d.user, "write_file", write_input("lib/a.sh", "echo a\n"), "7 bytes");
	assert_there(&d, "lib/a.sh", "echo a\n");
	get_up(&d);
}

static void what_is_stopped_ends_and_is_on_record_so(void **state)
{
	struct desk d;
	struct meddler m = { .d = &d, .tool = "execute_bash" };
	struct meddler tests = { .d = &d, .tool = "run_tests" };
	pthread_t thread;

	sit_down(&d, state);
	m.input = command_input("sleep 1000");
	tests.input = json_object();
	put_there(&d, "other", "x\n");
	call_beside(&m, &thread, "\"reason\":\"run\"");
	d.user.bench->ops->stop(d.user.bench);
	pthread_join(thread, NULL);
	assert_false(m.ok);
	assert_string_equal(m.text, "it was stopped");
	free(m.text);
	assert_int_equal(events_with(&d.user, "run", "sleep 1000"), 1);
	d.user.bench->ops->release(d.user.bench);
	struct err err = ERR_INIT;
	d.user.bench = folder_bench_new(&d.session, sandbox, false, &err);
	put_there(&d, "other", "y\n");
	call_beside(&tests, &thread, "\"reason\":\"test\"");
	d.user.bench->ops->stop(d.user.bench);
	pthread_join(thread, NULL);
	assert_string_equal(tests.text, "it was stopped");
	free(tests.text);
	assert_int_equal(events_with(&d.user, "test", "\"verdict\":\"stopped\""), 1);
	assert_int_equal(events_with(&d.user, "ai_tool", "\"stopped\":true"), 2);
	get_up(&d);
}

static void nothing_is_done_after_the_work_was_handed_in(void **state)
{
	struct desk d;
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct snapshot snapshot;
	struct err err = ERR_INIT;
	struct workbench_run run = WORKBENCH_RUN_INIT;
	struct workbench *bench;

	sit_down(&d, state);
	must(submit_session(d.f->store, &d.session, &now, &snapshot, &err), &err);
	assert_refuses(&d.user, "write_file", write_input("answer", "42"), "The session is over");
	assert_refuses(&d.user, "execute_bash", command_input("true"), "The session is over");
	/* the bench itself, too */
	bench = d.user.bench;
	assert_int_equal(bench->ops->write(bench, d.f->store, "answer", "42", 2, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_int_equal(bench->ops->execute(bench, d.f->store, "true", 1000, &run, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	workbench_run_release(&run);
	assert_there(&d, "answer", "7\n");
	get_up(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(what_it_writes_is_in_the_folder_and_on_record),
		IN_STORE(hostile_calls_do_no_harm),
		IN_STORE(links_are_not_followed),
		IN_STORE(commands_change_the_folder_as_the_assistant),
		IN_STORE(tests_run_and_tell_the_visible_cases),
		IN_STORE(what_the_owner_changed_meanwhile_is_kept),
		IN_STORE(a_page_that_works_on_the_same_session_does_no_harm),
		IN_STORE(what_is_stopped_ends_and_is_on_record_so),
		IN_STORE(nothing_is_done_after_the_work_was_handed_in),
	};
	struct err err = ERR_INIT;
	int failed;

	sandbox = sandbox_start(&err);
	failed = cmocka_run_group_tests_name("folder bench", tests, NULL, NULL);
	sandbox_close(&sandbox);
	return failed;
}
