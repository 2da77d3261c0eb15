/* hostile_runs.c - hostile cases that take more than one run, or a plan of their own */
#include "hostile_case.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "hostile_witness.h"

static void a_verdict_of_memory_is_not_carried_over(void **state)
{
	PLAY(first);
	PLAY(second);

	(void)state;
	ACT(&first, "mem_single");
	play_assert_verdict(&first, VERDICT_MEMORY_LIMIT);
	second.plan.limits.cpu_ms = 300;
	ACT(&second, "cpu_ignore_xcpu");
	play_assert_verdict(&second, VERDICT_TIME_LIMIT);
	hostile_play_probe();
}

static void processor_time_is_not_carried_over(void **state)
{
	PLAY(first);
	PLAY(second);

	(void)state;
	ACT(&first, "cpu_orphan", "ms=2000");
	play_assert_verdict(&first, VERDICT_OK);
	second.plan.limits.cpu_ms = 1000;
	ACT(&second, "cpu_orphan", "ms=200");
	play_assert_verdict(&second, VERDICT_OK);
	assert_in_range(second.report.cpu_ms, 150, 900);
}

static void limits_are_not_carried_over(void **state)
{
	PLAY(small);
	PLAY(large);

	(void)state;
	small.plan.limits.memory = 24 * MIB;
	small.plan.limits.processes = 4;
	small.plan.limits.disk = 2 * MIB;
	ACT(&small, "mem_single", "mib=60");
	play_assert_verdict(&small, VERDICT_MEMORY_LIMIT);
	ACT(&large, "mem_single", "mib=60");
	play_assert_verdict(&large, VERDICT_OK);

	PLAY(crowd);
	ACT(&crowd, "fork_bomb");
	play_assert_verdict(&crowd, VERDICT_PROCESS_LIMIT);
	play_assert_out(&crowd, "15\n");

	PLAY(disk);
	ACT(&disk, "mem_tmpfs", "folder=/tmp", "mib=8");
	assert_non_null(strstr(buf_str(&disk.out), "all in files"));
}

/* Else the act that looks for it would prove nothing. */
static void what_would_be_left_is_seen(void **state)
{
	static const char *const acts[] = { "litter", "leave_ports", "orphan", "dev_shm_leak",
					    "leave_fifo", "shm_persist" };

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		char script[128];
		PLAY(play);

		snprintf(script, sizeof(script), "./hostile %s; exec ./hostile probe", acts[i]);
		RUN(&play, "sh", "-c", script);
		assert_int_equal(play.failed, 0);
		/* where nothing counts their memory, these are refused */
		if (strcmp(acts[i], "shm_persist") != 0 || !(play.report.weak & GUARD_MEMORY))
			assert_non_null(strstr(buf_str(&play.out), "BREACH"));
	}
}

/* --- several at once */

static void *play_leaks(void *arg)
{
	ACT((struct play *)arg, "proc_leaks");
	return NULL;
}

