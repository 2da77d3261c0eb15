/* sandbox_limits.c - how runs end, and what they may use */
#include "sandbox_play.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

static void a_program_that_exits_with_0_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "sh", "-c", "echo out; echo err >&2; pwd; hostname; echo open >/dev/stdout");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "out\n/work\ntali\nopen\n");
	assert_string_equal(buf_str(&play.errors), "err\n");
	assert_int_equal(play.report.exit_status, 0);
	assert_int_equal(play.report.signal, 0);
	assert_int_equal(play.report.output_bytes, strlen("out\n/work\ntali\nopen\nerr\n"));
}

static void an_exit_status_is_reported_as_it_is(void **state)
{
	static const int statuses[] = { 1, 124, 137, 159, 255 };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		char number[16];
		PLAY(play);

		snprintf(number, sizeof(number), "status=%d", statuses[i]);
		ACT(&play, "exit", number);
		play_assert_verdict(&play, VERDICT_RUNTIME_ERROR);
		assert_int_equal(play.report.exit_status, statuses[i]);
		assert_int_equal(play.report.signal, 0);
	}
}

static void a_signal_sent_to_oneself_is_a_runtime_error(void **state)
{
	static const int signals[] = { SIGKILL, SIGXCPU, SIGSYS, SIGTERM, SIGABRT, SIGUSR1 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		char number[16];
		PLAY(play);

		snprintf(number, sizeof(number), "signal=%d", signals[i]);
		ACT(&play, "raise", number);
		play_assert_verdict(&play, VERDICT_RUNTIME_ERROR);
		assert_int_equal(play.report.signal, signals[i]);
		assert_int_equal(play.report.exit_status, -1);
	}
}

static void a_crash_is_a_runtime_error(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "crash");
	play_assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.signal, SIGSEGV);
}

static void a_foreign_system_call_is_a_security_violation(void **state)
{
	PLAY(play);

	(void)state;
#ifdef __x86_64__
	ACT(&play, "compat_int80");
	play_assert_verdict(&play, VERDICT_SECURITY_VIOLATION);
	play_assert_out(&play, "");
#endif
}

static void a_missing_command_exits_with_127(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "no-such-command");
	play_assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.exit_status, 127);
	assert_string_equal(buf_str(&play.errors), "tali: no-such-command: not found\n");
}

static void a_command_that_is_no_program_exits_with_126(void **state)
{
	PLAY(play);

	(void)state;
	RUN(&play, "/etc/passwd");
	play_assert_verdict(&play, VERDICT_RUNTIME_ERROR);
	assert_int_equal(play.report.exit_status, 126);
}

/* --- limits */

static void a_busy_loop_meets_the_time_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.cpu_ms = 300;
	ACT(&play, "cpu_ignore_xcpu");
	play_assert_verdict(&play, VERDICT_TIME_LIMIT);
	/* at 1000 the kernel's own limit would end it */
	assert_in_range(play.report.cpu_ms, 290, 950);
}

static void the_cpu_time_of_children_counts_together(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.cpu_ms = 400;
	ACT(&play, "cpu_children");
	play_assert_verdict(&play, VERDICT_TIME_LIMIT);
	assert_in_range(play.report.cpu_ms, 390, 950);
}

static void the_cpu_time_of_an_orphan_counts(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "cpu_orphan", "ms=300");
	play_assert_verdict(&play, VERDICT_OK);
	assert_in_range(play.report.cpu_ms, 280, 5000);
}

static void each_run_starts_at_0_cpu_time(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		PLAY(play);

		play.plan.limits.cpu_ms = 1500;
		ACT(&play, "cpu_orphan", "ms=800");
		play_assert_verdict(&play, VERDICT_OK);
	}
}

static void a_sleeper_meets_the_wall_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.wall_ms = 1500;	/* a slow machine starts it in less */
	ACT(&play, "wall_ignore");
	play_assert_verdict(&play, VERDICT_WALL_LIMIT);
	assert_in_range(play.report.wall_ms, 1490, 12000);
	play_assert_out(&play, "ready\n");
}

static void a_stopped_program_meets_the_wall_limit(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.wall_ms = 300;
	ACT(&play, "self_stop");
	play_assert_verdict(&play, VERDICT_WALL_LIMIT);
}

static void too_much_memory_meets_the_memory_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "mem_single", "mib=400");
	play_assert_verdict(&play, VERDICT_MEMORY_LIMIT);
	assert_true(play.report.memory_peak > 60 * MIB);
}

static void the_memory_of_children_counts_together(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "mem_multi", "mib=40");
	play_assert_verdict(&play, VERDICT_MEMORY_LIMIT);
}

static void files_in_memory_count_as_memory(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.disk = 400 * MIB;
	ACT(&play, "mem_tmpfs", "folder=/tmp", "mib=300", "stay=100");
	play_assert_verdict(&play, VERDICT_MEMORY_LIMIT);
}

static void a_run_does_not_inherit_the_memory_verdict_of_the_last(void **state)
{
	PLAY(first);
	PLAY(second);

	(void)state;
	ACT(&first, "mem_single", "mib=400");
	play_assert_verdict(&first, VERDICT_MEMORY_LIMIT);
	second.plan.limits.cpu_ms = 300;
	ACT(&second, "cpu_ignore_xcpu");
	play_assert_verdict(&second, VERDICT_TIME_LIMIT);
}

static void memory_below_the_limit_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "mem_single", "mib=40");
	play_assert_verdict(&play, VERDICT_OK);
	assert_in_range(play.report.memory_peak, 38 * MIB, 96 * MIB);
}

