/* test_grade.c - whole grades in the real sandbox: honest submissions and hostile ones */
#include "grade_ask.h"

static void the_reference_passes_everything(void **state)
{
	assert_grade(*state, (struct ask){ .expected = ALL_IDS },
		     "passed 100/100: visible/exit ok, unit/test_small ok, unit/test_big ok, "
		     "cli/one ok, cli/two ok");
}

static void a_wrong_program_fails_what_it_gets_wrong(void **state)
{
	struct fixture *f = *state;

	put(f, "work/add.py", BAD);
	assert_grade(
		f, (struct ask){ .expected = ALL_IDS },
		"wrong_answer 20/100: visible/exit wrong_answer, unit/test_small wrong_answer, "
		"unit/test_big wrong_answer, cli/one wrong_answer, cli/two ok");
	put(f, "work/add.py", "def add(a, b):\n    return a + b if a < 10 else 0\n");
	assert_grade(f, (struct ask){ .expected = ALL_IDS },
		     "wrong_answer 60/100: visible/exit ok, unit/test_small ok, "
		     "unit/test_big wrong_answer, cli/one ok, cli/two ok");
}

static void a_program_that_does_not_load_is_a_runtime_error(void **state)
{
	struct fixture *f = *state;

	put(f, "work/add.py", "def add(a, b:\n");
	assert_grade(
		f, (struct ask){ .expected = ALL_IDS },
		"runtime_error 0/100: visible/exit wrong_answer, unit/test_small runtime_error, "
		"unit/test_big runtime_error, unit/load runtime_error, cli/one runtime_error, "
		"cli/two runtime_error");
}

static void a_program_that_never_ends_hits_a_limit(void **state)
{
	static const char *const only[] = { "unit", NULL };
	struct fixture *f = *state;

	read_manifest(f, TASK_HEAD "'limits': {'cpu_seconds': 1}, " TASK_TESTS(TEST_UNIT) "}");
	put(f, "work/add.py", "while True:\n    pass\n");
	assert_grade(f, (struct ask){ .expected = ALL_IDS, .only = only },
		     "time_limit 0/60: unit/test_small time_limit, unit/test_big time_limit");
}

static void only_chosen_tests_run(void **state)
{
	static const char *const only[] = { "c*", NULL };
	struct fixture *f = *state;

	assert_grade(f, (struct ask){ .only = only }, "passed 40/40: cli/one ok, cli/two ok");
	assert_grade(f, (struct ask){ .visible_only = true }, "passed 0/0: visible/exit ok");
}

static void hidden_files_stay_away_from_visible_runs_and_programs(void **state)
{
	static const char *const only[] = { "visible", "cli", NULL };
	struct fixture *f = *state;

	put(f, "work/add.py",
	    "import os, sys\n"
	    "if os.path.exists('/work/io') or os.path.exists('/work/hidden_tests'):\n"
	    "    os._exit(3)\n" GOOD);
	assert_grade(f, (struct ask){ .only = only },
		     "passed 40/40: visible/exit ok, cli/one ok, cli/two ok");
}

/* --- hostile submissions: what the candidate's module does when the runner imports it */

static void assert_unit(struct fixture *f, const char *add_py, const char *want)
{
	static const char *const only[] = { "unit", NULL };

	put(f, "work/add.py", add_py);
	assert_grade(f, (struct ask){ .expected = ALL_IDS, .only = only }, want);
}

#define FORGE(cases)                                                                               \
	"import os, sys\n"                                                                         \
	"with open(sys.argv[1], 'w') as out:\n"                                                    \
	"    out.write(\"<testsuite>" cases "</testsuite>\")\n"                                    \
	"    out.flush()\n"
#define BOTH "<testcase name='test_small'/><testcase name='test_big'/>"

static void an_early_exit_is_tampered(void **state)
{
	assert_unit(*state, "import os\nos._exit(0)\n",
		    "tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error "
		    "(the runner ended well, but it left no report)");
}

static void a_forged_report_with_other_cases_is_tampered(void **state)
{
	assert_unit(*state, FORGE("<testcase name='all'/>") "os._exit(0)\n",
		    "tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error, "
		    "unit/all ok (the report lacks 'test_small')");
}

