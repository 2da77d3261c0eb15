/* hostile_plays.c - plays the table of hostile_case.h: in new sandboxes, in a used one, and bare */
#include "hostile_case.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/rand.h"
#include "hostile_bare.h"
#include "hostile_tree.h"
#include "hostile_witness.h"

#define TESTS_MOST 500
#define PLENTY 60000	/* ms; the acts end by themselves before */

static struct sandbox *used;	/* the one that lives long */
static struct CMUnitTest tests[TESTS_MOST];
static size_t test_count;
static unsigned seed;
static struct run_report first_look;
static bool looked;

/* --- one case */

void hostile_argv(const struct hostile_case *one, const char *program,
		  const char *argv[HOSTILE_ARGV])
{
	const char *const *word = witness_words();
	size_t count = 0;

	argv[count++] = program;
	argv[count++] = one->act;
	for (size_t i = 0; i < HOSTILE_WORDS && one->words[i]; i++)
		argv[count++] = one->words[i];
	for (; *word && count < HOSTILE_ARGV - 2; word++)
		argv[count++] = *word;
	argv[count++] = play_mark;
	argv[count] = NULL;
}

static void set_limits(struct plan_limits *limits, const struct plan_limits *wanted)
{
	if (wanted->cpu_ms)
		limits->cpu_ms = wanted->cpu_ms;
	if (wanted->wall_ms)
		limits->wall_ms = wanted->wall_ms;
	if (wanted->disk)
		limits->disk = wanted->disk;
	if (wanted->inodes)
		limits->inodes = wanted->inodes;
	if (wanted->open_files)
		limits->open_files = wanted->open_files;
}

void hostile_assert_held(const struct play *play)
{
	const char *breach = strstr(buf_str(&play->out), "BREACH");

	if (breach)
		print_message("%.600s\n", breach);	/* of more its end is cut, and the line's */
	assert_null(breach);
}

static void assert_one_of(const struct play *play, unsigned verdicts)
{
	if (!(verdicts & ON(play->report.verdict)))
		print_message("%s, status %d, signal %d: %s\n", verdict_name(play->report.verdict),
			      play->report.exit_status, play->report.signal,
			      buf_str(&play->errors));
	assert_true(verdicts & ON(play->report.verdict));
}

void hostile_play(const struct hostile_case *one)
{
	const char *argv[HOSTILE_ARGV];
	unsigned verdicts = one->verdicts ? one->verdicts : ON(VERDICT_OK);
	PLAY(play);

	/* what is not about time has plenty of it: in an emulated machine 96 MiB of files have
	 * taken more than 5 s of processor time */
	play.plan.limits.cpu_ms = PLENTY;
	play.plan.limits.wall_ms = 2 * PLENTY;
	set_limits(&play.plan.limits, &one->limits);
	play.io.collect = one->collect;
	hostile_argv(one, "./hostile", argv);
	play_run(&play, argv);

	assert_int_equal(play.failed, 0);
	hostile_assert_held(&play);
	if (one->weak_verdicts && (play.report.weak & GUARD_MEMORY))
		verdicts = one->weak_verdicts;
	assert_one_of(&play, verdicts);
	if (one->status)
		assert_int_equal(play.report.exit_status, one->status);
	if (one->signal)
		assert_int_equal(play.report.signal, one->signal);
	if (one->judge)
		one->judge(&play);
}

/* A first process with an address sanitizer keeps what it has freed for a while; and where nothing
 * but looking tells what a process has, it has what the test has until it executes. */
#ifdef __SANITIZE_ADDRESS__
#define SLACK (256 * MIB)
#else
#define SLACK (4 * MIB)
#endif

void hostile_play_probe(void)
{
	unsigned long own;
	char nice[16];
	int end = 0;
	PLAY(play);

	snprintf(nice, sizeof(nice), "nice=%d", getpriority(PRIO_PROCESS, 0));
	ACT(&play, "probe", nice);
	assert_int_equal(play.failed, 0);
	hostile_assert_held(&play);
	play_assert_verdict(&play, VERDICT_OK);
	/* an emulated machine counts the time that its host took away: only the act itself knows
	 * what of it fell into this run */
	assert_int_equal(sscanf(buf_str(&play.out), "used %lu us\n%n", &own, &end), 1);
	assert_int_equal(end, play.out.len);
	assert_in_range(play.report.cpu_ms, 0, 2 * own / 1000 + 300);
	/* the first is that of a new sandbox: what it uses is what looking costs on this machine */
	if (!looked) {
		looked = true;
		first_look = play.report;
	}
	assert_in_range(play.report.memory_peak, 0, 2 * first_look.memory_peak + SLACK);
	assert_in_range(play.report.processes_peak, 0, 2);
}

/* --- the tests made of it */

static void play_new(void **state)
{
	struct err err = ERR_INIT;

	play_sandbox = sandbox_start(&err);
	assert_non_null(play_sandbox);
	hostile_play(*state);
	sandbox_close(&play_sandbox);
}

