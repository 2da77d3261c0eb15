/* sandbox_reuse.c - a slot is used again when a run left it clean, and thrown away when not
 *
 * What shows it: process numbers inside go on where they were, and begin anew in a new slot. */
#include "sandbox_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs a script, which must end well; gives the number of its process. */
static long run_script(const char *script)
{
	AUTO_FREE char *whole = buf_format("echo $$; %s", script);
	PLAY(play);

	play.io.fill = NULL;
	RUN(&play, "sh", "-c", whole);
	if (play.errors.len)
		print_message("stderr: %s\n", buf_str(&play.errors));
	assert_int_equal(play.failed, 0);
	return strtol(buf_str(&play.out), NULL, 10);
}

/* What the script does, and whether the slot may be used again. */
static void assert_reuse(const char *script, bool used_again)
{
	long before, after;

	/* one that throws away what is there, then one that uses a slot for the first time */
	run_script("kill -9 $$");
	before = run_script(script);
	after = run_script("true");
	print_message("%s: %ld, then %ld\n", script, before, after);
	assert_int_equal(after > before, used_again);
}

static void a_clean_slot_is_used_again(void **state)
{
	(void)state;
	assert_reuse("true", true);
	assert_reuse("exit 3", true);
	assert_reuse("kill -9 $$", true);
}

static void files_are_removed_and_the_slot_is_used_again(void **state)
{
	(void)state;
	assert_reuse("echo x >a; mkdir -p b/c/d; echo y >b/c/d/e; chmod 0 b/c b; echo z >/tmp/f; "
		     "ln -s / g; mkfifo h; touch -d 2001-01-01 .; chmod 0 .", true);
	assert_reuse("mkdir -p $(printf 'd%.0s/' $(seq 250)); cd d/d/d; chmod 0 .", true);
	run_script("test \"$(ls -lA /work /tmp /dev/shm | grep -v '^total 0')\" = "
		   "\"$(printf '/dev/shm:\\n\\n/tmp:\\n\\n/work:')\"");
}

static void processes_that_go_on_are_ended_and_the_slot_is_used_again(void **state)
{
	(void)state;
	assert_reuse("for i in 1 2 3; do setsid sleep 100 & done; sleep 100 &", true);
	run_script("test $(ls /proc | grep -c '^[0-9]') = 2");
}

#define PYTHON(code) "python3 -c '" code "'"

static void traces_in_the_namespaces_end_the_slot(void **state)
{
	(void)state;
	assert_reuse(PYTHON("import socket; socket.socket()"), true);
	assert_reuse(PYTHON("import socket as s; a = s.socket(); a.bind((\"127.0.0.1\", 9)) if 0 "
			    "else a.bind((\"127.0.0.1\", 5000)); a.listen(); "
			    "b = s.create_connection((\"127.0.0.1\", 5000)); b.close()"), false);
	/* where no control group counts memory, there are no such segments */
	if (!play_weak)
		assert_reuse(PYTHON("import ctypes; exit(ctypes.CDLL(None).shmget(77, 4096, "
				    "0o1600) < 0)"), false);
}

static void what_is_set_on_a_folder_ends_with_the_slot_or_is_reset(void **state)
{
	(void)state;
	assert_reuse(PYTHON("import os, fcntl, struct; f = os.open(\".\", os.O_RDONLY); "
			    "fcntl.ioctl(f, 0x40086602, struct.pack(\"l\", 0x80))"), false);
}

static void counts_begin_anew(void **state)
{
	PLAY(heavy);
	PLAY(light);

	(void)state;
	heavy.io.fill = light.io.fill = NULL;
	heavy.plan.limits.cpu_ms = 60000;
	heavy.plan.limits.wall_ms = 120000;
	RUN(&heavy, "python3", "-c",
	    "import time\nx = b'x' * 40000000\nt = time.process_time()\n"
	    "while time.process_time() < t + 0.5: pass");
	play_assert_verdict(&heavy, VERDICT_OK);
	RUN(&light, "true");
	play_assert_verdict(&light, VERDICT_OK);
	/* how much that is depends on the machine; an emulated one needs seconds for a start */
	assert_in_range(heavy.report.cpu_ms, 500, 60000);
	assert_in_range(light.report.cpu_ms, 0, heavy.report.cpu_ms / 2);
	assert_true(heavy.report.memory_peak > 40000000);
	assert_true(light.report.memory_peak < 10 * MIB);
	assert_int_equal(light.report.processes_peak <= 1, 1);
}

static void a_limit_holds_after_a_higher_one_and_a_lower_one(void **state)
{
	static const uint64_t limits[] = { 200 * MIB, 50 * MIB, 100 * MIB, 300 * MIB };

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		PLAY(play);

		play.plan.limits.memory = limits[i];
		ACT(&play, "mem_single", "mib=140", "stay=0");
		if (limits[i] > 150 * MIB)
			play_assert_verdict(&play, VERDICT_OK);
		else if (!play_weak)
			play_assert_verdict(&play, VERDICT_MEMORY_LIMIT);
		else
			assert_int_not_equal(play.report.verdict, VERDICT_OK);
	}
}

static void a_stopped_run_says_nothing_of_the_next(void **state)
{
	PLAY(stopped);
	PLAY(next);

	(void)state;
	next.io.fill = NULL;
	stopped.plan.limits.wall_ms = 100;
	ACT(&stopped, "wall_ignore");
	play_assert_verdict(&stopped, VERDICT_WALL_LIMIT);
	RUN(&next, "true");
	play_assert_verdict(&next, VERDICT_OK);
}

static void another_size_of_disk_makes_another_slot(void **state)
{
	PLAY(play);

	(void)state;
	play.io.fill = NULL;
	play.plan.limits.disk = 3 * MIB;
	RUN(&play, "sh", "-c", "df -k /work | tail -n 1 | awk '{ print $2 }'");
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, "3072\n");
}

const struct CMUnitTest sandbox_reuse_tests[] = {
	cmocka_unit_test(a_clean_slot_is_used_again),
	cmocka_unit_test(files_are_removed_and_the_slot_is_used_again),
	cmocka_unit_test(processes_that_go_on_are_ended_and_the_slot_is_used_again),
	cmocka_unit_test(traces_in_the_namespaces_end_the_slot),
	cmocka_unit_test(what_is_set_on_a_folder_ends_with_the_slot_or_is_reset),
	cmocka_unit_test(counts_begin_anew),
	cmocka_unit_test(a_limit_holds_after_a_higher_one_and_a_lower_one),
	cmocka_unit_test(a_stopped_run_says_nothing_of_the_next),
	cmocka_unit_test(another_size_of_disk_makes_another_slot),
	{ 0 },
};
