/* ci_classroom.c - see ci_classroom.h */
#include "report/ci_classroom.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *status_of(enum ci_status status)
{
	return status == CI_PASSED || status == CI_SKIPPED ? "pass"
	     : status == CI_FAILED ? "fail" : "error";
}

static json_t *classroom_test(const struct ci_case *one)
{
	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:i, s:I}", "name", one->id, "status",
			 status_of(one->status), "score", ci_text_number(one->points), "message",
			 one->message ? one->message : "", "test_code", "", "filename", "",
			 "line_no", 0, "duration", (json_int_t)llround(one->seconds * 1000));
}

static json_t *classroom_fault(const struct result_item *item)
{
	AUTO_FREE char *fault = ci_view_learner_fault(item);

	return json_pack("{s:i, s:s, s:i, s:[{s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:i}]}", "version",
			 1, "status", "error", "max_score", 0, "tests", "name", "grading", "status",
			 "error", "score", 0, "message", fault, "test_code", "", "filename", "",
			 "line_no", 0, "duration", 0);
}

/* Yours. */
static json_t *classroom_json(const struct result_item *item)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	json_t *tests = json_array();

	if (!item->document) {
		json_decref(tests);
		return classroom_fault(item);
	}
	ci_view_make(item->document, CI_TESTS, &view);
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(tests, classroom_test(&view.cases[i]));
	return json_pack("{s:i, s:s, s:I, s:o}", "version", 1, "status",
			 strcmp(view.verdict, "passed") ? "fail" : "pass", "max_score",
			 (json_int_t)llround(view.possible), "tests", tests);
}

void ci_classroom_write(FILE *out, const struct result_item *items, size_t count)
{
	if (count)
		ci_text_json(out, classroom_json(items), 1);
}

void ci_classroom_outputs(FILE *out, const struct result_item *items, size_t count)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_JSON json_t *result = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *coded = NULL;

	if (count != 1)
		return;
	result = classroom_json(items);
	text = json_dumps(result, JSON_COMPACT);
	coded = hash_base64(text, strlen(text));
	fprintf(out, "result=%s\n", coded);
	if (!items->document)
		return;
	ci_view_make(items->document, CI_TESTS, &view);
	fprintf(out, "points=%.10g\nmax-points=%.10g\npercent=%.2f\nverdict=%s\n", view.points,
		view.possible, view.percent, view.verdict);
}

/* --- Classroom 50 */

static void set_variable(json_t *object, const char *key, const char *variable)
{
	const char *value = getenv(variable);

	if (value && *value)
		json_object_set_new(object, key, json_string(value));
}

static json_t *classroom_50_head(void)
{
	json_t *head = json_pack("{s:s}", "schema", "classroom50/result/v1");

	set_variable(head, "classroom", "CLASSROOM");
	set_variable(head, "assignment", "ASSIGNMENT");
	set_variable(head, "submission", "SUBMISSION_TAG");
	set_variable(head, "commit", "COMMIT_URL");
	set_variable(head, "release", "RELEASE_URL");
	set_variable(head, "review", "COMMIT_URL");
	set_variable(head, "review", "REVIEW_URL");
	return head;
}

static json_t *classroom_50_test(const struct ci_case *one)
{
	return json_pack("{s:s, s:b, s:o, s:o}", "test-name", one->id, "passed",
			 one->status == CI_PASSED, "score", ci_text_number(one->points),
			 "max-score", ci_text_number(one->possible));
}

static void add_score(json_t *head, const json_t *document)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	const char *time = json_str(json_object_get(document, "run"), "time", "");
	json_t *tests = json_array();
	char seconds[24];

	ci_view_make(document, CI_TESTS, &view);
	for (size_t i = 0; i < view.count; i++)
		json_array_append_new(tests, classroom_50_test(&view.cases[i]));
	snprintf(seconds, sizeof(seconds), "%.19sZ", time);
	json_object_set_new(head, "datetime", json_string(seconds));
	json_object_set_new(head, "score", ci_text_number(view.points));
	json_object_set_new(head, "max-score", ci_text_number(view.possible));
	json_object_set_new(head, "tests", tests);
}

/* Without a grade there is no score in it, and so no result that would be collected. */
void ci_classroom_50(FILE *out, const struct result_item *items, size_t count)
{
	json_t *head;

	if (count == 0)
		return;
	head = classroom_50_head();
	if (items->document) {
		add_score(head, items->document);
	} else {
		AUTO_FREE char *fault = ci_view_learner_fault(items);

		json_object_set_new(head, "error", json_string(fault));
	}
	ci_text_json(out, head, 1);
}