static void what_is_covered_is_covered_in_all_of_several_runs_at_once(void **state)
{
	struct play plays[4];
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		play_prepare(&plays[i]);
		assert_int_equal(pthread_create(&threads[i], NULL, play_leaks, &plays[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 4; i++) {
		hostile_assert_held(&plays[i]);
		play_assert_verdict(&plays[i], VERDICT_OK);
		play_release(&plays[i]);
	}
}

struct watchers {
	struct play play;
	bool asked, got;
};

/* The run holds all it can get: somebody outside, and another run, must get theirs. */
static void take_watcher(void *arg, int stream, const void *data, size_t len)
{
	struct watchers *watchers = arg;
	int fd = inotify_init1(IN_CLOEXEC);

	(void)stream, (void)data, (void)len;
	watchers->asked = true;
	watchers->got = fd >= 0;
	if (fd >= 0)
		close(fd);
}

static void watchers_of_files_are_left_for_others(void **state)
{
	struct watchers watchers = { .asked = false };

	(void)state;
	play_prepare(&watchers.play);
	watchers.play.io.arg = &watchers;
	watchers.play.io.output = take_watcher;
	/* hostile_case.h: the fill does not look at arg */
	watchers.play.plan.limits.wall_ms = 1000;
	ACT(&watchers.play, "inotify_fill");
	play_release(&watchers.play);
	assert_int_equal(watchers.play.failed, 0);
	assert_true(watchers.asked);
	assert_true(watchers.got);
}

/* --- plans */

static void words_reach_the_program_as_they_are(void **state)
{
	static const char odd[] = "a\nb\\c;$(id)`id`'\"*";
	PLAY(play);

	(void)state;
	RUN(&play, "printf", "%s", odd);
	play_assert_verdict(&play, VERDICT_OK);
	play_assert_out(&play, odd);
}

static void assert_refused(struct play *play)
{
	assert_int_equal(play->failed, -1);
	assert_int_equal(play->err.code, ERR_INPUT);
}

static void a_command_without_words_is_refused(void **state)
{
	static const char *const none[] = { NULL };
	PLAY(play);

	(void)state;
	play_run(&play, none);
	assert_refused(&play);
}

static void an_environment_of_6_mb_is_refused(void **state)
{
	size_t size = 6 * MIB;
	AUTO_FREE char *text = buf_alloc(size);
	const char *env[] = { text, NULL };
	PLAY(play);

	(void)state;
	memset(text, 'x', size - 1);
	memcpy(text, "A=", 2);
	play.plan.env = env;
	ACT(&play, "exit");
	assert_refused(&play);
}

static void a_working_folder_by_a_descriptor_is_refused(void **state)
{
	static const char *const folders[] = {
		"/proc/self/fd/3", "../proc/self/fd/3", "..", "a/../..",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		PLAY(play);

		play.plan.cwd = folders[i];
		ACT(&play, "exit");
		assert_refused(&play);
	}
}

static int fill_link(void *arg, int work, struct err *err)
{
	(void)arg;
	if (symlinkat("/proc/self/fd/3", work, "by-descriptor") < 0 ||
	    symlinkat("/tmp", work, "by-name") < 0)
		return err_sys(err, "fill");
	return 0;
}

/* A link may lead to a folder, but only to one inside. */
static void a_working_folder_that_is_a_link_stays_inside(void **state)
{
	static const char *const folders[] = { "by-descriptor", "by-name" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char word[128];
		PLAY(play);

		snprintf(word, sizeof(word), "/tmp/tali-secret-%d", (int)getpid());
		play.io.fill = fill_link;
		play.plan.cwd = folders[i];
		RUN(&play, "cat", word);
		assert_null(strstr(buf_str(&play.out), witness_secret()));
		assert_true(play.failed < 0 || play.report.verdict == VERDICT_RUNTIME_ERROR);
	}
}

const struct CMUnitTest hostile_run_tests[] = {
	{ "what an earlier run would leave is seen by the act that looks for it",
	  what_would_be_left_is_seen, NULL, NULL, NULL },
	{ "83 a verdict of memory is not carried over to the next run",
	  a_verdict_of_memory_is_not_carried_over, NULL, NULL, NULL },
	{ "84 processor time is not carried over to the next run",
	  processor_time_is_not_carried_over, NULL, NULL, NULL },
	{ "85 limits are not carried over to the next run", limits_are_not_carried_over, NULL,
	  NULL, NULL },
	{ "107 words reach the program as they are, whatever a shell would make of them",
	  words_reach_the_program_as_they_are, NULL, NULL, NULL },
	{ "108 what is covered is covered in all of several runs at once",
	  what_is_covered_is_covered_in_all_of_several_runs_at_once, NULL, NULL, NULL },
	{ "110 a working folder by a descriptor is refused",
	  a_working_folder_by_a_descriptor_is_refused, NULL, NULL, NULL },
	{ "110 a working folder that is a link stays inside",
	  a_working_folder_that_is_a_link_stays_inside, NULL, NULL, NULL },
	{ "111 a run that watches all it can leaves watchers of files for others",
	  watchers_of_files_are_left_for_others, NULL, NULL, NULL },
	{ "118 a command without words is refused", a_command_without_words_is_refused, NULL, NULL,
	  NULL },
	{ "118 an environment of 6 MB is refused", an_environment_of_6_mb_is_refused, NULL, NULL,
	  NULL },
	{ 0 },
};
