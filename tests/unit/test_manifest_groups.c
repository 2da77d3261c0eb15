/* test_manifest_groups.c - several languages, groups of cases, judges, and what variants may get:
 * what is read, and what is refused in which words */
#include "task/manifest.h"

#include "base/auto.h"
#include "base/buf.h"
#include "sandbox/plan.h"
#include "task/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Single quotes stand for double ones. The number at the end of a row is its line. */
static const char GOOD[] =
	"{ 'schema': 'tali.task/1', 'name': 'sums', 'title': 'Sums', 'type': 'algorithm',\n" /* 1 */
	"  'difficulty': 'basic', 'language': ['python', 'c++', 'rust'],\n" /* 2 */
	"  'time_limit_minutes': 60, 'run': ['{program}'], 'build': 'language',\n" /* 3 */
	"  'judge_build': ['make', '-C', 'judge'],\n" /* 4 */
	"  'tests': [\n" /* 5 */
	"    { 'id': 'sample', 'kind': 'io', 'visibility': 'visible', 'points': 0,\n" /* 6 */
	"      'argv': ['{program}'], 'dir': 'io', 'compare': {'kattis': {\n" /* 7 */
	"        'case_sensitive': true, 'float_absolute_tolerance': 1e-6 } } },\n" /* 8 */
	"    { 'id': 'small', 'kind': 'io', 'visibility': 'hidden', 'points': 40,\n" /* 9 */
	"      'argv': ['{program}'], 'dir': 'small', 'compare': {'validator': ['judge/x']},\n"
	"      'aggregate': 'min', 'requires': ['sample'], 'stop_early': true,\n" /* 11 */
	"      'validator_args': ['--near', '3'], 'validator_score': true },\n" /* 12 */
	"    { 'id': 'large', 'kind': 'interactive', 'visibility': 'hidden', 'points': 60,\n"
	"      'argv': ['{program}'], 'dir': 'large', 'interactor': ['judge/y'],\n" /* 14 */
	"      'requires': ['sample', 'small'], 'validator_args': [] } ],\n" /* 15 */
	"  'variants': {\n" /* 16 */
	"    'slow': { 'expect': { 'permitted': ['passed', 'time_limit'],\n" /* 17 */
	"                          'required': ['time_limit'] }, 'points': [0, 40] },\n" /* 18 */
	"    'half': { 'expect': 'wrong_answer', 'points': 40 } } }\n"; /* 19 */

