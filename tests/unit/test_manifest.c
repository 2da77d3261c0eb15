/* test_manifest.c - task.json: what is refused and in which words,
and what is read from a good one */
#include "task/manifest.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "sandbox/plan.h"
#include "task/language.h"
#include "task/rubric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* The number at the end of a row is its line, where there is room for it. */
static const char GOOD[] =
	"{ \"schema\": \"tali.task/1\",\n" /* 1 */
	"  \"name\": \"debug-cart\", \"title\": \"Debug the cart\",\n" /* 2 */
	"  \"type\": \"bug_fix\", \"difficulty\": \"basic\", \"language\": \"python\",\n" /* 3 */
	"  \"time_limit_minutes\": 60,\n" /* 4 */
	"  \"run\": [\"python3\", \"main.py\"],\n" /* 5 */
	"  \"build\": null,\n" /* 6 */
	"  \"limits\": { \"cpu_seconds\": 5, \"memory_mb\": 64 },\n" /* 7 */
	"  \"tests\": [\n" /* 8 */
	"    { \"id\": \"visible\", \"kind\": \"command\", \"visibility\": \"visible\",\n" /* 9 */
	"      \"points\": 0, \"argv\": [\"prove\"], \"report\": \"tap\" },\n" /* 10 */
	"    { \"id\": \"unit\", \"kind\": \"command\", \"visibility\": \"hidden\",\n" /* 11 */
	"      \"points\": 60, \"argv\": [\"pytest\", \"--junitxml={report}\"],\n" /* 12 */
	"      \"report\": \"junit\", \"cases\": {\n" /* 13 */
	"        \"*\": { \"weight\": 3, \"tags\": [\"all\"] },\n" /* 14 */
	"        \"test_e[1]\": { \"weight\": 0.5 },\n" /* 15 */
	"        \"test_e*\": { \"weight\": 2, \"tags\": [\"edge\"] },\n" /* 16 */
	"        \"test_empty\": { \"tags\": [\"edge\", \"performance\"] } } },\n" /* 17 */
	"    { \"id\": \"cli\", \"kind\": \"io\", \"visibility\": \"hidden\",\n" /* 18 */
	"      \"points\": 40, \"dir\": \"io\", \"argv\": [\"python3\", \"main.py\"],\n" /* 19 */
	"      \"compare\": { \"float\": { \"rel\": 1e-6 } } }\n" /* 20 */
	"  ],\n" /* 21 */
	"  \"protected\": [\"tests/**\", \"conftest.py\"],\n" /* 22 */
	"  \"variants\": {\n" /* 23 */
	"    \"drops-last\": { \"expect\": \"wrong_answer\", \"fails\": [\"unit/test_*\"] },\n"
	"    \"other-way\": { \"expect\": \"passed\" } },\n" /* 25 */
	"  \"ai\": { \"policy\": \"full\", \"max_tokens\": 200000, \"max_messages\": 50 },\n"
	"  \"hints\": [ { \"text\": \"Look.\", \"cost\": 2 } ],\n" /* 27 */
	"  \"rubric\": {\n" /* 28 */
	"    \"categories\": { \"planning\": 30, \"outcome_quality\": 50, \"security\": {\n"
	"      \"weight\": 20, \"subitems\": { \"review\": 60, \"threats\": 40 } } },\n" /* 30 */
	"    \"thresholds\": { \"architect\": 70 } },\n" /* 31 */
	"  \"attempts\": 2,\n" /* 32 */
	"  \"opens\": \"2026-01-01T00:00:00Z\",\n" /* 33 */
	"  \"closes\": \"2026-02-01T00:00:00+01:00\" }\n"; /* 34 */

