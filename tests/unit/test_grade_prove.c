/* test_grade_prove.c - proofs of task versions, good and bad */
#include "grade_fixture.h"

#include "grade/prove.h"

static struct sandbox *sandbox;

struct told {
	int calls, last, total;
};

static void note_progress(void *arg, const char *what, int done, int total)
{
	struct told *told = arg;

	assert_non_null(what);
	told->calls++;
	told->last = done;
	told->total = total;
}

static json_t *prove(struct fixture *f, int repeats, bool reference_only, struct told *told)
{
	char task[REPO_OID_SIZE];
	struct prove_request request = {
		.sandbox = sandbox,
		.repo = f->repo,
		.task_tree = task,
		.manifest = &f->manifest,
		.repeats = repeats,
		.reference_only = reference_only,
		.allow_weak = true,
		.progress = told ? note_progress : NULL,
		.arg = told,
	};
	json_t *proof;

	tree_of(f, "task", task);
	proof = prove_run(&request, &f->err);
	if (!proof)
		fail_msg("error %d: %s", f->err.code, f->err.text);
	return proof;
}

static void assert_json(const json_t *value, const char *want)
{
	AUTO_FREE char *got = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	AUTO_FREE char *quoted = buf_strdup(want);

	for (char *at = quoted; *at; at++)
		if (*at == '`')
			*at = '"';
	assert_string_equal(got, quoted);
}

#define TASK_TAIL(variants) "'protected': ['tests/**'], 'variants': {" variants "}}"
#define FAST_TESTS "'tests': [" TEST_UNIT "], "

static void put_variant(struct fixture *f, const char *variants)
{
	AUTO_FREE char *text = buf_format(TASK_HEAD TASK_LIMITS FAST_TESTS TASK_TAIL("%s"),
					  variants);

	read_manifest(f, text);
	put(f, "task/variants/small-only/add.py",
	    "def add(a, b):\n    return a + b if a < 10 else 0\n");
}

static void a_good_task_is_proved(void **state)
{
	struct fixture *f = *state;
	struct told told = { 0 };
	AUTO_JSON json_t *proof = NULL;

	put_variant(f, "'small-only': {'expect': 'wrong_answer', 'fails': ['unit/test_b*']}");
	proof = prove(f, 2, false, &told);
	assert_json(json_object_get(proof, "faults"), "[]");
	assert_json(json_object_get(proof, "proved"), "true");
	assert_json(json_object_get(proof, "flaky"), "[]");
	assert_json(json_object_get(proof, "repeats"), "2");
	assert_json(json_object_get(proof, "cases"),
		    "{`unit`:[`unit/test_small`,`unit/test_big`]}");
	assert_json(json_object_get(proof, "starter"),
		    "{`points`:0,`possible`:60,`verdict`:`wrong_answer`}");
	assert_json(json_object_get(proof, "variants"),
		    "{`small-only`:{`as_expected`:true,`expect`:`wrong_answer`,"
		    "`fails`:[`unit/test_big`],`message`:null,`verdict`:`wrong_answer`}}");
	assert_true(json_integer_value(json_object_get(
			    json_object_get(json_object_get(proof, "reference"), "wall_ms"),
			    "unit")) > 0);
	assert_int_equal(told.calls, 6);
	assert_int_equal(told.last, 5);
	assert_int_equal(told.total, 6);
}

static void the_reference_alone_gives_the_case_ids(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *proof = prove(f, 3, true, NULL);

	assert_json(json_object_get(proof, "cases"),
		    "{`cli`:[`cli/one`,`cli/two`],`unit`:[`unit/test_small`,`unit/test_big`],"
		    "`visible`:[`visible/exit`]}");
	assert_json(json_object_get(proof, "proved"), "true");
	assert_json(json_object_get(proof, "starter"), "null");
	assert_json(json_object_get(proof, "variants"), "{}");
	assert_json(json_object_get(proof, "repeats"), "1");
}

