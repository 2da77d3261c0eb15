/* test_grade_interactive.c - programs that talk with an interactor, honest and hostile */
#include "grade_ask.h"

/* Whoever computes without end is stopped by the CPU limit however slow the machine is. */
#define GUESS_LIMITS(wall)                                                                         \
	"'limits': {'cpu_seconds': 1, 'wall_seconds': " wall ", 'memory_mb': 256,"                 \
	" 'processes': 16, 'output_kb': 256, 'disk_mb': 8, 'open_files': 64}, "
#define TEST_GUESS                                                                                 \
	"{'id': 'guess', 'kind': 'interactive', 'visibility': 'hidden', 'points': 40,"             \
	" 'dir': 'guess', 'argv': ['python3', 'main.py'],"                                         \
	" 'interactor': ['python3', 'judge/interact.py']}"

/* Thinks of a number up to 1000; ten guesses are enough. */
#define INTERACTOR                                                                                 \
	"import sys\n"                                                                             \
	"number = int(open(sys.argv[1]).read())\n"                                                 \
	"def wrong(why):\n"                                                                        \
	"    open(sys.argv[3] + '/judgemessage.txt', 'w').write(why)\n"                            \
	"    sys.exit(43)\n"                                                                       \
	"for turn in range(10):\n"                                                                 \
	"    line = sys.stdin.readline(100)\n"                                                     \
	"    if not line.strip().isdigit():\n"                                                     \
	"        wrong('no guess' if line else 'no more guesses')\n"                               \
	"    guess = int(line)\n"                                                                  \
	"    if guess == number:\n"                                                                \
	"        print('right', flush=True)\n"                                                     \
	"        sys.exit(42)\n"                                                                   \
	"    print('higher' if guess < number else 'lower', flush=True)\n"                         \
	"wrong('too many guesses')\n"
#define HALVES                                                                                     \
	"low, high = 1, 1000\n"                                                                    \
	"while True:\n"                                                                            \
	"    guess = (low + high) // 2\n"                                                          \
	"    print(guess, flush=True)\n"                                                           \
	"    said = input()\n"                                                                     \
	"    if said == 'right':\n"                                                                \
	"        break\n"                                                                          \
	"    if said == 'higher':\n"                                                               \
	"        low = guess + 1\n"                                                                \
	"    else:\n"                                                                              \
	"        high = guess - 1\n"

static void put_guess(struct fixture *f, const char *interactor, const char *program)
{
	read_manifest(f, TASK_HEAD GUESS_LIMITS("60") TASK_TESTS(TEST_GUESS) "}");
	put(f, "task/hidden/guess/low.in", "3\n");
	put(f, "task/hidden/judge/interact.py", interactor);
	put(f, "work/main.py", program);
}

static void assert_guess(struct fixture *f, const char *program, const char *want)
{
	put_guess(f, INTERACTOR, program);
	assert_grade(f, (struct ask){ 0 }, want);
}

/* With an interactor of its own. */
static void assert_talk(struct fixture *f, const char *interactor, const char *program,
			const char *want)
{
	put_guess(f, interactor, program);
	assert_grade(f, (struct ask){ 0 }, want);
}

static void assert_our_failure(struct fixture *f, const char *interactor, const char *program,
			       const char *want)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	put_guess(f, interactor, program);
	f->err = (struct err)ERR_INIT;
	assert_int_equal(try_grade(f, &(struct ask){ 0 }, &grade), -1);
	assert_int_equal(f->err.code, ERR_ENV);
	assert_string_equal(f->err.text, want);
	assert_int_equal(grade.test_count, 0);
	f->err = (struct err)ERR_INIT;
}

static void a_program_that_talks_well_is_accepted(void **state)
{
	struct fixture *f = *state;

	put(f, "task/hidden/guess/high.in", "1000\n");
	put(f, "task/hidden/guess/high.ans", "not needed\n");
	assert_guess(f, HALVES, "passed 40/40: guess/high ok, guess/low ok");
}

