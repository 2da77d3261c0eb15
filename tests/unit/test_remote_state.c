/* test_remote_state.c - what a machine knows of a session at a server, and whom it believes */
#include "work/remote_state.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define ID "0123456789abcdef"
#define SERVER "https://tali.example:8443"

static int begin(void **state)
{
	struct err err = ERR_INIT;
	char *top = fs_temp_dir("tali-test", &err);

	if (!top)
		return -1;
	setenv("HOME", top, 1);
	unsetenv("XDG_STATE_HOME");
	*state = top;
	return 0;
}

static int end(void **state)
{
	char *top = *state;

	fs_temp_release(&top);
	return 0;
}

/* A work folder NAME that points at the session. */
static char *work_folder(const char *top, const char *name, const char *server)
{
	char *folder = fs_join(top, name);
	AUTO_FREE char *git = fs_join(folder, ".git");
	struct err err = ERR_INIT;

	assert_int_equal(fs_mkdirs(git, 0755, &err), 0);
	assert_int_equal(session_write(folder, NULL, server, ID, &err), 0);
	return folder;
}

static void put(const char *server, const char *token, const char *folder)
{
	AUTO(remote_state_release) struct remote_state made = REMOTE_STATE_INIT;
	struct err err = ERR_INIT;

	if (remote_state_put(server, token, ID, folder, &made, &err) < 0)
		fail_msg("%s", err.text);
}

static enum err_code get(const char *folder, struct remote_state *ret)
{
	AUTO(session_release) struct session session = SESSION_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(session_find(folder, &session, &err), 0);
	return remote_state_get(&session, ret, &err) < 0 ? err.code : ERR_NONE;
}

/* --- links */

static void link_gives(const char *link, const char *server, const char *token)
{
	AUTO_FREE char *got_server = NULL, *got_token = NULL;
	struct err err = ERR_INIT;

	if (remote_state_link(link, &got_server, &got_token, &err) < 0)
		fail_msg("%s: %s", link, err.text);
	assert_string_equal(got_server, server);
	assert_string_equal(got_token, token);
}

static void links_of_invitations_are_taken_apart(void **state)
{
	(void)state;
	link_gives("https://tali.example/t/abc123", "https://tali.example", "abc123");
	link_gives("https://Tali.Example:8443/t/abc/", "https://tali.example:8443", "abc");
	link_gives("https://[2001:db8::1]:8443/t/abc", "https://[2001:db8::1]:8443", "abc");
	link_gives("http://127.0.0.1:7070/t/abc", "http://127.0.0.1:7070", "abc");
	link_gives("http://[::1]/t/abc", "http://[::1]", "abc");
	link_gives("http://localhost:1/t/abc", "http://localhost:1", "abc");
}

static void other_links_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "tali.example/t/abc", "ftp://tali.example/t/abc", "https://", "https:///t/abc",
		"https://a b/t/abc", "https://user:secret@tali.example/t/abc",
		"https://tali.example@evil.example/t/abc", "https://tali.example:0/t/abc",
		"https://tali.example:70000/t/abc", "https://tali.example:8x/t/abc",
		"https://tali.example/", "https://tali.example/t/", "https://tali.example/t/a/b",
		"https://tali.example/t/a?b", "https://tali.example/t/a%20b",
		"https://tali.example\\.evil.example/t/abc", "https://[::1/t/abc",
		"https://tali.example\n/t/abc",
		/* anybody could read the token */
		"http://tali.example/t/abc", "http://127.0.0.1.evil.example/t/abc",
		"http://localhost.evil.example/t/abc", "http://127.0.0.999/t/abc",
		"http://128.0.0.1/t/abc", "http://[2001:db8::1]/t/abc",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct err err = ERR_INIT;
		char *server = NULL, *token = NULL;

		if (remote_state_link(wrong[i], &server, &token, &err) == 0)
			fail_msg("%s was taken for a link", wrong[i]);
		assert_int_equal(err.code, ERR_USAGE);
		assert_null(server);
		assert_null(token);
	}
}

/* --- on disk */