static int end_new(void **state)
{
	(void)state;
	sandbox_close(&play_sandbox);
	return 0;
}

static int take_used(void **state)
{
	(void)state;
	play_sandbox = used;
	return 0;
}

static int leave_used(void **state)
{
	(void)state;
	play_sandbox = NULL;
	return 0;
}

static void play_used(void **state)
{
	hostile_play(*state);
	hostile_play_probe();
}

static void play_bare(void **state)
{
	AUTO(buf_release) struct buf out = BUF_INIT(MIB);

	if (!hostile_bare_play(*state, &out)) {
		print_message("%s\n", buf_str(&out));
		fail();
	}
}

static void a_new_sandbox_is_clean(void **state)
{
	(void)state;
	hostile_play_probe();
}

static void nothing_is_left_on_the_machine(void **state)
{
	(void)state;
	sandbox_close(&used);
	witness_end();
	hostile_remains_check();
}

static void add(char *name, CMUnitTestFunction function, CMFixtureFunction before,
		CMFixtureFunction after, const struct hostile_case *one)
{
	assert_true(test_count < TESTS_MOST);
	tests[test_count++] = (struct CMUnitTest){
		.name = name, .test_func = function, .setup_func = before, .teardown_func = after,
		.initial_state = (void *)(uintptr_t)one,
	};
}

static void add_list(const struct CMUnitTest *list)
{
	for (; list->name; list++) {
		tests[test_count] = *list;
		tests[test_count].setup_func = take_used;
		tests[test_count++].teardown_func = leave_used;
	}
}

static char *sentence(const struct hostile_case *one, const char *where)
{
	if (one->number)
		return buf_format("%d %s: %s, %s", one->number, one->act, one->sentence, where);
	return buf_format("%s: %s, %s", one->act, one->sentence, where);
}

static bool has_control(const struct hostile_case *one)
{
	return one->control == CONTROL_BOTH ||
	       one->control == (geteuid() == 0 ? CONTROL_ROOT : CONTROL_USER);
}

static void shuffle(const struct hostile_case **cases, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)rand_r(&seed) % i;
		const struct hostile_case *one = cases[i - 1];

		cases[i - 1] = cases[other];
		cases[other] = one;
	}
}

static size_t choose(const struct hostile_case *list, const struct hostile_case **cases)
{
	size_t count = 0;

	for (; list->act; list++)
		if (!list->open_for_users || geteuid() == 0)
			cases[count++] = list;
	return count;
}

static void add_cases(void)
{
	const struct hostile_case *cases[TESTS_MOST];
	size_t count = choose(hostile_wall_cases, cases);

	count += choose(hostile_limit_cases, cases + count);
	for (size_t i = 0; i < count; i++)
		if (has_control(cases[i]))
			add(buf_format("%d %s gets through where there is no sandbox",
				       cases[i]->number, cases[i]->act),
			    play_bare, NULL, NULL, cases[i]);
	for (size_t i = 0; i < count; i++)
		add(sentence(cases[i], "in a new sandbox"), play_new, NULL, end_new, cases[i]);
	shuffle(cases, count);
	for (size_t i = 0; i < count; i++)
		add(sentence(cases[i], "in a used sandbox that stays clean"), play_used, take_used,
		    leave_used, cases[i]);
}

static int start(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	/* those whose parents die become our children: none can hide */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	setpgid(0, 0);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	snprintf(play_mark, sizeof(play_mark), "tali-mark-%d", (int)getpid());

	hostile_remains_note();
	witness_start();
	used = sandbox_start(&err);
	if (!used)
		print_message("sandbox_start: %s\n", err.text);
	return used ? 0 : -1;
}

static unsigned choose_seed(void)
{
	const char *word = getenv("TALI_SEED");
	unsigned chosen;

	rand_bytes(&chosen, sizeof(chosen));
	return word ? (unsigned)strtoul(word, NULL, 10) : chosen;
}

int hostile_play_all(const char *name, int hostile_fd, bool weak)
{
	int failed;

	if (hostile_fd < 0)
		return 1;
	play_weak = weak;
	play_use_hostile(hostile_fd);
	hostile_bare_use(hostile_fd);
	seed = choose_seed();
	printf("# the order of the used sandbox is that of TALI_SEED=%u\n", seed);

	add(buf_strdup("a new sandbox is clean"), a_new_sandbox_is_clean, take_used, leave_used,
	    NULL);
	/* TALI_TEST='69*': only those whose names match */
	if (getenv("TALI_TEST"))
		cmocka_set_test_filter(getenv("TALI_TEST"));
	add_cases();
	add_list(hostile_run_tests);
	add_list(hostile_compiler_tests);
	add_list(hostile_kill_tests);
	add(buf_strdup("nothing is left on the machine"), nothing_is_left_on_the_machine, NULL,
	    NULL, NULL);
	failed = _cmocka_run_group_tests(name, tests, test_count, start, NULL);
	return failed;
}
