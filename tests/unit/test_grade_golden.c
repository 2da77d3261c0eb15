/* test_grade_golden.c - a manifest of the first days is graded today as it was then, byte for byte
 *
 * tests/unit/grade_golden.json was written by the grader as it was before manifests knew languages
 * to choose from, groups of cases and scores; TALI_GOLDEN=FILE writes what today's says. */
#include "grade_ask.h"

#include "grade/grade_json.h"

#define TEST_FLOAT                                                                                 \
	"{'id': 'near', 'kind': 'io', 'visibility': 'hidden', 'points': 10, 'dir': 'near',"        \
	" 'argv': ['python3', 'near.py'], 'compare': {'float': {'rel': 1e-3}},"                    \
	" 'cases': {'b*': {'weight': 3, 'tags': ['edge']}}}"
#define TEST_VALIDATOR                                                                             \
	"{'id': 'judged', 'kind': 'io', 'visibility': 'hidden', 'points': 7, 'dir': 'io',"         \
	" 'argv': ['python3', 'main.py'], 'compare': {'validator': ['python3', 'check.py']}}"
#define TEST_TALK                                                                                  \
	"{'id': 'talk', 'kind': 'interactive', 'visibility': 'hidden', 'points': 3, 'dir': 'io',"  \
	" 'argv': ['python3', 'main.py'], 'interactor': ['python3', 'talk.py']}"
#define ALL_TESTS                                                                                  \
	TEST_VISIBLE "," TEST_UNIT "," TEST_CLI "," TEST_FLOAT "," TEST_VALIDATOR "," TEST_TALK

static void put_old_task(struct fixture *f, const char *build)
{
	AUTO_FREE char *manifest = buf_format("%s%s%s%s%s", TASK_HEAD TASK_LIMITS, build,
					      TASK_TESTS(ALL_TESTS), ",", "'variants': {}}");

	read_manifest(f, manifest);
	put(f, "task/hidden/near/a.in", "3\n");
	put(f, "task/hidden/near/a.ans", "0.333\n");
	put(f, "task/hidden/near/b.in", "7\n");
	put(f, "task/hidden/near/b.ans", "0.142857\n");
	put(f, "task/hidden/check.py",
	    "import sys\n"
	    "want = open(sys.argv[2]).read().split()\n"
	    "if sys.stdin.read().split() == want:\n    sys.exit(42)\n"
	    "open(sys.argv[3] + '/judgemessage.txt', 'w').write('not ' + want[0])\n"
	    "open(sys.argv[3] + '/score.txt', 'w').write('1')\n"
	    "sys.exit(43)\n");
	put(f, "task/hidden/talk.py",
	    "import sys\n"
	    "print(open(sys.argv[1]).read(), flush=True)\n"
	    "said = sys.stdin.readline().split()\n"
	    "sys.exit(42 if said == open(sys.argv[2]).read().split() else 43)\n");
	put(f, "work/near.py", "print('%.3f' % (1 / int(input())))\n");
}

static void add_grade(struct fixture *f, json_t *grades, const char *add_py)
{
	const struct ask ask = { .expected = ALL_IDS };
	AUTO(grade_release) struct grade grade = GRADE_INIT;

	put(f, "work/add.py", add_py);
	ok(f, try_grade(f, &ask, &grade));
	json_array_append_new(grades, grade_json(&grade));
}

static void old_manifests_get_the_same_bytes(void **state)
{
	const char *out = getenv("TALI_GOLDEN"), *top = getenv("TALI_SRCDIR");
	AUTO_FREE char *path = buf_format("%s/tests/unit/grade_golden.json", top ? top : ".");
	AUTO_JSON json_t *grades = json_array();
	AUTO_FREE char *text = NULL;
	struct buf want = { 0 };
	struct fixture *f = *state;

	put_old_task(f, "");
	add_grade(f, grades, GOOD);
	add_grade(f, grades, BAD);
	add_grade(f, grades, "def add(a, b):\n    return a + b if a < 5 else None\n");
	put(f, "work/tests/check.py", "# mine\n");
	add_grade(f, grades, "import os\nos._exit(0)\n");
	put_old_task(f, "'build': ['sh', '-c', 'echo made; grep -q good add.py'], ");
	add_grade(f, grades, GOOD);
	add_grade(f, grades, "# good\n" GOOD);
	text = json_dumps(grades, JSON_INDENT(1));
	if (out)
		ok(f, fs_write(out, 0644, text, strlen(text), &f->err));
	ok(f, fs_read(AT_FDCWD, path, 1 << 20, &want, &f->err));
	assert_string_equal(text, buf_str(&want));
	buf_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(old_manifests_get_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