/* The good manifest with the first `from` replaced by `to`; yours. */
static char *edited(const char *from, const char *to)
{
	const char *at = strstr(GOOD, from);

	assert_non_null(at);
	return buf_format("%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
}

static const struct bad {
	const char *name, *from, *to, *says;
} bad[] = {
	/* the shape */
	{ "a syntax error has file and line", "60,\n", "60\n",
	  "task.json:5: '}' expected near '\"run\"'" },
	{ "a key that is there twice has file and line", "\"build\"", "\"run\"",
	  "task.json:6: duplicate object key near '\"run\"'" },
	{ "an unknown key has file, line and pointer", "\"points\": 60", "\"pionts\": 60",
	  "task.json:12: /tests/1/pionts: unknown key 'pionts' (did you mean 'points'?)" },
	{ "an unknown key at the top is told", "\"attempts\"", "\"tries\"",
	  "task.json:32: /tries: unknown key 'tries'" },
	{ "a wrong type has file, line and pointer", "\"title\": \"Debug the cart\"",
	  "\"title\": 5",
	  "task.json:2: /title: must be a string, is a number" },
	{ "a shell line is no argument vector", "[\"prove\"]", "\"prove\"",
	  "task.json:10: /tests/0/argv: must be an array, is a string" },
	{ "an empty argument is refused", "[\"prove\"]", "[\"prove\", \"\"]",
	  "task.json:10: /tests/0/argv/1: must not be empty" },
	{ "a missing key is told at the top", "\"title\": \"Debug the cart\",", "",
	  "task.json:1: 'title' is required" },
	{ "a missing key is told at its object", "\"compare\": { \"float\": { \"rel\": 1e-6 } }",
	  "\"cases\": {}", "task.json:18: /tests/2: 'compare' is required" },
	{ "a name with capitals is refused", "debug-cart", "Debug",
	  "task.json:2: /name: must be 2 to 64 small letters, digits and '-', not beginning with "
	  "'-'" },
	{ "a task type that does not exist is refused", "bug_fix", "bugfix",
	  "task.json:3: /type: must be one of code_generation, refactoring, bug_fix, "
	  "system_design, "
	  "multi_agent, open_ended, algorithm (did you mean 'bug_fix'?)" },
	{ "a time limit under 5 minutes is refused", "\"time_limit_minutes\": 60",
	  "\"time_limit_minutes\": 4", "task.json:4: /time_limit_minutes: must be at least 5" },
	{ "a time limit over 480 minutes is refused", "\"time_limit_minutes\": 60",
	  "\"time_limit_minutes\": 481", "task.json:4: /time_limit_minutes: must be at most 480" },
	{ "more than 100 attempts are refused", "\"attempts\": 2", "\"attempts\": 101",
	  "task.json:32: /attempts: must be at most 100" },
	{ "a test kind that does not exist is refused once", "\"kind\": \"io\"", "\"kind\": \"oi\"",
	  "task.json:18: /tests/2/kind: must be one of command, io, interactive "
	  "(did you mean 'io'?)" },
	{ "an unknown way to compare is refused", "{ \"float\": { \"rel\": 1e-6 } }", "\"exactly\"",
	  "task.json:20: /tests/2/compare: must be one of exact, tokens" },
	{ "two ways to compare are refused", "\"rel\": 1e-6 }",
	  "\"rel\": 1 }, \"validator\": [\"x\"]",
	  "task.json:20: /tests/2/compare: must have at most 1 member, has 2" },
	{ "a number is no way to compare", "{ \"float\": { \"rel\": 1e-6 } }", "3",
	  "task.json:20: /tests/2/compare: must be \"exact\", \"tokens\", {\"float\": ...}, "
	  "{\"kattis\": ...} or {\"validator\": [...]}" },
	{ "a negative weight is refused", "\"weight\": 3", "\"weight\": -1",
	  "task.json:14: /tests/1/cases/*/weight: must be at least 0" },
	{ "negative points are refused", "\"points\": 40", "\"points\": -1",
	  "task.json:19: /tests/2/points: must be at least 0" },
	{ "a verdict that does not exist is refused", "\"expect\": \"passed\"",
	  "\"expect\": \"ok\"",
	  "task.json:25: /variants/other-way/expect: must be one of passed, wrong_answer, "
	  "time_limit, "
	  "wall_limit, memory_limit, output_limit, process_limit, disk_limit, runtime_error, "
	  "compile_error, security_violation, tampered" },
	{ "a variant's name is a plain word", "drops-last", "../x",
	  "task.json:24: /variants/..~1x: the name must be small letters, digits and '-'" },
	{ "an AI policy that does not exist is refused", "\"policy\": \"full\"",
	  "\"policy\": \"on\"",
	  "task.json:26: /ai/policy: must be one of off, guarded, full, planted" },
	{ "a time without zone is refused", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00",
	  "task.json:33: /opens: must be a time like \"2026-01-31T09:00:00Z\", or null" },
	/* the meaning */
	{ "a duplicate test id has file, line and pointer of the second", "\"id\": \"cli\"",
	  "\"id\": \"unit\"", "task.json:18: /tests/2/id: duplicate test id 'unit'" },
	{ "control cases need a hidden test with cases", "\"report\": \"tap\" }",
	  "\"report\": \"tap\", \"must_fail\": [\"never\"] }",
	  "task.json:10: /tests/0/must_fail: control cases need a hidden test with a report of "
	  "cases" },
	{ "a language that does not exist is refused", "\"python\"", "\"pyhton\"",
	  "task.json:3: /language: must be one of python, javascript, typescript, c, c++, java, "
	  "go, "
	  "rust, bash, perl, ruby, php, sql (did you mean 'python'?)" },
	{ "a path that leaves the folder is refused", "\"dir\": \"io\"", "\"dir\": \"../io\"",
	  "task.json:19: /tests/2/dir: must be a relative path that stays inside the folder" },
	{ "an absolute path is refused", "\"dir\": \"io\"", "\"dir\": \"/io\"",
	  "task.json:19: /tests/2/dir: must be a relative path that stays inside the folder" },
	{ "a protected path that leaves the folder is refused", "\"conftest.py\"", "\"../x\"",
	  "task.json:22: /protected/1: must be a relative path that stays inside the folder" },
	{ "a protected path may not be everything", "\"conftest.py\"", "\"**/*\"",
	  "task.json:22: /protected/1: would put back every file, and with them all that the "
	  "candidate did" },
	{ "a set without end is refused", "\"conftest.py\"", "\"a[b\"",
	  "task.json:22: /protected/1: has a '[' without ']'" },
	{ "a CTRF report needs a place", "\"report\": \"tap\"", "\"report\": \"ctrf\"",
	  "task.json:10: /tests/0/argv: must hold {report}, where the ctrf report is to be "
	  "written" },
	{ "a junit report needs its path", "--junitxml={report}", "--junitxml=out.xml",
	  "task.json:12: /tests/1/argv: must hold {report}, where the junit report is to be "
	  "written" },
	{ "a test by exit status has no report", "[\"prove\"], \"report\": \"tap\"",
	  "[\"{report}\"], \"report\": \"exit\"",
	  "task.json:10: /tests/0/argv: {report} is not for tests with report exit" },
	{ "an io test has no report", "\"main.py\"],\n      \"compare\"",
	  "\"{report}\"],\n      \"compare\"",
	  "task.json:19: /tests/2/argv: {report} is for command tests only" },
	{ "a limit over the maximum is refused at its key", "\"memory_mb\": 64",
	  "\"memory_mb\": 99999999",
	  "task.json:7: /limits/memory_mb: memory_mb is at most 16384" },
	{ "a variant that passes fails no cases", "\"wrong_answer\"", "\"passed\"",
	  "task.json:24: /variants/drops-last/fails: a variant that is expected to pass cannot "
	  "fail "
	  "cases" },
	{ "a failing case names a test that is there", "unit/test_*", "unti/test_*",
	  "task.json:24: /variants/drops-last/fails/0: names a test that is not there" },
	{ "a failing case has a test and a name", "unit/test_*", "unit",
	  "task.json:24: /variants/drops-last/fails/0: must be TEST/CASE" },
	{ "category weights sum to 100", "\"planning\": 30", "\"planning\": 31",
	  "task.json:29: /rubric/categories: the weights of the categories must sum to 100, not "
	  "101" },
	{ "subitem weights sum to 100", "\"review\": 60", "\"review\": 59.5",
	  "task.json:30: /rubric/categories/security/subitems: the weights of the subitems must "
	  "sum to "
	  "100, not 99.5" },
	{ "a category of one's own needs subitems", "\"planning\": 30", "\"speed\": 30",
	  "task.json:29: /rubric/categories/speed: 'speed' is not a category of the house, it "
	  "needs "
	  "subitems" },
	{ "thresholds rise", "\"architect\": 70", "\"architect\": 85",
	  "task.json:31: /rubric/thresholds: must rise: operator 40, architect 85, innovator 85" },
	{ "a day that is not in the calendar is refused", "2026-01-01T", "2026-02-30T",
	  "task.json:33: /opens: '2026-02-30T00:00:00Z' is not a date of the calendar" },
	{ "a window closes after it opens", "2026-02-01T00:00:00+01:00",
	  "2026-01-01T01:00:00+01:00",
	  "task.json:34: /closes: must be later than 'opens'" },
};

static void is_refused(void **state)
{
	const struct bad *row = *state;
	AUTO_FREE char *text = edited(row->from, row->to);
	AUTO_JSON json_t *all = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(manifest_parse(text, strlen(text), "task.json", &manifest, all, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (strncmp(err.text, row->says, strlen(row->says)) != 0)
		fail_msg("says \"%s\", not \"%s\"", err.text, row->says);
	assert_int_equal(json_array_size(all), 1);
	assert_null(manifest.root);
}

static void all_faults_are_told_in_the_order_of_lines(void **state)
{
	AUTO_FREE char *text = edited("\"cost\": 2", "\"cots\": 2, \"price\": 1");
	AUTO_JSON json_t *all = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	memcpy(strstr(text, "\"basic\""), "\"basis\"", 7);
	assert_int_equal(manifest_parse(text, strlen(text), "a/task.json", &manifest, all, &err),
	-1);
	assert_int_equal(json_array_size(all), 3);
	assert_int_equal(json_int(json_array_get(all, 0), "line", 0), 3);
	assert_string_equal(json_str(json_array_get(all, 0), "pointer", ""), "/difficulty");
	assert_int_equal(json_int(json_array_get(all, 1), "line", 0), 27);
	assert_string_equal(json_str(json_array_get(all, 1), "pointer", ""), "/hints/0/cots");
	assert_string_equal(json_str(json_array_get(all, 1), "message", ""),
			    "unknown key 'cots' (did you mean 'cost'?)");
	assert_string_equal(err.text, "a/task.json:3: /difficulty: must be one of basic, "
				      "intermediate, advanced (did you mean 'basic'?)");
}

static void a_syntax_error_is_told_as_a_fault_too(void **state)
{
	AUTO_JSON json_t *all = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(manifest_parse("{\n\n]", 4, "task.json", &manifest, all, &err), -1);
	assert_int_equal(json_int(json_array_get(all, 0), "line", 0), 3);
	assert_string_equal(json_str(json_array_get(all, 0), "pointer", "-"), "");
	assert_string_equal(json_str(json_array_get(all, 0), "message", ""),
			    strchr(err.text, ' ') + 1);
}

static void hidden_tests_need_points(void **state)
{
	static const char text[] =
		"{ \"schema\": \"tali.task/1\", \"name\": \"ab\", \"title\": \"T\", \"type\": "
		"\"algorithm\",\n"
		"\"difficulty\": \"basic\", \"language\": \"c\", \"time_limit_minutes\": 5,\n"
		"\"tests\": [ { \"id\": \"a\", \"kind\": \"command\", \"visibility\": \"hidden\", "
		"\"points\": 0,"
		" \"argv\": [\"a\"], \"report\": \"exit\" } ] }";
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, NULL, &err), -1);
	assert_string_equal(err.text, "t:3: /tests: there are hidden tests, but the points of all "
				      "tests sum to 0");
}

static void a_manifest_that_is_too_large_is_refused(void **state)
{
	AUTO_FREE char *text = buf_alloc(MANIFEST_MAX_BYTES + 2);
	AUTO_JSON json_t *all = json_array();
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	memset(text, ' ', MANIFEST_MAX_BYTES + 1);
	assert_int_equal(manifest_parse(text, MANIFEST_MAX_BYTES + 1, "t", &manifest, all, &err),
	-1);
	assert_string_equal(err.text, "t:1: is larger than 1048576 bytes");
	assert_int_equal(json_array_size(all), 1);
}

static void the_number_of_faults_told_is_limited(void **state)
{
	AUTO(buf_release) struct buf globs = BUF_INIT(1 << 20);
	AUTO_JSON json_t *all = json_array();
	AUTO_FREE char *text = NULL;
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 400; i++)
		buf_add_format(&globs, "\"../%d\",\n", i);
	buf_add_str(&globs, "\"tests/**\"");
	text = edited("\"tests/**\"", buf_str(&globs));
	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, all, &err), -1);
	assert_int_equal(json_array_size(all), 100);
}

