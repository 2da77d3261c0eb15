/* grade_json.c - a grade as JSON: the part that comes out the same each time, and the part that
 * was measured */
#include "grade/grade_json.h"

#include "base/json.h"
#include "grade/test_cases.h"

#include <string.h>

static json_t *text(const char *value)
{
	return value ? json_string(value) : json_null();
}

static const char *verdict_word(enum verdict verdict)
{
	return verdict == VERDICT_OK ? "passed" : verdict_name(verdict);
}

static json_t *case_json(const struct grade_test *test, const struct grade_case *one)
{
	return json_pack("{ss ss so so so so so}", "id", one->id, "verdict",
			 one->skipped && one->verdict == VERDICT_OK ? "skipped"
								    : verdict_word(one->verdict),
			 "points", test_cases_number(one->points), "possible",
			 test_cases_number(one->possible), "weight", test_cases_number(one->weight),
			 "tags", manifest_case_tags(test->test, test_cases_name(test, one)),
			 "message", text(one->message));
}

static json_t *test_json(const struct grade_test *test)
{
	static const char *const kinds[] = { [MANIFEST_IO] = "io",
					     [MANIFEST_COMMAND] = "command",
					     [MANIFEST_INTERACTIVE] = "interactive" };
	const struct manifest_test *manifest = test->test;
	json_t *cases = json_array();

	for (int i = 0; i < test->case_count; i++)
		json_array_append_new(cases, case_json(test, &test->cases[i]));
	return json_pack("{ss ss ss ss sb so so so so}", "id", manifest->id, "kind",
			 kinds[manifest->kind], "visibility",
			 manifest->hidden ? "hidden" : "visible", "verdict",
			 test->tampered ? "tampered" : verdict_word(test->verdict), "tampered",
			 test->tampered, "message", text(test->message), "points",
			 test_cases_number(test->points), "possible",
			 test_cases_number(test->possible), "cases", cases);
}

json_t *grade_json(const struct grade *grade)
{
	json_t *tests = json_array(), *restored = json_array();
	const char *build = grade->build != VERDICT_OK ? verdict_name(grade->build) : "ok";

	for (int i = 0; i < grade->test_count; i++)
		json_array_append_new(tests, test_json(&grade->tests[i]));
	for (char **path = grade->restored; path && *path; path++)
		json_array_append_new(restored, json_string(*path));
	return json_pack("{ss so so so so so so}", "verdict", grade_verdict(grade), "points",
			 test_cases_number(grade->points), "possible",
			 test_cases_number(grade->possible), "percent",
			 test_cases_number(grade_percent(grade)), "build",
			 grade->built || grade->build != VERDICT_OK ? json_string(build)
								    : json_null(),
			 "tests", tests, "restored", restored);
}

static void measure_cases(const struct grade_test *test, json_t *cases)
{
	for (int i = 0; i < test->case_count; i++) {
		const struct run_report *run = &test->cases[i].run;

		if (test->cases[i].ran)
			json_object_set_new(cases, test->cases[i].id,
					    json_pack("{sI sI sI}", "wall_ms",
						      (json_int_t)run->wall_ms, "cpu_ms",
						      (json_int_t)run->cpu_ms, "memory_peak",
						      (json_int_t)run->memory_peak));
	}
}

json_t *grade_measured_json(const struct grade *grade)
{
	json_t *tests = json_object(), *cases = json_object();

	for (int i = 0; i < grade->test_count; i++) {
		json_object_set_new(tests, grade->tests[i].test->id,
				    run_report_json(&grade->tests[i].run));
		measure_cases(&grade->tests[i], cases);
	}
	return json_pack("{so so so}", "build",
			 grade->built ? run_report_json(&grade->build_run) : json_null(), "tests",
			 tests, "cases", cases);
}

json_t *grade_test_json(const struct grade *grade, bool recorded)
{
	json_t *view = grade_json(grade);
	int passed = 0, total = 0;

	for (int i = 0; i < grade->test_count; i++)
		for (int j = 0; j < grade->tests[i].case_count; j++) {
			const struct grade_case *one = &grade->tests[i].cases[j];

			total++;
			passed += one->verdict == VERDICT_OK && !one->skipped;
		}
	json_object_set_new(view, "schema", json_string("tali.test/1"));
	json_object_set_new(view, "passed", json_integer(passed));
	json_object_set_new(view, "total", json_integer(total));
	json_object_set_new(view, "recorded", json_boolean(recorded));
	if (grade->build != VERDICT_OK && grade->build_output)
		json_object_set_new(view, "build_output", json_text(grade->build_output,
					      strlen(grade->build_output)));
	return view;
}
