/* test_grade_groups.c - groups of cases, judges that are built and give scores, and submissions in
 * the language of their choice */
#include "grade_ask.h"

#include "grade/prove.h"

#define HEAD(more)                                                                                 \
	"{'schema': 'tali.task/1', 'name': 'add', 'title': 'Add', 'type': 'algorithm',"            \
	" 'difficulty': 'basic', 'time_limit_minutes': 30, 'language': 'python', " TASK_LIMITS     \
	more "'tests': ["
#define IO(id, points, compare, more)                                                              \
	"{'id': '" id "', 'kind': 'io', 'visibility': 'hidden', 'points': " points                 \
	", 'dir': '" id "', 'argv': ['python3', 'main.py'], 'compare': " compare more "}"
#define SCORE "{'validator': ['python3', 'judge/score.py']}"
#define SCORED ", 'validator_score': true"

/* The output is what the judge does: VERDICT [FILE TEXT]... */
#define JUDGE                                                                                      \
	"import sys\n"                                                                             \
	"assert sys.argv[3].endswith('/')\n"                                                       \
	"words = sys.stdin.read().split()\n"                                                       \
	"for name, text in zip(words[1::2], words[2::2]):\n"                                       \
	"    open(sys.argv[3] + name, 'w').write(text.replace('_', '\\n'))\n"                      \
	"sys.exit(int(words[0]))\n"

static void put_case(struct fixture *f, const char *name, const char *input, const char *answer)
{
	AUTO_FREE char *in = buf_format("task/hidden/%s.in", name);
	AUTO_FREE char *ans = buf_format("task/hidden/%s.ans", name);

	put(f, in, input);
	put(f, ans, answer);
}

/* Three cases in the group; the program prints its input again. */
static void put_group(struct fixture *f, const char *id, const char *one, const char *two,
		      const char *three)
{
	AUTO_FREE char *first = buf_format("%s/1", id);
	AUTO_FREE char *second = buf_format("%s/2", id);
	AUTO_FREE char *third = buf_format("%s/3", id);

	put_case(f, first, one, "ok\n");
	put_case(f, second, two, "ok\n");
	put_case(f, third, three, "ok\n");
}

static void begin(struct fixture *f, const char *manifest)
{
	read_manifest(f, manifest);
	put(f, "task/hidden/judge/score.py", JUDGE);
	put(f, "work/main.py", "print(input())\n");
}

static void assert_all(struct fixture *f, const char *want)
{
	assert_grade(f, (struct ask){ 0 }, want);
}

/* Case and points of every case: "ID POINTS/POSSIBLE, ..."; yours. */
static void assert_points(struct fixture *f, const char *want)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	struct buf got = BUF_INIT(1 << 16);
	AUTO_FREE char *text = NULL;

	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	buf_add_format(&got, "%s %.6g/%.6g:", grade_verdict(&grade), grade.points, grade.possible);
	for (int i = 0; i < grade.test_count; i++)
		for (int j = 0; j < grade.tests[i].case_count; j++) {
			const struct grade_case *one = &grade.tests[i].cases[j];

			buf_add_format(&got, " %s%s %.6g/%.6g", one->id,
				       one->skipped ? " skipped" : "", one->points, one->possible);
		}
	text = buf_take(&got);
	assert_string_equal(text, want);
}

static void assert_error(struct fixture *f, const char *want)
{
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	assert_int_equal(try_grade(f, &(struct ask){ 0 }, &grade), -1);
	assert_int_equal(f->err.code, ERR_ENV);
	if (!strstr(f->err.text, want))
		fail_msg("says: %s", f->err.text);
	f->err = (struct err)ERR_INIT;
}

static void the_lowest_case_decides_about_all(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "10", "'tokens'", ", 'aggregate': 'min'") "," //
	      IO("b", "6", "'tokens'", "") "]}");
	put_group(f, "a", "ok", "ok", "ok");
	put_group(f, "b", "ok", "no", "ok");
	assert_points(f, "wrong_answer 14/16: a/1 3.33333/3.33333 a/2 3.33333/3.33333 "
			 "a/3 3.33333/3.33333 b/1 2/2 b/2 0/2 b/3 2/2");
	put_group(f, "a", "ok", "no", "ok");
	assert_points(f, "wrong_answer 4/16: a/1 0/3.33333 a/2 0/3.33333 a/3 0/3.33333 "
			 "b/1 2/2 b/2 0/2 b/3 2/2");
}