/* --- a good one */

static int set_up(void **state)
{
	struct manifest *manifest = buf_alloc(sizeof(*manifest));
	struct err err = ERR_INIT;

	*state = manifest;
	return manifest_parse(GOOD, strlen(GOOD), "task.json", manifest, NULL, &err);
}

static int tear_down(void **state)
{
	manifest_release(*state);
	free(*state);
	return 0;
}

static void the_facts_of_a_manifest_are_read(void **state)
{
	const struct manifest *manifest = *state;

	assert_string_equal(manifest->name, "debug-cart");
	assert_string_equal(manifest->title, "Debug the cart");
	assert_string_equal(manifest->type, "bug_fix");
	assert_string_equal(manifest->difficulty, "basic");
	assert_string_equal(manifest->languages[0], "python");
	assert_null(manifest->languages[1]);
	assert_false(manifest->languages_listed || manifest_finds_program(manifest));
	assert_int_equal(manifest->time_limit_minutes, 60);
	assert_int_equal(manifest->attempts, 2);
	assert_string_equal(manifest->run[1], "main.py");
	assert_null(manifest->run[2]);
	assert_null(manifest->build);
	assert_true(manifest->opens_ms == 1767225600000);
	assert_true(manifest->closes_ms == 1769900400000);
}

static void tests_are_read_in_their_order(void **state)
{
	const struct manifest *manifest = *state;
	const struct manifest_test *tests = manifest->tests;

	assert_int_equal(manifest->test_count, 3);
	assert_string_equal(tests[0].id, "visible");
	assert_false(tests[0].hidden);
	assert_int_equal(tests[0].report, MANIFEST_TAP);
	assert_true(tests[1].hidden);
	assert_int_equal(tests[1].kind, MANIFEST_COMMAND);
	assert_int_equal(tests[1].report, MANIFEST_JUNIT);
	assert_true(tests[1].points == 60);
	assert_string_equal(tests[1].argv[1], "--junitxml={report}");
	assert_null(tests[1].argv[2]);
	assert_int_equal(tests[2].kind, MANIFEST_IO);
	assert_string_equal(tests[2].dir, "io");
	assert_int_equal(tests[2].compare, MANIFEST_FLOAT);
	assert_true(tests[2].float_rel == 1e-6 && tests[2].float_abs == 0);
	assert_null(tests[2].validator);
}