static void a_forged_report_with_a_failing_exit_is_tampered(void **state)
{
	assert_unit(*state, FORGE(BOTH) "os._exit(1)\n",
		    "tampered 0/60: unit/test_small ok, unit/test_big ok (the report says all "
		    "passed, but the runner ended with runtime_error (exit status 1))");
}

static void a_forged_report_is_overwritten_by_the_runner(void **state)
{
	assert_unit(*state, FORGE(BOTH) BAD,
		    "wrong_answer 0/60: unit/test_small wrong_answer, unit/test_big wrong_answer");
}

static void a_report_that_is_no_regular_file_counts_for_nothing(void **state)
{
	assert_unit(
		*state,
		"import os, sys\n"
		"open('/work/forged', 'w').write(\"<testsuite>" BOTH "</testsuite>\")\n"
		"os.symlink('/work/forged', sys.argv[1])\nos._exit(0)\n",
		"tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error (the "
		"runner ended well, but its report: report.xml: is a symbolic link)");
	assert_unit(
		*state, "import os, sys\nos.mkfifo(sys.argv[1])\nos._exit(0)\n",
		"tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error (the "
		"runner ended well, but its report: report.xml: not a regular file)");
	assert_unit(
		*state,
		"import os, sys\nfolder = os.path.dirname(sys.argv[1])\nos.rmdir(folder)\n"
		"os.mkdir('/work/other')\nos.symlink('other', folder)\n" FORGE(
			BOTH) "os._exit(0)\n",
		"tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error (the "
		"runner ended well, but it left no report)");
}

static void an_unreadable_or_huge_report_counts_for_nothing(void **state)
{
	assert_unit(
		*state, FORGE("<testcase") "os._exit(0)\n",
		"tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error (the "
		"runner ended well, but its report: line 1: not well-formed (invalid token))");
	assert_unit(
		*state, "import os, sys\nopen(sys.argv[1], 'w')\nos._exit(0)\n",
		"tampered 0/60: unit/test_small runtime_error, unit/test_big runtime_error (the "
		"runner ended well, but its report: is empty)");
}

static void a_daemon_does_not_outlive_the_run(void **state)
{
	assert_unit(*state,
		    "import os, sys, time\n"
		    "if os.fork() == 0:\n"
		    "    os.setsid()\n"
		    "    if os.fork() == 0:\n"
		    "        while True:\n"
		    "            time.sleep(0.01)\n"
		    "            try:\n"
		    "                size = os.path.getsize(sys.argv[1])\n"
		    "            except OSError:\n"
		    "                continue\n"
		    "            time.sleep(0.3)\n"
		    "            with open(sys.argv[1], 'w') as out:\n"
		    "                out.write(\"<testsuite>" BOTH "</testsuite>\")\n"
		    "    os._exit(0)\n"
		    "os.wait()\n" BAD,
		    "wrong_answer 0/60: unit/test_small wrong_answer, unit/test_big wrong_answer");
}

static void planted_files_do_not_help(void **state)
{
	struct fixture *f = *state;

	put(f, "work/hidden_tests/run.py", "pass\n");
	put(f, "work/hidden_tests/xml.py", "import os\nos._exit(0)\n");
	put(f, "work/report.xml", "<testsuite>" BOTH "</testsuite>");
	put(f, "work/.tali-0000000000000000/report.xml", "<testsuite>" BOTH "</testsuite>");
	put(f, "work/tests/check.py", "pass\n");
	put(f, "work/io/one.ans", "-1\n");
	put(f, "work/add.py", BAD);
	assert_grade(
		f, (struct ask){ .expected = ALL_IDS },
		"wrong_answer 20/100: visible/exit wrong_answer, unit/test_small wrong_answer, "
		"unit/test_big wrong_answer, cli/one wrong_answer, cli/two ok");
}

