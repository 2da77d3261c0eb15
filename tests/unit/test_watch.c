/* test_watch.c - what happens in a folder is told as it was meant, and nothing of it is missed */
#include "workspace/watch.h"

#include "base/auto.h"
#include "base/hash.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static const char *const skip[] = { "__pycache__", NULL };
static const struct fs_limits limits = {
	.files = 40, .bytes = 1 << 20, .file_bytes = 4096, .depth = 4,
};

struct desk {
	char *path;
	int fd;
	struct watch *watch;
	struct buf told;	/* one line for each change */
	int64_t now;
};

static void run(const struct desk *desk, const char *script)
{
	AUTO_FREE char *whole = buf_format("cd '%s' || exit 1\n%s", desk->path, script);

	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, whole, NULL };
	int status = -1;
	pid_t pid;

	assert_int_equal(posix_spawnp(&pid, "sh", NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void open_desk(struct desk *desk, const char *script)
{
	struct err err = ERR_INIT;

	*desk = (struct desk){ .told = BUF_INIT(65536), .now = 1000 };
	desk->path = fs_temp_dir("watch", &err);
	assert_non_null(desk->path);
	desk->fd = open(desk->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	run(desk, script);
	desk->watch = watch_open(desk->fd, skip, &limits, &err);
	assert_non_null(desk->watch);
}

static void close_desk(struct desk *desk)
{
	watch_close(&desk->watch);
	buf_release(&desk->told);
	close(desk->fd);
	fs_temp_release(&desk->path);
}

#define DESK(name, script) \
	AUTO(close_desk) struct desk name; \
	open_desk(&name, script)

static int tell(void *arg, const struct watch_change *change, struct err *err)
{
	static const char *const names[] = {
		"folder", "made", "written", "mode", "moved", "gone", "gone folder",
	};
	struct desk *desk = arg;

	(void)err;
	buf_add_format(&desk->told, "%s %s", names[change->kind], change->path);
	if (change->from)
		buf_add_format(&desk->told, " from %s", change->from);
	if (change->kind == WATCH_MADE || change->kind == WATCH_WRITTEN)
		buf_add_format(&desk->told, " '%s'",
			       change->content ? buf_str(change->content) : "(no content)");
	if (change->executable)
		buf_add_str(&desk->told, " executable");
	buf_add_byte(&desk->told, '\n');
	return 0;
}

/* The kernel has told before the script ends: what it writes is in the queue. */
static void take(struct desk *desk)
{
	struct pollfd fd = { .fd = watch_fd(desk->watch), .events = POLLIN };

	assert_int_equal(poll(&fd, 1, 10000), 1);
	watch_take(desk->watch, desk->now);
}

static void look(struct desk *desk, bool all)
{
	struct err err = ERR_INIT;

	buf_clear(&desk->told);
	assert_int_equal(watch_look(desk->watch, all, desk->now, tell, desk, &err), 0);
}

static void assert_told(struct desk *desk, const char *script, const char *expected)
{
	run(desk, script);
	take(desk);
	assert_true(watch_due(desk->watch) > desk->now);
	look(desk, false);
	assert_string_equal(buf_str(&desk->told), expected);
	assert_int_equal(watch_due(desk->watch), -1);
	/* and once is enough */
	look(desk, true);
	assert_string_equal(buf_str(&desk->told), "");
}

static void what_was_there_is_no_change(void **state)
{
	DESK(desk, "echo 1 >a; mkdir -p b/c; echo 2 >b/c/d");

	(void)state;
	assert_int_equal(watch_due(desk.watch), -1);
	look(&desk, true);
	assert_string_equal(buf_str(&desk.told), "");
}

static void a_file_that_is_written_is_told_with_its_content(void **state)
{
	DESK(desk, "echo 1 >a; mkdir -p b/c; echo 2 >b/c/d");

	(void)state;
	assert_told(&desk, "printf 3 >a", "written a '3'\n");
	assert_told(&desk, "printf 4 >b/c/d; printf 5 >e; chmod +x e",
		    "written b/c/d '4'\nmade e '5' executable\n");
	assert_told(&desk, "chmod -x e; chmod +x a", "mode a executable\nmode e\n");
	assert_told(&desk, ": >a", "written a '' executable\n");
	assert_told(&desk, "rm a b/c/d", "gone b/c/d\ngone a\n");
}

static void an_editor_that_replaces_the_file_has_written_it(void **state)
{
	DESK(desk, "echo 1 >a");

	(void)state;
	/* a new one moved over it: sed -i */
	assert_told(&desk, "printf 2 >.tmp; mv .tmp a", "written a '2'\n");
	/* the old one moved away, a new one, the old one removed: vim */
	assert_told(&desk, "mv a a~; printf 3 >a; rm a~", "written a '3'\n");
	/* the same, and the old one stays */
	assert_told(&desk, "mv a a~; printf 4 >a", "written a '4'\nmade a~ '3'\n");
	/* one that was told already is moved over it */
	assert_told(&desk, "mv a~ a", "written a '3'\ngone a~\n");
}

static void a_file_that_is_only_touched_has_not_changed(void **state)
{
	DESK(desk, "printf 1 >a");

	(void)state;
	assert_told(&desk, "touch a; printf 1 >a; mv a b; cp b a; rm b", "");
}

static void what_is_moved_is_told_as_that(void **state)
{
	DESK(desk, "echo 1 >a; mkdir -p d/e; echo 2 >d/e/f; echo 3 >d/g");

	(void)state;
	assert_told(&desk, "mv a b", "moved b from a\n");
	assert_told(&desk, "mv b d/", "moved d/b from b\n");
	assert_told(&desk, "mv d h",
		    "folder h\nmoved h/b from d/b\nfolder h/e\nmoved h/e/f from d/e/f\n"
		    "moved h/g from d/g\ngone folder d/e\ngone folder d\n");
	/* it is watched where it is now */
	assert_told(&desk, "printf 4 >h/e/f", "written h/e/f '4'\n");
	assert_told(&desk, "mv h/e/f x; printf 5 >x", "made x '5'\ngone h/e/f\n");
}

static void folders_are_watched_from_the_moment_they_are_made(void **state)
{
	DESK(desk, "true");

	(void)state;
	assert_told(&desk, "mkdir -p a/b; printf 1 >a/b/c",
		    "folder a\nfolder a/b\nmade a/b/c '1'\n");
	assert_told(&desk, "printf 2 >a/b/c", "written a/b/c '2'\n");
	assert_told(&desk, "rm -r a; mkdir a; printf 3 >a/d",
		    "made a/d '3'\ngone a/b/c\ngone folder a/b\n");
	assert_told(&desk, "printf 4 >a/d", "written a/d '4'\n");
	assert_told(&desk, "mv a b; mkdir a; printf 5 >a/d; printf 6 >b/e",
		    "written a/d '5'\nfolder b\nmade b/d '4'\nmade b/e '6'\n");
	assert_told(&desk, "printf 7 >a/d; printf 8 >b/d", "written a/d '7'\nwritten b/d '8'\n");
	assert_told(&desk, "rm -r a b",
		    "gone a/d\ngone folder a\ngone b/e\ngone b/d\ngone folder b\n");
}

static void a_name_may_become_another_kind_of_thing(void **state)
{
	DESK(desk, "echo 1 >a; mkdir b; echo 2 >b/c");

	(void)state;
	assert_told(&desk, "rm a; mkdir a; printf 3 >a/x", "gone a\nfolder a\nmade a/x '3'\n");
	assert_told(&desk, "rm -r b; printf 4 >b", "gone b/c\ngone folder b\nmade b '4'\n");
	assert_told(&desk, "rm b; ln -s /etc/passwd b", "gone b\n");
}

static void links_odd_files_and_forbidden_names_are_not_followed(void **state)
{
	DESK(desk, "mkdir out; echo 1 >out/x");

	(void)state;
	assert_told(&desk, "ln -s out in; mkfifo p; mkdir .git __pycache__; echo 2 >.git/x; "
		    "echo 3 >__pycache__/y; ln -s /etc/passwd q; printf 4 >fine",
		    "made fine '4'\n");
}

static void what_is_beyond_a_limit_is_left_out(void **state)
{
	DESK(desk, "true");

	(void)state;
	assert_told(&desk, "head -c 4097 /dev/zero >big", "made big '(no content)'\n");
	assert_told(&desk, "mkdir -p 1/2/3/4/5/6",
		    "folder 1\nfolder 1/2\nfolder 1/2/3\nfolder 1/2/3/4\n");
	assert_int_equal(watch_left_out(desk.watch), 2);
	run(&desk, "for i in $(seq 100); do : >f$i; done");
	take(&desk);
	look(&desk, false);
	assert_int_equal(watch_left_out(desk.watch) > 60, 1);
}

static void changes_that_follow_each_other_are_looked_at_once(void **state)
{
	DESK(desk, "true");

	(void)state;
	run(&desk, "echo 1 >a");
	take(&desk);
	assert_int_equal(watch_due(desk.watch), 1000 + WATCH_QUIET_MS);
	desk.now = 1090;
	run(&desk, "echo 2 >a");
	take(&desk);
	assert_int_equal(watch_due(desk.watch), 1090 + WATCH_QUIET_MS);
	desk.now = 1990;
	run(&desk, "echo 3 >a");
	take(&desk);
	assert_int_equal(watch_due(desk.watch), 1000 + WATCH_MOST_MS);
	look(&desk, false);
	assert_string_equal(buf_str(&desk.told), "made a '3\n'\n");
}

/* Three events each time; the queue of the kernel takes 16384. */
static void make_and_remove(const struct desk *desk, const char *name, int times)
{
	for (; times; times--) {
		int fd = openat(desk->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(unlinkat(desk->fd, name, 0), 0);
	}
}

static void what_the_kernel_could_not_tell_is_found_all_the_same(void **state)
{
	DESK(desk, "mkdir d; echo 1 >d/a; printf x >m");

	(void)state;
	/* past the length of its queue, of which the end is lost */
	make_and_remove(&desk, "t", 9000);
	run(&desk, "printf 2 >d/a");
	take(&desk);
	look(&desk, false);
	assert_string_equal(buf_str(&desk.told), "written d/a '2'\n");
	/* nothing was told at all: the look at everything finds it */
	run(&desk, "printf 3 >d/a");
	look(&desk, true);
	assert_string_equal(buf_str(&desk.told), "written d/a '3'\n");
}

static int refuse(void *arg, const struct watch_change *change, struct err *err)
{
	(void)arg;
	return err_set(err, ERR_ENV, "no %s", change->path);
}

static void who_is_told_may_stop(void **state)
{
	DESK(desk, "true");
	struct err err = ERR_INIT;

	(void)state;
	run(&desk, "echo 1 >a; echo 2 >b");
	take(&desk);
	assert_int_equal(watch_look(desk.watch, false, 0, refuse, NULL, &err), -1);
	assert_string_equal(err.text, "no a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_there_is_no_change),
		cmocka_unit_test(a_file_that_is_written_is_told_with_its_content),
		cmocka_unit_test(an_editor_that_replaces_the_file_has_written_it),
		cmocka_unit_test(a_file_that_is_only_touched_has_not_changed),
		cmocka_unit_test(what_is_moved_is_told_as_that),
		cmocka_unit_test(folders_are_watched_from_the_moment_they_are_made),
		cmocka_unit_test(a_name_may_become_another_kind_of_thing),
		cmocka_unit_test(links_odd_files_and_forbidden_names_are_not_followed),
		cmocka_unit_test(what_is_beyond_a_limit_is_left_out),
		cmocka_unit_test(changes_that_follow_each_other_are_looked_at_once),
		cmocka_unit_test(what_the_kernel_could_not_tell_is_found_all_the_same),
		cmocka_unit_test(who_is_told_may_stop),
	};

	hash_init();
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