static void output_up_to_the_limit_is_ok(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood_pipe", "bytes=65536");
	play_assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play.report.output_bytes, 65536);
	assert_int_equal(play.out.len + play.errors.len, 65536);
}

static void one_byte_too_many_meets_the_output_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood_pipe", "bytes=65537");
	play_assert_verdict(&play, VERDICT_OUTPUT_LIMIT);
	assert_int_equal(play.out.len + play.errors.len, 65536);
}

static void a_flood_meets_the_output_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "flood_pipe", "bytes=1000000000");
	play_assert_verdict(&play, VERDICT_OUTPUT_LIMIT);
	assert_int_equal(play.out.len + play.errors.len, 65536);
	assert_true(play.report.output_bytes > 65536);
	assert_true(play.took_ms < 15000);
}

static void a_fork_bomb_meets_the_process_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "fork_bomb");
	play_assert_verdict(&play, VERDICT_PROCESS_LIMIT);
	play_assert_out(&play, "15\n");
}

static void threads_count_as_processes(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "thread_bomb");
	play_assert_verdict(&play, VERDICT_PROCESS_LIMIT);
	play_assert_out(&play, "15\n");
}

static void a_full_disk_meets_the_disk_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "mem_tmpfs", "folder=/tmp", "mib=100");
	play_assert_verdict(&play, VERDICT_DISK_LIMIT);
}

static void too_many_files_meet_the_disk_limit(void **state)
{
	static const char *const folders[] = { "folder=/work", "folder=/tmp", "folder=/dev/shm" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		PLAY(play);

		ACT(&play, "inode_fill", folders[i]);
		play_assert_verdict(&play, VERDICT_DISK_LIMIT);
		assert_in_range(strtol(buf_str(&play.out), NULL, 10), 200, 300);
	}
}

static void a_file_that_is_too_long_meets_the_disk_limit(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "sparse_file");
	play_assert_verdict(&play, VERDICT_DISK_LIMIT);
}

static void open_files_are_limited(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "open_files");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "29\n");
}

static void a_limit_of_0_is_an_error(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.limits.memory = 0;
	ACT(&play, "exit");
	assert_int_equal(play.failed, -1);
	assert_int_equal(play.err.code, ERR_INPUT);
}

static void a_weak_limit_is_refused_unless_it_is_allowed(void **state)
{
	PLAY(play);

	(void)state;
	play.plan.allow_weak = false;
	ACT(&play, "exit");
	if (play.failed == 0) {
		assert_int_equal(play.report.weak, 0);
		return;
	}
	assert_int_equal(play.err.code, ERR_ENV);
	assert_non_null(strstr(play.err.text, "cannot enforce"));
	assert_non_null(strstr(play.err.text, "memory limit"));
	assert_non_null(strstr(play.err.text, "--allow-weak"));
}

static void a_report_says_which_limits_are_weak(void **state)
{
	PLAY(play);

	(void)state;
	ACT(&play, "exit");
	play_assert_verdict(&play, VERDICT_OK);
	assert_int_equal(play.report.enforced & play.report.weak, 0);
	assert_true(play.report.enforced & GUARD_SECCOMP);
	assert_true(play.report.enforced & GUARD_PROCESSES);
	if (!play_weak)
		assert_int_equal(play.report.weak, 0);
}

const struct CMUnitTest sandbox_limit_tests[] = {
	cmocka_unit_test(a_program_that_exits_with_0_is_ok),
	cmocka_unit_test(an_exit_status_is_reported_as_it_is),
	cmocka_unit_test(a_signal_sent_to_oneself_is_a_runtime_error),
	cmocka_unit_test(a_crash_is_a_runtime_error),
	cmocka_unit_test(a_foreign_system_call_is_a_security_violation),
	cmocka_unit_test(a_missing_command_exits_with_127),
	cmocka_unit_test(a_command_that_is_no_program_exits_with_126),
	cmocka_unit_test(a_busy_loop_meets_the_time_limit),
	cmocka_unit_test(the_cpu_time_of_children_counts_together),
	cmocka_unit_test(the_cpu_time_of_an_orphan_counts),
	cmocka_unit_test(each_run_starts_at_0_cpu_time),
	cmocka_unit_test(a_sleeper_meets_the_wall_limit),
	cmocka_unit_test(a_stopped_program_meets_the_wall_limit),
	cmocka_unit_test(too_much_memory_meets_the_memory_limit),
	cmocka_unit_test(the_memory_of_children_counts_together),
	cmocka_unit_test(files_in_memory_count_as_memory),
	cmocka_unit_test(a_run_does_not_inherit_the_memory_verdict_of_the_last),
	cmocka_unit_test(memory_below_the_limit_is_ok),
	cmocka_unit_test(output_up_to_the_limit_is_ok),
	cmocka_unit_test(one_byte_too_many_meets_the_output_limit),
	cmocka_unit_test(a_flood_meets_the_output_limit),
	cmocka_unit_test(a_fork_bomb_meets_the_process_limit),
	cmocka_unit_test(threads_count_as_processes),
	cmocka_unit_test(a_full_disk_meets_the_disk_limit),
	cmocka_unit_test(too_many_files_meet_the_disk_limit),
	cmocka_unit_test(a_file_that_is_too_long_meets_the_disk_limit),
	cmocka_unit_test(open_files_are_limited),
	cmocka_unit_test(a_limit_of_0_is_an_error),
	cmocka_unit_test(a_weak_limit_is_refused_unless_it_is_allowed),
	cmocka_unit_test(a_report_says_which_limits_are_weak),
	{ 0 },
};