static void a_validator_is_read(void **state)
{
	AUTO_FREE char *text = edited("{ \"float\": { \"rel\": 1e-6 } }",
				      "{ \"validator\": [\"python3\", \"check.py\"] }");
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, NULL, &err), 0);
	assert_int_equal(manifest.tests[2].compare, MANIFEST_VALIDATOR);
	assert_string_equal(manifest.tests[2].validator[1], "check.py");
	assert_null(manifest.tests[2].validator[2]);
}

static void an_interactive_test_is_read(void **state)
{
	AUTO_FREE char *text = edited(
		"    { \"id\": \"cli\"",
		"    { \"id\": \"guess\", \"kind\": \"interactive\", \"visibility\": \"hidden\",\n"
		"      \"points\": 40, \"dir\": \"guess\", \"argv\": [\"python3\", \"main.py\"],\n"
		"      \"interactor\": [\"python3\", \"interact.py\"] },\n"
		"    { \"id\": \"cli\"");
	AUTO(manifest_release) struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;
	char *at;

	(void)state;
	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, NULL, &err), 0);
	assert_int_equal(manifest.tests[2].kind, MANIFEST_INTERACTIVE);
	assert_string_equal(manifest.tests[2].dir, "guess");
	assert_string_equal(manifest.tests[2].interactor[1], "interact.py");
	assert_null(manifest.tests[2].interactor[2]);
	manifest_release(&manifest);
	at = strstr(text, "\"interactor\"");
	at[1] = 'x';
	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, NULL, &err), -1);
	assert_non_null(strstr(err.text, "'interactor'"));
}

