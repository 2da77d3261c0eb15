/* reporting.c - see reporting.h */
#include "assess/reporting.h"

#include "assess/cohort.h"
#include "assess/late_work.h"
#include "assess/replaying.h"
#include "assess/reporting_changes.h"
#include "assess/reporting_moments.h"
#include "assess/transcripts.h"
#include "assess/reviewing.h"
#include "assess/scoring.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "report/blind.h"
#include "report/view.h"
#include "score/feedback.h"
#include "store/event.h"
#include "store/task.h"
#include "task/manifest.h"

#include <string.h>

/* --- the score run */

/* ERR_STATE "the assessment is active; it must be scored first". */
static json_t *score_of(struct store *store, const struct assessment *assessment, int64_t run,
			struct err *err)
{
	json_t *document = NULL;
	int found = scoring_recorded(store, assessment->id, run, &document, err);

	if (found == 0 && run)
		err_set(err, ERR_NOT_FOUND, "there is no score run %lld", (long long)run);
	else if (found == 0)
		err_set(err, ERR_STATE, "the assessment is %s; it must be scored first",
			status_name(assessment->status));
	return document;
}

/* --- what is said of it beside the score */

static json_t *task_json(struct store *store, const struct assessment *assessment, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;
	AUTO_JSON json_t *manifest = NULL;
	AUTO_FREE char *language = NULL;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version,
			     err) < 0)
		return NULL;
	/* that of a stub says nothing */
	manifest = json_parse(version.manifest, strlen(version.manifest), "task.json", err);
	language = manifest_language_text(manifest);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", assessment->task_name, "title",
			 json_str(manifest, "title", assessment->task_name), "type",
			 json_str(manifest, "type", ""), "difficulty",
			 json_str(manifest, "difficulty", ""), "language",
			 language, "version", assessment->task_version);
}

static json_t *session_json(struct store *store, const struct assessment *assessment,
			    struct err *err)
{
	json_t *late = late_work_json(store, assessment, err), *session;

	if (!late)
		return NULL;
	session = json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:I, s:I}", "status",
			 status_name(assessment->status), "kind",
			 assessment->live ? "live" : "take-home", "attempt",
			 (json_int_t)assessment->attempt, "started", view_time(assessment->started),
			 "deadline", view_time(assessment->deadline), "submitted",
			 view_time(assessment->submitted), "duration_seconds",
			 (json_int_t)assessment->duration_ms / 1000, "extra_seconds",
			 (json_int_t)assessment->extra_ms / 1000);
	if (json_is_object(late))
		json_object_set(session, "late", late);
	json_decref(late);
	return session;
}

static json_t *candidate_json(const struct assessment *assessment, bool blind)
{
	return blind ? json_null()
		     : json_pack("{s:s, s:s}", "name", assessment->name, "email",
				 assessment->email);
}

/* --- what was changed */

/* The files that the candidate was given: the tree of the first snapshot. */
struct first_tree {
	char tree[REPO_OID_SIZE];
};

static int see_snapshot(void *arg, const struct event *event, struct err *err)
{
	struct first_tree *first = arg;
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "snapshot", err);

	if (!data)
		return -1;
	snprintf(first->tree, sizeof(first->tree), "%s", json_str(data, "tree", ""));
	return 0;
}

static int find_first_tree(struct replaying *replaying, struct first_tree *first, struct err *err)
{
	const struct timeline_mark *marks;
	size_t count, i;

	if (timeline_marks(replaying->timeline, &marks, &count, err) < 0)
		return -1;
	for (i = 0; i < count && strcmp(marks[i].kind, "snapshot") != 0; i++)
		;
	return i == count ? 0
			  : event_page(replaying->store, replaying->assessment.id, marks[i].seq, 1,
				       see_snapshot, first, err);
}

static json_t *changes_json(struct replaying *replaying, const json_t *document, struct err *err)
{
	struct first_tree first = { "" };

	if (!replaying->repo)
		return json_null();
	if (find_first_tree(replaying, &first, err) < 0)
		return NULL;
	return reporting_changes(replaying->repo, *first.tree ? first.tree : NULL,
				 json_str(json_object_get(document, "submission"), "tree", ""),
				 err);
}

/* --- what reviewers said */