static void after_a_case_that_earns_nothing_the_others_do_not_run(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "9", "'tokens'", ", 'stop_early': true") "]}");
	put_group(f, "a", "ok", "no", "ok");
	assert_points(f, "wrong_answer 3/9: a/1 3/3 a/2 0/3 a/3 skipped 0/3");
	put_group(f, "a", "ok", "ok", "no");
	assert_points(f, "wrong_answer 6/9: a/1 3/3 a/2 3/3 a/3 0/3");
}

static void a_test_runs_when_those_it_requires_earned_everything(void **state)
{
	static const char *const only[] = { "c", NULL };
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "0", "'tokens'", "") ","
	      IO("b", "3", "'tokens'", ", 'requires': ['a']") ","
	      IO("c", "3", "'tokens'", ", 'requires': ['a', 'b']") "]}");
	put_group(f, "a", "ok", "ok", "ok");
	put_group(f, "b", "ok", "ok", "ok");
	put_group(f, "c", "ok", "ok", "ok");
	assert_grade(f, (struct ask){ .only = only },
		     "passed 6/6: a/1 ok, a/2 ok, a/3 ok, b/1 ok, b/2 ok, b/3 ok, c/1 ok, c/2 ok, "
		     "c/3 ok");
	put_group(f, "b", "ok", "ok", "no");
	assert_points(f, "wrong_answer 2/6: a/1 0/0 a/2 0/0 a/3 0/0 b/1 1/1 b/2 1/1 b/3 0/1 "
			 "c/1 skipped 0/1 c/2 skipped 0/1 c/3 skipped 0/1");
	put_group(f, "a", "ok", "no", "ok");
	assert_points(f, "wrong_answer 0/6: a/1 0/0 a/2 0/0 a/3 0/0 b/1 skipped 0/1 "
			 "b/2 skipped 0/1 b/3 skipped 0/1 c/1 skipped 0/1 c/2 skipped 0/1 "
			 "c/3 skipped 0/1");
}

static void a_judge_gives_scores(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "9", SCORE, SCORED) "]}");
	put_group(f, "a", "42 score.txt 1.5_", "42 score_multiplier.txt _.5", "42");
	assert_points(f, "passed 6/9: a/1 1.5/3 a/2 1.5/3 a/3 3/3");
	put_group(f, "a", "43 score.txt 3", "42 score.txt 0", "42 score.txt 3");
	assert_points(f, "wrong_answer 3/9: a/1 0/3 a/2 0/3 a/3 3/3");
	begin(f, HEAD("") IO("a", "9", SCORE, SCORED ", 'aggregate': 'min'") "]}");
	put_group(f, "a", "42 score.txt 9", "42 score.txt 4.5", "42 score_multiplier.txt 0.75");
	assert_points(f, "passed 4.5/9: a/1 1.5/3 a/2 1.5/3 a/3 1.5/3");
	begin(f, HEAD("") IO("a", "9", SCORE, SCORED ", 'stop_early': true") "]}");
	put_group(f, "a", "42 score.txt 2", "42 score_multiplier.txt 0", "42");
	assert_points(f, "wrong_answer 2/9: a/1 2/3 a/2 0/3 a/3 skipped 0/3");
	begin(f, HEAD("") IO("b", "1", "'tokens'", "") "," IO("a", "0", SCORE, SCORED) "]}");
	put_group(f, "a", "42 score.txt 7", "42", "42 score.txt 7");
	put_group(f, "b", "ok", "ok", "ok");
	assert_points(f, "passed 1/1: b/1 0.333333/0.333333 b/2 0.333333/0.333333 "
			 "b/3 0.333333/0.333333 a/1 0/0 a/2 0/0 a/3 0/0");
}