static void variants_are_read(void **state)
{
	const struct manifest *manifest = *state;

	assert_int_equal(manifest->variant_count, 2);
	assert_string_equal(manifest->variants[0].name, "drops-last");
	assert_string_equal(manifest->variants[0].expect, "wrong_answer");
	assert_string_equal(manifest->variants[0].fails[0], "unit/test_*");
	assert_null(manifest->variants[0].fails[1]);
	assert_null(manifest->variants[1].fails);
}

static bool has_glob(const struct manifest *manifest, const char *wanted)
{
	for (const char **glob = manifest->protected_globs; *glob; glob++) {
		if (!strcmp(*glob, wanted))
			return true;
	}
	return false;
}

static void protected_paths_are_those_of_manifest_and_language(void **state)
{
	assert_true(has_glob(*state, "tests/**"));
	assert_true(has_glob(*state, "sitecustomize.py"));
	assert_false(has_glob(*state, "go.work"));
}

static void limits_go_from_house_to_language_to_manifest(void **state)
{
	AUTO_FREE char *text = edited("\"python\"", "\"rust\"");
	AUTO(manifest_release) struct manifest rust = MANIFEST_INIT;
	struct plan_limits limits;
	struct err err = ERR_INIT;

	assert_int_equal(manifest_limits(*state, NULL, &limits, &err), 0);
	assert_int_equal(limits.cpu_ms, 5000);
	assert_int_equal(limits.memory, 64 << 20);
	assert_int_equal(limits.open_files, plan_default_limits.open_files);
	assert_int_equal(manifest_parse(text, strlen(text), "t", &rust, NULL, &err), 0);
	assert_int_equal(manifest_limits(&rust, NULL, &limits, &err), 0);
	assert_int_equal(limits.wall_ms, 180000);
	assert_int_equal(limits.cpu_ms, 5000);
}

