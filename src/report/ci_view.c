/* ci_view.c - see ci_view.h */
#include "report/ci_view.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/ci_text.h"

#include <stdlib.h>
#include <string.h>

#define LISTED 20	/* failed cases that the message of a test names */

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static enum ci_status status_of(const char *verdict)
{
	if (!strcmp(verdict, "passed"))
		return CI_PASSED;
	if (!strcmp(verdict, "skipped"))
		return CI_SKIPPED;
	return strcmp(verdict, "internal_error") ? CI_FAILED : CI_ERROR;
}

static struct ci_case *add(struct ci_view *view, const json_t *test)
{
	struct ci_case *one;

	view->cases = buf_realloc(view->cases, view->count + 1, sizeof(*view->cases));
	one = &view->cases[view->count++];
	*one = (struct ci_case){
		.test = json_str(test, "id", ""),
		.hidden = strcmp(json_str(test, "visibility", "hidden"), "visible") != 0,
	};
	return one;
}

static char *clean_message(const char *message)
{
	return message && *message ? ci_text_clean(message, CI_TEXT_MESSAGE) : NULL;
}

static void add_case(struct ci_view *view, const json_t *test, const json_t *item,
		     const json_t *measured)
{
	bool tampered = json_flag(test, "tampered", false);
	struct ci_case *one = add(view, test);
	const char *id = json_str(item, "id", "");
	size_t prefix = strlen(one->test);

	one->id = ci_text_line(id, CI_TEXT_NAME);
	one->name = ci_text_line(!strncmp(id, one->test, prefix) && id[prefix] == '/'
					 ? id + prefix + 1 : id, CI_TEXT_NAME);
	one->verdict = tampered ? "tampered" : json_str(item, "verdict", "");
	one->message = clean_message(json_str(tampered ? test : item, "message", NULL));
	one->points = tampered ? 0 : number(item, "points");
	one->possible = number(item, "possible");
	one->tags = json_object_get(item, "tags");
	one->seconds = number(json_object_get(json_object_get(measured, "cases"), id),
			      "wall_ms") / 1000;
	one->status = status_of(one->verdict);
}

/* How many passed, and for those who may know it which did not. */
static char *sum_up(const json_t *test, bool names)
{
	const json_t *cases = json_object_get(test, "cases"), *item;
	struct buf text = BUF_INIT(CI_TEXT_MESSAGE * 4);
	size_t passed = 0, listed = 0, i;
	char *clean;

	json_array_foreach(cases, i, item)
		passed += status_of(json_str(item, "verdict", "")) == CI_PASSED;
	buf_add_format(&text, "%zu of %zu cases passed", passed, json_array_size(cases));
	json_array_foreach(cases, i, item) {
		const char *verdict = json_str(item, "verdict", "");

		if (names && status_of(verdict) != CI_PASSED && ++listed <= LISTED)
			buf_add_format(&text, "\n%s (%s) %.300s", json_str(item, "id", ""),
				       verdict, json_str(item, "message", ""));
	}
	clean = ci_text_clean(buf_str(&text), CI_TEXT_MESSAGE);
	buf_release(&text);
	return clean;
}

static void add_test(struct ci_view *view, const json_t *test, const json_t *measured, bool names)
{
	bool known = json_array_size(json_object_get(test, "cases")) > 0 &&
		     !json_flag(test, "tampered", false);
	struct ci_case *one = add(view, test);

	one->id = buf_strdup(one->test);
	one->name = buf_strdup(one->test);
	one->verdict = json_str(test, "verdict", "");
	one->message = known ? sum_up(test, names)
		     : names || json_flag(test, "tampered", false)
			     ? clean_message(json_str(test, "message", NULL)) : NULL;
	one->points = number(test, "points");
	one->possible = number(test, "possible");
	one->seconds = number(json_object_get(json_object_get(measured, "tests"), one->test),
			      "wall_ms") / 1000;
	one->status = status_of(one->verdict);
}

/* What the document says of the build is a word: nobody's test, but a reason. */
static void add_tests(struct ci_view *view, const json_t *test, const json_t *measured,
		      enum ci_detail detail)
{
	const json_t *cases = json_object_get(test, "cases"), *item;
	bool hidden = strcmp(json_str(test, "visibility", "hidden"), "visible") != 0;
	size_t i;

	if (detail == CI_TESTS || (detail == CI_LEARNER && hidden) || json_array_size(cases) == 0) {
		add_test(view, test, measured, !hidden || detail == CI_CASES);
		return;
	}
	json_array_foreach(cases, i, item)
		add_case(view, test, item, measured);
}

static double wall_seconds(const json_t *measured)
{
	double sum = number(json_object_get(measured, "build"), "wall_ms");
	json_t *tests = json_object_get(measured, "tests"), *run;
	const char *id;

	json_object_foreach(tests, id, run)
		sum += number(run, "wall_ms");
	return sum / 1000;
}

void ci_view_make(const json_t *document, enum ci_detail detail, struct ci_view *ret)
{
	const json_t *grade = json_object_get(document, "grade");
	const json_t *measured = json_object_get(json_object_get(document, "run"), "measured");
	const json_t *test;
	size_t i;

	*ret = (struct ci_view){
		.points = number(grade, "points"), .possible = number(grade, "possible"),
		.percent = number(grade, "percent"), .seconds = wall_seconds(measured),
		.verdict = json_str(grade, "verdict", ""), .task = json_str(document, "task", ""),
	};
	json_array_foreach(json_object_get(grade, "tests"), i, test)
		add_tests(ret, test, measured, detail);
	for (i = 0; i < ret->count; i++)
		ret->statuses[ret->cases[i].status]++;
}

void ci_view_release(struct ci_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		free(view->cases[i].name);
		free(view->cases[i].id);
		free(view->cases[i].message);
	}
	free(view->cases);
	*view = (struct ci_view){ .count = 0 };
}

char *ci_view_label(const struct result_item *item)
{
	const char *name = item->name;

	if (!name)
		name = json_str(item->document, "assessment", NULL);
	if (!name)
		name = json_str(item->document, "task", "tali");
	return ci_text_line(name, CI_TEXT_NAME);
}

char *ci_view_fault(const struct result_item *item)
{
	return ci_text_line(item->fault ? item->fault : "it was not graded", CI_TEXT_MESSAGE);
}

char *ci_view_learner_fault(const struct result_item *item)
{
	return item->refused ? ci_view_fault(item) : buf_strdup(CI_NOT_GRADED);
}

char *ci_view_sentence(const struct ci_view *view)
{
	return buf_format("grade %.2f %% (%.6g of %.6g points) %s", view->percent, view->points,
			  view->possible, view->verdict);
}
