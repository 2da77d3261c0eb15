/* test_ci_view.c - a score document as the cases that formats are made of, and as who may know
 * what */
#include "report/ci_view.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char DOCUMENT[] =
	"{\"task\":\"cart\","
	"\"run\":{\"time\":\"2026-01-02T03:04:05Z\",\"measured\":{\"build\":null,"
	"\"tests\":{\"seen\":{\"wall_ms\":1500},\"kept\":{\"wall_ms\":500}},"
	"\"cases\":{\"kept/a\":{\"wall_ms\":250}}}},"
	"\"grade\":{\"verdict\":\"tampered\","
	"\"points\":3,\"possible\":10,\"percent\":30,\"tests\":["
	"{\"id\":\"seen\",\"visibility\":\"visible\",\"verdict\":\"wrong_answer\",\"points\":1,"
	"\"possible\":2,\"cases\":[{\"id\":\"seen/one\",\"verdict\":\"passed\",\"points\":1,"
	"\"possible\":1},{\"id\":\"seen/two\",\"verdict\":\"wrong_answer\",\"points\":0,"
	"\"possible\":1,\"message\":\"::error::no\"}]},"
	"{\"id\":\"kept\",\"visibility\":\"hidden\",\"verdict\":\"time_limit\",\"points\":2,"
	"\"possible\":4,\"cases\":[{\"id\":\"kept/a\",\"verdict\":\"passed\",\"points\":2,"
	"\"possible\":2},{\"id\":\"kept/secret\",\"verdict\":\"time_limit\",\"points\":0,"
	"\"possible\":2,\"message\":\"secret\"}]},"
	"{\"id\":\"forged\",\"visibility\":\"hidden\",\"verdict\":\"tampered\",\"tampered\":true,"
	"\"message\":\"a case is missing\",\"points\":0,\"possible\":3,\"cases\":["
	"{\"id\":\"forged/x\",\"verdict\":\"passed\",\"points\":0,\"possible\":3}]},"
	"{\"id\":\"none\",\"visibility\":\"hidden\",\"verdict\":\"compile_error\",\"points\":0,"
	"\"possible\":1,\"message\":\"the build failed\",\"cases\":[]}]}}";

static json_t *document(void)
{
	struct err err = ERR_INIT;
	json_t *parsed = json_parse(DOCUMENT, strlen(DOCUMENT), "document", &err);

	assert_non_null(parsed);
	return parsed;
}

static void a_pipeline_sees_every_case(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO(ci_view_release) struct ci_view view;

	(void)state;
	ci_view_make(score, CI_CASES, &view);
	assert_int_equal(view.count, 6);
	assert_string_equal(view.cases[1].name, "two");
	assert_string_equal(view.cases[1].message, ": :error::no");
	assert_int_equal(view.cases[1].status, CI_FAILED);
	assert_true(view.cases[2].seconds == 0.25 && view.seconds == 2);
	assert_string_equal(view.cases[3].message, "secret");
	assert_int_equal(view.statuses[CI_PASSED], 2);
	assert_int_equal(view.statuses[CI_FAILED], 4);
}

static void what_was_tampered_with_has_not_passed(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO(ci_view_release) struct ci_view view;

	(void)state;
	ci_view_make(score, CI_CASES, &view);
	assert_string_equal(view.cases[4].id, "forged/x");
	assert_int_equal(view.cases[4].status, CI_FAILED);
	assert_string_equal(view.cases[4].verdict, "tampered");
	assert_string_equal(view.cases[4].message, "a case is missing");
}

static void a_test_without_cases_is_one(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO(ci_view_release) struct ci_view view;

	(void)state;
	ci_view_make(score, CI_CASES, &view);
	assert_string_equal(view.cases[5].id, "none");
	assert_string_equal(view.cases[5].message, "the build failed");
	assert_true(view.cases[5].possible == 1);
}

/* Neither names nor messages of hidden cases; the points are all there. */
static void a_learner_sees_no_hidden_case(void **state)
{
	AUTO_JSON json_t *score = document();

	(void)state;
	for (int detail = CI_LEARNER; detail <= CI_TESTS; detail++) {
		AUTO(ci_view_release) struct ci_view view;
		double possible = 0;

		ci_view_make(score, (enum ci_detail)detail, &view);
		assert_int_equal(view.count, detail == CI_LEARNER ? 5 : 4);
		for (size_t i = 0; i < view.count; i++) {
			const struct ci_case *one = &view.cases[i];

			possible += one->possible;
			assert_null(strstr(one->id, "secret"));
			assert_true(!one->message || !strstr(one->message, "secret"));
		}
		assert_true(possible == 10);
		assert_string_equal(view.cases[view.count - 3].message, "1 of 2 cases passed");
	}
}

static void a_visible_test_names_what_failed(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO(ci_view_release) struct ci_view view;

	(void)state;
	ci_view_make(score, CI_TESTS, &view);
	assert_string_equal(view.cases[0].message,
			    "1 of 2 cases passed\nseen/two (wrong_answer) ::error::no");
}

static void every_format_takes_whatever_there_is(void **state)
{
	AUTO_JSON json_t *score = document();
	AUTO_JSON json_t *empty = json_object();
	const struct result_item items[] = {
		{ .name = "a\n::x", .document = score }, { .document = empty },
		{ .fault = "no\033[1m disk\n::x" }, { .name = "b", .refused = true },
	};

	(void)state;
	for (const struct result_format *format = result_formats; format->name; format++) {
		result_writer *writers[] = { format->write, format->summary, format->outputs };

		for (size_t first = 0; first < 4; first++)
			for (size_t i = 0; i < 3; i++) {
				char *text = NULL;
				size_t len;
				FILE *out = open_memstream(&text, &len);

				if (writers[i])
					writers[i](out, items + first, format->single ? 1
									: 4 - first);
				fclose(out);
				assert_null(strstr(text, "\n::x"));
				assert_null(strchr(text, '\033'));
				free(text);
			}
	}
}

static void a_file_says_its_format_by_its_end(void **state)
{
	(void)state;
	assert_string_equal(result_format_of_file("a/report.xml")->name, "junit");
	assert_string_equal(result_format_of_file("x.ctrf.json")->name, "ctrf");
	assert_string_equal(result_format_of_file("x.sarif")->name, "sarif");
	assert_string_equal(result_format_of_file("x.tap")->name, "tap");
	assert_null(result_format_of_file("x.json"));
	assert_null(result_format_of_file(".xml"));
	assert_null(result_format_find("xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipeline_sees_every_case),
		cmocka_unit_test(what_was_tampered_with_has_not_passed),
		cmocka_unit_test(a_test_without_cases_is_one),
		cmocka_unit_test(a_learner_sees_no_hidden_case),
		cmocka_unit_test(a_visible_test_names_what_failed),
		cmocka_unit_test(every_format_takes_whatever_there_is),
		cmocka_unit_test(a_file_says_its_format_by_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