static void the_weight_of_a_case_is_of_its_name_then_of_the_last_glob(void **state)
{
	const struct manifest *manifest = *state;
	const struct manifest_test *unit = &manifest->tests[1];

	assert_true(manifest_case_weight(unit, "other") == 3);
	assert_true(manifest_case_weight(unit, "suite/other") == 3);
	assert_true(manifest_case_weight(unit, "test_e2") == 2);
	assert_true(manifest_case_weight(unit, "test_e[1]") == 0.5);
	assert_true(manifest_case_weight(unit, "test_empty") == 2);
	assert_true(manifest_case_weight(&manifest->tests[2], "any") == 1);
}

static void the_tags_of_a_case_add_up(void **state)
{
	const struct manifest *manifest = *state;
	const struct manifest_test *unit = &manifest->tests[1];
	AUTO_JSON json_t *tags = manifest_case_tags(unit, "test_empty");
	AUTO_FREE char *text = json_canonical(tags);

	assert_string_equal(text, "[\"all\",\"edge\",\"performance\"]");
	assert_true(manifest_case_tagged(unit, "test_e2", "edge"));
	assert_false(manifest_case_tagged(unit, "other", "edge"));
	assert_false(manifest_case_tagged(&manifest->tests[2], "any", "edge"));
}

static void a_rubric_is_completed_from_the_defaults_of_the_type(void **state)
{
	AUTO_JSON json_t *rubric = rubric_for(*state);
	const json_t *categories = json_object_get(rubric, "categories");
	const json_t *planning = json_object_get(categories, "planning");
	const json_t *security = json_object_get(categories, "security");
	const json_t *thresholds = json_object_get(rubric, "thresholds");

	assert_int_equal(json_object_size(categories), 3);
	assert_int_equal(json_int(planning, "weight", 0), 30);
	assert_int_equal(json_int(json_object_get(planning, "subitems"), "problem_understanding",
	0), 35);
	assert_int_equal(json_int(security, "weight", 0), 20);
	assert_int_equal(json_int(json_object_get(security, "subitems"), "threats", 0), 40);
	assert_int_equal(json_int(thresholds, "operator", 0), 40);
	assert_int_equal(json_int(thresholds, "architect", 0), 70);
}

