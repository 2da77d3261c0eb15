/* ci_platform.c - see ci_platform.h */
#include "report/ci_platform.h"

#include "base/auto.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

#define REFUSED "This submission could not be read"

/* --- gradescope */

static json_t *gradescope_test(const struct ci_case *one, size_t number)
{
	AUTO_FREE char *place = NULL;
	json_t *test = json_pack("{s:s, s:s, s:s, s:s}", "name", one->id, "status",
				 one->status == CI_PASSED ? "passed" : "failed", "output_format",
				 "text", "visibility", one->hidden ? "hidden" : "visible");

	if (asprintf(&place, "%zu", number) < 0)
		abort();
	json_object_set_new(test, "number", json_string(place));
	json_object_set_new(test, "output",
			    json_string(one->message ? one->message : one->verdict));
	if (one->possible > 0) {
		json_object_set_new(test, "score", ci_text_number(one->points));
		json_object_set_new(test, "max_score", ci_text_number(one->possible));
	}
	if (json_array_size(one->tags))
		json_object_set_new(test, "tags", json_deep_copy(one->tags));
	return test;
}

static json_t *gradescope_fault(const struct result_item *item)
{
	AUTO_FREE char *fault = ci_view_fault(item);

	return json_pack("{s:s, s:s, s:s, s:s, s:[], s:{s:s}}", "output",
			 item->refused ? REFUSED : CI_NOT_GRADED, "output_format", "text",
			 "visibility", "visible", "stdout_visibility", "hidden", "tests",
			 "extra_data", "error", fault);
}

void ci_platform_gradescope(FILE *out, const struct result_item *items, size_t count)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *sentence = NULL;
	json_t *tests;

	if (count == 0 || !items->document) {
		if (count)
			ci_text_json(out, gradescope_fault(items), 1);
		return;
	}
	ci_view_make(items->document, CI_CASES, &view);
	sentence = ci_view_sentence(&view);
	tests = json_array();
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(tests, gradescope_test(&view.cases[i], i + 1));
	ci_text_json(out,
		     json_pack("{s:o, s:f, s:s, s:s, s:s, s:s, s:{s:s, s:O, s:O}, s:o}", "score",
			       ci_text_number(view.points), "execution_time", view.seconds,
			       "output", sentence, "output_format", "text", "visibility", "visible",
			       "stdout_visibility", "hidden", "extra_data", "verdict", view.verdict,
			       "task_version", json_object_get(items->document, "task_version"),
			       "submission", json_object_get(items->document, "submission"),
			       "tests", tests),
		     1);
}

/* --- prairielearn */

static json_t *prairielearn_test(const struct ci_case *one)
{
	json_t *test = json_pack("{s:s, s:s, s:o, s:o}", "name", one->id, "description",
				 one->verdict, "points", ci_text_number(one->points), "max_points",
				 ci_text_number(one->possible));

	if (one->message)
		json_object_set_new(test, "message", json_string(one->message));
	return test;
}

void ci_platform_prairielearn(FILE *out, const struct result_item *items, size_t count)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *sentence = NULL;
	json_t *tests;

	if (count == 0 || !items->document) {
		if (count)
			ci_text_json(out, json_pack("{s:b, s:[s]}", "gradable", 0, "format_errors",
						    items->refused ? REFUSED : CI_NOT_GRADED), 1);
		return;
	}
	ci_view_make(items->document, CI_LEARNER, &view);
	sentence = ci_view_sentence(&view);
	tests = json_array();
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(tests, prairielearn_test(&view.cases[i]));
	ci_text_json(out,
		     json_pack("{s:b, s:o, s:s, s:o}", "gradable", 1, "score",
			       ci_text_number(view.percent / 100), "message", sentence, "tests",
			       tests),
		     1);
}

/* --- check50 */

static json_t *check50_check(const struct ci_case *one)
{
	json_t *cause = json_null(), *log = json_array(), *passed;

	passed = one->status == CI_PASSED ? json_true()
	       : one->status == CI_SKIPPED ? json_null() : json_false();
	if (one->status != CI_PASSED)
		cause = json_pack("{s:s, s:s?}", "rationale", one->verdict, "help", one->message);
	else if (one->message)
		json_array_append_new(log, json_string(one->message));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:{s:o, s:o}, s:n}", "name", one->id,
			 "description", one->name, "passed", passed, "log", log, "cause", cause,
			 "data", "points", ci_text_number(one->points), "possible",
			 ci_text_number(one->possible), "dependency");
}

static json_t *check50_fault(const struct result_item *item)
{
	AUTO_FREE char *fault = ci_view_learner_fault(item);
	AUTO_FREE char *label = ci_view_label(item);

	return json_pack("{s:s, s:s, s:{s:s, s:s, s:[], s:{s:b, s:s}, s:{}}}", "slug", label,
			 "version", PACKAGE_VERSION, "error", "type",
			 item->refused ? "InvalidSubmission" : "InternalError", "value", fault,
			 "traceback", "actions", "show_traceback", 0, "message",
			 item->refused ? REFUSED : CI_NOT_GRADED, "data");
}

void ci_platform_check50(FILE *out, const struct result_item *items, size_t count)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	json_t *results;

	if (count == 0 || !items->document) {
		if (count)
			ci_text_json(out, check50_fault(items), 1);
		return;
	}
	ci_view_make(items->document, CI_LEARNER, &view);
	results = json_array();
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(results, check50_check(&view.cases[i]));
	ci_text_json(out,
		     json_pack("{s:s, s:s, s:o}", "slug", view.task, "version", PACKAGE_VERSION,
			       "results", results),
		     1);
}
