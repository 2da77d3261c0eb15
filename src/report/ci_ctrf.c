/* ci_ctrf.c - see ci_ctrf.h */
#include "report/ci_ctrf.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/json.h"
#include "report/ci_text.h"
#include "report/ci_view.h"

#include <math.h>

struct report {
	json_t *tests;
	size_t statuses[CI_STATUSES];
	double seconds;
	const char *time;	/* of the first document; NULL: none was graded */
};

static void add_case(struct report *report, const char *label, const struct ci_case *one)
{
	static const char *const words[CI_STATUSES] = { "passed", "failed", "skipped", "other" };
	json_t *test = json_pack("{s:s, s:s, s:I, s:[s, s], s:s, s:{s:o, s:o}}", "name", one->name,
				 "status", words[one->status], "duration",
				 (json_int_t)llround(one->seconds * 1000), "suite", label,
				 one->test, "rawStatus", one->verdict, "extra", "points",
				 ci_text_number(one->points), "possible",
				 ci_text_number(one->possible));

	if (one->message && one->status != CI_PASSED)
		json_object_set_new(test, "message", json_string(one->message));
	if (json_array_size(one->tags))
		json_object_set_new(test, "tags", json_deep_copy(one->tags));
	json_array_append_new(report->tests, test);
}

static void add_fault(struct report *report, const struct result_item *item, const char *label)
{
	AUTO_FREE char *fault = ci_view_fault(item);

	json_array_append_new(report->tests,
			      json_pack("{s:s, s:s, s:i, s:[s], s:s, s:s}", "name", "grading",
					"status", "other", "duration", 0, "suite", label,
					"rawStatus", item->refused ? "refused" : "error", "message",
					fault));
	report->statuses[CI_ERROR]++;
}

static void add_item(struct report *report, const struct result_item *item)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);

	if (!item->document) {
		add_fault(report, item, label);
		return;
	}
	ci_view_make(item->document, CI_CASES, &view);
	for (size_t i = 0; i < view.count; i++)
		add_case(report, label, &view.cases[i]);
	for (size_t i = 0; i < CI_STATUSES; i++)
		report->statuses[i] += view.statuses[i];
	report->seconds += view.seconds;
	if (!report->time)
		report->time = json_str(json_object_get(item->document, "run"), "time", NULL);
}

static json_t *summary_of(const struct report *report, size_t suites)
{
	const size_t *statuses = report->statuses;
	json_int_t duration = (json_int_t)llround(report->seconds * 1000);
	struct err ignored = ERR_INIT;
	int64_t stop = 0;

	if (!report->time || clock_parse_time(report->time, &stop, &ignored) < 0)
		stop = duration;
	return json_pack("{s:I, s:I, s:I, s:I, s:i, s:I, s:I, s:I, s:I, s:I}", "tests",
			 (json_int_t)json_array_size(report->tests), "passed",
			 (json_int_t)statuses[CI_PASSED], "failed",
			 (json_int_t)statuses[CI_FAILED], "skipped",
			 (json_int_t)statuses[CI_SKIPPED], "pending", 0, "other",
			 (json_int_t)statuses[CI_ERROR], "suites", (json_int_t)suites, "start",
			 (json_int_t)stop - duration, "stop", (json_int_t)stop, "duration",
			 duration);
}

void ci_ctrf_write(FILE *out, const struct result_item *items, size_t count)
{
	struct report report = { .tests = json_array() };
	json_t *document;

	for (size_t i = 0; i < count; i++)
		add_item(&report, &items[i]);
	document = json_pack("{s:s, s:s, s:s, s:{s:{s:s, s:s}, s:o, s:o}}", "reportFormat", "CTRF",
			     "specVersion", "0.0.0", "generatedBy", "tali " PACKAGE_VERSION,
			     "results", "tool", "name", "tali", "version", PACKAGE_VERSION,
			     "summary", summary_of(&report, count), "tests", report.tests);
	if (report.time)
		json_object_set_new(document, "timestamp", json_string(report.time));
	ci_text_json(out, document, 1);
}