/* --- the data files */

static void default_rubrics_are_valid_for_every_task_type(void **state)
{
	static const char *const types[] = { "code_generation", "refactoring", "bug_fix",
					     "system_design", "multi_agent", "open_ended",
					"algorithm" };

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++) {
		AUTO_JSON json_t *rubric = rubric_of(NULL, types[i]);

		assert_int_equal(json_object_size(json_object_get(rubric, "categories")), 4);
		assert_int_equal(rubric_check(rubric, types[i], NULL, 0), 0);
	}
}

static void algorithm_counts_the_outcome_most(void **state)
{
	AUTO_JSON json_t *rubric = rubric_of(NULL, "algorithm");
	AUTO_JSON json_t *bug_fix = rubric_of(NULL, "bug_fix");
	json_t *outcome = json_object_get(json_object_get(rubric, "categories"), "outcome_quality");
	json_t *other = json_object_get(json_object_get(bug_fix, "categories"), "outcome_quality");

	(void)state;
	assert_int_equal(json_int(outcome, "weight", 0), 50);
	assert_true(json_equal(json_object_get(outcome, "subitems"), json_object_get(other,
	"subitems")));
}

static void every_language_is_complete(void **state)
{
	static const char *const names[] = { "python", "javascript", "typescript", "c", "c++",
	"java", "go",
					     "rust", "bash", "perl", "ruby", "php", "sql" };

	(void)state;
	assert_int_equal(language_count(), LENGTH(names));
	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct language *language = language_find(names[i]);
		struct plan_limits limits = plan_default_limits;
		struct err err = ERR_INIT;

		assert_ptr_equal(language, language_at((int)i));
		assert_true(*language->title && language->extensions[0][0] == '.');
		assert_true(language->detect[0] && language->run[0] && language->protected_globs);
		assert_int_equal(!language->test, !language->test_report);
		assert_int_equal(plan_read_limits(&limits, language->limits, &err), 0);
	}
	assert_null(language_find("cobol"));
	assert_null(language_at(-1));
	assert_null(language_at(language_count()));
}

static void caches_are_known(void **state)
{
	const char *const *caches = language_caches();
	bool found = false;

	(void)state;
	for (; *caches; caches++)
		found |= !strcmp(*caches, "__pycache__");
	assert_true(found);
}

#define TEST(function) { #function, function, NULL, NULL, NULL }
#define GOOD_TEST(function) { #function, function, set_up, tear_down, NULL }

int main(void)
{
	static const struct CMUnitTest single[] = {
		TEST(all_faults_are_told_in_the_order_of_lines),
		TEST(a_syntax_error_is_told_as_a_fault_too),
		TEST(hidden_tests_need_points),
		TEST(a_manifest_that_is_too_large_is_refused),
		TEST(the_number_of_faults_told_is_limited),
		GOOD_TEST(the_facts_of_a_manifest_are_read),
		GOOD_TEST(tests_are_read_in_their_order),
		TEST(a_validator_is_read),
		TEST(an_interactive_test_is_read),
		GOOD_TEST(variants_are_read),
		GOOD_TEST(protected_paths_are_those_of_manifest_and_language),
		GOOD_TEST(limits_go_from_house_to_language_to_manifest),
		GOOD_TEST(the_weight_of_a_case_is_of_its_name_then_of_the_last_glob),
		GOOD_TEST(the_tags_of_a_case_add_up),
		GOOD_TEST(a_rubric_is_completed_from_the_defaults_of_the_type),
		TEST(default_rubrics_are_valid_for_every_task_type),
		TEST(algorithm_counts_the_outcome_most),
		TEST(every_language_is_complete),
		TEST(caches_are_known),
	};
	struct CMUnitTest tests[LENGTH(single) + LENGTH(bad)] = { 0 };
	size_t count = LENGTH(single);

	memcpy(tests, single, sizeof(single));
	for (size_t i = 0; i < LENGTH(bad); i++)
		tests[count++] = (struct CMUnitTest){ bad[i].name, is_refused, NULL, NULL,
						      (void *)&bad[i] };
	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