static void each_case_is_measured(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO_JSON json_t *measured = NULL;
	const json_t *one;

	put_guess(f, INTERACTOR, HALVES);
	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	measured = grade_measured_json(&grade);
	one = json_object_get(json_object_get(measured, "cases"), "guess/low");
	assert_true(json_integer_value(json_object_get(one, "wall_ms")) > 0);
	assert_true(json_is_integer(json_object_get(one, "cpu_ms")));
	assert_true(json_is_integer(json_object_get(one, "memory_peak")));
}

static void a_wrong_program_is_told_why(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	put_guess(f, INTERACTOR,
		  "for n in range(500, 600):\n    print(n, flush=True)\n    input()\n");
	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	assert_int_equal(grade.tests[0].cases[0].verdict, VERDICT_WRONG_ANSWER);
	assert_string_equal(grade.tests[0].cases[0].message, "too many guesses");
	assert_true(grade.points == 0);
}

static void what_fails_first_decides(void **state)
{
	struct fixture *f = *state;

	/* it breaks down because its input ended, which the verdict made */
	assert_guess(f, "while True:\n    print(500, flush=True)\n    input()\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
	assert_guess(f, "print(500, flush=True)\nraise SystemExit(5)\n",
		     "runtime_error 0/40: guess/low runtime_error");
	assert_guess(f, "print(500, flush=True)\n", "wrong_answer 0/40: guess/low wrong_answer");
	assert_guess(f, "while True:\n    pass\n", "time_limit 0/40: guess/low time_limit");
	assert_guess(f, HALVES "raise SystemExit(5)\n",
		     "runtime_error 0/40: guess/low runtime_error");
	assert_guess(f, "print('x', flush=True)\nwhile True:\n    pass\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
}

static void assert_wall_limit(struct fixture *f, const char *interactor, const char *program)
{
	put_guess(f, interactor, program);
	read_manifest(f, TASK_HEAD GUESS_LIMITS("2") TASK_TESTS(TEST_GUESS) "}");
	assert_grade(f, (struct ask){ 0 }, "wall_limit 0/40: guess/low wall_limit");
}

static void two_that_wait_for_each_other_end_at_the_wall_limit(void **state)
{
	assert_wall_limit(*state, INTERACTOR, "input()\n");
}

static void two_that_write_and_do_not_read_end_at_the_wall_limit(void **state)
{
	assert_wall_limit(
		*state,
		"import sys\nsys.stdout.write('x' * 250000)\nsys.stdout.flush()\n"
		"sys.stdin.read()\nsys.exit(43)\n",
		"import sys\nsys.stdout.write('x' * 250000)\nsys.stdout.flush()\ninput()\n");
}

static void an_endless_output_is_cut(void **state)
{
	struct fixture *f = *state;

	/* the interactor has all it wants after the first line */
	assert_guess(f, "while True:\n    print('x' * 1000)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
	assert_talk(f, "import sys\nsys.stdin.read()\nsys.exit(42)\n",
		    "while True:\n    print('x' * 1000)\n",
		    "output_limit 0/40: guess/low output_limit");
	/* it has closed its input, and is slow to say so */
	assert_talk(f,
		    "import os, sys, time\nos.close(0)\nend = time.monotonic() + 0.3\n"
		    "while time.monotonic() < end:\n    pass\nsys.exit(43)\n",
		    "while True:\n    print('x' * 1000)\n",
		    "wrong_answer 0/40: guess/low wrong_answer");
}

static void a_program_that_closes_its_output_has_ended_it(void **state)
{
	struct fixture *f = *state;

	assert_guess(f, "import os\nos.close(1)\nos._exit(0)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
	/* neither waits: the end comes through while the program still reads */
	assert_guess(f, "import os, sys\nos.close(1)\nsys.stdin.read()\nos._exit(0)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
}

static void a_program_that_never_reads_makes_nobody_wait_forever(void **state)
{
	struct fixture *f = *state;

	assert_talk(f,
		    "import sys\nsys.stdout.write('x' * 250000)\nsys.stdout.flush()\n"
		    "sys.exit(42 if sys.stdin.read() == 'done' else 43)\n",
		    "print('done', end='')\n", "passed 40/40: guess/low ok");
	assert_guess(f, "import os\nos.close(0)\nfor n in range(20):\n    print(500, flush=True)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
}

static void an_imitated_verdict_is_none(void **state)
{
	struct fixture *f = *state;

	assert_guess(f, "print(42)\nprint('accepted')\nprint('right', flush=True)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
	assert_guess(f, "raise SystemExit(42)\n", "runtime_error 0/40: guess/low runtime_error");
	assert_guess(
		f,
		"import os\nos.makedirs('/work/.tali/feedback', exist_ok=True)\n"
		"open('/work/.tali/feedback/judgemessage.txt', 'w').write('accepted')\n"
		"assert not os.path.exists('/work/judge') and not os.path.exists('/work/guess')\n"
		"print('x')\n",
		"wrong_answer 0/40: guess/low wrong_answer");
	put(f, "work/judge/interact.py", "raise SystemExit(42)\n");
	assert_guess(f, "print('x')\n", "wrong_answer 0/40: guess/low wrong_answer");
}

static void a_daemon_does_not_hold_the_talk_open(void **state)
{
	assert_guess(*state,
		     "import os, time\n"
		     "if os.fork() == 0:\n"
		     "    os.setsid()\n"
		     "    while True:\n"
		     "        time.sleep(0.1)\n"
		     "        print(3, flush=True)\n"
		     "os._exit(0)\n",
		     "wrong_answer 0/40: guess/low wrong_answer");
}

static void a_program_cannot_write_into_its_own_input(void **state)
{
	assert_guess(*state,
		     "import os\n"
		     "try:\n"
		     "    os.open('/proc/self/fd/0', os.O_WRONLY)\n"
		     "    raise SystemExit(1)\n"
		     "except PermissionError:\n"
		     "    pass\n"
		     "open('/dev/stdin')\n" HALVES,
		     "passed 40/40: guess/low ok");
}

static void an_interactor_that_fails_is_our_failure(void **state)
{
	struct fixture *f = *state;

	assert_our_failure(f, "raise SystemExit(1)\n", HALVES,
			   "test 'guess': guess/low: interactor 'python3': "
			   "runtime_error (exit status 1)");
	assert_our_failure(f, "print('right', flush=True)\n", HALVES,
			   "test 'guess': guess/low: interactor 'python3': ok");
	assert_our_failure(f, "while True:\n    print('x' * 4096)\n", "print(1)\n",
			   "test 'guess': guess/low: interactor 'python3': output_limit");
	/* the program had failed before */
	assert_talk(f, "import sys\nsys.stdin.read()\nraise SystemExit(1)\n",
		    "raise SystemExit(1)\n", "runtime_error 0/40: guess/low runtime_error");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_program_that_talks_well_is_accepted),
		TEST(each_case_is_measured),
		TEST(a_wrong_program_is_told_why),
		TEST(what_fails_first_decides),
		TEST(two_that_wait_for_each_other_end_at_the_wall_limit),
		TEST(two_that_write_and_do_not_read_end_at_the_wall_limit),
		TEST(an_endless_output_is_cut),
		TEST(a_program_that_closes_its_output_has_ended_it),
		TEST(a_program_that_never_reads_makes_nobody_wait_forever),
		TEST(an_imitated_verdict_is_none),
		TEST(a_daemon_does_not_hold_the_talk_open),
		TEST(a_program_cannot_write_into_its_own_input),
		TEST(an_interactor_that_fails_is_our_failure),
	};

	return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
