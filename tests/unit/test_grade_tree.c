/* test_grade_tree.c - what of a submission gets to the tests, and what comes from the task
 * version */
#include "grade_fixture.h"

#include "grade/grade_tree.h"

static int add_path(void *arg, const struct repo_file *file, struct err *err)
{
	struct buf *out = arg;

	(void)err;
	buf_add_format(out, "%s%s", out->len ? " " : "", file->path);
	return 0;
}

static void assert_files(struct fixture *f, const char *tree, const char *want)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 16);

	ok(f, repo_each_file(f->repo, tree, add_path, &out, &f->err));
	assert_string_equal(buf_str(&out), want);
}

static void assert_file(struct fixture *f, const char *tree, const char *path, const char *want)
{
	AUTO(buf_release) struct buf out = BUF_INIT(0);

	ok(f, repo_read_file(f->repo, tree, path, 1 << 16, &out, &f->err));
	assert_string_equal(buf_str(&out), want);
}

static void assert_restored(const struct grade_tree *tree, const char *want)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 16);

	for (char **path = tree->restored; path && *path; path++)
		buf_add_format(&out, "%s%s", out.len ? " " : "", *path);
	assert_string_equal(buf_str(&out), want);
}

static void make(struct fixture *f, bool hidden, struct grade_tree *ret)
{
	char task[REPO_OID_SIZE], work[REPO_OID_SIZE];

	tree_of(f, "task", task);
	tree_of(f, "work", work);
	ok(f, grade_tree_make(f->repo, &f->manifest, work, task, hidden, ret, &f->err));
}

static void an_honest_submission_stays_as_it_is(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;
	char work[REPO_OID_SIZE];

	tree_of(f, "work", work);
	make(f, true, &tree);
	assert_string_equal(tree.base, work);
	assert_files(f, tree.hidden,
		     "hidden_tests/run.py io/one.ans io/one.in io/two.ans io/two.in");
	assert_restored(&tree, "");
}

static void protected_paths_come_from_the_task(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "work/tests/check.py", "pass\n");
	put(f, "work/tests/more.py", "pass\n");
	put(f, "work/conftest.py", "evil\n");
	put(f, "work/pytest.py", "evil\n");
	put(f, "work/pytest/__init__.py", "evil\n");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py main.py tests/check.py");
	assert_file(
		f, tree.base, "tests/check.py",
		"import sys\nsys.path.insert(0, '/work')\nimport add\nassert add.add(1, 2) == 3\n");
	assert_restored(&tree,
			"conftest.py pytest.py pytest/__init__.py tests/check.py tests/more.py");
}

static void a_protected_path_that_is_gone_comes_back(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	take_away(f, "work/tests");
	put(f, "work/tests", "a file in place of the folder\n");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py main.py tests/check.py");
	assert_restored(&tree, "tests/check.py");
}

static void caches_are_dropped_without_a_word(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "work/__pycache__/add.cpython-311.pyc", "x");
	put(f, "work/tests/__pycache__/check.cpython-311.pyc", "x");
	put(f, "work/pytest.pyc", "x");
	put(f, "work/.pytest_cache/v/lastfailed", "x");
	put(f, "work/node_modules/jest/index.js", "x");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py main.py tests/check.py");
	assert_restored(&tree, "");
}

static void dependencies_that_the_task_brings_stay(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "task/start/node_modules/jest/index.js", "ours");
	put(f, "work/node_modules/jest/index.js", "theirs");
	make(f, true, &tree);
	assert_file(f, tree.base, "node_modules/jest/index.js", "ours");
	assert_restored(&tree, "");
}

static void nothing_submitted_gets_into_a_folder_of_hidden(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;
	AUTO(grade_tree_release) struct grade_tree visible = GRADE_TREE_INIT;

	put(f, "work/hidden_tests/xml.py", "evil\n");
	put(f, "work/io/three.in", "x\n");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py main.py tests/check.py");
	assert_restored(&tree, "hidden_tests/xml.py io/three.in");
	make(f, false, &visible);
	assert_files(f, visible.base,
		     "README.md add.py hidden_tests/xml.py io/three.in main.py tests/check.py");
	assert_string_equal(visible.hidden, "");
}

static void a_folder_that_hidden_shares_with_start_stays_open(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "task/start/pkg/a.go", "package pkg\n");
	put(f, "task/hidden/pkg/a_test.go", "package pkg\n");
	put(f, "work/pkg/a.go", "package pkg // mine\n");
	put(f, "work/pkg/b.go", "package pkg\n");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py main.py pkg/a.go pkg/b.go tests/check.py");
}

static void statement_and_attachments_come_from_the_task(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "task/files/data.csv", "1,2\n");
	put(f, "work/files/data.csv", "3,4\n");
	put(f, "work/files/more.csv", "5,6\n");
	put(f, "work/README.md", "mine\n");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md add.py files/data.csv main.py tests/check.py");
	assert_file(f, tree.base, "files/data.csv", "1,2\n");
	assert_file(f, tree.base, "README.md", "# Add\n");
	assert_restored(&tree, "files/data.csv files/more.csv");
}

static void a_validator_sees_nothing_submitted(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	put(f, "work/evil.py", "evil\n");
	make(f, true, &tree);
	assert_files(f, tree.judge,
		     "add.py hidden_tests/run.py io/one.ans io/one.in io/two.ans "
		     "io/two.in main.py tests/check.py");
	assert_file(f, tree.judge, "add.py", BAD);
}

static void an_empty_submission_is_a_tree_too(void **state)
{
	struct fixture *f = *state;
	AUTO(grade_tree_release) struct grade_tree tree = GRADE_TREE_INIT;

	take_away(f, "work");
	make(f, true, &tree);
	assert_files(f, tree.base, "README.md tests/check.py");
	assert_restored(&tree, "tests/check.py");
}

static void a_tree_is_measured_as_a_tmpfs_counts(void **state)
{
	struct fixture *f = *state;
	struct grade_tree_size size = { 0 };
	struct plan_limits limits = plan_default_limits;
	char work[REPO_OID_SIZE];

	take_away(f, "work");
	put(f, "work/a/b/one", "1");
	put(f, "work/a/b/two", "");
	put(f, "work/a/c", "3");
	put(f, "work/ab", "4");
	tree_of(f, "work", work);
	ok(f, grade_tree_measure(f->repo, work, &size, &f->err));
	assert_int_equal(size.bytes, 3 * 4096);
	assert_int_equal(size.inodes, 6);
	limits.disk = 3 * 4096;
	limits.inodes = 7;
	assert_true(grade_tree_fits(&size, &limits));
	limits.inodes = 6;
	assert_false(grade_tree_fits(&size, &limits));
	limits.inodes = 7;
	limits.disk--;
	assert_false(grade_tree_fits(&size, &limits));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_honest_submission_stays_as_it_is, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(protected_paths_come_from_the_task, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(a_protected_path_that_is_gone_comes_back,
						fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(caches_are_dropped_without_a_word, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(dependencies_that_the_task_brings_stay,
						fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(nothing_submitted_gets_into_a_folder_of_hidden,
						fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_folder_that_hidden_shares_with_start_stays_open,
						fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(statement_and_attachments_come_from_the_task,
						fixture_open, fixture_close),
		cmocka_unit_test_setup_teardown(a_validator_sees_nothing_submitted, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(an_empty_submission_is_a_tree_too, fixture_open,
						fixture_close),
		cmocka_unit_test_setup_teardown(a_tree_is_measured_as_a_tmpfs_counts, fixture_open,
						fixture_close),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