static void what_the_program_prints_is_compared_outside(void **state)
{
	static const char *const only[] = { "cli", NULL };
	struct fixture *f = *state;

	put(f, "work/main.py", "print(3)\nraise SystemExit(1)\n");
	assert_grade(f, (struct ask){ .only = only },
		     "runtime_error 0/40: cli/one runtime_error, cli/two runtime_error");
	put(f, "work/main.py", "import sys\nsys.stderr.write('3')\n");
	assert_grade(f, (struct ask){ .only = only },
		     "wrong_answer 0/40: cli/one wrong_answer, cli/two wrong_answer");
	put(f, "work/main.py", "while True:\n    print('x' * 1000)\n");
	assert_grade(f, (struct ask){ .only = only },
		     "output_limit 0/40: cli/one output_limit, cli/two output_limit");
}

static void a_tree_that_is_too_large_hits_the_disk_limit(void **state)
{
	struct fixture *f = *state;
	AUTO_FREE char *big = buf_alloc((2 << 20) + 1);

	read_manifest(f, TASK_HEAD
		      "'limits': {'disk_mb': 1}, " TASK_TESTS(TEST_UNIT "," TEST_CLI) "}");
	memset(big, 'x', 2 << 20);
	put(f, "work/big.txt", big);
	assert_grade(f, (struct ask){ .expected = ALL_IDS },
		     "disk_limit 0/100: unit/test_small disk_limit, unit/test_big disk_limit, "
		     "cli/one disk_limit, cli/two disk_limit");
}

/* --- build */

#define TASK_BUILD TASK_HEAD TASK_LIMITS "'build': ['python3', 'build.py'], "

static void a_build_hands_its_files_to_the_tests(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_UNIT "," TEST_CLI) "}");
	take_away(f, "work/add.py");
	put(f, "work/build.py",
	    "open('add.py', 'w').write(open('add.txt').read())\nprint('made')\n");
	put(f, "work/add.txt", GOOD);
	assert_grade(
		f, (struct ask){ .expected = ALL_IDS },
		"passed 100/100: unit/test_small ok, unit/test_big ok, cli/one ok, cli/two ok");
	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	assert_true(grade.built);
	assert_string_equal(grade.build_output, "made");
}

static void a_failed_build_is_a_compile_error_of_every_case(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_UNIT "," TEST_CLI) "}");
	put(f, "work/build.py", "raise SystemExit('no such type')\n");
	assert_grade(f, (struct ask){ .expected = ALL_IDS },
		     "compile_error 0/100: unit/test_small compile_error, "
		     "unit/test_big compile_error, cli/one compile_error, cli/two compile_error");
	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	assert_string_equal(grade.build_output, "no such type");
	assert_int_equal(grade.build_run.exit_status, 1);
}

static void a_build_cannot_change_the_tests(void **state)
{
	struct fixture *f = *state;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_VISIBLE "," TEST_UNIT) "}");
	put(f, "work/add.py", BAD);
	put(f, "work/build.py",
	    "import os, shutil\n"
	    "assert not os.path.exists('hidden_tests') and not os.path.exists('io')\n"
	    "open('tests/check.py', 'w').write('pass')\n"
	    "open('tests/more.py', 'w').write('pass')\n"
	    "open('conftest.py', 'w').write('pass')\n"
	    "os.makedirs('hidden_tests/run.py')\n"
	    "open('hidden_tests/xml.py', 'w').write('import os; os._exit(0)')\n"
	    "os.mkdir('__pycache__')\n"
	    "open('__pycache__/add.cpython-311.pyc', 'w').write('x')\n"
	    "os.symlink('/etc/passwd', 'link')\n"
	    "os.mkdir('closed')\n"
	    "os.chmod('closed', 0)\n"
	    "os.mkfifo('fifo')\n");
	assert_grade(f, (struct ask){ .expected = ALL_IDS },
		     "wrong_answer 0/60: visible/exit wrong_answer, unit/test_small wrong_answer, "
		     "unit/test_big wrong_answer");
}

static void protected_files_come_back_after_the_build(void **state)
{
	static const char *const only[] = { "visible", NULL };
	struct fixture *f = *state;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_VISIBLE) "}");
	put(f, "work/build.py",
	    "import shutil\nshutil.rmtree('tests')\nopen('tests', 'w').write('a file')\n");
	assert_grade(f, (struct ask){ .only = only }, "passed 0/0: visible/exit ok");
}