/* The good manifest with the first `from` replaced by `to`; yours. */
static char *edited(const char *from, const char *to)
{
	const char *at = strstr(GOOD, from);
	char *text;

	assert_non_null(at);
	text = buf_format("%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
	for (char *quote = text; *quote; quote++)
		if (*quote == '\'')
			*quote = '"';
	return text;
}

static int set_up(void **state)
{
	static struct manifest manifest;
	AUTO_FREE char *text = edited("Sums", "Sums");
	struct err err = ERR_INIT;

	if (manifest_parse(text, strlen(text), "t", &manifest, NULL, &err) < 0)
		fail_msg("%s", err.text);
	*state = &manifest;
	return 0;
}

static int tear_down(void **state)
{
	manifest_release(*state);
	return 0;
}

static void languages_and_builds_are_read(void **state)
{
	const struct manifest *manifest = *state;
	AUTO_FREE char *text = manifest_language_text(manifest->root);

	assert_true(manifest->languages_listed && manifest->build_language);
	assert_string_equal(manifest->languages[1], "c++");
	assert_null(manifest->languages[3]);
	assert_string_equal(text, "python, c++, rust");
	assert_null(manifest->build);
	assert_string_equal(manifest->judge_build[2], "judge");
	assert_true(manifest_finds_program(manifest));
}

static void groups_and_judges_are_read(void **state)
{
	const struct manifest_test *tests = ((const struct manifest *)*state)->tests;

	assert_int_equal(tests[0].compare, MANIFEST_KATTIS);
	assert_true(tests[0].kattis_case && tests[0].kattis_float && !tests[0].kattis_space);
	assert_true(tests[0].float_abs == 1e-6 && tests[0].float_rel == 0);
	assert_false(tests[0].aggregate_min || tests[0].stop_early || tests[0].validator_score);
	assert_null(tests[0].requires);
	assert_true(tests[1].aggregate_min && tests[1].stop_early && tests[1].validator_score);
	assert_string_equal(tests[1].requires[0], "sample");
	assert_string_equal(tests[1].validator_args[1], "3");
	assert_null(tests[1].validator_args[2]);
	assert_string_equal(tests[2].requires[1], "small");
}

static void expectations_are_read(void **state)
{
	const struct manifest_variant *variants = ((const struct manifest *)*state)->variants;

	assert_null(variants[0].expect);
	assert_string_equal(variants[0].permitted[1], "time_limit");
	assert_string_equal(variants[0].required[0], "time_limit");
	assert_true(variants[0].has_points && variants[0].points_low == 0 &&
		    variants[0].points_high == 40);
	assert_string_equal(variants[1].expect, "wrong_answer");
	assert_null(variants[1].permitted);
	assert_true(variants[1].points_low == 40 && variants[1].points_high == 40);
}

static void limits_are_those_of_the_chosen_language_or_the_largest(void **state)
{
	struct plan_limits limits;
	struct err err = ERR_INIT;

	assert_int_equal(manifest_limits(*state, language_find("python"), &limits, &err), 0);
	assert_int_equal(limits.memory, 512 << 20);
	assert_int_equal(limits.wall_ms, 30000);
	assert_int_equal(manifest_limits(*state, NULL, &limits, &err), 0);
	assert_int_equal(limits.memory, 2048ull << 20);
	assert_int_equal(limits.wall_ms, 180000);
	assert_int_equal(limits.processes, 256);
}

static void paths_of_every_language_are_protected(void **state)
{
	const struct manifest *manifest = *state;
	int found = 0;

	for (const char **glob = manifest->protected_globs; *glob; glob++)
		found += !strcmp(*glob, "pytest.ini") || !strcmp(*glob, "rust-toolchain");
	assert_int_equal(found, 2);
}

static const struct bad {
	const char *name, *from, *to, *says;
} bad[] = {
	{ "an empty list of languages is refused", "['python', 'c++', 'rust']", "[]",
	  "t:2: /language: must not be empty" },
	{ "a language that does not exist is refused at its place", "'c++'", "'cpp'",
	  "t:2: /language/1: must be one of python, javascript, " },
	{ "a language twice is refused", "'c++'", "'python'", "t:2: /language" },
	{ "another word for the build is refused", "'build': 'language'", "'build': 'make'",
	  "t:3: /build: must be an array, null or \"language\"" },
	{ "another way to add up is refused", "'aggregate': 'min'", "'aggregate': 'max'",
	  "t:11: /tests/1/aggregate: must be one of sum, min" },
	{ "a test cannot require a later one", "'requires': ['sample']", "'requires': ['large']",
	  "t:11: /tests/1/requires/0: must be the id of a test before this one" },
	{ "a test cannot require itself", "'requires': ['sample']", "'requires': ['small']",
	  "t:11: /tests/1/requires/0: must be the id of a test before this one" },
	{ "a visible test cannot require a hidden one",
	  "'interactive', 'visibility': 'hidden'", "'interactive', 'visibility': 'visible'",
	  "t:15: /tests/2/requires/1: a visible test cannot require a hidden one" },
	{ "arguments need a validator", "{'validator': ['judge/x']}", "'exact'",
	  "t:12: /tests/1/validator_args: there is no validator" },
	{ "a command test has no groups", "'kind': 'io', 'visibility': 'hidden'",
	  "'kind': 'command', 'visibility': 'hidden'", "t:" },
	{ "an unknown word of the kattis validator is refused", "case_sensitive",
	  "case_insensitive", "t:8: /tests/0/compare/kattis/case_insensitive: unknown key" },
	{ "a tolerance is not negative", "1e-6", "-1", "t:8: /tests/0/compare/kattis/float_abs" },
	{ "a required verdict is permitted", "'required': ['time_limit']",
	  "'required': ['wrong_answer']",
	  "t:18: /variants/slow/expect/required/0: is not among the permitted ones" },
	{ "an expectation says something",
	  "{ 'permitted': ['passed', 'time_limit'],\n"
	  "                          'required': ['time_limit'] }", "{}",
	  "t:17: /variants/slow/expect: must not be empty" },
	{ "a permitted verdict exists", "['passed', 'time", "['ok', 'time",
	  "t:17: /variants/slow/expect/permitted/0: must be one of passed, " },
	{ "points rise", "[0, 40]", "[41, 40]",
	  "t:18: /variants/slow/points: the least comes before the most" },
};

static void is_refused(void **state)
{
	const struct bad *row = *state;
	AUTO_FREE char *text = edited(row->from, row->to);
	struct manifest manifest = MANIFEST_INIT;
	struct err err = ERR_INIT;

	assert_int_equal(manifest_parse(text, strlen(text), "t", &manifest, NULL, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (strncmp(err.text, row->says, strlen(row->says)) != 0)
		fail_msg("says \"%s\", not \"%s\"", err.text, row->says);
	assert_null(manifest.root);
}

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static struct CMUnitTest tests[LENGTH(bad) + 5] = {
		TEST(languages_and_builds_are_read),
		TEST(groups_and_judges_are_read),
		TEST(expectations_are_read),
		TEST(limits_are_those_of_the_chosen_language_or_the_largest),
		TEST(paths_of_every_language_are_protected),
	};

	for (size_t i = 0; i < LENGTH(bad); i++)
		tests[5 + i] = (struct CMUnitTest){ bad[i].name, is_refused, NULL, NULL,
						    (void *)&bad[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
