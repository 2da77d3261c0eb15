/* sandbox_terminal.c - a run on a terminal: it has one of its own, is told what happens there, and
 * can be ended */
#include "sandbox_play.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "sandbox/pty.h"

/* What is done when the output, from where it was last looked at, has `seen`. */
struct step {
	const char *seen;
	const char *type;		/* may be NULL */
	int columns, rows;		/* the new size; 0: none */
	enum sandbox_turn turn;
};

struct desk {
	struct play play;
	int master, slave;
	const struct step *step;	/* the next one; the last has no `seen` */
	size_t looked;
};

static void release_desk(struct desk *desk)
{
	play_release(&desk->play);
	close(desk->master);
	close(desk->slave);
}

static void read_all(struct desk *desk)
{
	char part[4096];
	ssize_t got;

	while ((got = read(desk->master, part, sizeof(part))) > 0)
		buf_add(&desk->play.out, part, (size_t)got);
}

static enum sandbox_turn turn(void *arg, struct err *err)
{
	struct desk *desk = arg;
	const struct step *step = desk->step;
	const char *at;

	(void)err;
	read_all(desk);
	at = step->seen ? strstr(buf_str(&desk->play.out) + desk->looked, step->seen) : NULL;
	if (!at)
		return SANDBOX_GO_ON;
	desk->looked = (size_t)(at - desk->play.out.data) + strlen(step->seen);
	desk->step++;
	if (step->columns)
		pty_resize(desk->master, step->columns, step->rows);
	if (step->type)
		fs_write_all(desk->master, step->type, strlen(step->type));
	return step->turn;
}

static int fill_desk(void *arg, int work, struct err *err)
{
	struct desk *desk = arg;
	struct play fresh;

	play_prepare(&fresh);
	return fresh.io.fill(&desk->play, work, err);
}

static void sit_down(struct desk *desk, const struct step *steps)
{
	struct err err = ERR_INIT;

	*desk = (struct desk){ .step = steps, .master = -1, .slave = -1 };
	play_prepare(&desk->play);
	assert_int_equal(pty_open(80, 24, &desk->master, &desk->slave, &err), 0);
	desk->play.plan.terminal = true;
	desk->play.plan.stdin_fd = desk->slave;
	desk->play.io = (struct sandbox_io){
		.arg = desk, .fill = fill_desk, .wake_fd = desk->master, .turn = turn,
	};
}

static const struct step no_steps[] = { { 0 } };

#define DESK(name, steps) \
	AUTO(release_desk) struct desk name; \
	sit_down(&name, steps)

static void run_on(struct desk *desk, const char *const *argv)
{
	play_run(&desk->play, argv);
	read_all(desk);
}
#define RUN_ON(desk, ...) run_on(desk, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_seen(const struct desk *desk, const char *text)
{
	if (!strstr(buf_str(&desk->play.out), text))
		print_message("'%s' is not in: %s\n", text, buf_str(&desk->play.out));
	assert_non_null(strstr(buf_str(&desk->play.out), text));
}