static void a_score_that_is_none_is_our_failure(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "9", SCORE, SCORED) "]}");
	put_group(f, "a", "42 score.txt 3.01", "42", "42");
	assert_error(f, "a/1: validator 'python3': the score in score.txt is more than 3");
	put_group(f, "a", "42", "42 score_multiplier.txt 1.5", "42");
	assert_error(f,
		     "a/2: validator 'python3': the score in score_multiplier.txt is more than 1");
	put_group(f, "a", "42 score.txt -1", "42", "42");
	assert_error(f, "score.txt holds no score");
	put_group(f, "a", "42 score.txt nan", "42", "42");
	assert_error(f, "score.txt holds no score");
	put_group(f, "a", "42 score.txt _", "42", "42");
	assert_error(f, "score.txt holds no score");
	put_group(f, "a", "42 score.txt 1_2", "42", "42");
	assert_error(f, "score.txt holds no score");
	put_group(f, "a", "42 score.txt 1 score_multiplier.txt 1", "42", "42");
	assert_error(f, "there are both");
	put(f, "task/hidden/judge/score.py",
	    "import os, sys\nos.symlink('/etc/hostname', sys.argv[3] + 'score.txt')\n"
	    "sys.exit(42)\n");
	assert_error(f, "its score: ");
}

static void without_the_word_a_score_counts_for_nothing(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "9", SCORE, "") "]}");
	put_group(f, "a", "42 score.txt 0", "42 score.txt x", "43 score.txt 3");
	assert_points(f, "wrong_answer 6/9: a/1 3/3 a/2 3/3 a/3 0/3");
}

static void a_submission_cannot_leave_a_score(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "9", SCORE, SCORED) "]}");
	put_group(f, "a", "42 score.txt 0", "42", "42");
	put(f, "work/score.txt", "3");
	put(f, "work/.tali/feedback/score.txt", "3");
	put(f, "work/judge/score.py", "import sys\nsys.exit(42)\n");
	put(f, "work/main.py",
	    "import os\nos.makedirs('.tali/feedback', exist_ok=True)\n"
	    "open('.tali/feedback/score.txt', 'w').write('3')\nprint(input())\n");
	assert_points(f, "passed 6/9: a/1 0/3 a/2 3/3 a/3 3/3");
}

static void a_judge_gets_its_arguments(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") IO("a", "3", "{'validator': ['python3', 'judge/args.py', 'x']}",
			     ", 'validator_args': ['near', '1 2']") "]}");
	put(f, "task/hidden/judge/args.py",
	    "import sys\n"
	    "sys.exit(42 if sys.argv[1] == 'x' and sys.argv[5:] == ['near', '1 2'] else 43)\n");
	put_group(f, "a", "1", "2", "3");
	assert_all(f, "passed 3/3: a/1 ok, a/2 ok, a/3 ok");
}

#define TALK                                                                                       \
	"{'id': 'a', 'kind': 'interactive', 'visibility': 'hidden', 'points': 4, 'dir': 'a',"      \
	" 'argv': ['python3', 'main.py'], 'interactor': ['python3', 'judge/talk.py'],"             \
	" 'validator_score': true, 'aggregate': 'min', 'validator_args': ['half']}"

static void an_interactor_gives_scores_too(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("") TALK "]}");
	put(f, "task/hidden/judge/talk.py",
	    "import sys\n"
	    "print('x', flush=True)\n"
	    "sys.stdin.readline()\n"
	    "if sys.argv[4:] == ['half'] and open(sys.argv[1]).read() == 'h':\n"
	    "    open(sys.argv[3] + 'score_multiplier.txt', 'w').write('.5')\n"
	    "sys.exit(42)\n");
	put_group(f, "a", "f", "h", "f");
	assert_points(f, "passed 2/4: a/1 0.666667/1.33333 a/2 0.666667/1.33333 "
			 "a/3 0.666667/1.33333");
}