static void a_state_is_read_as_it_was_put(void **state)
{
	AUTO_FREE char *folder = work_folder(*state, "read", SERVER);
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;
	AUTO_FREE char *token = NULL;
	struct stat st;

	put(SERVER, "secret1", folder);
	assert_int_equal(get(folder, &got), ERR_NONE);
	assert_string_equal(got.server, SERVER);
	assert_string_equal(got.token, "secret1");
	assert_string_equal(got.folder, folder);
	assert_string_equal(got.assessment_id, ID);
	assert_true(rand_is_id(got.client));
	assert_non_null(strstr(got.path, "/.local/state/tali/" ID));
	token = fs_join(got.path, "token");
	assert_int_equal(stat(token, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(got.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void a_new_token_keeps_the_client(void **state)
{
	AUTO_FREE char *folder = work_folder(*state, "read", SERVER);
	AUTO(remote_state_release) struct remote_state before = REMOTE_STATE_INIT;
	AUTO(remote_state_release) struct remote_state after = REMOTE_STATE_INIT;

	put(SERVER, "secret1", folder);
	assert_int_equal(get(folder, &before), ERR_NONE);
	put(SERVER, "secret2", folder);
	assert_int_equal(get(folder, &after), ERR_NONE);
	assert_string_equal(after.token, "secret2");
	assert_string_equal(after.client, before.client);
}

static void a_session_has_one_work_folder(void **state)
{
	AUTO_FREE char *first = work_folder(*state, "read", SERVER);
	AUTO_FREE char *second = work_folder(*state, "second", SERVER);
	AUTO_FREE char *pointer = fs_join(first, ".git/tali.json");
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;
	struct err err = ERR_INIT;

	put(SERVER, "secret1", first);
	assert_int_equal(get(second, &got), ERR_STATE);
	assert_int_equal(remote_state_put(SERVER, "secret1", ID, second, &got, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_non_null(strstr(err.text, first));
	/* gone: the other may have it */
	assert_int_equal(unlink(pointer), 0);
	put(SERVER, "secret1", second);
	assert_int_equal(get(second, &got), ERR_NONE);
	assert_int_equal(unlink(pointer) < 0, true);
}

/* A server that claims the session of another gets nothing of it. */
static void a_session_stays_with_its_server(void **state)
{
	AUTO_FREE char *folder = work_folder(*state, "second", SERVER);
	AUTO_FREE char *evil = work_folder(*state, "evil", "https://evil.example");
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;
	struct err err = ERR_INIT;

	put(SERVER, "secret1", folder);
	assert_int_equal(get(evil, &got), ERR_STATE);
	assert_int_equal(remote_state_put("https://evil.example", "x", ID, evil, &got, &err), -1);
	assert_int_equal(err.code, ERR_STATE);
	assert_int_equal(get(folder, &got), ERR_NONE);
	assert_string_equal(got.token, "secret1");
}

static void ids_that_lead_elsewhere_are_refused(void **state)
{
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(remote_state_put(SERVER, "x", "../../../../etc/", *state, &got, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
}

static void a_folder_that_others_can_write_is_refused(void **state)
{
	AUTO_FREE char *folder = work_folder(*state, "second", SERVER);
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;

	put(SERVER, "secret1", folder);
	assert_int_equal(get(folder, &got), ERR_NONE);
	assert_int_equal(chmod(got.path, 0777), 0);
	remote_state_release(&got);
	assert_int_equal(get(folder, &got), ERR_STATE);
}

static void a_machine_without_the_state_says_how_to_get_it(void **state)
{
	AUTO_FREE char *folder = work_folder(*state, "lost", SERVER);
	AUTO(session_release) struct session session = SESSION_INIT;
	AUTO(remote_state_release) struct remote_state got = REMOTE_STATE_INIT;
	struct err err = ERR_INIT;

	setenv("XDG_STATE_HOME", folder, 1);
	assert_int_equal(session_find(folder, &session, &err), 0);
	assert_int_equal(remote_state_get(&session, &got, &err), -1);
	unsetenv("XDG_STATE_HOME");
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "tali start"));
}

/* --- who works on it */

static void one_has_the_lock(void **state)
{
	AUTO(remote_state_release) struct remote_state session = { .path = buf_strdup(*state) };
	struct err err = ERR_INIT;
	int first = remote_state_lock(&session, 0, &err);

	assert_true(first >= 0);
	assert_int_equal(remote_state_lock(&session, 40, &err), -1);
	assert_int_equal(err.code, ERR_ENV);
	close(first);
	first = remote_state_lock(&session, 0, &err);
	assert_true(first >= 0);
	close(first);
}

/* Takes the lock as `tali watch` does, says so, and waits for its end. */
static pid_t watch(const char *path, int said, int until)
{
	pid_t child = fork();
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char byte;
	int fd;

	if (child != 0)
		return child;
	fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fcntl(fd, F_SETLK, &lock) < 0 || write(said, "x", 1) < 0)
		_exit(1);
	_exit(read(until, &byte, 1) < 0);
}

static void the_watcher_is_known_while_it_lives(void **state)
{
	AUTO(remote_state_release) struct remote_state session = { .path = buf_strdup(*state) };
	AUTO_FREE char *path = fs_join(*state, "watch.pid");
	int said[2], until[2], status;
	pid_t child;
	char byte;

	assert_int_equal(pipe(said), 0);
	assert_int_equal(pipe(until), 0);
	assert_int_equal(remote_state_watcher(&session), 0);
	child = watch(path, said[1], until[0]);
	assert_int_equal(read(said[0], &byte, 1), 1);
	assert_int_equal(remote_state_watcher(&session), child);
	assert_int_equal(write(until[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(remote_state_watcher(&session), 0);
	for (int i = 0; i < 2; i++) {
		close(said[i]);
		close(until[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_of_invitations_are_taken_apart),
		cmocka_unit_test(other_links_are_refused),
		cmocka_unit_test(a_state_is_read_as_it_was_put),
		cmocka_unit_test(a_new_token_keeps_the_client),
		cmocka_unit_test(a_session_has_one_work_folder),
		cmocka_unit_test(a_session_stays_with_its_server),
		cmocka_unit_test(ids_that_lead_elsewhere_are_refused),
		cmocka_unit_test(a_folder_that_others_can_write_is_refused),
		cmocka_unit_test(a_machine_without_the_state_says_how_to_get_it),
		cmocka_unit_test(one_has_the_lock),
		cmocka_unit_test(the_watcher_is_known_while_it_lives),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