/* The computed value that a review stands beside, or null. */
static json_t *computed(const json_t *document, const char *subject)
{
	const json_t *score = json_object_get(document, "score"), *category, *subitem;
	size_t i, j;

	if (!*subject)
		return json_incref(json_object_get(score, "value"));
	json_array_foreach(json_object_get(score, "categories"), i, category) {
		json_array_foreach(json_object_get(category, "subitems"), j, subitem) {
			AUTO_FREE char *name = buf_format("%s.%s", json_str(category, "name", ""),
							  json_str(subitem, "name", ""));

			if (!strcmp(name, subject))
				return json_incref(json_object_get(subitem, "value"));
		}
	}
	return NULL;
}

/* {subject: review}: the newest one of each counts, unless it takes the value back. */
static json_t *overrides_json(const json_t *reviews, const json_t *document)
{
	json_t *overrides = json_object(), *review;
	size_t i;

	json_array_foreach(reviews, i, review) {
		const char *subject = json_str(review, "subject", "");
		json_t *value;

		if (strcmp(json_str(review, "kind", ""), "override") != 0)
			continue;
		if (!json_is_number(json_object_get(review, "value"))) {
			json_object_del(overrides, subject);
			continue;
		}
		value = computed(document, subject);
		json_object_set_new(overrides, subject,
				    json_pack("{s:O, s:o, s:O, s:O, s:O}", "value",
					      json_object_get(review, "value"), "computed",
					      value ? value : json_null(), "reason",
					      json_object_get(review, "text"), "who",
					      json_object_get(review, "who"), "time",
					      json_object_get(review, "time")));
	}
	return overrides;
}

static int add_reviews(struct store *store, const char *id, const json_t *document, json_t *report,
		       struct err *err)
{
	json_t *reviews = reviewing_list(store, id, err);

	if (!reviews)
		return -1;
	json_object_set_new(report, "overrides", overrides_json(reviews, document));
	json_object_set_new(report, "reviews", reviews);
	return 0;
}

/* --- the whole */

/* Adds a member that failed with NULL. */
static int set_member(json_t *report, const char *name, json_t *taken)
{
	return taken ? json_object_set_new(report, name, taken) : -1;
}

/* Names of people who judge and of the task stay: scrubbed is what the candidate had a hand in. */
static void make_blind(json_t *report, const struct assessment *assessment)
{
	static const char *const members[] = { "score", "feedback", "timeline", "changes",
					       "reviews", "overrides", "transcripts" };
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(*members); i++)
		blind_scrub(json_object_get(report, members[i]), assessment->email,
			    assessment->name);
}

/* Who, when, what was found, and what reviewers said of it; of `document`, which stays yours. */
static json_t *outline(struct store *store, const struct assessment *assessment, bool blind,
		       json_t *document, struct err *err)
{
	AUTO_JSON json_t *report = json_pack(
		"{s:s, s:o, s:O}", "assessment", assessment->id, "candidate",
		candidate_json(assessment, blind), "score", document);

	if (set_member(report, "session", session_json(store, assessment, err)) < 0 ||
	    set_member(report, "task", task_json(store, assessment, err)) < 0 ||
	    add_reviews(store, assessment->id, document, report, err) < 0)
		return NULL;
	return TAKE(report);
}

json_t *reporting_outline(struct store *store, const struct assessment *assessment, bool blind,
			  struct err *err)
{
	AUTO_JSON json_t *document = score_of(store, assessment, 0, err);

	return document ? outline(store, assessment, blind, document, err) : NULL;
}

json_t *reporting_build(struct store *store, const char *id, const struct reporting *reporting,
			struct err *err)
{
	AUTO(replaying_release) struct replaying replaying = REPLAYING_INIT;
	const struct assessment *assessment = &replaying.assessment;
	AUTO_JSON json_t *document = NULL;
	AUTO_JSON json_t *report = NULL;

	if (replaying_open(store, id, &replaying, err) < 0)
		return NULL;
	document = score_of(store, assessment, reporting->run, err);
	if (!document || cohort_add_base(store, assessment->task_id, assessment->id, document,
					 err) < 0)
		return NULL;
	report = outline(store, assessment, reporting->blind, document, err);
	if (!report)
		return NULL;
	json_object_set_new(report, "schema", json_string("tali.report/1"));
	json_object_set_new(report, "blind", json_boolean(reporting->blind));
	json_object_set_new(report, "replay",
			    reporting->replay ? json_string(reporting->replay) : json_null());
	if (set_member(report, "feedback", feedback_make(document, FEEDBACK_TEAM)) < 0 ||
	    set_member(report, "timeline", reporting_moments(&replaying, document, err)) < 0 ||
	    set_member(report, "changes", changes_json(&replaying, document, err)) < 0 ||
	    set_member(report, "transcripts", transcripts_compare(store, assessment->id, err)) < 0)
		return NULL;
	if (reporting->blind)
		make_blind(report, assessment);
	return TAKE(report);
}

