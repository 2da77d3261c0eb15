/* sandbox_lives.c - nothing outlives a run, and what it leaves behind is harmless */
#include "sandbox_play.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "sandbox/probe.h"

static void a_child_that_holds_the_pipe_does_not_hold_us(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "pipe_holder");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "done\n");
	/* the supervisor would end it after 5 seconds if pid 1 could not */
	assert_true(play.took_ms < 4500);
}

static void a_daemon_dies_with_the_run(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "orphan", play_mark);
	play_assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play_count_marked(), 0);
}

static int refuse_to_fill(void *arg, int work, struct err *err)
{
	(void)arg;
	(void)work;
	return err_set(err, ERR_INPUT, "no");
}

static void a_caller_may_give_up_while_filling(void **state)
{
	PLAY(play);

	(void)state;
	play.io.fill = refuse_to_fill;
	ACT(&play, "exit");
	assert_int_equal(play.failed, -1);
	assert_string_equal(play.err.text, "no");
}

static void *play_in_thread(void *arg)
{
	ACT((struct play *)arg, "cpu_orphan", "ms=50");
	return NULL;
}

static void runs_may_go_on_at_the_same_time(void **state)
{
	struct play plays[4];
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		play_prepare(&plays[i]);
		assert_int_equal(pthread_create(&threads[i], NULL, play_in_thread, &plays[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 4; i++) {
		play_assert_verdict(&plays[i], VERDICT_OK);
		play_release(&plays[i]);
	}
}

/* --- what is left in the work folder */

static int collect_traps(void *arg, int work, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(100);

	(void)arg;
	assert_int_equal(fs_read(work, "link", 100, &text, err), -1);
	assert_int_equal(fs_read(work, "fifo", 100, &text, err), -1);
	assert_int_equal(text.len, 0);
	assert_int_equal(fs_read(work, "file", 100, &text, err), 0);
	assert_string_equal(buf_str(&text), "good");
	return 0;
}

static void traps_left_in_the_work_folder_are_not_followed(void **state)
{
	PLAY(play);

	(void)state;
	play.io.collect = collect_traps;
	RUN(&play, "sh", "-c", "ln -s /etc/passwd link; mkfifo fifo; printf good >file");
	play_assert_verdict(&play, VERDICT_OK);
}

static int remove_depths(void *arg, int work, struct err *err)
{
	(void)arg;
	return fs_remove_tree(work, "deep", err);
}

static void a_deep_tree_can_be_removed(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.inodes = 5000;
	play.plan.limits.cpu_ms = 60000;
	play.plan.limits.wall_ms = 120000;
	play.io.collect = remove_depths;
	ACT(&play, "deep_tree", "levels=2000");
	play_assert_verdict(&play, VERDICT_OK);
}

static int fill_tree(void *arg, int work, struct err *err)
{
	int fd;

	(void)arg;
	if (mkdirat(work, "sub", 0700) < 0 || symlinkat("/usr/bin/env", work, "link") < 0)
		return err_sys(err, "fill");
	fd = openat(work, "sub/script", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	if (fd < 0 || fs_write_all(fd, "#!/bin/sh\npwd\necho ok >own\ncat own\n", 35) < 0)
		return err_sys(err, "fill");
	close(fd);
	return 0;
}

static void a_filled_folder_is_the_payloads_own(void **state)
{
	struct stat before, after;
	PLAY(play);

	(void)state;
	assert_int_equal(stat("/usr/bin/env", &before), 0);
	play.io.fill = fill_tree;
	play.plan.cwd = "sub";
	RUN(&play, "./script");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "/work/sub\nok\n");
	assert_int_equal(stat("/usr/bin/env", &after), 0);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_mode, before.st_mode);
}

static void a_working_folder_outside_of_work_is_refused(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.cwd = "../etc";
	ACT(&play, "exit");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void the_environment_is_the_one_asked_for(void **state)
{
	static const char *const env[] = { "A=1", "PATH=/usr/bin", NULL };
	PLAY(play);

	(void)state;
	play.plan.env = env;
	RUN(&play, "env");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "A=1\nPATH=/usr/bin\n");
}

static void a_command_that_is_too_long_is_refused(void **state)
{
	AUTO_FREE char *word = buf_alloc(200001);
	PLAY(play);

	(void)state;
	memset(word, 'x', 200000);
	ACT(&play, "exit", word);
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void a_machine_that_runs_this_can_be_probed(void **state)
{
	struct probe_line lines[GUARD_COUNT];
	int count = probe_machine(play_sandbox, lines, GUARD_COUNT);

	(void)state;
	assert_int_equal(count, GUARD_COUNT);
	for (int i = 0; i < count; i++) {
		print_message("%s: %d, %s%s\n", lines[i].name, lines[i].state, lines[i].how,
			      lines[i].mend);
		assert_true(!lines[i].required || lines[i].state != PROBE_MISSING);
		assert_true(lines[i].state == PROBE_ENFORCED || *lines[i].mend);
	}
}

const struct CMUnitTest sandbox_life_tests[] = {
	cmocka_unit_test(a_child_that_holds_the_pipe_does_not_hold_us),
	cmocka_unit_test(a_daemon_dies_with_the_run),
	cmocka_unit_test(a_caller_may_give_up_while_filling),
	cmocka_unit_test(runs_may_go_on_at_the_same_time),
	cmocka_unit_test(traps_left_in_the_work_folder_are_not_followed),
	cmocka_unit_test(a_deep_tree_can_be_removed),
	cmocka_unit_test(a_filled_folder_is_the_payloads_own),
	cmocka_unit_test(a_working_folder_outside_of_work_is_refused),
	cmocka_unit_test(the_environment_is_the_one_asked_for),
	cmocka_unit_test(a_command_that_is_too_long_is_refused),
	cmocka_unit_test(a_machine_that_runs_this_can_be_probed),
	{ 0 },
};