static void it_is_a_terminal_of_that_size(void **state)
{
	static const struct step steps[] = {
		{ "24 80", NULL, 132, 50, SANDBOX_GO_ON },
		{ "resized", "a line\n", 0, 0, SANDBOX_GO_ON },
		{ 0 },
	};
	DESK(desk, steps);

	(void)state;
	RUN_ON(&desk, "bash", "-c", "test -t 0 -a -t 1 -a -t 2 && trap 'stty size; echo resized; "
	       "seen=1' WINCH && stty size && until [ \"$seen\" ]; do sleep 0.01; done; "
	       "read line; echo got $line >/dev/stderr; exit 7");
	play_assert_verdict(&desk.play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(desk.play.report.exit_status, 7);
	assert_seen(&desk, "50 132\r\nresized\r\n");
	assert_seen(&desk, "got a line\r\n");
}

static void a_shell_on_it_controls_jobs(void **state)
{
	static const struct step steps[] = {
		{ "> ", "cat\nhello\n", 0, 0, SANDBOX_GO_ON },
		{ "hello\r\nhello\r\n", "\x1a", 0, 0, SANDBOX_GO_ON },
		{ "Stopped", "jobs\n", 0, 0, SANDBOX_GO_ON },
		{ "Stopped", "fg\nagain\n", 0, 0, SANDBOX_GO_ON },
		{ "cat\r\nagain\r\n", "\x03", 0, 0, SANDBOX_GO_ON },
		{ "> ", "exit 5\n", 0, 0, SANDBOX_GO_ON },
		{ 0 },
	};
	static const char *const env[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TERM=dumb", "PS1=> ", NULL,
	};
	DESK(desk, steps);

	(void)state;
	desk.play.plan.env = env;
	RUN_ON(&desk, "bash", "--norc", "--noediting", "-i");
	assert_int_equal(desk.play.failed, 0);
	assert_int_equal(desk.play.report.exit_status, 5);
	assert_null(strstr(buf_str(&desk.play.out), "no job control"));
	assert_null(desk.step->seen);
}

static void what_is_not_for_its_user_is_refused(void **state)
{
	DESK(desk, no_steps);

	(void)state;
	RUN_ON(&desk, "./hostile", "on_terminal");
	play_assert_verdict(&desk.play, VERDICT_OK);
	play_assert_out(&desk.play, "");
}

static void its_caller_may_end_it(void **state)
{
	static const struct step end[] = { { "ready", NULL, 0, 0, SANDBOX_END }, { 0 } };
	static const struct step cut[] = { { "ready", NULL, 0, 0, SANDBOX_CUT }, { 0 } };
	static const struct step fail[] = { { "ready", NULL, 0, 0, SANDBOX_FAILED }, { 0 } };
	const char *script = "trap '' HUP TERM; echo ready; sleep 1000; sleep 1000";
	DESK(ended, end);
	DESK(stopped, cut);
	DESK(failed, fail);

	(void)state;
	RUN_ON(&ended, "sh", "-c", script);
	play_assert_verdict(&ended.play, VERDICT_WALL_LIMIT);
	RUN_ON(&stopped, "sh", "-c", script);
	play_assert_verdict(&stopped.play, VERDICT_OUTPUT_LIMIT);
	RUN_ON(&failed, "sh", "-c", script, play_mark);
	assert_int_equal(failed.play.failed, -1);
	assert_int_equal(play_count_marked(), 0);
}

/* Process numbers inside begin anew in a new slot. */
static void its_slot_is_thrown_away(void **state)
{
	DESK(desk, no_steps);
	PLAY(play);

	(void)state;
	RUN_ON(&desk, "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do /bin/true; done; echo $$");
	play_assert_verdict(&desk.play, VERDICT_OK);
	RUN(&play, "sh", "-c", "echo $$");
	print_message("%s, then %s", buf_str(&desk.play.out), buf_str(&play.out));
	assert_true(strtol(buf_str(&play.out), NULL, 10) <=
		    strtol(buf_str(&desk.play.out), NULL, 10));
}

static void only_a_fresh_terminal_is_taken(void **state)
{
	AUTO_FD int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	DESK(desk, no_steps);

	(void)state;
	desk.play.plan.stdin_fd = null;
	RUN_ON(&desk, "true");
	assert_int_equal(desk.play.failed, -1);
	assert_int_equal(desk.play.err.code, ERR_INPUT);
	desk.play.plan.stdin_fd = desk.master;
	RUN_ON(&desk, "true");
	assert_int_equal(desk.play.failed, -1);
	/* and without asking for one, none */
	desk.play.plan.stdin_fd = desk.slave;
	desk.play.plan.terminal = false;
	RUN_ON(&desk, "true");
	assert_int_equal(desk.play.failed, -1);
	assert_string_equal(desk.play.err.text,
			    "standard input must be a file, a pipe or a socket");
}

const struct CMUnitTest sandbox_terminal_tests[] = {
	cmocka_unit_test(it_is_a_terminal_of_that_size),
	cmocka_unit_test(a_shell_on_it_controls_jobs),
	cmocka_unit_test(what_is_not_for_its_user_is_refused),
	cmocka_unit_test(its_caller_may_end_it),
	cmocka_unit_test(its_slot_is_thrown_away),
	cmocka_unit_test(only_a_fresh_terminal_is_taken),
	{ 0 },
};