static void a_build_that_leaves_too_much_is_a_compile_error(void **state)
{
	struct fixture *f = *state;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_CLI) "}");
	put(f, "work/build.py",
	    "import os\nfor i in range(70):\n    os.mkdir('d')\n    os.chdir('d')\n");
	assert_grade(f, (struct ask){ 0 },
		     "compile_error 0/40: cli/one compile_error, cli/two compile_error");
}

/* --- validator */

#define TEST_VALIDATOR                                                                             \
	"{'id': 'cli', 'kind': 'io', 'visibility': 'hidden', 'points': 40, 'dir': 'io',"           \
	" 'argv': ['python3', 'main.py'], 'compare': {'validator': ['python3', 'judge/check.py']}}"

static void a_validator_decides(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	read_manifest(f, TASK_HEAD TASK_LIMITS TASK_TESTS(TEST_VALIDATOR) "}");
	put(f, "task/hidden/judge/check.py",
	    "import sys\n"
	    "a, b = map(int, open(sys.argv[1]).read().split())\n"
	    "assert int(open(sys.argv[2]).read()) == a + b\n"
	    "if int(sys.stdin.read()) == a + b:\n"
	    "    sys.exit(42)\n"
	    "open(sys.argv[3] + '/judgemessage.txt', 'w').write('not the sum')\n"
	    "sys.exit(43)\n");
	put(f, "work/judge/check.py", "import sys\nsys.exit(42)\n");
	assert_grade(f, (struct ask){ 0 }, "passed 40/40: cli/one ok, cli/two ok");
	put(f, "work/add.py", BAD);
	ok(f, try_grade(f, &(struct ask){ 0 }, &grade));
	assert_int_equal(grade.tests[0].cases[0].verdict, VERDICT_WRONG_ANSWER);
	assert_string_equal(grade.tests[0].cases[0].message, "not the sum");
	assert_int_equal(grade.tests[0].cases[1].verdict, VERDICT_OK);
}

static void a_broken_validator_is_our_failure(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	read_manifest(f, TASK_HEAD TASK_LIMITS TASK_TESTS(TEST_VALIDATOR) "}");
	put(f, "task/hidden/judge/check.py", "raise SystemExit(1)\n");
	assert_int_equal(try_grade(f, &(struct ask){ 0 }, &grade), -1);
	assert_int_equal(f->err.code, ERR_ENV);
	assert_string_equal(f->err.text, "test 'cli': cli/one: validator 'python3': "
					 "runtime_error (exit status 1)");
	assert_int_equal(grade.test_count, 0);
}

/* --- what comes out */

static void the_same_submission_gives_the_same_json(void **state)
{
	struct fixture *f = *state;
	AUTO_FREE char *texts[2] = { NULL, NULL };

	put(f, "work/add.py",
	    "import sys\ndef add(a, b):\n    print(sys.argv)\n"
	    "    raise ValueError(str(sys.argv))\n");
	put(f, "work/conftest.py", "x\n");
	for (int i = 0; i < 2; i++) {
		AUTO(grade_release) struct grade grade = GRADE_INIT;
		AUTO_JSON json_t *json = NULL;

		ok(f, try_grade(f, &(struct ask){ .expected = ALL_IDS }, &grade));
		json = grade_json(&grade);
		assert_non_null(json);
		texts[i] = json_dumps(json, JSON_SORT_KEYS);
		assert_null(strstr(grade.tests[1].output, ".tali-"));
		assert_non_null(strstr(grade.tests[1].output, "{report}"));
	}
	assert_string_equal(texts[0], texts[1]);
	assert_non_null(strstr(texts[0], "{report}"));
	assert_non_null(strstr(texts[0], "\"restored\": [\"conftest.py\"]"));
	assert_non_null(strstr(texts[0], "\"tags\": [\"edge\"]"));
	free(texts[0]);
	free(texts[1]);
	texts[0] = texts[1] = NULL;
}

static void what_was_measured_stands_apart(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO_JSON json_t *json = NULL;

	ok(f, try_grade(f, &(struct ask){ .expected = ALL_IDS }, &grade));
	json = grade_measured_json(&grade);
	assert_true(json_is_null(json_object_get(json, "build")));
	assert_true(json_is_object(json_object_get(json_object_get(json, "tests"), "cli")));
	assert_true(grade_percent(&grade) == 100);
	for (int i = 0; i < 2; i++) {
		const char *const ids[] = { "cli/one", "cli/two" };
		const json_t *one = json_object_get(json_object_get(json, "cases"), ids[i]);

		assert_int_equal(json_object_size(one), 3);
		assert_true(json_integer_value(json_object_get(one, "wall_ms")) > 0);
	}
	assert_int_equal(json_object_size(json_object_get(json, "cases")), 2);
}

