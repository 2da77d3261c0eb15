/* sandbox_breaches.c - standard input and the border, beside what test_hostile.c plays */
#include "sandbox_play.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"

static void assert_held(const struct play *play)
{
	assert_null(strstr(buf_str(&play->out), "BREACH"));
	play_assert_verdict(play, VERDICT_OK);
}

/* What nothing else holds: pid 1 of an ordinary user has the payload's uid. */
static void landlock_keeps_signals_inside(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "reach_first");
	if (syscall(444 /* landlock_create_ruleset: its version */, NULL, 0, 1) < 6) {
		assert_int_equal(play.failed, 0);	/* an older kernel: not promised */
		return;
	}
	assert_held(&play);
	assert_true(play.report.enforced & GUARD_LANDLOCK);
}

static void the_payload_can_talk_to_itself(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "/usr/bin/python3", "-c",
	    "import socket\n"
	    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
	    "c = socket.create_connection(s.getsockname()); c.send(b'x')\n"
	    "print(s.accept()[0].recv(1))\n");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "b'x'\n");
}

static void a_file_as_standard_input_cannot_be_changed(void **state)
{
	char path[] = "/tmp/tali-stdin-XXXXXX";
	AUTO_FD int fd = mkstemp(path);
	char text[4] = "";
	PLAY(play);

	(void)state;
	assert_int_equal(fs_write_all(fd, "old", 3), 0);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	play.plan.stdin_fd = fd;
	ACT(&play, "rewrite_stdin");
	assert_held(&play);
	assert_int_equal(pread(fd, text, 3, 0), 3);
	assert_string_equal(text, "old");
	unlink(path);
}

static void a_pipe_as_standard_input_is_read(void **state)
{
	int ends[2];
	PLAY(play);

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fs_write_all(ends[1], "hello", 5), 0);
	close(ends[1]);
	play.plan.stdin_fd = ends[0];
	RUN(&play, "cat");
	close(ends[0]);
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "hello");
}

static void a_folder_as_standard_input_is_refused(void **state)
{
	AUTO_FD int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	PLAY(play);

	(void)state;
	play.plan.stdin_fd = fd;
	RUN(&play, "cat");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

const struct CMUnitTest sandbox_breach_tests[] = {
	cmocka_unit_test(landlock_keeps_signals_inside),
	cmocka_unit_test(the_payload_can_talk_to_itself),
	cmocka_unit_test(a_file_as_standard_input_cannot_be_changed),
	cmocka_unit_test(a_pipe_as_standard_input_is_read),
	cmocka_unit_test(a_folder_as_standard_input_is_refused),
	{ 0 },
};