static void judges_are_built_once_from_the_task_alone(void **state)
{
	struct fixture *f = *state;

	begin(f, HEAD("'judge_build': ['sh', 'judge/make.sh'], ") //
	      IO("a", "3", "{'validator': ['python3', 'judge/built.py']}", "") ","
	      IO("b", "3", "{'validator': ['python3', 'judge/built.py']}", "") "]}");
	put(f, "task/hidden/judge/make.sh",
	    "test ! -e mine && test -e a/1.in && echo x >>stamp &&\n"
	    "cat >judge/built.py <<END\n"
	    "import os, sys\n"
	    "if os.path.exists('a/1.in') or os.path.exists('b/2.ans'):\n"
	    "    sys.exit(1)\n"
	    "good = open('stamp').read() == 'x\\\\n' and not os.path.exists('mine')\n"
	    "open('stamp', 'a').write('y')\n"
	    "sys.exit(42 if good else 43)\n"
	    "END\n");
	put(f, "work/mine", "1");
	put(f, "work/stamp", "x\nx\n");
	put(f, "work/judge/built.py", "import sys\nsys.exit(42)\n");
	put_group(f, "a", "1", "2", "3");
	put_group(f, "b", "1", "2", "3");
	assert_all(f, "passed 6/6: a/1 ok, a/2 ok, a/3 ok, b/1 ok, b/2 ok, b/3 ok");
	put(f, "task/hidden/judge/make.sh", "echo cannot make it; exit 3\n");
	assert_error(f, "judge_build: runtime_error (exit status 3): cannot make it");
}

static void what_was_built_serves_the_next_grade(void **state)
{
	struct fixture *f = *state;
	AUTO(fs_temp_release) char *kept = NULL;
	AUTO_FREE char *judge = NULL;
	const struct ask ask = { .judge_base = &kept };

	begin(f, HEAD("'judge_build': ['cp', 'judge/no.py', 'judge/yes.py'], ") //
	      IO("a", "3", "{'validator': ['python3', 'judge/yes.py']}", "") "]}");
	put(f, "task/hidden/judge/no.py", "import sys\nsys.exit(43)\n");
	put_group(f, "a", "1", "2", "3");
	assert_grade(f, ask, "wrong_answer 0/3: a/1 wrong_answer, a/2 wrong_answer, "
			     "a/3 wrong_answer");
	assert_non_null(kept);
	judge = fs_join(kept, "judge/yes.py");
	ok(f, fs_write(judge, 0644, "import sys\nsys.exit(42)\n", 24, &f->err));
	assert_grade(f, ask, "passed 3/3: a/1 ok, a/2 ok, a/3 ok");
	assert_non_null(kept);
	ok(f, fs_write(judge, 0644, "import sys\nsys.exit(41)\n", 24, &f->err));
	assert_int_equal(try_grade(f, &ask, &(struct grade)GRADE_INIT), -1);
	assert_null(kept);
	f->err = (struct err)ERR_INIT;
}

#define CHOICE(limits)                                                                             \
	"{'schema': 'tali.task/1', 'name': 'add', 'title': 'Add', 'type': 'algorithm',"            \
	" 'difficulty': 'basic', 'time_limit_minutes': 30, 'language': ['python', 'c', 'bash'],"   \
	" 'build': 'language', " limits " 'tests': [{'id': 'a', 'kind': 'io',"                     \
	" 'visibility': 'hidden', 'points': 3, 'dir': 'a', 'argv': ['{program}'],"                 \
	" 'compare': {'kattis': {}}}]}"

static void a_submission_chooses_its_language(void **state)
{
	struct fixture *f = *state;

	begin(f, CHOICE(""));
	take_away(f, "work");
	put_group(f, "a", "OK", "Ok", "ok");
	put(f, "work/notes.txt", "nothing here\n");
	assert_all(f, "compile_error 0/3: a/1 compile_error, a/2 compile_error, "
		      "a/3 compile_error");
	put(f, "work/echo.py", "print(input())\n");
	assert_all(f, "passed 3/3: a/1 ok, a/2 ok, a/3 ok");
	take_away(f, "work/echo.py");
	put(f, "work/echo.h", "int copy(void);\n");
	put(f, "work/copy.c",
	    "#include <stdio.h>\n#include \"echo.h\"\n"
	    "int copy(void) { int c = getchar(); return c != EOF && putchar(c) != EOF; }\n");
	put(f, "work/echo.c",
	    "#include \"echo.h\"\nint main(void) { while (copy()) ; return 0; }\n");
	assert_all(f, "passed 3/3: a/1 ok, a/2 ok, a/3 ok");
	put(f, "work/echo.c", "int main(void) { return copy( }\n");
	assert_all(f, "compile_error 0/3: a/1 compile_error, a/2 compile_error, "
		      "a/3 compile_error");
}