static void a_reference_that_misses_a_point_is_a_fault(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *proof = NULL;

	put(f, "task/solution/add.py", "def add(a, b):\n    return a + b if a < 10 else 0\n");
	put(f, "task/solution/conftest.py", "x\n");
	put_variant(f, "");
	proof = prove(f, 1, true, NULL);
	assert_json(json_object_get(proof, "proved"), "false");
	assert_json(json_object_get(proof, "faults"),
		    "[`reference: changes 'conftest.py', which grading puts back`,"
		    "`reference: case 'unit/test_big' is wrong_answer: got 0`]");
	assert_json(json_object_get(proof, "cases"), "{`unit`:[`unit/test_small`]}");
}

static void a_starter_that_earns_everything_is_a_fault(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *proof = NULL;

	put(f, "task/start/add.py", GOOD);
	put_variant(f, "");
	proof = prove(f, 1, false, NULL);
	assert_json(json_object_get(proof, "faults"), "[`starter: earns all points`]");
	assert_json(json_object_get(proof, "proved"), "false");
}

static void a_variant_must_fail_as_said(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *verdict = NULL;
	AUTO_JSON json_t *missing = NULL;
	AUTO_JSON json_t *extra = NULL;

	put_variant(f, "'small-only': {'expect': 'time_limit'}");
	verdict = prove(f, 1, false, NULL);
	assert_json(json_object_get(verdict, "faults"),
		    "[`variant 'small-only': expected time_limit, got wrong_answer`]");
	put_variant(f, "'small-only': {'expect': 'wrong_answer',"
		       " 'fails': ['unit/test_big', 'unit/test_x']}");
	missing = prove(f, 1, false, NULL);
	assert_json(json_object_get(missing, "faults"),
		    "[`variant 'small-only': no case that matches 'unit/test_x' fails`]");
	put(f, "task/variants/small-only/add.py", BAD);
	put_variant(f, "'small-only': {'expect': 'wrong_answer', 'fails': ['unit/test_big']}");
	put(f, "task/variants/small-only/add.py", BAD);
	extra = prove(f, 1, false, NULL);
	assert_json(json_object_get(extra, "faults"),
		    "[`variant 'small-only': 'unit/test_small' fails and is not among its fails`]");
}

static void a_forging_variant_is_expected_to_be_tampered(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *proof = NULL;

	put_variant(f, "'small-only': {'expect': 'tampered'}");
	put(f, "task/variants/small-only/add.py", "import os\nos._exit(0)\n");
	proof = prove(f, 1, false, NULL);
	assert_json(json_object_get(proof, "faults"), "[]");
}

static void a_case_that_changes_is_flaky(void **state)
{
	struct fixture *f = *state;
	AUTO_JSON json_t *proof = NULL;

	put_variant(f, "");
	put(f, "task/start/add.py",
	    "import random\nlucky = random.random() < 0.5\n"
	    "def add(a, b):\n    return a + b if a < 10 and lucky else 0\n");
	proof = prove(f, 24, false, NULL);
	assert_json(json_object_get(proof, "flaky"), "[`unit/test_small`]");
	assert_json(json_object_get(proof, "faults"),
		    "[`starter: 'unit/test_small' changes between repeats`]");
}

static int start_sandbox(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	hash_init();
	sandbox = sandbox_start(&err);
	return sandbox ? 0 : -1;
}

static int stop_sandbox(void **state)
{
	(void)state;
	sandbox_close(&sandbox);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_task_is_proved),
		TEST(the_reference_alone_gives_the_case_ids),
		TEST(a_reference_that_misses_a_point_is_a_fault),
		TEST(a_starter_that_earns_everything_is_a_fault),
		TEST(a_variant_must_fail_as_said),
		TEST(a_forging_variant_is_expected_to_be_tampered),
		TEST(a_case_that_changes_is_flaky),
	};

	return cmocka_run_group_tests(tests, start_sandbox, stop_sandbox);
}