static void long_outputs_keep_both_ends(void **state)
{
	static const char *const only[] = { "unit", "cli", NULL };
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	read_manifest(f, TASK_BUILD TASK_TESTS(TEST_UNIT "," TEST_CLI) "}");
	put(f, "work/build.py", "print('begin')\nprint('x' * 100000)\nprint('end')\n");
	put(f, "work/add.py", "import sys\nsys.stderr.write('begin' + 'x' * 100000 + 'end')\n"
			      "raise ValueError('no')\n");
	ok(f, try_grade(f, &(struct ask){ .only = only }, &grade));
	assert_memory_equal(grade.build_output, "begin\nxxx", 9);
	assert_non_null(strstr(grade.build_output, " bytes left out]\nxxx"));
	assert_non_null(strstr(grade.build_output, "x\nend"));
	assert_memory_equal(grade.tests[0].output, "beginxxx", 8);
	assert_non_null(strstr(grade.tests[0].output, " bytes left out]\nxxx"));
	assert_non_null(strstr(grade.tests[1].cases[0].message, "\nbeginxxx"));
	assert_non_null(strstr(grade.tests[1].cases[0].message, " bytes left out]\nxxx"));
	assert_non_null(strstr(grade.tests[1].cases[0].message, "ValueError: no"));
}

static void foreign_bytes_come_out_as_text(void **state)
{
	static const char *const only[] = { "unit", NULL };
	struct fixture *f = *state;
	AUTO(grade_release) struct grade grade = GRADE_INIT;
	AUTO_JSON json_t *json = NULL;

	put(f, "work/add.py",
	    "import os\nos.write(1, b'\\xff\\x1b[31m\\x00' * 50000)\n"
	    "def add(a, b):\n    raise ValueError('\\x9b' * 5000)\n");
	ok(f, try_grade(f, &(struct ask){ .expected = ALL_IDS, .only = only }, &grade));
	json = grade_json(&grade);
	assert_non_null(json);
	assert_true(strlen(grade.tests[0].output) <= 64 << 10);
	assert_true(strlen(grade.tests[0].cases[0].message) <= GRADE_MESSAGE_MAX);
	assert_null(strchr(grade.tests[0].output, '\x1b'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_reference_passes_everything),
		TEST(a_wrong_program_fails_what_it_gets_wrong),
		TEST(a_program_that_does_not_load_is_a_runtime_error),
		TEST(a_program_that_never_ends_hits_a_limit),
		TEST(only_chosen_tests_run),
		TEST(hidden_files_stay_away_from_visible_runs_and_programs),
		TEST(an_early_exit_is_tampered),
		TEST(a_forged_report_with_other_cases_is_tampered),
		TEST(a_forged_report_with_a_failing_exit_is_tampered),
		TEST(a_forged_report_is_overwritten_by_the_runner),
		TEST(a_report_that_is_no_regular_file_counts_for_nothing),
		TEST(an_unreadable_or_huge_report_counts_for_nothing),
		TEST(a_daemon_does_not_outlive_the_run),
		TEST(planted_files_do_not_help),
		TEST(what_the_program_prints_is_compared_outside),
		TEST(a_tree_that_is_too_large_hits_the_disk_limit),
		TEST(a_build_hands_its_files_to_the_tests),
		TEST(a_failed_build_is_a_compile_error_of_every_case),
		TEST(a_build_cannot_change_the_tests),
		TEST(protected_files_come_back_after_the_build),
		TEST(a_build_that_leaves_too_much_is_a_compile_error),
		TEST(a_validator_decides),
		TEST(a_broken_validator_is_our_failure),
		TEST(the_same_submission_gives_the_same_json),
		TEST(what_was_measured_stands_apart),
		TEST(long_outputs_keep_both_ends),
		TEST(foreign_bytes_come_out_as_text),
	};

	return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