/* A tenth of a second is enough for the program, and no compiler. */
static void a_compiler_has_limits_of_its_own(void **state)
{
	struct fixture *f = *state;

	begin(f, CHOICE("'limits': {'cpu_seconds': 0.1, 'memory_mb': 8, 'processes': 1},"));
	take_away(f, "work");
	put_group(f, "a", "ok", "ok", "ok");
	put(f, "work/echo.c",
	    "#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) "
	    "putchar(c); return 0; }\n");
	assert_all(f, "passed 3/3: a/1 ok, a/2 ok, a/3 ok");
}

#define VARIANTS                                                                                   \
	", 'variants': {"                                                                          \
	" 'right': {'expect': {'permitted': ['passed', 'wrong_answer'],"                           \
	" 'required': ['wrong_answer']}, 'points': [1, 2]},"                                       \
	" 'not-permitted': {'expect': {'permitted': ['passed']}},"                                 \
	" 'not-there': {'expect': {'required': ['time_limit', 'wall_limit']}},"                    \
	" 'points': {'expect': 'wrong_answer', 'points': 1}}}"

static void assert_fault(const json_t *faults, size_t at, const char *want)
{
	assert_string_equal(json_string_value(json_array_get(faults, at)), want);
}

static void variants_are_held_against_verdicts_and_points(void **state)
{
	static const char *const names[] = { "right", "not-permitted", "not-there", "points" };
	struct fixture *f = *state;
	char task[REPO_OID_SIZE];
	struct prove_request request = { .sandbox = sandbox, .repo = f->repo, .task_tree = task,
					 .manifest = &f->manifest, .repeats = 1,
					 .allow_weak = true };
	AUTO_JSON json_t *proof = NULL;
	const json_t *faults;

	begin(f, HEAD("") IO("a", "3", SCORE, SCORED) "]" VARIANTS);
	put_group(f, "a", "1", "2", "3");
	put(f, "task/solution/main.py", "print(42, 'score.txt', '0.9')\n");
	for (int i = 0; i < 4; i++) {
		AUTO_FREE char *path = buf_format("task/variants/%s/main.py", names[i]);

		put(f, path, "print(42 if input() < '3' else 43)\n");
	}
	tree_of(f, "task", task);
	proof = prove_run(&request, &f->err);
	assert_non_null(proof);
	faults = json_object_get(proof, "faults");
	assert_int_equal(json_array_size(faults), 4);
	assert_fault(faults, 0, "reference: test 'a' earns 2.7 of 3 points");
	assert_fault(faults, 1, "variant 'not-permitted': 'a/3' is wrong_answer, which is not "
				"permitted");
	assert_fault(faults, 2, "variant 'not-there': no case is time_limit or wall_limit");
	assert_fault(faults, 3, "variant 'points': expected 1 points, got 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_lowest_case_decides_about_all),
		TEST(after_a_case_that_earns_nothing_the_others_do_not_run),
		TEST(a_test_runs_when_those_it_requires_earned_everything),
		TEST(a_judge_gives_scores),
		TEST(a_score_that_is_none_is_our_failure),
		TEST(without_the_word_a_score_counts_for_nothing),
		TEST(a_submission_cannot_leave_a_score),
		TEST(a_judge_gets_its_arguments),
		TEST(an_interactor_gives_scores_too),
		TEST(judges_are_built_once_from_the_task_alone),
		TEST(what_was_built_serves_the_next_grade),
		TEST(a_submission_chooses_its_language),
		TEST(a_compiler_has_limits_of_its_own),
		TEST(variants_are_held_against_verdicts_and_points),
	};

	return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