/* --- for the candidate */

static void add_case(json_t *cases, const json_t *item)
{
	const char *verdict = json_str(item, "verdict", "");

	json_array_append_new(cases, json_pack("{s:O, s:s, s:b}", "id",
					       json_object_get(item, "id"), "verdict", verdict,
					       "passed", !strcmp(verdict, "passed")));
}

/* Visible tests alone, and nothing of their points. */
static json_t *visible_tests(const json_t *document)
{
	const json_t *tests = json_object_get(json_object_get(document, "grade"), "tests");
	json_t *list = json_array(), *test, *item;
	size_t i, j;

	json_array_foreach(tests, i, test) {
		json_t *cases = json_array();

		if (strcmp(json_str(test, "visibility", "hidden"), "visible") != 0) {
			json_decref(cases);
			continue;
		}
		json_array_foreach(json_object_get(test, "cases"), j, item)
			add_case(cases, item);
		json_array_append_new(list, json_pack("{s:O, s:O, s:o}", "id",
						      json_object_get(test, "id"), "verdict",
						      json_object_get(test, "verdict"), "cases",
						      cases));
	}
	return list;
}

static json_t *score_for_candidate(const json_t *document, const struct released *released)
{
	const json_t *score = json_object_get(document, "score");

	if (released->feedback_only || !json_is_number(json_object_get(score, "value")))
		return json_null();
	return json_pack("{s:O, s:O}", "value", json_object_get(score, "value"), "level",
			 json_object_get(score, "level"));
}

static int quote_prompt(void *arg, const struct event *event, struct err *err)
{
	AUTO_JSON json_t *data = json_parse(event->data, strlen(event->data), "event", err);
	json_t *item = arg;

	if (!data)
		return -1;
	/* a long one is kept elsewhere */
	if (!strcmp(event->kind, "ai_prompt") && json_is_string(json_object_get(data, "text")))
		json_object_set(item, "quote", json_object_get(data, "text"));
	return 0;
}

/* Event numbers lead nowhere on the candidate's page: it has the candidate's own words. */
static json_t *feedback_for_candidate(struct store *store, const char *id, const json_t *document,
				      struct err *err)
{
	AUTO_JSON json_t *feedback = feedback_make(document, FEEDBACK_CANDIDATE);
	json_t *list, *item;
	const char *key;
	size_t i;

	json_object_foreach(feedback, key, list) {
		json_array_foreach(list, i, item) {
			const json_t *seq = json_array_get(json_object_get(item, "events"), 0);

			json_object_set_new(item, "quote", json_string(""));
			if (seq && event_page(store, id, json_integer_value(seq), 1, quote_prompt,
					      item, err) < 0)
				return NULL;
			json_object_del(item, "events");
		}
	}
	return TAKE(feedback);
}

json_t *reporting_preview(struct store *store, const struct assessment *assessment,
			  const struct released *released, struct err *err)
{
	AUTO_JSON json_t *document = score_of(store, assessment, released->number, err);
	AUTO_JSON json_t *task = document ? task_json(store, assessment, err) : NULL;
	json_t *feedback =
		task ? feedback_for_candidate(store, assessment->id, document, err) : NULL;

	if (!feedback)
		return NULL;
	return json_pack("{s:s, s:s, s:O, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "schema",
			 "tali.result/1", "assessment", assessment->id, "task",
			 json_object_get(task, "title"), "candidate", assessment->name, "submitted",
			 view_time(assessment->submitted), "released", view_time(released->time),
			 "message", released->message, "score",
			 score_for_candidate(document, released), "tests",
			 visible_tests(document), "feedback", feedback);
}

json_t *reporting_result(struct store *store, const struct assessment *assessment, struct err *err)
{
	AUTO(released_release) struct released released = RELEASED_INIT;

	if (reviewing_released(store, assessment->id, &released, err) < 0)
		return NULL;
	if (!released.number) {
		err_set(err, ERR_STATE, "the result is not released");
		return NULL;
	}
	return reporting_preview(store, assessment, &released, err);
}
